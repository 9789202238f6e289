"""What there is of a gateway before its database answers, and until its process ends."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from gateway import access, instruments
from gateway.background import run
from gateway.http.health import Heart, Readiness
from gateway.http.server.draining import Draining
from gateway.http.server.sideline import Sideline
from gateway.http.shedding import Bounds, Load
from gateway.instruments import Instruments
from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class Shell:
    """How the gateway is doing: what it is watched with, whether it is ending, how much it has to do."""

    instruments: Instruments
    draining: Draining
    load: Load
    readiness: Readiness


@asynccontextmanager
async def open_shell(settings: Settings) -> AsyncIterator[Shell]:
    """The shell of a process, with its pages for probes. Raises OSError for a port that is taken."""
    async with AsyncExitStack() as owned:
        watched = await instruments.opened(settings, owned)
        bounds = Bounds(operations=settings.busy_operations, lag_seconds=settings.busy_lag_ms / 1000)
        draining, load = Draining(), Load(bounds, metrics=watched.metrics)
        watched.metrics.in_flight.set_function(lambda: load.in_flight)
        watched.metrics.load_grade.set_function(lambda: load.grade)
        heart, readiness = Heart(), Readiness(access.system_clock, draining, load)
        run(heart.beat(load), owned)
        run(readiness.keep_looking(), owned)
        if settings.health_port is not None:
            pages = {"/livez": heart.page, "/readyz": readiness.page}
            owned.enter_context(Sideline(pages, host=settings.health_host, port=settings.health_port))
        yield Shell(watched, draining, load, readiness)
