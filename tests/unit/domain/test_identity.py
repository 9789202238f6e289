"""Whether somebody is who the file is about, and where that person is written to."""

from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter

import pytest

from gateway.domain.identifiers import PersonId, TenantId
from gateway.domain.identity import IdentityClaim, address_on_file, matches
from gateway.domain.person import Civility, ContactKind, ContactPoint, Person, Tenant

BORN = date(1980, 2, 29)
TWO_HUNDRED = "X" * 200


def on_file(last_name: str, first_name: str | None = None, *, civility: Civility = Civility.MME) -> Tenant:
    """The file of somebody born on the leap day of 1980."""
    person = Person(PersonId("P1"), civility, first_name, last_name)
    return Tenant(TenantId("P1"), person, BORN, contacts=())


def claim(first_name: str, last_name: str) -> IdentityClaim:
    """The same day of birth."""
    return IdentityClaim(first_name, last_name, BORN)


@pytest.mark.parametrize(
    ("typed", "filed"),
    [
        (("Zoé", "Müller"), ("Zoe", "Muller")),
        (("ZOÉ", "müller"), ("Zoé", "Müller")),
        (("Zoe\u0301", "Mu\u0308ller"), ("Zoé", "Müller")),
        (("Ｚｏé", "Müller"), ("ZOE", "MULLER")),
        (("Jean-Pierre", "Le Gall"), ("JEAN PIERRE", "LEGALL")),
        (("Jean Pierre", "Le-Gall"), ("JEAN-PIERRE", "LE GALL")),
        (("jeanpierre", "legall"), ("Jean‑Pierre", "Le Gall")),
        (("J.-P.", "Gall"), ("J P", "Gall")),
        (("Noël", "Bœuf"), ("NOEL", "BOEUF")),
        (("Lætitia", "Hœrner"), ("LAETITIA", "HOERNER")),
        (("Jörg", "Weiß"), ("JORG", "WEISS")),
        (("Łucja", "Sørensen"), ("LUCJA", "SORENSEN")),
        (("Oğuz", "Yıldırım"), ("OGUZ", "YILDIRIM")),
        (("İsmail", "Çelik"), ("ISMAIL", "CELIK")),
        (("Anne", "L'Hôte"), ("ANNE", "L HOTE")),
        (("Anne", "L’Hôte"), ("ANNE", "LHOTE")),
        (("Awa", "NʼDiaye"), ("AWA", "N'DIAYE")),
        (("  Anne\t", "\u00a0Klein \u200b"), ("Anne", "Klein")),
    ],
)
def test_a_name_is_the_same_however_it_is_written(typed: tuple[str, str], filed: tuple[str, str]) -> None:
    """Capitals, accents, ligatures, hyphens, apostrophes and spaces are the clerk's, the keyboard's or mine."""
    assert matches(claim(*typed), on_file(filed[1], filed[0]))
    assert matches(claim(*filed), on_file(typed[1], typed[0]))


@pytest.mark.parametrize(("first", "last"), [("Klein", "Léa"), ("KLEIN", "LEA")])
def test_first_and_last_name_may_be_swapped(first: str, last: str) -> None:
    """« Nom et prénom », « prénom et nom »: forms ask for them in either order."""
    assert matches(claim(first, last), on_file("Klein", "Lea"))


@pytest.mark.parametrize("typed", ["Marie", "Marie Claire", "Marie-Claire", "marieclaire", "Marie Claire Odile"])
def test_the_leading_first_names_are_enough(typed: str) -> None:
    """I am called Marie, and my papers say more."""
    assert matches(claim(typed, "Klein"), on_file("Klein", "MARIE CLAIRE ODILE"))


@pytest.mark.parametrize(
    "typed", ["Claire", "Claire Marie", "Mari", "Marie C", "Marie Odile", "Marie Claire Odile Anne"]
)
def test_other_first_names_are_another_person(typed: str) -> None:
    """A later one alone, half of one, one more than the file holds."""
    assert not matches(claim(typed, "Klein"), on_file("Klein", "MARIE CLAIRE ODILE"))


