"""Passwords are hashed and checked in a small pool of threads, so that a flood of them stops nothing else.

Checking costs the same whether or not there is a hash to check against, and whatever was typed. Whoever enters
takes a seat first, or is sent away at once: so nobody is charged for a guess that is not carried out.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from types import TracebackType
from typing import TypeVar

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from gateway.domain.password import MAX_TYPED, composed

T = TypeVar("T")

_NEVER_A_PASSWORD = b"\xff"
"""Not UTF-8, so no password is stored as this."""

log = structlog.get_logger()


def argon2id() -> PasswordHasher:
    """Argon2id with 19 MiB, two passes, one lane (OWASP's second choice): 25 ms of processor time each."""
    return PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)


class HashPoolBusyError(Exception):
    """Too many passwords are being checked; this one was not. Try again after `retry_after_seconds`."""

    retry_after_seconds = 2


class HashPool:
    """Hashes passwords, `workers` at a time, while `queue` more wait.

    `hash` and `verify` wait for `deadline_seconds` at most; whoever holds a `seat` waits as long as it takes.
    """

    def __init__(
        self,
        hasher: PasswordHasher | None = None,
        *,
        workers: int = 2,
        queue: int = 32,
        deadline_seconds: float = 2.0,
    ) -> None:
        self._craft = _Craft(hasher or argon2id())
        self._threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="password")
        self._places = _Places(workers + queue)
        self._deadline_seconds = deadline_seconds

    def seat(self, *, source: str | None = None) -> "Seat":
        """A seat, taken on entry without waiting. HashPoolBusyError if all are taken.

        It is raised too if `source`, for example the network 192.0.2.0/24, holds a quarter of all already.
        """
        return Seat(self._craft, threads=self._threads, places=self._places, source=source)

    async def hash(self, password: str) -> str:
        """The encoded hash of a new password. ValueError if it can be none; HashPoolBusyError."""
        return await self._in_time(lambda seat: seat.hash(password))

    async def verify(self, password: str, *, against: str | None) -> bool:
        """As `Seat.verify`. HashPoolBusyError when nothing was checked."""
        return await self._in_time(lambda seat: seat.verify(password, against=against))

    def needs_rehash(self, encoded: str) -> bool:
        """Whether a hash made now would have other parameters than `encoded`: so has one that nobody can read."""
        return self._craft.is_outdated(encoded)

    def close(self) -> None:
        """Finishes what runs, drops what waits."""
        self._threads.shutdown(cancel_futures=True)

    async def _in_time(self, work: Callable[["Seat"], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(self._deadline_seconds), self.seat() as seat:
                return await work(seat)
        except TimeoutError as error:
            raise HashPoolBusyError from error


class Seat:
    """A right to have passwords checked, one after the other. Made by `HashPool.seat`.

    Work has no deadline here: a guess that was charged is carried out. If the caller is cancelled, work that
    waits is dropped and work that runs keeps the seat until it is over, so that no crowd of callers who hang up
    can fill the threads.
    """

    def __init__(self, craft: "_Craft", *, threads: ThreadPoolExecutor, places: "_Places", source: str | None) -> None:
        self._craft = craft
        self._threads = threads
        self._places = places
        self._source = source
        self._holds = 0
        self._lock = Lock()

    async def __aenter__(self) -> "Seat":
        self._places.take(self._source)
        self._hold()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._let_go()

    async def verify(self, password: str, *, against: str | None) -> bool:
        """Whether `password` is the one hashed in `against`; False, for the same work, without a hash.

        Takes any string that a client can send. A hash that cannot be read matches nothing, and is logged.
        """
        try:
            return await self._run(lambda: self._craft.matches(password, against))
        except _UnreadableHashError as error:
            log.warning("password.hash_unreadable", code=type(error.__cause__).__name__)
            return False

    async def hash(self, password: str) -> str:
        """The encoded hash of a new password. ValueError if it can be none."""
        secret = _bytes_of(password)
        if secret == _NEVER_A_PASSWORD:
            raise ValueError("a password is at most 1,024 characters of valid Unicode")
        return await self._run(lambda: self._craft.hash(secret))

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._holds:
            raise RuntimeError("the seat has been given back")
        future = self._threads.submit(work)
        self._hold()
        future.add_done_callback(lambda _: self._let_go())
        return await asyncio.wrap_future(future)

    def _hold(self) -> None:
        with self._lock:
            self._holds += 1

    def _let_go(self) -> None:
        """Gives the seat back with the last hold. Called from threads too."""
        with self._lock:
            self._holds -= 1
            is_last = not self._holds
        if is_last:
            self._places.free(self._source)


class _Places:
    """Counts the places that are taken, in all and by source; from any thread."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._fair_share = max(1, count // 4)
        self._taken = 0
        self._by_source: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, source: str | None) -> None:
        """One place less. HashPoolBusyError if none is left, or `source` has its share."""
        with self._lock:
            if self._taken >= self._count or (source and self._by_source[source] >= self._fair_share):
                raise HashPoolBusyError
            self._taken += 1
            if source:
                self._by_source[source] += 1

    def free(self, source: str | None) -> None:
        """One place more."""
        with self._lock:
            self._taken -= 1
            if source:
                self._by_source[source] -= 1
                self._by_source = +self._by_source  # without those who hold nothing


class _UnreadableHashError(Exception):
    """The stored hash is damaged, or was made by something else. Its cause says how."""


class _Craft:
    """The hashing itself, as the threads do it."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        self._dummy = hasher.hash(secrets.token_bytes())

    def hash(self, secret: bytes) -> str:
        """The encoded hash."""
        return self._hasher.hash(secret)

    def matches(self, password: str, encoded: str | None) -> bool:
        """Whether `password` is the one in `encoded`. _UnreadableHashError, after the same work, if none can tell."""
        secret = _bytes_of(password)
        try:
            return self._verify(self._dummy if encoded is None else encoded, secret) and encoded is not None
        except (InvalidHashError, VerificationError, UnicodeEncodeError) as error:
            self._verify(self._dummy, secret)
            raise _UnreadableHashError from error

    def is_outdated(self, encoded: str) -> bool:
        """Whether `encoded` has other parameters than the hasher's own."""
        try:
            return self._hasher.check_needs_rehash(encoded)
        except InvalidHashError:
            return True

    def _verify(self, encoded: str, secret: bytes) -> bool:
        try:
            return self._hasher.verify(encoded, secret)
        except VerifyMismatchError:
            return False


def _bytes_of(password: str) -> bytes:
    """UTF-8 of the composed form."""
    if len(password) > MAX_TYPED:
        return _NEVER_A_PASSWORD
    try:
        return composed(password).encode()
    except UnicodeEncodeError:
        return _NEVER_A_PASSWORD
