"""A name is itself in every spelling, and no other."""

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.domain.identifiers import PersonId, TenantId
from gateway.domain.identity import IdentityClaim, matches
from gateway.domain.person import Civility, Person, Tenant

pytestmark = pytest.mark.thorough

_LETTERS = "aâbcçdeéèëfghiîjklmnoôœpqrsßtuüvwxyzæ"
_PARTED_BY = ("", " ", "-", "'", "’", "  ", ". ", "\u00a0", "\u2011")
_CASES: tuple[Callable[[str], str], ...] = (str.upper, str.lower, str.title, str)
_PARTICLES = {"de", "von", "der", "den"}


def _plain(text: str) -> str:
    for letter, plain in (("œ", "oe"), ("Œ", "OE"), ("æ", "ae"), ("Æ", "AE"), ("ß", "ss"), ("ẞ", "SS")):
        text = text.replace(letter, plain)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


# Two letters or more, so that none is a particle or an elided article.
words = st.text(_LETTERS, min_size=2, max_size=8).filter(lambda word: _plain(word) not in _PARTICLES)
names = st.lists(words, min_size=1, max_size=3).map(tuple)
days = st.dates(date(1920, 1, 1), date(2010, 12, 31))


@st.composite
def spellings(draw: st.DrawFn, name: tuple[str, ...]) -> str:
    """The words of a name as somebody else might write them."""
    text = name[0]
    for word in name[1:]:
        text += draw(st.sampled_from(_PARTED_BY)) + word
    text = draw(st.sampled_from(_CASES))(text)
    if draw(st.booleans()):
        text = _plain(text.replace("’", "'").replace("\u2011", "-"))
    return unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"])), f" {text} ")


def _run_together(name: tuple[str, ...]) -> str:
    return "".join(map(_plain, name)).casefold()


def on_file(first: str | None, last: str, born: date | None) -> Tenant:
    """A file."""
    person = Person(PersonId("P1"), Civility.UNSPECIFIED, first, last)
    return Tenant(TenantId("P1"), person, born, contacts=())


@given(data=st.data(), first=names, last=names, born=days)
def test_any_spelling_of_the_names_matches(
    data: st.DataObject, first: tuple[str, ...], last: tuple[str, ...], born: date
) -> None:
    """In either order, typed or filed, in two fields or in one."""
    typed = [data.draw(spellings(name)) for name in (first, last)]
    filed = [data.draw(spellings(name)) for name in (first, last)]

    for one, other in (typed, reversed(typed)):
        assert matches(IdentityClaim(one, other, born), on_file(filed[0], filed[1], born))
        assert matches(IdentityClaim(one, other, born), on_file(None, f"{filed[1]} {filed[0]}", born))


@given(data=st.data(), first=names, last=names, born=days)
def test_the_leading_first_names_match(
    data: st.DataObject, first: tuple[str, ...], last: tuple[str, ...], born: date
) -> None:
    """As many as somebody cares to type."""
    typed = data.draw(spellings(first[: data.draw(st.integers(1, len(first)))]))

    assert matches(IdentityClaim(typed, " ".join(last), born), on_file(" ".join(first), " ".join(last), born))


@given(first=names, last=names, other=names, born=days)
def test_another_name_does_not_match(
    first: tuple[str, ...], last: tuple[str, ...], other: tuple[str, ...], born: date
) -> None:
    """In place of the last name, or of the first."""
    leading = {_run_together(first[:count]) for count in range(1, len(first) + 1)}
    assume(_run_together(other) not in {*leading, _run_together(last)})
    assume(not leading & {_run_together(last)})
    tenant = on_file(" ".join(first), " ".join(last), born)

    assert not matches(IdentityClaim(" ".join(first), " ".join(other), born), tenant)
    assert not matches(IdentityClaim(" ".join(other), " ".join(last), born), tenant)


@given(first=names, last=names, born=days, claimed=days)
def test_only_the_same_day_matches(first: tuple[str, ...], last: tuple[str, ...], born: date, claimed: date) -> None:
    """And no day matches a file without one."""
    claim = IdentityClaim(" ".join(first), " ".join(last), claimed)

    assert matches(claim, on_file(" ".join(first), " ".join(last), born)) is (born == claimed)
    assert not matches(claim, on_file(" ".join(first), " ".join(last), None))


# Unicode counts two apostrophes as letters.
anything = st.text(st.characters(exclude_categories=(), exclude_characters="ʼʻ"), max_size=300)


@given(first=anything, last=anything, filed_first=st.none() | anything, filed_last=anything, born=days)
def test_whatever_is_typed_or_filed_is_compared(
    first: str, last: str, filed_first: str | None, filed_last: str, born: date
) -> None:
    """Half characters, marks without letters, scripts of any direction: true or false, the same in either order."""
    tenant = on_file(filed_first, filed_last, born)

    told = matches(IdentityClaim(first, last, born), tenant)

    assert told is matches(IdentityClaim(last, first, born), tenant)


@given(first=anything, last=anything, born=days)
def test_whatever_has_letters_is_equal_to_itself(first: str, last: str, born: date) -> None:
    """And what has none, or is longer than a name, is equal to nothing."""
    told = matches(IdentityClaim(first, last, born), on_file(first, last, born))

    assert told is all(len(name) <= 200 and _has_letters(name) for name in (first, last))


def _has_letters(name: str) -> bool:
    return any(character.isalpha() for character in unicodedata.normalize("NFKD", name))
