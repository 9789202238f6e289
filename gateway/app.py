"""Composition root: settings in, ASGI application out. Every part is made and joined here, by hand, once."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import assert_never

import uvicorn
from starlette.applications import Starlette

from gateway.adapters import stores
from gateway.adapters.absent import AbsentDirectory, AbsentEditorial, AbsentMetering, AbsentWorks
from gateway.adapters.documents.client import DocumentStore
from gateway.adapters.erp_soap import client as immogest
from gateway.adapters.erp_soap.directory import SoapDirectory
from gateway.adapters.erp_soap.editorial import SoapEditorial
from gateway.adapters.erp_soap.ledger import SoapLedger
from gateway.adapters.erp_soap.metering import SoapMetering
from gateway.adapters.erp_soap.notices import SoapNotices
from gateway.adapters.erp_soap.tenancy import SoapTenancy
from gateway.adapters.erp_soap.works import SoapWorks
from gateway.adapters.erp_tryton import client as tryton
from gateway.adapters.erp_tryton.documents import TrytonDocuments
from gateway.adapters.erp_tryton.ledger import TrytonLedger
from gateway.adapters.erp_tryton.notices import TrytonNotices
from gateway.adapters.erp_tryton.tenancy import TrytonTenancy
from gateway.adapters.erp_tryton.transport import TrytonTransport
from gateway.adapters.upstream import Limits, Upstream, stock_transport
from gateway.auth.passwords import HashPool
from gateway.auth.seeding import Seeding, read_seed
from gateway.auth.sessions import Lifetime, Sessions
from gateway.auth.sign_in import SignIn
from gateway.domain.access import Channel
from gateway.domain.source import SourceSystem
from gateway.http.documents import DocumentsDoor
from gateway.http.graphql import GraphQLDoor
from gateway.http.health import ReadyDoor
from gateway.http.refusals import HANDLERS
from gateway.http.routes import routes
from gateway.ports.store import Store
from gateway.schema.build import build_schema, sdl
from gateway.schema.context import AppVersions, Parts
from gateway.schema.loaders import Ports
from gateway.schema.operations import Operations
from gateway.schema.seals import Seals
from gateway.schema.watch import SourceWatch
from gateway.settings import ErpKind, Settings

CONNECTED: Mapping[ErpKind, tuple[SourceSystem, ...]] = {
    ErpKind.SOAP: (
        SourceSystem.RENT_ERP,
        SourceSystem.METERING,
        SourceSystem.WORKS,
        SourceSystem.DOCUMENT_STORE,
        SourceSystem.DIRECTORY,
    ),
    ErpKind.TRYTON: (SourceSystem.RENT_ERP, SourceSystem.DOCUMENT_STORE),
}
"""Systems that a landlord with each kind of ERP has; of the others nobody can say whether they are well."""


def system_clock() -> datetime:
    """Now, aware UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[Starlette]:
    """The gateway as an ASGI application, its connections open until the context ends. Raises StoreError."""
    async with AsyncExitStack() as owned:
        store = await _open_store(settings, owned)
        passwords = HashPool()
        owned.callback(passwords.close)
        sessions = Sessions(store, clock=system_clock, lifetimes=lifetimes(settings))
        parts = Parts(
            seals=Seals(settings.secret_key.reveal()),
            store=store,
            sign_in=SignIn(store, passwords=passwords, sessions=sessions),
            sessions=sessions,
            watch=SourceWatch(CONNECTED[settings.erp_kind], system_clock),
            android=AppVersions(settings.android_latest, settings.android_minimum, settings.android_store_url),
            ios=AppVersions(settings.ios_latest, settings.ios_minimum, settings.ios_store_url),
            public_url=settings.public_url,
        )
        ports = connect(settings, owned)
        yield application(parts, ports, clock=system_clock, deadline_seconds=settings.request_deadline_seconds)


def application(parts: Parts, ports: Ports, *, clock: Callable[[], datetime], deadline_seconds: float) -> Starlette:
    """The doors over given parts, as an ASGI application."""
    graphql = GraphQLDoor(
        operations=Operations(build_schema()),
        ports=ports,
        parts=parts,
        clock=clock,
        deadline_seconds=deadline_seconds,
    )
    documents = DocumentsDoor(
        documents=ports.documents,
        store=parts.store,
        seals=parts.seals,
        clock=clock,
        deadline_seconds=deadline_seconds,
    )
    return Starlette(
        routes=routes(graphql=graphql, documents=documents, ready=ReadyDoor(parts.store, clock)),
        exception_handlers=HANDLERS,
    )


