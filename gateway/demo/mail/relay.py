"""The relay: takes letters by SMTP, journaled, and struck by the faults that were ordered."""

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from gateway.demo.control import Control, Operation
from gateway.demo.control.faults import Blow
from gateway.demo.control.kinds import Hang, InBand, Reset
from gateway.demo.mail.mailbox import Mailbox

_LARGEST_BYTES = 1_000_000
_UNAVAILABLE = "421 4.3.2 Service indisponible"
_TAKEN = "250 2.0.0 OK"


class Relay:
    """Delivers to `mailbox`. `delay_ms` is added to every answer to RCPT and DATA."""

    def __init__(self, mailbox: Mailbox, control: Control, *, delay_ms: float = 0) -> None:
        self._mailbox = mailbox
        self._control = control
        self._delay_seconds = delay_ms / 1000

    async def listen(self, host: str, port: int) -> int:
        """Takes connections in the running loop from now on; the port taken for port 0."""
        server = await asyncio.get_running_loop().create_server(self._conversation, host, port)
        return int(server.sockets[0].getsockname()[1])

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names its hooks after the commands
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """The reply to a recipient."""

        def accept() -> str:
            envelope.rcpt_tos.append(address)
            return _TAKEN

        return await self._struck(Operation("RCPT", 1), server, accept)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """The reply to a message."""

        def deliver() -> str:
            for recipient in envelope.rcpt_tos:
                content = envelope.original_content or b""
                self._mailbox.deliver(content, to=str(recipient), at=self._control.clock.now())
            return _TAKEN

        return await self._struck(Operation("DATA", len(envelope.rcpt_tos)), server, deliver)

    async def _struck(self, operation: Operation, server: SMTP, act: Callable[[], str]) -> str:
        """The reply of `act`, or what a fault makes of it."""
        blow = self._control.faults.draw(operation.name)
        line = self._control.journal.open(operation, at=self._control.clock.now(), fault=blow.order_id)
        started = perf_counter()
        try:
            await asyncio.sleep(self._delay_seconds + blow.delay_seconds)
            reply = await _reply(blow, server, act)
            line.status = int(reply[:3])
        finally:
            line.ms = round((perf_counter() - started) * 1000, 3)
        return reply

    def _conversation(self) -> SMTP:
        loop = asyncio.get_running_loop()
        return SMTP(
            self, hostname="localhost", ident="Messagerie (simulateur)", data_size_limit=_LARGEST_BYTES, loop=loop
        )


async def _reply(blow: Blow, server: SMTP, act: Callable[[], str]) -> str:
    match blow.fault:
        case None:
            return act()
        case InBand(code=code, label=label):
            return f"{code} {label}".encode("ascii", "replace").decode()  # replies know nothing else
        case Hang():
            await asyncio.Event().wait()
        case Reset():
            act()
            cast(asyncio.WriteTransport, server.transport).abort()
    return _UNAVAILABLE
