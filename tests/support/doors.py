"""The gateway's doors in this process: over the landlord's systems in memory, a real store, and a clock that stands."""

import json
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from gateway.adapters.store_sqlite import SqliteStore
from gateway.app import Entrance, application
from gateway.auth.errands import Errands, Postman
from gateway.auth.knocking import Knocking
from gateway.auth.passwords import HashPool
from gateway.auth.sessions import Sessions
from gateway.auth.tokens import Mint, token_sha256
from gateway.domain.access import Channel, OnlineAccount, OnlineAccountId, Role, Session, SessionId
from gateway.domain.identifiers import TenantId
from gateway.http.exchange import Exchange
from gateway.http.graphql import GraphQLDoor
from gateway.http.reception import Reception
from gateway.http.shedding import Bounds, Load
from gateway.http.streaming.stream import Streams
from gateway.http.streaming.watching import Watches
from gateway.http.streaming.websocket import SocketDoor
from gateway.ports.store import Store
from gateway.schema.context import AppVersions, Parts
from gateway.schema.loaders import Ports
from gateway.schema.operations import Operations
from gateway.schema.seals import Seals
from gateway.schema.watch import SourceWatch
from gateway.settings import ErpKind
from gateway.support.desk import AccountDesk, AccountRules, Foundation
from gateway.systems import CONNECTED
from tests.ports.stores import sqlite_file
from tests.support.household import CAMILLE, NOOR, NOW, landlord
from tests.support.letterbox import Letterbox
from tests.support.logs import Log, captured_log
from tests.support.memory import Landlord

SECRET = bytes(range(32))
PUBLIC_URL = "https://account.example.org"
PASSWORD = "correct horse battery staple"
RULES = AccountRules(landlord_words=("Habitat", "Mosellan"), landlord_phone="03 53 01 10 00")
CHEAP = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)
"""Hashes in no time, and so weakly that only tests may use it."""

CAMILLE_TOKEN, NOOR_TOKEN = "token-of-camille", "token-of-noor"
UNHURRIED = Load(Bounds(operations=10_000))
"""Nobody is turned away, however many ask at once."""
STAFF_TOKENS = {role: f"token-of-{role.lower()}" for role in (Role.ADVISOR, Role.ANALYST, Role.OPERATOR)}


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