def connect(settings: Settings, owned: AsyncExitStack) -> Ports:
    """The read ports over the landlord's systems; `owned` closes their connections."""
    match settings.erp_kind:
        case ErpKind.SOAP:
            return _soap_ports(settings, owned)
        case ErpKind.TRYTON:
            return _tryton_ports(settings, owned)
        case _:
            assert_never(settings.erp_kind)


def _soap_ports(settings: Settings, owned: AsyncExitStack) -> Ports:
    if settings.documents_url is None or settings.documents_key is None:
        raise ValueError("settings for SOAP without a document store are refused when they are read")
    credentials = immogest.Credentials(settings.erp_user, settings.erp_password.reveal())
    erp = _upstream(settings.erp_url, settings.erp_max_connections, owned)
    client = immogest.ErpClient(erp, credentials=credentials, now=system_clock)
    files = _upstream(settings.documents_url, settings.documents_max_connections, owned)
    return Ports(
        tenancy=SoapTenancy(client),
        ledger=SoapLedger(client),
        notices=SoapNotices(client),
        documents=DocumentStore(files, access_key=settings.documents_key.reveal(), now=system_clock),
        metering=SoapMetering(client),
        works=SoapWorks(client),
        directory=SoapDirectory(client),
        editorial=SoapEditorial(client),
    )


def _tryton_ports(settings: Settings, owned: AsyncExitStack) -> Ports:
    if settings.erp_database is None:
        raise ValueError("settings for Tryton without its database are refused when they are read")
    credentials = tryton.Credentials(settings.erp_user, settings.erp_password.reveal())
    limits = Limits(concurrency=settings.erp_max_connections)
    erp = Upstream(settings.erp_url, transport=TrytonTransport(stock_transport(limits)), limits=limits)
    owned.push_async_callback(erp.aclose)
    client = tryton.TrytonClient(erp, database=settings.erp_database, credentials=credentials, now=system_clock)
    return Ports(
        tenancy=TrytonTenancy(client),
        ledger=TrytonLedger(client),
        notices=TrytonNotices(client),
        documents=TrytonDocuments(client),
        metering=AbsentMetering(),
        works=AbsentWorks(),
        directory=AbsentDirectory(),
        editorial=AbsentEditorial(),
    )


def _upstream(url: str, concurrency: int, owned: AsyncExitStack) -> Upstream:
    upstream = Upstream(url, limits=Limits(concurrency=concurrency))
    owned.push_async_callback(upstream.aclose)
    return upstream


def lifetimes(settings: Settings) -> Mapping[Channel, Lifetime]:
    """How long sessions of each channel last."""
    mobile = timedelta(minutes=settings.mobile_access_minutes)
    staff = Lifetime(
        idle=timedelta(minutes=settings.staff_session_idle_minutes),
        absolute=timedelta(hours=settings.staff_session_absolute_hours),
    )
    return {
        Channel.WEB: Lifetime(
            idle=timedelta(minutes=settings.web_session_idle_minutes),
            absolute=timedelta(hours=settings.web_session_absolute_hours),
        ),
        Channel.MOBILE: Lifetime(idle=mobile, absolute=mobile),
        Channel.DESK: staff,
        Channel.ANALYST_TOOL: staff,
    }


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
                server_header=False,
                log_config=None,
            )
        )
        await server.serve()


def migrate(settings: Settings) -> str | None:
    """Brings the store to the newest revision; the revision found, None for an empty database. Raises StoreError."""
    return stores.migrate(settings.database_url.reveal())


async def seed(settings: Settings, text: bytes) -> list[dict[str, str]]:
    """Creates the accounts of a demo; name, role and bearer of each member of staff. ValueError, StoreError."""
    wanted = read_seed(text)
    async with AsyncExitStack() as owned:
        store = await _open_store(settings, owned)
        passwords = HashPool()
        owned.callback(passwords.close)
        sessions = Sessions(store, clock=system_clock, lifetimes=lifetimes(settings))
        bearers = await Seeding(store, passwords, sessions, system_clock)(wanted)
    return [{"name": bearer.name, "role": bearer.role.value, "bearer": bearer.token} for bearer in bearers]


def printed_schema() -> str:
    """The schema as `schema.graphql` holds it."""
    return sdl(build_schema())


async def _open_store(settings: Settings, owned: AsyncExitStack) -> Store:
    store = await stores.open_store(settings.database_url.reveal(), max_connections=settings.database_max_connections)
    owned.push_async_callback(store.close)
    return store
