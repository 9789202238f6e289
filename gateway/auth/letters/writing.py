"""Composes letters and the links in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.auth.letters.english import ENGLISH
from gateway.auth.letters.facts import Facts
from gateway.auth.letters.french import FRENCH
from gateway.auth.letters.kinds import LetterKind
from gateway.auth.letters.texts import Catalogue
from gateway.domain.letter import EmailAddress, Language, Letter

_CATALOGUES: Mapping[Language, Catalogue] = {Language.FRENCH: FRENCH, Language.ENGLISH: ENGLISH}
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter is for, and the language that person reads."""

    address: EmailAddress
    language: Language = Language.FRENCH


def compose(kind: LetterKind, *, to: Addressee, facts: Facts, message_id: str) -> Letter:
    """The letter of one kind. ValueError naming the fact that it needs and `facts` lack.

    Those with a link need `link` and `minutes`; SIGN_IN_SUSPENDED and ACCOUNT_BLOCKED `minutes`; renewals `day`.
    """
    catalogue, words = _CATALOGUES[to.language], facts.words(to.language)
    try:
        subject = catalogue.subject(kind).format_map(words)
        body = catalogue.body(kind).format_map(words)
    except KeyError as error:
        raise ValueError(f"the letter {kind} needs its {error.args[0]}") from None
    return Letter(message_id, to.address, subject, body, to.language)


def link_url(base: str, token: str) -> str:
    """The address of the front end's page `base`, with `token` in the fragment, which browsers send to nobody.

    ValueError for a base with a fragment or query of its own, and for a token that is not base64url.
    """
    if "#" in base or "?" in base:
        raise ValueError("the page that links lead to has no query and no fragment")
    if not _TOKEN.fullmatch(token):
        raise ValueError("the token of a link is base64url")
    return f"{base}#{token}"
