"""MailPort over a relay that speaks SMTP (RFC 5321), with or without TLS."""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from gateway.adapters.mail.message import Sender, message_bytes
from gateway.domain.letter import EmailAddress, Letter
from gateway.ports.mail import MailError, MailRefusedError, MailUnavailableError

_PERMANENT = 500
_FAREWELL_SECONDS = 1.0


class SmtpSecurity(StrEnum):
    """How the way to the relay is protected. Certificates are verified, always."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """The relay, and the gateway's user there when it asks for one: both or neither of `user` and `password`."""

    host: str
    port: int
    security: SmtpSecurity
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if (self.user is None) != (self.password is None):
            raise ValueError("a mail relay is given a user and a password, or neither")


class SmtpMail:
    """Sends letters over a fresh connection each; handing one over takes `timeout_seconds` at most.

    `clock` gives the present as an aware instant. Trusted are the authorities of the system, or those in the
    file that the variable SSL_CERT_FILE names, as everywhere with OpenSSL.
    """

    def __init__(
        self, server: SmtpServer, *, sender: Sender, timeout_seconds: float, clock: Callable[[], datetime]
    ) -> None:
        self._server = server
        self._sender = sender
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._tls = ssl.create_default_context()

    async def send(self, letter: Letter) -> None:
        """Hands over `letter`, as MailPort says. MailRefusedError, MailUnavailableError."""
        content = message_bytes(letter, sender=self._sender, at=self._clock())
        relay = self._relay()
        try:
            failure = await self._failure(relay, letter.to, content)
            if failure is not None:
                raise failure
            with suppress(SMTPException):  # the letter is taken: a relay that does not say goodbye changes nothing
                await relay.quit(timeout=_FAREWELL_SECONDS)
        finally:
            relay.close()

    async def _failure(self, relay: SMTP, to: EmailAddress, content: bytes) -> MailError | None:
        """Why `content` was not certainly taken; None when it was.

        The library's errors repeat addresses and what the relay said. They end here, and are nobody's cause.
        """
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await relay.connect()
                await relay.sendmail(self._sender.address, [to], content)
        except (SMTPException, OSError) as error:  # TimeoutError and ssl.SSLError are OSErrors
            return _translated(error)
        return None

    def _relay(self) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            local_hostname=self._sender.domain,  # else it looks up its own name, which may take seconds
            timeout=self._timeout_seconds,
            use_tls=server.security is SmtpSecurity.TLS,
            start_tls=server.security is SmtpSecurity.STARTTLS,
            tls_context=self._tls,
        )


def _translated(error: SMTPException | OSError) -> MailError:
    code = _reply_code(error)
    if isinstance(error, SMTPRecipientsRefused | SMTPDataError) and code is not None and code >= _PERMANENT:
        return MailRefusedError("the relay refuses the letter", code=code)
    fact = "the relay did not answer in time" if isinstance(error, TimeoutError) else "the relay cannot take letters"
    return MailUnavailableError(fact, code=code)


def _reply_code(error: SMTPException | OSError) -> int | None:
    """What the relay replied; the library's own -1, for what is no reply at all, is none."""
    match error:
        case SMTPRecipientsRefused(recipients=[only]):
            code = only.code
        case SMTPResponseException():
            code = error.code
        case _:
            return None
    return code if code > 0 else None
