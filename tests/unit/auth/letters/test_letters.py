"""What the account writes to its holder."""

import re
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from gateway.auth.letters import LINK_KINDS, Addressee, Facts, LetterKind, compose, link_url
from gateway.domain.letter import EmailAddress, Language, Letter

BASE = "https://locataires.example.org/compte/mot-de-passe"
TOKEN = "pXf3-w_9"
ADDRESS = EmailAddress("paul.weber@example.org")
FACTS = Facts(
    "Office des Trois Rivières", "03 53 01 00 57", link=link_url(BASE, TOKEN), minutes=30, day=date(2027, 3, 1)
)

EVERY_LETTER = list(product(LetterKind, Language))
TIMED = {*LINK_KINDS, LetterKind.SIGN_IN_SUSPENDED, LetterKind.ACCOUNT_BLOCKED}
DATED = {LetterKind.RENEWAL_SOON, LetterKind.RENEWAL_DUE}


def written(kind: LetterKind, language: Language = Language.FRENCH, facts: Facts = FACTS) -> Letter:
    """The letter of a kind to the same person."""
    return compose(kind, to=Addressee(ADDRESS, language), facts=facts, message_id="<1@example.org>")


@pytest.mark.parametrize(("kind", "language"), EVERY_LETTER)
def test_every_letter_exists_in_both_languages(kind: LetterKind, language: Language) -> None:
    """It greets, says who writes and how to reach the landlord, and nothing is left to fill in."""
    letter = written(kind, language)

    assert (letter.to, letter.message_id, letter.language) == (ADDRESS, "<1@example.org>", language)
    paragraphs = letter.body.split("\n\n")
    assert paragraphs[0] == {"fr": "Bonjour,", "en": "Hello,"}[language]
    assert paragraphs[-1] == "Office des Trois Rivières\n"
    assert "Office des Trois Rivières" in paragraphs[-3]
    assert "03 53 01 00 57" in paragraphs[-3]
    assert not re.search(r"[{}]|  ", letter.subject + letter.body)


@pytest.mark.parametrize(("kind", "language"), EVERY_LETTER)
def test_only_letters_that_were_asked_for_carry_a_link(kind: LetterKind, language: Language) -> None:
    """It stands on a line of its own, whole, and is the only one; all others name no address of a page at all."""
    lines = written(kind, language).body.split("\n")

    found = [line for line in lines if "http" in line or "#" in line or "www" in line]

    assert found == ([f"{BASE}#{TOKEN}"] if kind in LINK_KINDS else [])
    assert TOKEN not in written(kind, language).subject


@pytest.mark.parametrize(("kind", "language"), EVERY_LETTER)
def test_no_letter_asks_for_the_password(kind: LetterKind, language: Language) -> None:
    """On the contrary, each says that nobody does."""
    never = {"fr": "Personne chez nous ne vous demandera votre mot de passe", "en": "None of us will ever ask you for"}

    assert never[language] in written(kind, language).body


@pytest.mark.parametrize(("kind", "language"), EVERY_LETTER)
def test_a_letter_without_a_fact_that_it_needs_is_not_written(kind: LetterKind, language: Language) -> None:
    """Half a sentence is worse than none; facts that it does not need may be missing."""
    needed = {"link": kind in LINK_KINDS, "duration": kind in TIMED, "day": kind in DATED}
    without = {
        "link": replace(FACTS, link=None),
        "duration": replace(FACTS, minutes=None),
        "day": replace(FACTS, day=None),
    }

    for fact, facts in without.items():
        if needed[fact]:
            with pytest.raises(ValueError, match=rf"^the letter {kind} needs its {fact}$"):
                written(kind, language, facts)
        else:
            assert written(kind, language, facts) == written(kind, language)


