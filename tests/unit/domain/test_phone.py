"""A telephone number is callable or refused, never guessed."""

import pytest

from gateway.domain.directory import Phone
from gateway.domain.phone import is_mobile, parse_phones

LANDLINE = Phone(e164="+33199001234", display="01 99 00 12 34")
MOBILE = Phone(e164="+33639981234", display="06 39 98 12 34")


@pytest.mark.parametrize(
    "raw",
    [
        "0199001234",
        "01.99.00.12.34",
        "01-99-00-12-34",
        "01/99/00/12/34",
        "01 99001234",
        " 01\u00a099 00 12 34 ",
        "(01) 99 00 12 34",
        "199001234",
        "+33199001234",
        "+33 1 99 00 12 34",
        "+33 (0)1 99 00 12 34",
        "(0)1 99 00 12 34",
        "(apt 3) 01 99 00 12 34",
        "+33 01 99 00 12 34",
        "0033 1 99 00 12 34",
        "33199001234",
        "Tél. 01 99 00 12 34",
        "01 99 00 12 34 (bureau)",
        "01 99 00 12 34 poste 12",
    ],
)
def test_every_way_of_writing_a_number_gives_the_same_number(raw: str) -> None:
    """Dots, spaces, the zero lost or doubled, the country code, a word: still the same telephone."""
    assert parse_phones(raw) == (LANDLINE,)


@pytest.mark.parametrize(
    "raw",
    [
        "01 99 00 12 34 / 06 39 98 12 34",
        "01 99 00 12 34 ; 06.39.98.12.34",
        "01 99 00 12 34 - 06 39 98 12 34",
        "01 99 00 12 34 ou 06 39 98 12 34 (fils)",
        "0199001234 0639981234",
        "01990012340639981234",
        "199001234/639981234",
        "+33199001234+33639981234",
        "01 99 00 12 34 (0639981234)",
        "0199001234, 0639981234, 01 99 00 12 34",
    ],
)
def test_several_numbers_in_one_field_are_told_apart(raw: str) -> None:
    """Each number once, in the order of the field."""
    assert parse_phones(raw) == (LANDLINE, MOBILE)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "SANS",
        "0000000000",
        "0666666666",
        "999999999",
        "01 99 00 12 3",
        "01 99 00 12 34 5",
        "01 99 00 12 E4",
        "00199001234",
        "+33 0",
        "+33 12",
        "+12",
        "3949",
        "/",
        "+",
        "()",
    ],
)
def test_what_is_no_complete_number_is_none(raw: str) -> None:
    """No digit is added, dropped or made of a letter."""
    assert parse_phones(raw) == ()


def test_a_usable_number_is_kept_beside_an_unusable_one() -> None:
    """« 01 99 00 12 34 / 06 39 » still has one telephone to call."""
    assert parse_phones("01 99 00 12 34 / 06 39") == (LANDLINE,)


def test_letters_are_never_dialled() -> None:
    """« (fils) » adds no digit to the number before it."""
    assert parse_phones("06.39.98.12.34 (fils)") == (MOBILE,)


def test_a_foreign_number_is_kept_when_it_says_its_country() -> None:
    """A tenant who works in Luxembourg can be called there."""
    luxembourg = Phone(e164="+352261234", display="+352261234")

    assert parse_phones("+352 26 12 34 / 01 99 00 12 34") == (luxembourg, LANDLINE)
    assert parse_phones("+352 26 12 34 +33 1 99 00 12 34") == (luxembourg, LANDLINE)


def test_a_foreign_number_is_dialled_without_the_zero_in_brackets() -> None:
    """« +49 (0)681 … » in Saarbrücken."""
    assert parse_phones("+49 (0)681 12345") == (Phone(e164="+4968112345", display="+4968112345"),)


@pytest.mark.parametrize(
    ("e164", "mobile"),
    [("+33639981234", True), ("+33700000000", True), ("+33199001234", False), ("+352661234567", False)],
)
def test_french_mobiles_are_recognised(e164: str, *, mobile: bool) -> None:
    """06 and 07; we do not know the plans of other countries."""
    assert is_mobile(e164) is mobile
