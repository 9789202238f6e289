"""The account's use cases without doors: over a store in memory, the landlord's files in memory, a clock that stands.

Camille has the account 12345 and an address on file; Alix has a lease and no account; nobody knows 97531.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from argon2 import PasswordHasher

from gateway.auth.errands import Errands, Postman
from gateway.auth.guard import Guard
from gateway.auth.knocking import Knocking, rules, source_at
from gateway.auth.link_requests import Claim, LinkRequestOutcome
from gateway.auth.lockout import InProgress, Reservation
from gateway.auth.passwords import HashPool
from gateway.auth.sessions import Sessions
from gateway.auth.sign_in import Credentials, SignedIn, SignInOutcome
from gateway.auth.tokens import Mint
from gateway.auth.visitor import Visitor
from gateway.domain.access import Channel, OnlineAccount, OnlineAccountId, Role, Session, SessionId
from gateway.domain.audit import AuditEntry
from gateway.domain.letter import Letter
from gateway.domain.lockout import UNKNOWN_DEVICES, Bucket, GuardRecord, Subject
from gateway.ports.store import Store, Transaction
from gateway.support.desk import AccountDesk, AccountRules, Foundation
from tests.rules.people import CAMILLE, Details, put_on_file
from tests.support.household import CAMILLE as CAMILLE_ID
from tests.support.household import NOW, landlord
from tests.support.letterbox import Letterbox
from tests.support.logs import Log, captured_log
from tests.support.memory import Landlord
from tests.support.memory_store import MemoryStore
from tests.support.troubled_store import TroubledStore

SECRET = bytes(range(32))
PASSWORD, WRONG, NEW = "Mirabelle-57!", "Wrong-password-1", "Nénuphar bleu 47"
STRANGER = Visitor(source_at("203.0.113.7"))
RULES = AccountRules(landlord_words=("Habitat", "Mosellan"), letter_domain="example.org")
_ANY_NUMBER = rules(sign_ins=1_000_000, requests=1_000_000)


@dataclass(slots=True)
class Clock:
    """Stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """The moment it stands at."""
        return self.now

    def forward(self, **duration: float) -> None:
        """Later by a `timedelta(**duration)`."""
        self.now += timedelta(**duration)


