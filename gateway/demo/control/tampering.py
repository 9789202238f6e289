"""The legacy application as the outside meets it: journaled, and struck by the faults that were ordered."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.demo.control.altered import send_altered
from gateway.demo.control.clock import VirtualClock
from gateway.demo.control.dialect import Dialect
from gateway.demo.control.exchange import Connection, Incoming, Operation, read_incoming
from gateway.demo.control.faults import FaultBook
from gateway.demo.control.journal import Journal, Line
from gateway.demo.control.kinds import (
    CorruptField,
    Drip,
    DuplicateDelivery,
    Hang,
    Reset,
    Striking,
    Truncate,
    WrongCharset,
)
from gateway.demo.control.replaced import instead

OperationOf = Callable[[Incoming], Operation]


@dataclass(frozen=True, slots=True)
class Instruments:
    """What the wrapper shares with the control plane."""

    clock: VirtualClock
    faults: FaultBook
    journal: Journal
    dialect: Dialect


class Tampering:
    """ASGI wrapper around the legacy application. `delay_ms` is added to every request, faults or not."""

    def __init__(self, app: ASGIApp, operation_of: OperationOf, *, instruments: Instruments, delay_ms: float) -> None:
        self._app = app
        self._operation_of = operation_of
        self._instruments = instruments
        self._delay_seconds = delay_ms / 1000

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one HTTP request."""
        try:
            incoming = await read_incoming(scope, receive)
        except ClientDisconnect:
            return
        operation = self._operation_of(incoming)
        blow = self._instruments.faults.draw(operation.name)
        now = self._instruments.clock.now()
        line = self._instruments.journal.open(operation, at=now, fault=blow.order_id)
        connection = Connection(scope, incoming.body, receive, _counted(send, line))
        started = perf_counter()
        try:
            await asyncio.sleep(self._delay_seconds + blow.delay_seconds)
            await self._play(blow.fault, operation, connection)
        finally:
            line.ms = round((perf_counter() - started) * 1000, 3)

    async def _play(self, fault: Striking | None, operation: Operation, connection: Connection) -> None:
        dialect = self._instruments.dialect
        match fault:
            case None:
                await connection.handled_by(self._app)
            case DuplicateDelivery():
                await connection.answer_of(self._app)
                await connection.handled_by(self._app)
            case Hang():
                await connection.client_left()
            case Truncate() | Drip() | Reset() | WrongCharset() | CorruptField():
                reply = await connection.answer_of(self._app)
                await send_altered(fault, reply, connection=connection, dialect=dialect)
            case _:
                random = self._instruments.faults.random
                await connection.send_reply(instead(fault, operation.name, dialect=dialect, random=random))


def _counted(send: Send, line: Line) -> Send:
    """`send`, writing status and size in the journal as they leave."""

    async def counting(message: Message) -> None:
        if message["type"] == "http.response.start":
            line.status = message["status"]
        else:
            line.bytes += len(message.get("body", b""))
        await send(message)

    return counting
