"""What rests sealed is read by this gateway only, for its own purpose only; pseudonyms tell nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.auth.letters.kinds import LetterKind
from gateway.auth.vault import Content, SealedValueError, Vault
from gateway.auth.work import HolderWarning, LinkContent
from gateway.domain.letter import Language

VAULT = Vault(bytes(range(32)))
VALUE = LinkContent("camille@example.org", ("Camille", "Roussel"), Language.FRENCH)


@pytest.mark.parametrize("content", list(Content))
def test_what_was_sealed_is_opened_again(content: Content) -> None:
    """By a replica with the same key too."""
    sealed = Vault(bytes(range(32))).seal(content, VALUE)

    assert VAULT.open(content, sealed, LinkContent) == VALUE


def test_a_sealed_value_shows_nothing() -> None:
    """And two seals of one value have nothing in common that could be seen."""
    first, second = VAULT.seal(Content.LINK, VALUE), VAULT.seal(Content.LINK, VALUE)

    assert first != second
    assert first[:16] != second[:16]
    assert b"camille" not in first.lower()
    assert b"Roussel" not in first


@pytest.mark.parametrize("place", [0, 15, 16, 31, 32, -1])
def test_an_altered_value_is_not_opened(place: int) -> None:
    """Not one bit."""
    sealed = bytearray(VAULT.seal(Content.LINK, VALUE))
    sealed[place] ^= 1

    with pytest.raises(SealedValueError):
        VAULT.open(Content.LINK, bytes(sealed), LinkContent)


@pytest.mark.parametrize("other", [content for content in Content if content is not Content.LINK])
def test_a_value_sealed_for_one_purpose_is_not_opened_for_another(other: Content) -> None:
    """A row copied into another table opens nothing."""
    with pytest.raises(SealedValueError):
        VAULT.open(other, VAULT.seal(Content.LINK, VALUE), LinkContent)


def test_a_value_of_another_kind_is_not_opened() -> None:
    """Nothing is read into a structure it was not made of."""
    sealed = VAULT.seal(Content.WORK, HolderWarning("12345", LetterKind.SIGN_IN_SUSPENDED, 10))

    with pytest.raises(SealedValueError):
        VAULT.open(Content.WORK, sealed, LinkContent)


def test_another_key_opens_nothing_and_knows_nobody() -> None:
    """Neither values nor pseudonyms."""
    other = Vault(bytes(32))

    with pytest.raises(SealedValueError):
        other.open(Content.LINK, VAULT.seal(Content.LINK, VALUE), LinkContent)
    assert other.subject("12345") != VAULT.subject("12345")
    assert other.pseudonym("tenant", "a-1") != VAULT.pseudonym("tenant", "a-1")


@given(st.binary(max_size=200))
def test_noise_is_a_sealed_value_error(noise: bytes) -> None:
    """Whatever stands in the row."""
    with pytest.raises(SealedValueError):
        VAULT.open(Content.WORK, noise, LinkContent)


@pytest.mark.parametrize("typed", ["0012345", "L-12 345", "Ｌ１２３４５", "12\u200b345"])
def test_every_spelling_of_an_account_is_one_subject(typed: str) -> None:
    """Or three guesses would be three for each spelling."""
    assert VAULT.subject(typed) == VAULT.subject("12345")


@given(st.text(st.characters()))
def test_any_text_is_a_subject(typed: str) -> None:
    """32 bytes, the same each time, whatever a stranger types."""
    assert len(VAULT.subject(typed)) == 32
    assert VAULT.subject(typed) == VAULT.subject(typed)


@given(st.text(st.characters()))
def test_any_name_has_a_pseudonym(name: str) -> None:
    """Its kind, and 24 digits that only the key can make again."""
    kind, _, digits = VAULT.pseudonym("staff", name).partition(":")

    assert (kind, len(bytes.fromhex(digits))) == ("staff", 12)


def test_pseudonyms_of_two_kinds_have_nothing_in_common() -> None:
    """A tenant and a member of staff of one name are not recognised by it."""
    tenant, staff = (VAULT.pseudonym(kind, "one").partition(":")[2] for kind in ("tenant", "staff"))

    assert tenant != staff
