"""Passwords are hashed and checked in a small pool of threads, so that a flood of them stops nothing else.

Checking costs the same whether or not there is a hash to check against, and whatever was typed.
"""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

T = TypeVar("T")

_MAX_TYPED = 1024
"""Characters. A password has 128 at most; decomposed, as some keyboards send it, four times as many."""

_NEVER_A_PASSWORD = b"\xff"
"""Not UTF-8, so no password is stored as this."""


def argon2id() -> PasswordHasher:
    """Argon2id with 19 MiB, two passes, one lane (OWASP's second choice): 25 ms of processor time each."""
    return PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)


class HashPoolBusyError(Exception):
    """Too many passwords are being checked; this one was not. Try again after `retry_after_seconds`."""

    retry_after_seconds = 2


class HashPool:
    """Hashes passwords, `workers` at a time. `queue` more may wait, each for `deadline_seconds` at most."""

    def __init__(
        self,
        hasher: PasswordHasher | None = None,
        *,
        workers: int = 2,
        queue: int = 32,
        deadline_seconds: float = 2.0,
    ) -> None:
        self._hasher = hasher or argon2id()
        self._threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="password")
        self._seats = workers + queue
        self._deadline_seconds = deadline_seconds
        self._dummy = self._hasher.hash(secrets.token_bytes())

    async def hash(self, password: str) -> str:
        """The encoded hash of a new password. ValueError if it can be none; HashPoolBusyError."""
        secret = _bytes_of(password)
        if secret == _NEVER_A_PASSWORD:
            raise ValueError("a password is at most 1,024 characters of valid Unicode")
        return await self._run(lambda: self._hasher.hash(secret))

    async def verify(self, password: str, *, against: str | None) -> bool:
        """Whether `password` is the one hashed in `against`; False, for the same work, without a hash.

        Takes any string that a client can send. HashPoolBusyError when nothing was checked.
        """
        matches = await self._run(lambda: self._matches(against or self._dummy, password))
        return matches and against is not None

    def close(self) -> None:
        """Finishes what runs, drops what waits."""
        self._threads.shutdown(cancel_futures=True)

    def _matches(self, encoded: str, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, _bytes_of(password))
        except VerifyMismatchError:
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._seats:
            raise HashPoolBusyError
        self._seats -= 1
        try:
            async with asyncio.timeout(self._deadline_seconds):
                return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except TimeoutError as error:
            raise HashPoolBusyError from error
        finally:
            self._seats += 1


def _bytes_of(password: str) -> bytes:
    """UTF-8 of the composed form (NFC), for telephones and computers compose accents differently."""
    if len(password) > _MAX_TYPED:
        return _NEVER_A_PASSWORD
    try:
        return unicodedata.normalize("NFC", password).encode()
    except UnicodeEncodeError:
        return _NEVER_A_PASSWORD