def test_an_accent_does_not_part_a_first_name() -> None:
    """Noé is not short for Noël."""
    assert not matches(claim("Noé", "Klein"), on_file("Klein", "Noël"))


@pytest.mark.parametrize("typed", ["Dupont-Martin", "DUPONT MARTIN", "dupontmartin"])
def test_a_double_last_name_is_compared_whole(typed: str) -> None:
    """With or without its hyphen."""
    assert matches(claim("Léa", typed), on_file("Dupont-Martin", "Léa"))


@pytest.mark.parametrize("typed", ["Dupont", "Martin", "Martin-Dupont", "Dupont-Marti", "Dupont-Martin-Klein"])
def test_half_of_a_double_name_is_another_name(typed: str) -> None:
    """So is the same with its halves turned round: her husband and her father have those."""
    assert not matches(claim("Léa", typed), on_file("Dupont-Martin", "Léa"))
    assert not matches(claim("Léa", "Dupont-Martin"), on_file(typed, "Léa"))


@pytest.mark.parametrize(
    ("typed", "filed"),
    [
        ("Musset", "DE MUSSET"),
        ("de Musset", "MUSSET"),
        ("Musset (de)", "DE MUSSET"),
        ("Musset de", "Musset"),
        ("Angelo", "D'ANGELO"),
        ("d’Angelo", "DANGELO"),
        ("La Roche", "de La Roche"),
        ("Humboldt", "von Humboldt"),
    ],
)
def test_a_particle_may_be_left_out_or_stand_behind(typed: str, filed: str) -> None:
    """Registers sort de Musset under M."""
    assert matches(claim("Léa", typed), on_file(filed, "Léa"))
    assert matches(claim("Léa", filed), on_file(typed, "Léa"))


@pytest.mark.parametrize(
    ("typed", "filed"),
    [
        ("von Roche", "de Roche"),
        ("Gall", "Le Gall"),
        ("Roche", "de La Roche"),
        ("Silva", "Da Silva"),
        ("De", "D'"),
        ("Klein", "Kleine"),
        ("Klein", ""),
        ("De", ""),
    ],
)
def test_another_last_name_is_another_person(typed: str, filed: str) -> None:
    """An article is part of the name, one particle is not the other, a file without a name is nobody's."""
    assert not matches(claim("Léa", typed), on_file(filed, "Léa"))
    assert not matches(claim("Léa", typed), on_file(filed))


@pytest.mark.parametrize("first", ["Paul", "Agnès", "Dominique"])
def test_of_a_couple_in_one_file_either_may_come_with_the_last_name(first: str) -> None:
    """« M. et Mme Dupont »: the file tells no first name, so none is asked; the birth date decides."""
    couple = on_file("Dupont", civility=Civility.COUPLE)

    assert matches(claim(first, "Dupont"), couple)
    assert matches(claim("Dupont", first), couple)
    assert not matches(claim(first, "Durand"), couple)
    assert not matches(replace(claim(first, "Dupont"), birth_date=BORN + timedelta(days=1)), couple)


@pytest.mark.parametrize(
    ("first", "last"), [("Lea", "Klein"), ("Klein", "Lea"), ("LÉA", "klein"), ("Jo", "Klein Lea"), ("Klein Lea", "Jo")]
)
def test_names_that_the_file_does_not_tell_apart_are_compared_as_one(first: str, last: str) -> None:
    """« KLEIN LEA » in one field is Léa Klein."""
    assert matches(claim(first, last), on_file("Klein Lea"))


@pytest.mark.parametrize(("first", "last"), [("Lea", "Klei"), ("Jo", "Klein"), ("Jo", "Lea"), ("Lea Jo", "Klein")])
def test_part_of_what_the_file_says_in_one_field_is_not_enough(first: str, last: str) -> None:
    """Nothing tells which part is the last name."""
    assert not matches(claim(first, last), on_file("Klein Lea"))


