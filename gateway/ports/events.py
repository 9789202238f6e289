"""What the gateways of one landlord tell each other, whichever of them a client is connected to.

Nothing is kept: a message reaches those who listen when it is sent, or nobody. So it says that something has changed,
or what its sender makes of something just now; what must not be lost is in the store. No message holds personal data.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

MAX_BYTES = 7_999
"""Of one message in UTF-8: PostgreSQL takes no longer payload of NOTIFY."""

MAX_WAITING = 100
"""Messages that wait for one listener, or to be sent; of more than that the oldest are lost."""


class Topic(StrEnum):
    """What messages are about."""

    SOURCES = "gateway_sources"
    """What each gateway makes of the systems behind it."""


@dataclass(frozen=True, slots=True)
class Missed:
    """Messages may be missing here: whoever listens asks for the present state, if it matters."""


Heard: TypeAlias = str | Missed


class Events(Protocol):
    """Messages to all who listen to a topic, in every gateway on the same database, the sender's own included."""

    def publish(self, topic: Topic, text: str) -> None:
        """Has `text` sent, at most `MAX_BYTES` long and without NUL. Returns at once and never raises.

        Each listener gets it at most once, and those of one sender in their order. What cannot be sent, because of
        what it is or because too much waits while the database does not answer, is lost, counted and logged.
        """

    def listen(self, topic: Topic) -> AbstractContextManager[AsyncIterator[Heard]]:
        """What is published under `topic` from the beginning of the block to its end; it waits for ever.

        A listener that falls behind by `MAX_WAITING` loses the oldest messages, and `Missed` stands in their place.
        `Missed` also comes whenever the way between the gateways has been opened, for the first time or again.
        """


def is_sendable(text: str) -> bool:
    """Whether every implementation can carry `text`."""
    try:
        return "\0" not in text and len(text.encode()) <= MAX_BYTES
    except UnicodeEncodeError:
        return False
