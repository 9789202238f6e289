"""The account's use cases in this process, over a real store, for a crowd of tenants from as many networks.

Everything is as the gateway runs it, Argon2id's parameters and the pool's size included; only the limits on how often
one may knock are out of the way.
"""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, redirect_stderr
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher

from gateway import log
from gateway.adapters.stores import open_store
from gateway.auth.knocking import Knocking, rules, source_at
from gateway.auth.passwords import HashPool, argon2id
from gateway.auth.sessions import Sessions
from gateway.auth.sign_in import Credentials, SignInOutcome
from gateway.auth.tokens import Mint
from gateway.auth.visitor import Visitor
from gateway.domain.access import Channel, OnlineAccount, OnlineAccountId
from gateway.domain.identifiers import TenantId
from gateway.support.desk import AccountDesk, AccountRules, Foundation
from tests.support.household import landlord

TENANTS, PASSWORD, CONNECTIONS = 150, "Mirabelle-57!", 10
_SECRET = bytes(range(32))
_KNOCKING = rules(sign_ins=1_000_000, requests=1_000_000)


@dataclass(frozen=True, slots=True)
class Crowd:
    """A hundred and fifty tenants with accounts; `encoded` is the hash of their password."""

    desk: AccountDesk
    hasher: PasswordHasher
    encoded: str

    async def sign_in(self, number: int) -> SignInOutcome:
        """One of them, from a network of their own, with the right password, in the application."""
        place = number % TENANTS
        visitor = Visitor(source_at(f"203.{place}.113.7"))
        return await self.desk.sign_in(Credentials(_reference(place), PASSWORD, Channel.MOBILE), visitor=visitor)

    def check_bare(self) -> None:
        """What signing in cannot do without."""
        self.hasher.verify(self.encoded, PASSWORD)


@asynccontextmanager
async def crowd_over(url: str) -> AsyncIterator[Crowd]:
    """The crowd over the migrated, empty database at `url`."""
    store, hasher = await open_store(url, max_connections=CONNECTIONS), argon2id()
    passwords, encoded = HashPool(hasher), hasher.hash(PASSWORD)
    try:
        for place in range(TENANTS):
            await store.add_account(_account(place, encoded))
        foundation = Foundation(
            store=store,
            passwords=passwords,
            sessions=Sessions(store, clock=_now, mint=Mint(_SECRET)),
            knocking=Knocking(_KNOCKING),
            secret=_SECRET,
            clock=_now,
        )
        yield Crowd(AccountDesk(foundation, AccountRules(), landlord().ports().tenancy), hasher, encoded)
    finally:
        passwords.close()
        await store.close()


@contextmanager
def logging_to(file: Path) -> Iterator[None]:
    """Logs to `file` as the gateway does to its standard error: writing lines is part of what signing in costs."""
    with file.open("a", encoding="utf-8") as stream, redirect_stderr(stream):
        log.configure(log.Level.INFO, stream=stream)
        yield


@contextmanager
def one_core() -> Iterator[None]:
    """This thread, and those it starts, on one core, so that what runs at the same time does not slow each other."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _now() -> datetime:
    return datetime.now(UTC)


def _reference(place: int) -> str:
    return f"{100_000 + place}"


def _account(place: int, encoded: str) -> OnlineAccount:
    return OnlineAccount(
        id=OnlineAccountId(f"account-{place}"),
        reference=_reference(place),
        tenant_id=TenantId(f"T{place}"),
        password_hash=encoded,
        created_at=_now(),
        credential_set_at=_now(),
        email=f"tenant-{place}@example.org",
    )
