"""The control plane of one simulator: its state, and the `/__sim/` routes that show and change it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from gateway.demo.control.clock import VirtualClock
from gateway.demo.control.dialect import Dialect, PlainHttp
from gateway.demo.control.faults import FaultBook
from gateway.demo.control.journal import Journal
from gateway.demo.control.kinds import read_fault
from gateway.demo.control.tampering import Instruments, OperationOf, Tampering

Handler = Callable[[Request], Awaitable[Response]]


class ClockOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Exactly one of: an instant to show, seconds to add, or back to the beginning."""

    at: datetime | None = None
    advance_seconds: float | None = None
    reset: bool = False


class SeedOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The seed from which the draw of faults starts again."""

    seed: int


@dataclass(slots=True)
class Control:
    """Clock, faults and journal of the simulator called `name`."""

    name: str
    seed: int
    households: int = 0
    clock: VirtualClock = field(default_factory=VirtualClock)
    dialect: Dialect = field(default_factory=PlainHttp)
    faults: FaultBook = field(init=False)
    journal: Journal = field(init=False, default_factory=Journal)

    def __post_init__(self) -> None:
        self.faults = FaultBook(seed=self.seed)

    def wrap(self, app: ASGIApp, operation_of: OperationOf, *, delay_ms: float = 0) -> ASGIApp:
        """`app`, journaled and open to faults; `operation_of` names each request and counts its keys."""
        instruments = Instruments(self.clock, self.faults, self.journal, self.dialect)
        return Tampering(app, operation_of, instruments=instruments, delay_ms=delay_ms)

    def routes(self) -> list[Route]:
        """The routes every simulator has; it may serve others beside them."""
        return [
            Route("/__sim/health", self._health),
            Route("/__sim/clock", self._show_clock, methods=["GET"]),
            Route("/__sim/clock", orderly(self._set_clock), methods=["POST"]),
            Route("/__sim/faults", self._list_faults, methods=["GET"]),
            Route("/__sim/faults", orderly(self._order_fault), methods=["POST"]),
            Route("/__sim/faults", self._clear_faults, methods=["DELETE"]),
            Route("/__sim/seed", orderly(self._reseed), methods=["POST"]),
            Route("/__sim/journal", orderly(self._show_journal), methods=["GET"]),
            Route("/__sim/journal", self._empty_journal, methods=["DELETE"]),
        ]

    async def _health(self, _: Request) -> Response:
        now = self.clock.now().isoformat()
        return JSONResponse({"name": self.name, "now": now, "seed": self.seed, "households": self.households})

    async def _show_clock(self, _: Request) -> Response:
        return JSONResponse({"now": self.clock.now().isoformat()})

    async def _set_clock(self, request: Request) -> Response:
        order = msgspec.json.decode(await request.body(), type=ClockOrder)
        match order:
            case ClockOrder(at=datetime() as instant, advance_seconds=None, reset=False):
                self.clock.set_to(instant)
            case ClockOrder(at=None, advance_seconds=float() as seconds, reset=False):
                self.clock.advance(timedelta(seconds=seconds))
            case ClockOrder(at=None, advance_seconds=None, reset=True):
                self.clock.reset()
            case _:
                raise ValueError("give exactly one of at, advance_seconds and reset")
        return await self._show_clock(request)

    async def _list_faults(self, _: Request) -> Response:
        return JSONResponse(self.faults.as_json())

    async def _order_fault(self, request: Request) -> Response:
        return JSONResponse({"id": self.faults.add(read_fault(await request.body()))}, status_code=201)

    async def _clear_faults(self, _: Request) -> Response:
        self.faults.clear()
        return Response(status_code=204)

    async def _reseed(self, request: Request) -> Response:
        order = msgspec.json.decode(await request.body(), type=SeedOrder)
        self.faults.reseed(order.seed)
        return JSONResponse({"seed": order.seed})

    async def _show_journal(self, request: Request) -> Response:
        return JSONResponse(self.journal.as_json(int(request.query_params.get("since", "1"))))

    async def _empty_journal(self, _: Request) -> Response:
        self.journal.empty()
        return Response(status_code=204)


def orderly(handler: Handler) -> Handler:
    """`handler`, answering 400 with the sentence of a `ValueError` (msgspec's errors are ValueErrors)."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return answer
