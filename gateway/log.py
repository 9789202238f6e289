"""The log: one JSON object a line on standard error, of events with constant names and fields from a list.

What is not on the list never reaches the log, whoever asks: names, addresses, amounts, tokens and bodies have no
field. What other libraries log is reduced to where it happened, since their sentences repeat what they were given.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import Any, TextIO, TypeAlias

import structlog

FIELDS = frozenset(
    {
        "attempts",  # how often something was tried
        "bytes",  # size
        "channel",  # Channel of a session
        "client",  # program that asks, of the names that the landlord knows
        "client_version",  # of such a program
        "code",  # stable code of an outcome or error
        "count",  # how many
        "duration_ms",
        "field",  # name of a field in an answer or of a GraphQL field, never its value
        "host",  # address the gateway listens on
        "kind",  # query, mutation or subscription
        "mode",  # demo or production
        "operation",  # name of a registered operation, or constant of a port
        "outcome",  # class of an outcome
        "port",
        "reason",  # why a file of the operator's is refused
        "request_id",
        "retry_after_seconds",
        "revision",  # of the store's tables
        "role",  # Role of a session
        "session_id",  # names the session, does not open it
        "signal",
        "status",  # HTTP status
        "system",  # SourceSystem
        "trace_id",  # ties the line to its spans
        "version",
    }
)
"""Fields that an event may carry. Values are short texts without personal data, numbers, truth values or null."""

_EVENT = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_LONGEST_TEXT = 200
_MOST_CAUSES = 8
_MOST_PLACES = 20
_SILENCED = (
    "strawberry.execution",  # prints source lines and values of variables: passwords among them
    "uvicorn.access",  # prints addresses of people and whole paths
)

Event: TypeAlias = MutableMapping[str, Any]


class Level(StrEnum):
    """Importance of an event."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def configure(level: Level, *, stream: TextIO | None = None) -> None:
    """Sends every log of this process to `stream`, standard error if absent; call it once, before all else.

    Libraries log from WARNING on. uvicorn must be started with `log_config=None`, lest it undo this.
    """
    stream = stream or sys.stderr
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, _line],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_LibraryHandler(stream)], force=True)
    for name in _SILENCED:
        logging.getLogger(name).disabled = True


class _LibraryHandler(logging.StreamHandler[TextIO]):
    """Tells where a library logged, and what failed, without the sentence."""

    def format(self, record: logging.LogRecord) -> str:
        where = {"logger": record.name, "where": f"{record.module}:{record.lineno} {record.funcName}"}
        failure = record.exc_info[1] if record.exc_info else None
        return _json(record.levelname.lower(), "library.logged", where | _story_of(failure))


def _line(_logger: object, _method: str, event: Event) -> str:
    level, failure = event.pop("level"), _failure(event.pop("exc_info", None))
    name = str(event.pop("event"))
    kept = {key: _short(value) for key, value in event.items() if key in FIELDS and _is_plain(value)}
    dropped = {"dropped_fields": len(event) - len(kept)} if len(kept) < len(event) else {}
    return _json(level, name if _EVENT.fullmatch(name) else "log.misnamed", kept | dropped | _story_of(failure))


def _json(level: str, name: str, details: dict[str, object]) -> str:
    return json.dumps({"at": datetime.now(UTC).isoformat(), "level": level, "event": name, **details})


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _short(value: object) -> object:
    return value[:_LONGEST_TEXT] if isinstance(value, str) else value


def _failure(exc_info: object) -> BaseException | None:
    """The exception that `log.exception(…)` or `exc_info=…` speaks of."""
    if isinstance(exc_info, BaseException):
        return exc_info
    return sys.exc_info()[1] if exc_info else None


def _story_of(failure: BaseException | None) -> dict[str, object]:
    chapters = [] if failure is None else [_chapter(error) for error in islice(_causes(failure), _MOST_CAUSES)]
    return {"failure": chapters} if chapters else {}


def _causes(failure: BaseException) -> Iterator[BaseException]:
    """The exception, what it is made of, and what led to it."""
    yield failure
    for part in failure.exceptions if isinstance(failure, BaseExceptionGroup) else ():
        yield from _causes(part)
    earlier = failure.__cause__ or (None if failure.__suppress_context__ else failure.__context__)
    if earlier is not None:
        yield from _causes(earlier)


def _chapter(error: BaseException) -> dict[str, object]:
    """Class of an exception and the last places it passed. Its message and all variables stay out."""
    places = [
        f"{frame.f_globals.get('__name__')}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return {"class": f"{type(error).__module__}.{type(error).__qualname__}", "passed": places[-_MOST_PLACES:]}