def test_the_letter_with_the_link_in_full() -> None:
    """As it is read, in French."""
    letter = written(LetterKind.PASSWORD_LINK)

    assert letter.subject == "Choisissez un nouveau mot de passe"
    assert letter.body.replace("\u00a0", "~") == (
        "Bonjour,\n\n"
        "Vous avez demandé à choisir un nouveau mot de passe pour votre compte en ligne chez Office des Trois "
        "Rivières. C’est ici~:\n\n"
        "https://locataires.example.org/compte/mot-de-passe#pXf3-w_9\n\n"
        "Ce lien est valable 30 minutes et ne sert qu’une fois. Il fonctionne aussi quand l’accès est suspendu.\n\n"
        "Vous n’avez rien demandé~? Ne faites rien~: votre mot de passe actuel reste le bon.\n\n"
        "Une question~? Appelez Office des Trois Rivières au 03 53 01 00 57, ou parlez-en à votre "
        "conseiller ou conseillère habitat.\n\n"
        "Personne chez nous ne vous demandera votre mot de passe, ni par e-mail, ni par téléphone.\n\n"
        "Office des Trois Rivières\n"
    )


@pytest.mark.parametrize(
    ("minutes", "french", "english"),
    [
        (1, "1 minute", "1 minute"),
        (10, "10 minutes", "10 minutes"),
        (60, "60 minutes", "60 minutes"),
        (90, "90 minutes", "90 minutes"),
        (100, "100 minutes", "100 minutes"),
        (120, "2 heures", "2 hours"),
        (1440, "24 heures", "24 hours"),
    ],
)
def test_a_duration_is_said_as_people_say_it(minutes: int, french: str, english: str) -> None:
    """Minutes while they are few, then hours when they are whole."""
    facts = replace(FACTS, minutes=minutes)

    assert f" valable {french} et" in written(LetterKind.ACCOUNT_LINK, facts=facts).body
    assert f" good for {english} and" in written(LetterKind.ACCOUNT_LINK, Language.ENGLISH, facts).body


@pytest.mark.parametrize(
    ("day", "french", "english"),
    [
        (date(2027, 3, 1), "1er mars 2027", "1 March 2027"),
        (date(2028, 2, 29), "29 février 2028", "29 February 2028"),
        (date(2026, 12, 31), "31 décembre 2026", "31 December 2026"),
    ],
)
def test_a_day_is_written_out(day: date, french: str, english: str) -> None:
    """In the subject of the renewal too."""
    facts = replace(FACTS, day=day)

    assert written(LetterKind.RENEWAL_SOON, facts=facts).subject == (
        f"Votre mot de passe sera à renouveler le {french}"
    )
    assert written(LetterKind.RENEWAL_SOON, Language.ENGLISH, facts).subject == (
        f"Your password will be due for renewal on {english}"
    )


def test_a_landlords_name_is_text_and_nothing_else() -> None:
    """Braces in it are not filled in."""
    facts = replace(FACTS, landlord="Habitat {link}")

    assert written(LetterKind.PASSWORD_CHANGED, facts=facts).body.endswith("\n\nHabitat {link}\n")


def test_a_link_starts_with_the_page_exactly() -> None:
    """The token comes after the #, so that it reaches no server and no log on its way."""
    assert link_url(BASE, TOKEN) == "https://locataires.example.org/compte/mot-de-passe#pXf3-w_9"


@pytest.mark.parametrize("base", [f"{BASE}#", f"{BASE}?next=/"])
def test_a_page_with_a_fragment_or_query_of_its_own_is_no_place_for_a_link(base: str) -> None:
    """The token would not be alone in the fragment, or travel beside one."""
    with pytest.raises(ValueError, match=r"^the page that links lead to has no query and no fragment$"):
        link_url(base, TOKEN)


@pytest.mark.parametrize("token", ["", "a b", "a#b", "a\nb", "é", "a/../b"])
def test_a_token_that_could_change_the_link_is_refused(token: str) -> None:
    """Tokens are base64url."""
    with pytest.raises(ValueError, match=r"^the token of a link is base64url$"):
        link_url(BASE, token)
