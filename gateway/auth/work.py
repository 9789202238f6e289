"""What promised work says, sealed until it is done."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeAlias

import msgspec

from gateway.auth.letters.kinds import LetterKind
from gateway.auth.tokens import new_id
from gateway.auth.vault import Content, Vault
from gateway.domain.letter import Language
from gateway.domain.outbox import OutboxItem, Task


class LinkRequest(msgspec.Struct, frozen=True):
    """Somebody asked for a link. `was_held` tells whether the account could be created after assistance only."""

    reference: str
    first_name: str
    last_name: str
    birth_date: date
    language: Language
    was_held: bool


class HolderWarning(msgspec.Struct, frozen=True):
    """Wrong passwords were given for a reference that may have an account."""

    reference: str
    kind: LetterKind
    minutes: int


class PlannedLetter(msgspec.Struct, frozen=True):
    """One letter to send; `token` is that of its link, if it has one."""

    kind: LetterKind
    language: Language
    to: str
    message_id: str
    reference: str
    token: str | None = None
    minutes: int | None = None
    day: date | None = None


Work: TypeAlias = LinkRequest | HolderWarning | PlannedLetter

_TASKS: Mapping[type[Work], Task] = {
    LinkRequest: Task.ANSWER_LINK_REQUEST,
    HolderWarning: Task.WARN_HOLDER,
    PlannedLetter: Task.SEND_LETTER,
}


class LinkContent(msgspec.Struct, frozen=True):
    """What a link remembers of its holder: where it was sent, and the words no password may be built on."""

    address: str
    personal_words: tuple[str, ...]
    language: Language


def promised(vault: Vault, content: Work, *, now: datetime) -> OutboxItem:
    """An item for the outbox, due at once."""
    return OutboxItem(new_id(), _TASKS[type(content)], vault.seal(Content.WORK, content), created_at=now, due_at=now)
