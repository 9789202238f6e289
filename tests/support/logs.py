"""The log of this process as an operator would read it, and logging as it was afterwards."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import structlog

from gateway.log import Level, configure


class Log(StringIO):
    """What has been logged."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each event with its fields."""
        return [json.loads(line) for line in self.getvalue().splitlines()]


@contextmanager
def restored_logging() -> Iterator[None]:
    """Whatever the block configures is undone at its end."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    silenced = [logging.getLogger(name) for name in ("strawberry.execution", "uvicorn.access")]
    try:
        yield
    finally:
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)
        for logger in silenced:
            logger.disabled = False


@contextmanager
def captured_log() -> Iterator[Log]:
    """Every event from DEBUG on, in the block."""
    with restored_logging():
        log = Log()
        configure(Level.DEBUG, stream=log)
        yield log
