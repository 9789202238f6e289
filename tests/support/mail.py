"""Mail in tests: a MailPort in memory, a relay that we did not write, and the demo's relay with its pages."""

import asyncio
import json
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from gateway.domain.letter import Letter
from gateway.ports.mail import MailError
from tests.demo.control.simulator import Simulator, running_simulator


@dataclass(slots=True)
class MemoryMail:
    """MailPort that keeps what it is given. `failures` are raised first, one for each letter."""

    sent: list[Letter] = field(default_factory=list)
    failures: list[MailError] = field(default_factory=list)

    async def send(self, letter: Letter) -> None:
        """Keeps `letter`, or raises the next of `failures`."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(letter)


@dataclass(frozen=True, slots=True)
class Taken:
    """A message as the relay took it."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    user: str | None
    was_encrypted: bool


@dataclass(slots=True)
class Desk:
    """What happens in the relay: `answers` replace its own, by SMTP command."""

    answers: dict[str, str] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    drops_after_data: bool = False

    async def handle_MAIL(  # noqa: N802 - aiosmtpd names its hooks after the commands
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """The sender."""
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """A recipient."""
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """The message."""
        if "DATA" in self.answers:
            return self.answers["DATA"]
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        user = getattr(session.auth_data, "login", b"").decode() or None
        recipients = tuple(map(str, envelope.rcpt_tos))
        self.taken.append(Taken(str(envelope.mail_from), recipients, message, user, session.ssl is not None))
        if self.drops_after_data and server.transport is not None:
            server.transport.close()
        return "250 OK"


def _authenticated(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=data.password == b"relay-password", auth_data=data, handled=False)


@dataclass(frozen=True, slots=True)
class Relay:
    """A relay to start. With `tls` it insists on STARTTLS, or with `immediate` begins with TLS at once."""

    desk: Desk
    tls: ssl.SSLContext | None = None
    immediate: bool = False

    async def serve(self, started: Future[tuple[int, Callable[[], object]]]) -> None:
        """Listens on a free port of 127.0.0.1; tells it, and how to stop, to `started`."""
        loop, stopping = asyncio.get_running_loop(), asyncio.Event()
        server = await loop.create_server(self._conversation, "127.0.0.1", 0, ssl=self.tls if self.immediate else None)
        port = server.sockets[0].getsockname()[1]
        started.set_result((port, partial(loop.call_soon_threadsafe, stopping.set)))
        await stopping.wait()
        server.close()

    def _conversation(self) -> SMTP:
        starttls = None if self.immediate else self.tls
        return SMTP(
            self.desk,
            hostname="relay",
            loop=asyncio.get_running_loop(),
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=_authenticated,
            auth_require_tls=starttls is not None,
        )


@contextmanager
def running_relay(relay: Relay) -> Iterator[int]:
    """The port of `relay`, which runs in a thread until the block ends; conversations left open are cut."""
    started: Future[tuple[int, Callable[[], object]]] = Future()
    thread = Thread(target=lambda: asyncio.run(relay.serve(started)), daemon=True)
    thread.start()
    port, stop = started.result(10)
    try:
        yield port
    finally:
        stop()
        thread.join(10)


@dataclass(frozen=True, slots=True)
class MailSimulator:
    """The demo's relay as a process. `smtp_port` is on 127.0.0.1, like everything else."""

    simulator: Simulator
    smtp_port: int

    def messages(self, to: str | None = None) -> list[dict[str, Any]]:
        """What was delivered, to everybody or to one address, oldest first; as scripts read it."""
        asked = {} if to is None else {"to": to}
        answer = self.simulator.client.get(f"{self.simulator.url}/__mail/messages", params=asked)
        found: list[dict[str, Any]] = answer.raise_for_status().json()
        return found


@contextmanager
def running_mail(folder: Path, *, gateway: str, today: str = "2026-03-17") -> Iterator[MailSimulator]:
    """The demo's relay, with its letters in `folder` and pages that speak to `gateway`, until the block ends."""
    options = ("--data", str(folder / "mail"), "--gateway", gateway, "--today", today)
    log = folder / f"mail-{len(list(folder.glob('mail-*.log')))}.log"  # a start has a ready line of its own
    with running_simulator("gateway.demo.mail", *options, log=log) as simulator:
        ready = json.loads(log.read_text().splitlines()[0])
        yield MailSimulator(simulator, int(ready["smtp"].rpartition(":")[2]))
