"""A clock that moves when told, a real store that counts what it is asked, hashing without its usual cost."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher

from gateway.adapters.store_sqlite import SqliteStore
from gateway.auth.accounts import NewAccount, create_account
from gateway.auth.passwords import HashPool
from gateway.auth.sessions import OpenedSession, Sessions
from gateway.auth.tokens import Mint, new_id, new_token, token_sha256
from gateway.domain.access import Channel, DeviceId, KnownDevice, OnlineAccount, Session, SessionId
from gateway.domain.identifiers import TenantId
from gateway.domain.lockout import Subject
from gateway.ports.store import Store, Transaction
from tests.ports.stores import NOON, sqlite_file
from tests.support.account_world import SECRET, AccountWorld, account_world, with_camille

PASSWORD = "Mirabelle-57!"


@dataclass(slots=True)
class Clock:
    """Noon, until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        """What time it is."""
        return self.now

    def advance(self, **duration: float) -> None:
        """Later by `duration`, as timedelta takes it."""
        self.now += timedelta(**duration)


class CountingStore(SqliteStore):
    """The store on SQLite, with a count of what sessions ask of it."""

    asked: Counter[str]

    async def session(self, token_sha256: bytes, *, now: datetime) -> Session | None:
        """As the store, and counted."""
        self.asked["session"] += 1
        return await super().session(token_sha256, now=now)

    async def touch_session(self, session_id: SessionId, *, seen_at: datetime, idle_expires_at: datetime) -> None:
        """As the store, and counted."""
        self.asked["touch_session"] += 1
        await super().touch_session(session_id, seen_at=seen_at, idle_expires_at=idle_expires_at)


class CountingHasher(PasswordHasher):
    """A cheap hasher that keeps the parameters of every hash it was asked to check."""

    def __init__(self) -> None:
        super().__init__(memory_cost=8, time_cost=1, parallelism=1)
        self.checked: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's
        """As the library, and noted."""
        self.checked.append(str(hash).rsplit("$", 2)[0])
        return super().verify(hash, password)


async def try_to_open(
    sessions: Sessions, account: OnlineAccount, *, store: Store, channel: Channel = Channel.WEB
) -> OpenedSession | None:
    """A session on a device of its own, as a sign-in opens it; None if there is none to be had."""

    async def work(tx: Transaction) -> OpenedSession | None:
        device = KnownDevice(DeviceId(new_id()), account.id, "Chrome sur Windows", tx.now, tx.now)
        await tx.add_device(device, token_sha256=token_sha256(new_token()))
        return await sessions.open(account, channel=channel, tx=tx, device=device)

    return await store.transact(Subject(token_sha256(account.reference)), work)


async def open_session(
    sessions: Sessions, account: OnlineAccount, *, store: Store, channel: Channel = Channel.WEB
) -> OpenedSession:
    """A session that is open."""
    opened = await try_to_open(sessions, account, store=store, channel=channel)
    assert opened is not None
    return opened


@pytest.fixture
def clock() -> Clock:
    """Noon."""
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[CountingStore]:
    """An empty store, impatient with locks."""
    store = await CountingStore.open(sqlite_file(tmp_path), busy_timeout_seconds=0.05, clock=clock)
    store.asked = Counter()
    yield store
    await store.close()


@pytest.fixture
def hasher() -> CountingHasher:
    """Counts the hashes that were checked."""
    return CountingHasher()


@pytest.fixture
def passwords(hasher: CountingHasher) -> Iterator[HashPool]:
    """A pool of the usual size around the counting hasher."""
    pool = HashPool(hasher)
    yield pool
    pool.close()


@pytest.fixture
def sessions(store: CountingStore, clock: Clock) -> Sessions:
    """The sessions of one gateway."""
    return Sessions(store, clock=clock, mint=Mint(SECRET))


@pytest.fixture
async def louise(store: CountingStore, passwords: HashPool) -> OnlineAccount:
    """The account 12345, whose password is PASSWORD."""
    new = NewAccount("0012345", TenantId("T1"), PASSWORD, "louise@example.org")
    account = await create_account(new, store=store, passwords=passwords, now=NOON)
    assert account is not None
    return account


@pytest.fixture
async def world() -> AsyncIterator[AccountWorld]:
    """The use cases over a store in memory, where Camille has an account."""
    with account_world() as world:
        yield await with_camille(world)