@pytest.mark.parametrize("born", [date(1980, 3, 1), date(1980, 2, 28), date(2080, 2, 29), date.min, date.max])
def test_another_birth_date_is_another_person(born: date) -> None:
    """To the day: father and daughter have one name."""
    assert matches(claim("Léa", "Klein"), on_file("Klein", "Léa"))
    assert not matches(IdentityClaim("Léa", "Klein", born), on_file("Klein", "Léa"))


def test_a_file_without_a_birth_date_is_nobodys() -> None:
    """The assistance form is the way for them."""
    unknown = replace(on_file("Klein", "Léa"), birth_date=None)

    assert not matches(claim("Léa", "Klein"), unknown)


@pytest.mark.parametrize("name", ["", "   ", "-", "’", "...", "\u0301", "\u200b", "\ud800", "☃", "123", "_"])
def test_a_name_without_a_letter_is_none(name: str) -> None:
    """Neither typed nor filed: nothing is equal to nothing."""
    assert not matches(claim(name, "Klein"), on_file("Klein", "Léa"))
    assert not matches(claim(name, "Klein"), on_file("Klein"))
    assert not matches(claim("Léa", name), on_file("Klein", "Léa"))
    assert not matches(claim("Léa", name), on_file("Léa"))
    assert not matches(claim(name, "Klein"), on_file("Klein", name))
    assert not matches(claim("Léa", name), on_file(name, "Léa"))
    assert not matches(claim("Léa", name), on_file(name))
    assert not matches(claim(name, name), on_file(name, name))


def test_half_a_character_in_a_name_parts_it_like_a_space() -> None:
    """Broken text does no harm."""
    assert matches(claim("Léa\ud800", "Kl\udc00ein"), on_file("Klein", "Léa"))


def test_a_name_of_two_hundred_characters_is_the_longest() -> None:
    """Longer than that it is no name, in the file as in the form."""
    assert matches(claim("Léa", TWO_HUNDRED), on_file(TWO_HUNDRED, "Léa"))
    assert not matches(claim("Léa", TWO_HUNDRED + "X"), on_file(TWO_HUNDRED + "X", "Léa"))
    assert not matches(claim(TWO_HUNDRED + "X", "Léa"), on_file("Léa", TWO_HUNDRED + "X"))


@pytest.mark.parametrize("letter", ["a", "a ", "\u0301", "\ufdfa", "\U0001d160", "- "])
def test_a_million_characters_cost_nothing(letter: str) -> None:
    """They are refused unread, and two hundred of the worst kind take no time either."""
    for name in (letter * 1_000_000, (letter * 200)[:200]):
        started = perf_counter()

        matches(claim(name, name), on_file(name, name))

        assert perf_counter() - started < 0.5


def test_a_claim_does_not_tell_itself() -> None:
    """Names and birth dates are not for logs."""
    assert repr(claim("Léa", "Klein")) == "IdentityClaim()"


def with_contacts(*contacts: tuple[ContactKind, str | None]) -> Tenant:
    """A file with these ways to reach the person."""
    points = tuple(ContactPoint(kind, value, display=value or "SANS") for kind, value in contacts)
    return replace(on_file("Klein", "Léa"), contacts=points)


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ([], None),
        ([(ContactKind.MOBILE, "+33639981234")], None),
        ([(ContactKind.POSTAL, "lea@example.org")], None),
        ([(ContactKind.EMAIL, None)], None),
        ([(ContactKind.EMAIL, "nc@nc.fr")], None),
        ([(ContactKind.EMAIL, "lea@example.org, jo@example.org")], None),
        ([(ContactKind.MOBILE, "+33639981234"), (ContactKind.EMAIL, "lea@example.org")], "lea@example.org"),
        ([(ContactKind.EMAIL, None), (ContactKind.EMAIL, "lea@example.org")], "lea@example.org"),
        ([(ContactKind.EMAIL, "lea@example.org"), (ContactKind.EMAIL, "jo@example.org")], "lea@example.org"),
    ],
)
def test_the_address_on_file_is_the_first_that_can_be_written_to(
    contacts: list[tuple[ContactKind, str | None]], expected: str | None
) -> None:
    """Never one that stands for none, never two at once."""
    assert address_on_file(with_contacts(*contacts)) == expected
