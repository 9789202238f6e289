"""Tokens tell nothing, cannot be made up, and serve one purpose each."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.schema.seals import Purpose, SealBrokenError, Seals

SECRET = bytes(range(32))
SEALS = Seals(SECRET)
ALPHABET = string.ascii_letters + string.digits + "-_"

purposes = st.sampled_from(Purpose)
parts = st.lists(st.text(), max_size=5)


@given(purpose=purposes, parts=parts)
def test_a_token_opens_to_what_was_sealed(purpose: Purpose, parts: list[str]) -> None:
    """Whatever text goes in comes out again, and the token fits into an address as it is."""
    token = SEALS.seal(purpose, *parts)

    assert SEALS.open(purpose, token) == tuple(parts)
    assert set(token) <= set(ALPHABET)


def test_one_object_keeps_one_token() -> None:
    """An id is the same today and tomorrow, from this replica and from another with the same key."""
    assert SEALS.seal(Purpose.NODE, "Lease", "L1") == Seals(SECRET).seal(Purpose.NODE, "Lease", "L1")


def test_a_token_shows_nothing_of_what_it_holds() -> None:
    """No legacy number stands in an id, in clear or in base64."""
    first, second = (SEALS.seal(Purpose.NODE, "Lease", f"L-000000{n}") for n in (1, 2))

    assert "L-0000" not in first
    assert first[:8] != second[:8]


@given(made_for=purposes, taken_for=purposes, parts=parts)
def test_a_token_opens_for_its_own_purpose_only(made_for: Purpose, taken_for: Purpose, parts: list[str]) -> None:
    """A cursor is never taken for an id, nor a link for a token of context."""
    token = SEALS.seal(made_for, *parts)

    if made_for is not taken_for:
        with pytest.raises(SealBrokenError):
            SEALS.open(taken_for, token)


def test_a_token_of_another_installation_does_not_open() -> None:
    """Another key makes other tokens."""
    with pytest.raises(SealBrokenError):
        SEALS.open(Purpose.NODE, Seals(bytes(32)).seal(Purpose.NODE, "Lease", "L1"))


def test_no_other_spelling_of_a_token_opens() -> None:
    """A token with any one character exchanged, left out or doubled is refused, also where base64 would not care."""
    token = SEALS.seal(Purpose.NODE, "Lease", "L1")
    exchanged = {
        token[:place] + character + token[place + 1 :]
        for place in range(len(token))
        for character in [*ALPHABET, "+", "/", "=", "é", "\ud800", "\n"]
    }
    altered = exchanged | {token[:place] + token[place + 1 :] for place in range(len(token))}
    altered |= {token[:place] + token[place:] * 2 for place in range(len(token))}

    for text in altered - {token}:
        with pytest.raises(SealBrokenError):
            SEALS.open(Purpose.NODE, text)


@pytest.mark.parametrize("text", ["", "A", "AAAA", "=", "Lease:L1", " ", "\x00", "é" * 40, "A" * 100_000])
def test_a_text_that_is_no_token_does_not_open(text: str) -> None:
    """Any text may be sent as an id."""
    with pytest.raises(SealBrokenError):
        SEALS.open(Purpose.NODE, text)


def test_a_refusal_repeats_no_token() -> None:
    """What was sent does not come back, and does not reach a log."""
    with pytest.raises(SealBrokenError) as refusal:
        SEALS.open(Purpose.NODE, "hunter2")

    assert "hunter2" not in str(refusal.value)