class CountingHasher(PasswordHasher):
    """A cheap hasher that counts the passwords it checks and those it hashes."""

    def __init__(self) -> None:
        super().__init__(memory_cost=8, time_cost=1, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's
        """As the library, and counted."""
        self.verified += 1
        return super().verify(hash, password)


class CrowdedGuard(Guard):
    """As many passwords are being checked as may still fail, and for longer than anybody waits."""

    @asynccontextmanager
    async def reserved(
        self,
        subject: Subject,  # noqa: ARG002 - whoever it is
        *,
        bucket: Bucket,  # noqa: ARG002 - and whatever they come with
        admission: AbstractAsyncContextManager[object],  # noqa: ARG002 - nobody is let in
    ) -> AsyncIterator[Reservation]:
        """As the guard after its patience."""
        yield InProgress()


@dataclass(slots=True)
class AccountWorld:
    """One gateway's use cases, and what stands behind them. `store` is what they use, `memory` the store behind it."""

    desk: AccountDesk
    memory: MemoryStore
    trouble: TroubledStore
    clock: Clock
    landlord: Landlord
    hasher: CountingHasher
    log: Log
    letterbox: Letterbox = field(default_factory=Letterbox)

    @property
    def store(self) -> Store:
        """With the troubles that are planned."""
        return self.desk.foundation.store

    @property
    def errands(self) -> Errands:
        """A worker of the outbox, which writes to the letterbox."""
        postman = Postman(self.letterbox, "Habitat Mosellan", "03 53 01 10 00", "https://example.org/p", "example.org")
        return self.desk.errands(postman)

    def replica(self) -> AccountDesk:
        """The use cases of another process over the same store."""
        base = self.desk.foundation
        sessions = Sessions(base.store, clock=self.clock, mint=Mint(SECRET))
        return AccountDesk(replace(base, sessions=sessions), self.desk.rules, self.desk.tenancy)

    async def run_errands(self) -> None:
        """Does all the promised work that is due."""
        while await self.errands.run_one():
            pass

    async def sign_in(
        self, password: str = PASSWORD, *, reference: str = "12345", visitor: Visitor = STRANGER
    ) -> SignInOutcome:
        """On the web."""
        return await self.desk.sign_in(Credentials(reference, password), visitor=visitor)

    async def signed_in(self, channel: Channel = Channel.WEB, *, visitor: Visitor = STRANGER) -> SignedIn:
        """Camille, in a new session."""
        outcome = await self.desk.sign_in(Credentials("12345", PASSWORD, channel, "Pixel 9"), visitor=visitor)
        assert isinstance(outcome, SignedIn), outcome
        return outcome

    async def ask_for_link(self, who: Details = CAMILLE) -> LinkRequestOutcome:
        """« J'ai oublié mon mot de passe », from nowhere in particular."""
        claim = Claim(who.reference, who.first_name, who.last_name, who.birth_date)
        return await self.desk.request_link(claim, visitor=STRANGER)

    async def link_for(self, who: Details = CAMILLE) -> str:
        """The token of the link that arrives."""
        await self.ask_for_link(who)
        await self.run_errands()
        return self.letterbox.link_token()

    def links_to(self, address: str = "camille@example.org") -> list[Letter]:
        """The letters with a link that somebody received, oldest first."""
        return [letter for letter in self.letterbox.to(address) if "#" in letter.body]

    async def account(self, reference: str = "12345") -> OnlineAccount:
        """The account, which is there."""
        found = await self.memory.account(reference)
        assert found is not None
        return found

    async def change_account(self, **changes: Any) -> None:
        """Camille's account, with other values."""
        account = replace(await self.account(), **changes)
        await self.memory.transact(self.desk.vault.subject("12345"), lambda tx: tx.save_account(account))

    async def sessions(self) -> tuple[Session, ...]:
        """The open sessions of Camille's account."""
        return await self.memory.sessions_of((await self.account()).id, now=self.clock())

    async def guard(self, bucket: Bucket = UNKNOWN_DEVICES, *, reference: str = "12345") -> GuardRecord:
        """What is remembered of the guesses of a bucket."""

        async def read(tx: Transaction) -> GuardRecord:
            return await tx.guard(bucket)

        return await self.memory.transact(self.desk.vault.subject(reference), read)

    async def trail(self, reference: str = "12345") -> list[str]:
        """What strangers and the gateway did to an account, oldest first: `SIGN_IN Failed`."""
        return _told(await self.memory.audit_of(self.desk.trail.about(reference), first=1000))

    async def own_trail(self) -> list[str]:
        """What the holder did, oldest first."""
        actor = self.desk.trail.tenant((await self.account()).id)
        return _told(await self.memory.audit_of(actor, first=1000))

    def count(self, table: str) -> int:
        """Rows of a table."""
        return self.memory.sizes()[table]


def _told(entries: tuple[AuditEntry, ...]) -> list[str]:
    return [f"{entry.action} {entry.outcome}" for entry in reversed(entries)]


@contextmanager
def account_world(account_rules: AccountRules = RULES, *, knocking: Knocking | None = None) -> Iterator[AccountWorld]:
    """The use cases by the landlord's rules; one may knock as often as one likes, unless `knocking` is given."""
    clock, hasher = Clock(), CountingHasher()
    systems = landlord()
    systems.clock = clock
    put_on_file(systems)
    memory = MemoryStore(clock=clock)
    trouble = TroubledStore(memory)
    passwords = HashPool(hasher)
    foundation = Foundation(
        store=trouble.as_store(),
        passwords=passwords,
        sessions=Sessions(trouble.as_store(), clock=clock, mint=Mint(SECRET)),
        knocking=knocking or Knocking(_ANY_NUMBER),
        secret=SECRET,
        clock=clock,
    )
    desk = AccountDesk(foundation, account_rules, systems.ports().tenancy)
    try:
        with captured_log() as log:
            yield AccountWorld(desk, memory, trouble, clock, systems, hasher, log)
    finally:
        passwords.close()


async def with_camille(world: AccountWorld, *, password: str = PASSWORD) -> AccountWorld:
    """The world in which Camille has created her account, two years ago."""
    created = datetime(2024, 1, 31, 23, 30, tzinfo=NOW.tzinfo)
    await world.memory.add_account(
        OnlineAccount(
            id=OnlineAccountId("account-camille"),
            reference=CAMILLE.reference,
            tenant_id=CAMILLE_ID,
            password_hash=CountingHasher().hash(password),
            created_at=created,
            credential_set_at=created,
            email="camille@example.org",
        )
    )
    return world


def advisor(name: str = "Sam Fournier") -> Session:
    """The session of a member of staff."""
    return Session(
        id=SessionId(f"session of {name}"),
        role=Role.ADVISOR,
        channel=Channel.DESK,
        account_id=None,
        tenant_id=None,
        staff_name=name,
        staff_person=f"local/{name}",
        device=None,
        started_at=NOW,
        last_seen_at=NOW,
        idle_expires_at=NOW + timedelta(days=1),
        expires_at=NOW + timedelta(days=1),
    )
