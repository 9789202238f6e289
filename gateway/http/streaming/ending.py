"""Why a stream, or the connection that it is on, comes to its end."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

WRITE_SECONDS = 10.0
"""How long a client may take to read on; what it has not read by then is too old to be of use."""


class StalledError(Exception):
    """The client does not read."""


class Ending(StrEnum):
    """How a stream ended."""

    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    GONE = "GONE"
    STALLED = "STALLED"
    SESSION_ENDED = "SESSION_ENDED"
    RENEWED = "RENEWED"
    VIEW_CHANGED = "VIEW_CHANGED"
    UNCHECKED = "UNCHECKED"
    DRAINED = "DRAINED"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a client is told of an ending that it did not bring about: why, and whether to come back at once."""

    code: str
    message: str
    may_return: bool

    @property
    def error(self) -> dict[str, Any]:
        """The notice as an error of GraphQL."""
        return {"message": self.message, "extensions": {"code": self.code}}


NOTICES = {
    Ending.SESSION_ENDED: Notice("SESSION_ENDED", "the session has ended; sign in again", may_return=False),
    Ending.RENEWED: Notice("SESSION_RENEWED", "come back with the present token of the session", may_return=True),
    Ending.VIEW_CHANGED: Notice("VIEW_CHANGED", "what may be asked has changed", may_return=True),
    Ending.UNCHECKED: Notice("SERVICE_UNAVAILABLE", "sessions cannot be checked just now", may_return=True),
    Ending.DRAINED: Notice("SERVER_DRAINING", "the server is about to restart", may_return=True),
}
"""The endings that come from our side."""


async def first_of(*runners: Coroutine[Any, Any, Ending]) -> Ending:
    """What the first of them returns; the others have been cancelled by then, and have come to their end.

    Of several that return at once the first counts. Raises what that one raises.
    """
    tasks = [asyncio.ensure_future(runner) for runner in runners]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(task for task in tasks if task.done()).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
