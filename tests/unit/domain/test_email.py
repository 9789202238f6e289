"""Addresses in the landlord's files, and what clerks type instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.email import read_email


@pytest.mark.parametrize(
    "typed",
    [
        "marie@example.org",
        "Marie.Dupont-Martin@example.org",
        "noemie@example.org",
        "pascale@example.org",
        "nono@example.org",
        "sandrine@example.org",
        "maxx@example.org",
        "nc.dupont@example.org",
        "no-reply@example.org",
    ],
)
def test_an_address_is_kept_as_it_is(typed: str) -> None:
    """Letters as typed: some servers tell capitals apart."""
    assert read_email(typed) == typed
    assert read_email(f"  {typed} ") == typed


@pytest.mark.parametrize(
    "typed",
    [
        "nc@nc.fr",
        "NC@example.com",
        "n.c@example.com",
        "aucun@example.com",
        "AUCUNE@example.com",
        "inconnu@example.com",
        "neant@example.com",
        "non_communique@example.com",
        "non-renseigne@example.com",
        "sans@example.com",
        "sans.mail@example.com",
        "pasdemail@example.com",
        "pas.d'adresse@example.com",
        "noemail@example.com",
        "x@example.com",
        "xxx@example.com",
    ],
)
def test_what_clerks_type_for_none_is_none(typed: str) -> None:
    """Behind some of these sits a stranger, who would be sent the way into somebody's account."""
    assert read_email(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "pas de mail",
        "a@b",
        "marie@example.org, paul@example.net",
        "marie@example.org;paul.example",
        "<marie@example.org>",
        '"marie@example.org" <paul@example.net>',
        "marie@example.org\nBcc: paul@example.net",
        "zoé@example.org",
        "marie\ud800@example.org",
        "m" * 1_000_000 + "@example.org",
    ],
)
def test_what_is_not_exactly_one_address_is_none(typed: str) -> None:
    """Nobody guesses which one of two was meant."""
    assert read_email(typed) is None


@given(st.text() | st.from_regex(r"[a-z.'_-]{1,12}@[a-z]{1,5}\.(fr|org)", fullmatch=True))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    """Never changed, never an error; what was read once is read again."""
    address = read_email(typed)

    assert address is None or (address == typed.strip(" \t") and read_email(address) == address)