@dataclass(frozen=True, slots=True, repr=False)
class Doors:
    """The application, and what stands behind its doors."""

    app: ASGIApp
    landlord: Landlord
    ports: Ports
    parts: Parts
    clock: Clock
    database: Path
    log: Log
    letterbox: Letterbox
    errands: Errands

    async def run_errands(self) -> None:
        """Does all the promised work that is due."""
        while await self.errands.run_one():
            pass

    @asynccontextmanager
    async def client(self, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
        """A client of the application; cookies of its own."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, **options) as client:
            yield client

    async def post(
        self, body: object, *, headers: Mapping[str, Any] | None = None, content: Any = None
    ) -> httpx.Response:
        """The answer to one POST to /graphql; `content` is sent as it is, `body` as JSON."""
        sent = json.dumps(body).encode() if content is None else content
        async with self.client() as client:
            return await client.post(
                "/graphql", content=sent, headers={"Content-Type": "application/json", **(headers or {})}
            )

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        """The rows of a statement, run in the store's database beside it."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            return connection.execute(statement).fetchall()

    async def ask(
        self,
        query: str,
        variables: Mapping[str, object] | None = None,
        *,
        token: str | None = CAMILLE_TOKEN,
        language: str = "fr",
    ) -> Any:
        """The JSON that answers `query`, asked with a bearer token or, with None, by a stranger."""
        headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {token}"} if token else {})
        response = await self.post({"query": query, "variables": variables}, headers=headers)
        assert response.status_code == 200, response.text
        return response.json()


@asynccontextmanager
async def opened_doors(
    directory: Path,
    *,
    rules: AccountRules = RULES,
    hasher: PasswordHasher = CHEAP,
    knocking: Knocking | None = None,
) -> AsyncIterator[Doors]:
    """Doors over the two households, their sessions and those of one member of staff of each role open.

    `knocking` is how often one address may knock, by the gateway's defaults unless it is given.
    """
    clock = Clock()
    systems = landlord()
    systems.clock = clock
    database = directory / "store.db"
    database.write_bytes(await _furnished())
    store = await SqliteStore.open(database, clock=clock)
    try:
        with cheap_passwords(hasher) as passwords, captured_log() as log:
            ports = systems.ports()
            foundation = Foundation(
                store=store,
                passwords=passwords,
                sessions=Sessions(store, clock=clock, mint=Mint(SECRET)),
                knocking=knocking or Knocking(),
                secret=SECRET,
                clock=clock,
            )
            parts = _parts(AccountDesk(foundation, rules, ports.tenancy))
            app = application(parts, ports, Entrance(clock=clock, deadline_seconds=8, load=UNHURRIED))
            letterbox = Letterbox()
            errands = parts.desk.errands(_postman(letterbox))
            yield Doors(app, systems, ports, parts, clock, database, log, letterbox, errands)
    finally:
        await store.close()


def with_operations(doors: Doors, operations: Operations, **reception: Any) -> Doors:
    """The same doors, but for one GraphQL door over this executor; `reception` is changed as told."""
    received = Reception(**{"ports": doors.ports, "parts": doors.parts, "clock": doors.clock, **reception})
    exchange = Exchange(operations)
    streams = Streams(reception=received, exchange=exchange, watches=Watches(received, every_seconds=0.02))
    door = GraphQLDoor(received, exchange, body_seconds=8, streams=streams)
    sockets = WebSocketRoute("/graphql", SocketDoor(streams).__call__)
    return replace(doors, app=Starlette(routes=[Route("/graphql", door.__call__, methods=["POST"]), sockets]))


_FURNISHED: list[bytes] = []


async def _furnished() -> bytes:
    """A database with the accounts and sessions of the households, made once for all tests of a process."""
    if not _FURNISHED:
        with TemporaryDirectory() as directory, cheap_passwords() as passwords:
            database = sqlite_file(Path(directory))
            store = await SqliteStore.open(database)
            await _register(store, passwords)
            await store.close()
            _FURNISHED.append(database.read_bytes())
    return _FURNISHED[0]


@contextmanager
def cheap_passwords(hasher: PasswordHasher = CHEAP) -> Iterator[HashPool]:
    """A pool that hashes in no time."""
    pool = HashPool(hasher)
    try:
        yield pool
    finally:
        pool.close()


def _parts(desk: AccountDesk) -> Parts:
    base = desk.foundation
    return Parts(
        seals=Seals(SECRET),
        store=base.store,
        sessions=base.sessions,
        desk=desk,
        watch=SourceWatch(CONNECTED[ErpKind.SOAP], base.clock),
        android=AppVersions("4.2.0", "4.0", "https://play.example.org/account"),
        ios=AppVersions("4.1", "3.9", "https://apps.example.org/account"),
        public_url=PUBLIC_URL,
    )


def _postman(letterbox: Letterbox) -> Postman:
    return Postman(
        mail=letterbox,
        landlord="Habitat Mosellan",
        phone="03 53 01 10 00",
        account_url="https://account.example.org/choose-password",
        letter_domain="example.org",
    )


async def _register(store: Store, passwords: HashPool) -> None:
    for tenant, reference, token in ((CAMILLE, "12345", CAMILLE_TOKEN), (NOOR, "67890", NOOR_TOKEN)):
        account = OnlineAccount(
            id=OnlineAccountId(f"account-{tenant}"),
            reference=reference,
            tenant_id=tenant,
            password_hash=await passwords.hash(PASSWORD),
            created_at=datetime(2024, 1, 31, 23, 30, tzinfo=UTC),
            credential_set_at=datetime(2026, 3, 1, 12, 0, tzinfo=UTC),
            email="camille@example.org" if tenant == CAMILLE else None,
        )
        await store.add_account(account)
        session = opened_session(f"session-{tenant}", account_id=account.id, tenant_id=tenant)
        await store.open_session(session, token_sha256=token_sha256(token))
    for role, token in STAFF_TOKENS.items():
        session = opened_session(f"session-{role}", role=role, channel=Channel.DESK, staff_name="Sam Fournier")
        await store.open_session(session, token_sha256=token_sha256(token))


def opened_session(
    name: str,
    *,
    role: Role = Role.TENANT,
    channel: Channel = Channel.MOBILE,
    account_id: OnlineAccountId | None = None,
    tenant_id: TenantId | None = None,
    staff_name: str | None = None,
) -> Session:
    """A session opened now, for a day."""
    return Session(
        id=SessionId(name),
        role=role,
        channel=channel,
        account_id=account_id,
        tenant_id=tenant_id,
        staff_name=staff_name,
        staff_person=staff_name,
        device=None,
        started_at=NOW,
        last_seen_at=NOW,
        idle_expires_at=NOW + timedelta(days=1),
        expires_at=NOW + timedelta(days=1),
    )
