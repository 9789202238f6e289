"""One account, however its reference is written; two accounts, two references."""

import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.auth.reference import charged_as, normalise

DECORATIONS = " \t\u00a0\u202f\u3000-\u2010\u2011\u2013\u2014\u200b\u200d\u2060\ufeff\u00ad"
FULL_WIDTH = str.maketrans(
    string.ascii_uppercase + string.digits,
    "".join(chr(ord(character) + 0xFEE0) for character in string.ascii_uppercase + string.digits),
)


@pytest.mark.parametrize(
    "typed",
    [
        "0012345",
        "12345",
        "L12345",
        "l12345",
        "12 345",
        " 12345 ",
        "12345\n",
        "L-123 45",
        "Ｌ００１２３４５",
        "l\u201112345",
        "12\u200b345",
        "\ufeff12345",
        "12\u2014345",
        "L0012345",
        "0L12345",
    ],
)
def test_spellings_of_one_account_are_one(typed: str) -> None:
    """What is printed, typed, pasted or dictated leads to the same account, and to the same counter."""
    assert normalise(typed) == "12345"


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("G12345", "G12345"),
        ("12345/1", "12345/1"),
        ("12345/01", "12345/01"),
        ("la12", "LA12"),
        ("00A123", "A123"),
        ("10", "0010"),
        ("123", "0123"),
        ("0000123", "0123"),
        ("0", "0000"),
        ("9" * 20, "9" * 20),
        ("0" * 40 + "9" * 20, "9" * 20),
    ],
)
def test_what_tells_accounts_apart_stays(typed: str, canonical: str) -> None:
    """Series letters, ranks after a slash, zeros behind the first digit."""
    assert normalise(typed) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " -\u200b",
        "9" * 21,
        "12.345",
        "12_345",
        "12345;DROP TABLE session",
        "Émile",
        "١٢٣٤٥",
        "1\x002345",
        "\ud800" + "12345",
        "12345" + " " * 60,
        "9" * 1_000_000,
    ],
)
def test_what_is_no_reference_is_none(typed: str) -> None:
    """Too long, or with characters that no notice prints; nothing raises."""
    assert normalise(typed) is None


@given(st.text(max_size=80))
@example("LL0L0")
def test_a_canonical_reference_is_its_own(typed: str) -> None:
    """Normalising again changes nothing, and the form is always the same."""
    canonical = normalise(typed)

    if canonical is not None:
        assert normalise(canonical) == canonical
        assert re.fullmatch(r"[A-Z0-9/]{4,20}", canonical)


@given(st.integers(0, 10**10), st.data())
def test_every_decorated_spelling_of_a_number_is_that_number(number: int, data: st.DataObject) -> None:
    """Whatever is put between and in front, in whichever width and case."""
    spelled = data.draw(st.sampled_from(["", "L", "l", "0", "000", "L0", "00l0"])) + str(number)
    spelled = data.draw(st.sampled_from([spelled, spelled.translate(FULL_WIDTH)]))
    fillings = data.draw(st.lists(st.sampled_from(["", *DECORATIONS]), min_size=20, max_size=20))
    typed = "".join(filling + character for filling, character in zip(fillings, spelled, strict=False))

    assert normalise(typed) == str(number).zfill(4)


@given(st.integers(0, 10**10), st.integers(0, 10**10))
def test_two_numbers_are_two_accounts(one: int, other: int) -> None:
    """Only the same number gives the same reference."""
    assert (normalise(str(one)) == normalise(str(other))) == (one == other)


@pytest.mark.parametrize("typed", ["0012345", "L-12 345", "\u200b12345"])
def test_guesses_at_an_account_are_charged_to_it(typed: str) -> None:
    """In whichever spelling."""
    assert charged_as(typed) == "12345"


@pytest.mark.parametrize(
    ("typed", "charged"),
    [
        ("", "?"),
        ("Émile", "?ÉMILE"),
        ("é m-i\u200ble", "?ÉMILE"),
        ("\ud80012", "?12"),
        ("1\x002345", "?12345"),
        ("x" * 1_000_000, "?" + "X" * 256),
    ],
)
def test_what_no_account_can_have_is_charged_too(typed: str, charged: str) -> None:
    """Under a name that no account has, and that can be written down anywhere."""
    assert charged_as(typed) == charged


@given(st.text(st.characters()))
@example("\ud800")
def test_whatever_is_charged_can_be_written_down(typed: str) -> None:
    """No half character, no control character; and a reference only where it is one."""
    charged = charged_as(typed)

    assert charged.encode().decode() == charged
    assert charged.isprintable()
    assert charged.startswith("?") == (normalise(typed) is None)
