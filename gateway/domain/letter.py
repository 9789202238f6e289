"""One e-mail to one person. The rule: what can be sent is a single address and text without hidden commands."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

EmailAddress = NewType("EmailAddress", str)
"""One address that mail can be sent to, as `parse_address` gives it."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_TOP_LABEL = r"(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{2,59})"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@)(?:{_ATOM})(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_TOP_LABEL}")
_MESSAGE_ID = re.compile(rf"<{_ATOM}(?:\.{_ATOM})*@{_ATOM}(?:\.{_ATOM})*>")
_LONGEST_ADDRESS = 254

# Control characters, the line breaks of Unicode, halves of surrogate pairs.
_NOT_IN_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Language(StrEnum):
    """Languages that letters are written in."""

    FRENCH = "fr"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail of plain text, lines parted by line feeds. ValueError for what cannot be sent as it stands.

    `message_id` is `<unique@domain>` (RFC 5322) and stays the same when the letter is sent again, so that mail
    programs show it once.
    """

    message_id: str
    to: EmailAddress
    subject: str
    body: str
    language: Language

    def __post_init__(self) -> None:
        if not _MESSAGE_ID.fullmatch(self.message_id):
            raise ValueError("a letter needs a message id of the form <unique@domain>")
        if parse_address(self.to) != self.to:
            raise ValueError("a letter goes to exactly one address")
        if not self.subject or _NOT_IN_A_LINE.search(self.subject):
            raise ValueError("the subject of a letter is one line of text")
        if any(map(_NOT_IN_A_LINE.search, self.body.split("\n"))):
            raise ValueError("the body of a letter is lines of text, without control characters")


def parse_address(text: str) -> EmailAddress | None:
    """The single address that `text` is, or None. White space around it is the clerk's, and dropped.

    `local@domain.tld` in ASCII, at most 254 characters, nothing else: `a@example.org, b@example.net` is two
    recipients to a mail program, and `"a@example.org" <b@example.net>` goes to the second. Quoted local parts,
    comments, IP addresses and domains of one label (`x@x`) are refused; no tenant can be reached there.
    What a clerk types for « none » (`nc@…`, `inconnu@…`, `neant@…`) looks like an address and passes: to know
    those is the task of whoever reads the landlord's files.
    """
    stripped = text.strip(" \t") if len(text) <= _LONGEST_ADDRESS * 2 else text
    if len(stripped) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(stripped):
        return None
    return EmailAddress(stripped)
