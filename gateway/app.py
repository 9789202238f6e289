"""Composition root: settings in, ASGI application out. Every part is made and joined here, by hand, once."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from starlette.applications import Starlette
from starlette.types import ASGIApp

from gateway import access, systems
from gateway.adapters import stores
from gateway.adapters.events import open_events
from gateway.auth.errands import LANES
from gateway.background import run
from gateway.http.admission import OPEN, Admission
from gateway.http.built_page import BuiltPage
from gateway.http.clients import Clients
from gateway.http.documents import DocumentsDoor
from gateway.http.exchange import Exchange
from gateway.http.graphiql import Exhibit, GraphiqlDoor
from gateway.http.graphql import GraphQLDoor
from gateway.http.health import Readiness
from gateway.http.measured import Measured, doors_of
from gateway.http.reception import Reception
from gateway.http.refusals import HANDLERS
from gateway.http.routes import graphiql_routes, routes
from gateway.http.saved_queries import saved_queries
from gateway.http.server.draining import Draining
from gateway.http.shedding import Load
from gateway.http.sources import Sources
from gateway.http.spending import Spending
from gateway.http.staff import StaffDoor
from gateway.http.statuses import StatusPolicy
from gateway.http.streaming.allowances import Allowances, Bounds
from gateway.http.streaming.stream import Streams
from gateway.http.streaming.watching import Watches
from gateway.http.transport_security import StrictTransport
from gateway.instruments import Instruments
from gateway.registry import Registry
from gateway.schema.build import build_schema, sdl
from gateway.schema.context import AppVersions, Parts
from gateway.schema.hearsay import Hearsay
from gateway.schema.loaders import Ports
from gateway.schema.operations import Operations
from gateway.schema.seals import Seals
from gateway.schema.watch import SourceWatch
from gateway.settings import Mode, Settings, limits_of
from gateway.shell import Shell, open_shell
from gateway.support.desk import AccountDesk
from gateway.telemetry.lag import measure_lag


@asynccontextmanager
async def build(settings: Settings, around: Shell | None = None) -> AsyncIterator[ASGIApp]:
    """The gateway as an ASGI application, its connections open until the context ends. Raises StoreError."""
    async with AsyncExitStack() as owned:
        shell = await owned.enter_async_context(open_shell(settings)) if around is None else around
        watched = shell.instruments
        run(measure_lag(watched.metrics), owned)
        ports = systems.connect(settings, owned, calls=watched.calls)
        store = await stores.open_store(
            settings.database_url.reveal(), max_connections=settings.database_max_connections
        )
        owned.push_async_callback(store.close)
        owned.enter_context(shell.readiness.over(store))
        desk = AccountDesk(access.foundation(settings, store, owned), access.account_rules(settings), ports.tenancy)
        errands = desk.errands(access.postman(settings))
        for tasks in LANES:
            run(errands.run(tasks), owned)
        run(desk.upkeep().run(), owned)
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
        events = await owned.enter_async_context(open_events(settings.database_url.reveal(), watched.metrics))
        run(Hearsay(parts.watch, events).run(), owned)
        operations = Operations(build_schema(), limits=limits_of(settings), metrics=watched.metrics)
        watched.read_counts(desk.foundation, errands, operations.documents)
        registry = Registry(settings.registered_documents, operations.documents, watched.metrics)
        registry.load()
        run(registry.run(), owned)
        entrance = Entrance(
            operations=operations,
            clock=access.system_clock,
            deadline_seconds=settings.request_deadline_seconds,
            sources=Sources(settings.trusted_proxies),
            instruments=watched,
            bounds=Bounds(
                sockets=settings.sockets,
                sockets_per_user=settings.sockets_per_user,
                sockets_per_address=settings.sockets_per_address,
                operations_per_socket=settings.operations_per_socket,
            ),
            draining=shell.draining,
            load=shell.load,
            allowed_origins=frozenset(settings.allowed_origins),
            admission=access.admission(settings),
            clients=Clients(frozenset(settings.client_names + settings.registered_only_clients)),
            policy=StatusPolicy(settings.status_policy),
            staff=access.staff_door(settings, desk, owned, calls=watched.calls),
            graphiql=_exhibit(settings) if settings.graphiql else None,
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
    graphiql: Exhibit | None = None
    operations: Operations = field(default_factory=lambda: Operations(build_schema()))
    admission: Admission = OPEN
    clients: Clients = field(default_factory=Clients)
    policy: StatusPolicy = StatusPolicy.AUDIT
    instruments: Instruments = field(default_factory=Instruments)
    load: Load = field(default_factory=Load)
    bounds: Bounds = field(default_factory=Bounds)
    draining: Draining = field(default_factory=Draining)


def application(parts: Parts, ports: Ports, entrance: Entrance) -> ASGIApp:
    """The doors over given parts, as an ASGI application."""
    reception = Reception(
        ports=ports,
        parts=parts,
        clock=entrance.clock,
        limits=entrance.operations.limits,
        sources=entrance.sources,
        clients=entrance.clients,
        allowed_origins=entrance.allowed_origins,
        vouching=entrance.staff.vouching if entrance.staff else None,
    )
    watched = entrance.instruments
    exchange = Exchange(
        entrance.operations, watched.recorder, entrance.admission, Spending(watched.metrics), entrance.load
    )
    streams = Streams(
        reception=reception,
        exchange=exchange,
        watches=Watches(reception),
        allowances=Allowances(entrance.bounds),
        draining=entrance.draining,
        metrics=entrance.instruments.metrics,
    )
    graphql = GraphQLDoor(
        reception, exchange, body_seconds=entrance.deadline_seconds, policy=entrance.policy, streams=streams
    )
    documents = DocumentsDoor(
        documents=ports.documents,
        store=parts.store,
        seals=parts.seals,
        clock=entrance.clock,
        deadline_seconds=entrance.deadline_seconds,
    )
    addresses = routes(
        graphql=graphql,
        documents=documents,
        ready=Readiness(entrance.clock, entrance.draining, entrance.load, parts.store),
        staff=entrance.staff,
    )
    if entrance.graphiql:
        addresses += graphiql_routes(
            GraphiqlDoor(entrance.graphiql, parts.sessions, reception.vouching, entrance.deadline_seconds)
        )
    app = Starlette(routes=addresses, exception_handlers=HANDLERS)
    app.router.redirect_slashes = False  # an address has one spelling, and nobody is sent where `Host` says
    return Measured(app, doors_of(addresses), entrance.instruments.metrics, entrance.sources)


def _exhibit(settings: Settings) -> Exhibit:
    return Exhibit(
        BuiltPage.of(),
        landlord=settings.landlord_name,
        queries=saved_queries(settings.graphiql_queries),
        is_open=settings.mode is Mode.DEMO,
    )


def printed_schema() -> str:
    """The schema as `schema.graphql` holds it."""
    return sdl(build_schema())
