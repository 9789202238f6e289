"""How a letter leaves.

    MailError
    ├── MailRefusedError       this letter will never be taken: sending it again is of no use
    └── MailUnavailableError   the relay could not take it now: the same letter may be sent again later

Neither message names an address, a subject or what the relay said: they hold a constant and a code.
"""

from typing import Protocol

from gateway.domain.letter import Letter


class MailError(Exception):
    """A letter was not certainly taken. `code` is the relay's reply code (RFC 5321 §4.2), None when it gave none."""

    def __init__(self, fact: str, *, code: int | None = None) -> None:
        super().__init__(f"{fact}, reply code {code}" if code else fact)
        self.code = code


class MailRefusedError(MailError):
    """The relay refused this recipient or this letter for good (5xx)."""


class MailUnavailableError(MailError):
    """The relay cannot be reached, is busy (4xx), or refuses us as such: not this letter's fault.

    The letter may have been taken all the same, when the connection ended before the answer.
    """


class MailPort(Protocol):
    """The relay that delivers our mail."""

    async def send(self, letter: Letter) -> None:
        """Hands over `letter` to its one recipient, and returns once the relay answers for it (250).

        Raises MailRefusedError, MailUnavailableError. After MailUnavailableError the letter may have been taken:
        sending it again can deliver it twice, under the same Message-ID. Delivery itself is never confirmed.
        """
