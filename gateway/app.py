"""Composition root: settings in, ASGI application out. Every part is made and joined here, by hand, once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from gateway import access, systems
from gateway.adapters import stores
from gateway.auth.errands import LANES
from gateway.http.documents import DocumentsDoor
from gateway.http.exchange import Exchange
from gateway.http.graphql import GraphQLDoor
from gateway.http.health import ReadyDoor
from gateway.http.reception import Reception
from gateway.http.refusals import HANDLERS
from gateway.http.routes import routes
from gateway.http.sources import Sources
from gateway.http.staff import StaffDoor
from gateway.http.transport_security import StrictTransport
from gateway.schema.build import build_schema, sdl
from gateway.schema.context import AppVersions, Parts
from gateway.schema.limits import LIMITS, with_deadline
from gateway.schema.loaders import Ports
from gateway.schema.operations import Operations
from gateway.schema.seals import Seals
from gateway.schema.watch import SourceWatch
from gateway.settings import Settings
from gateway.support.desk import AccountDesk


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[ASGIApp]:
    """The gateway as an ASGI application, its connections open until the context ends. Raises StoreError."""
    async with AsyncExitStack() as owned:
        ports = systems.connect(settings, owned)
        store = await stores.open_store(
            settings.database_url.reveal(), max_connections=settings.database_max_connections
        )
        owned.push_async_callback(store.close)
        desk = AccountDesk(access.foundation(settings, store, owned), access.account_rules(settings), ports.tenancy)
        errands = desk.errands(access.postman(settings))
        for tasks in LANES:
            _run(errands.run(tasks), owned)
        _run(desk.upkeep().run(), owned)
        parts = Parts(
            seals=Seals(settings.secret_key.reveal()),
            store=desk.foundation.store,
            sessions=desk.foundation.sessions,
            desk=desk,
            watch=SourceWatch(systems.CONNECTED[settings.erp_kind], access.system_clock),
            android=AppVersions(settings.android_latest, settings.android_minimum, settings.android_store_url),
            ios=AppVersions(settings.ios_latest, settings.ios_minimum, settings.ios_store_url),
            public_url=settings.public_url,
        )
        entrance = Entrance(
            clock=access.system_clock,
            deadline_seconds=settings.request_deadline_seconds,
            sources=Sources(settings.trusted_proxies),
            allowed_origins=frozenset(settings.allowed_origins),
            staff=access.staff_door(settings, desk, owned),
        )
        app = application(parts, ports, entrance)
        yield StrictTransport(app) if settings.public_url.startswith("https://") else app


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """What the doors have in common. `deadline_seconds` is what one request may take."""

    clock: Callable[[], datetime]
    deadline_seconds: float
    sources: Sources = field(default_factory=Sources)
    allowed_origins: frozenset[str] = frozenset()
    staff: StaffDoor | None = None


def application(parts: Parts, ports: Ports, entrance: Entrance) -> Starlette:
    """The doors over given parts, as an ASGI application."""
    limits = with_deadline(LIMITS, entrance.deadline_seconds)
    reception = Reception(
        ports=ports,
        parts=parts,
        clock=entrance.clock,
        limits=limits,
        sources=entrance.sources,
        allowed_origins=entrance.allowed_origins,
        vouching=entrance.staff.vouching if entrance.staff else None,
    )
    exchange = Exchange(Operations(build_schema()))
    graphql = GraphQLDoor(reception, exchange, body_seconds=entrance.deadline_seconds)
    documents = DocumentsDoor(
        documents=ports.documents,
        store=parts.store,
        seals=parts.seals,
        clock=entrance.clock,
        deadline_seconds=entrance.deadline_seconds,
    )
    return Starlette(
        routes=routes(
            graphql=graphql, documents=documents, ready=ReadyDoor(parts.store, entrance.clock), staff=entrance.staff
        ),
        exception_handlers=HANDLERS,
    )


def _run(work: Coroutine[object, object, None], owned: AsyncExitStack) -> None:
    """Background work, which ends with what owns it."""
    task = asyncio.create_task(work)

    async def end() -> None:
        task.cancel()
        await asyncio.wait([task])

    owned.push_async_callback(end)


async def serve(settings: Settings) -> None:
    """Serves until a signal ends it. Raises StoreError when the gateway's own database cannot be opened."""
    async with build(settings) as app:
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                loop="uvloop",
                http="httptools",
                ws="none",
                lifespan="off",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                log_config=None,
            )
        )
        await server.serve()


def printed_schema() -> str:
    """The schema as `schema.graphql` holds it."""
    return sdl(build_schema())
