"""What the connections of one server have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp

from gateway.http.server.crowd import Crowd
from gateway.http.server.draining import Draining
from gateway.http.server.terms import Terms
from gateway.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Guard:
    """What a connection is held to, and where it is accounted for."""

    terms: Terms
    crowd: Crowd
    draining: Draining
    metrics: Metrics


class GuardedConfig(uvicorn.Config):
    """uvicorn's settings, which it hands to each connection, and with them what ours need; `options` are uvicorn's."""

    def __init__(self, app: ASGIApp, *, guard: Guard, **options: Any) -> None:
        super().__init__(cast(Callable[..., Any], app), timeout_keep_alive=guard.terms.idle_seconds, **options)
        self.guard = guard
