"""Composition root: settings in, ASGI application out. Every part is made and joined here, by hand, once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
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
from gateway.adapters.mail.message import Sender
from gateway.adapters.mail.smtp import SmtpMail, SmtpSecurity, SmtpServer
from gateway.adapters.upstream import Limits, Upstream, stock_transport
from gateway.auth.errands import Postman
from gateway.auth.knocking import Action, Knocking, Rule
from gateway.auth.passwords import HashPool
from gateway.auth.sessions import Lifetime, Sessions
from gateway.auth.tokens import Mint
from gateway.domain.access import Channel
from gateway.domain.letter import EmailAddress
from gateway.domain.lockout import LockoutRules
from gateway.domain.password import LANDLORD, NIST
from gateway.domain.renewal import RenewalMode
from gateway.domain.source import SourceSystem
from gateway.http.documents import DocumentsDoor
from gateway.http.graphql import GraphQLDoor
from gateway.http.health import ReadyDoor
from gateway.http.refusals import HANDLERS
from gateway.http.routes import routes
from gateway.http.sources import Sources
from gateway.ports.store import Store
from gateway.schema.build import build_schema, sdl
from gateway.schema.context import AppVersions, Parts
from gateway.schema.loaders import Ports
from gateway.schema.operations import Operations
from gateway.schema.seals import Seals
from gateway.schema.watch import SourceWatch
from gateway.settings import ErpKind, PasswordProfile, Renewal, Settings
from gateway.support.desk import AccountDesk, AccountRules, Foundation

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


_SMTP_SECONDS = 20.0


def system_clock() -> datetime:
    """Now, aware UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[Starlette]:
    """The gateway as an ASGI application, its connections open until the context ends. Raises StoreError."""
    async with AsyncExitStack() as owned:
        ports = connect(settings, owned)
        store = await stores.open_store(
            settings.database_url.reveal(), max_connections=settings.database_max_connections
        )
        owned.push_async_callback(store.close)
        desk = AccountDesk(foundation(settings, store, owned), account_rules(settings), ports.tenancy)
        _run(desk.errands(_postman(settings)).run(), owned)
        _run(desk.upkeep().run(), owned)
        parts = Parts(
            seals=Seals(settings.secret_key.reveal()),
            store=desk.foundation.store,
            sessions=desk.foundation.sessions,
            desk=desk,
            watch=SourceWatch(CONNECTED[settings.erp_kind], system_clock),
            android=AppVersions(settings.android_latest, settings.android_minimum, settings.android_store_url),
            ios=AppVersions(settings.ios_latest, settings.ios_minimum, settings.ios_store_url),
            public_url=settings.public_url,
        )
        entrance = Entrance(
            clock=system_clock,
            deadline_seconds=settings.request_deadline_seconds,
            sources=Sources(settings.trusted_proxies),
            allowed_origins=frozenset(settings.allowed_origins),
        )
        yield application(parts, ports, entrance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """What the doors have in common. `deadline_seconds` is what one request may take."""

    clock: Callable[[], datetime]
    deadline_seconds: float
    sources: Sources = field(default_factory=Sources)
    allowed_origins: frozenset[str] = frozenset()


def application(parts: Parts, ports: Ports, entrance: Entrance) -> Starlette:
    """The doors over given parts, as an ASGI application."""
    graphql = GraphQLDoor(
        operations=Operations(build_schema()),
        ports=ports,
        parts=parts,
        clock=entrance.clock,
        deadline_seconds=entrance.deadline_seconds,
        sources=entrance.sources,
        allowed_origins=entrance.allowed_origins,
    )
    documents = DocumentsDoor(
        documents=ports.documents,
        store=parts.store,
        seals=parts.seals,
        clock=entrance.clock,
        deadline_seconds=entrance.deadline_seconds,
    )
    return Starlette(
        routes=routes(graphql=graphql, documents=documents, ready=ReadyDoor(parts.store, entrance.clock)),
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
    staff = Lifetime(
        idle=timedelta(minutes=settings.staff_session_idle_minutes),
        absolute=timedelta(hours=settings.staff_session_absolute_hours),
    )
    return {
        Channel.WEB: Lifetime(
            idle=timedelta(minutes=settings.web_session_idle_minutes),
            absolute=timedelta(hours=settings.web_session_absolute_hours),
        ),
        Channel.MOBILE: Lifetime(
            idle=timedelta(days=settings.mobile_session_idle_days),
            absolute=timedelta(days=settings.mobile_session_absolute_days),
            access=timedelta(minutes=settings.mobile_access_minutes),
        ),
        Channel.DESK: staff,
        Channel.ANALYST_TOOL: staff,
    }


def foundation(settings: Settings, store: Store, owned: AsyncExitStack) -> Foundation:
    """What everything about accounts stands on, over an open `store`; `owned` closes the rest."""
    secret = settings.secret_key.reveal()
    passwords = HashPool()
    owned.callback(passwords.close)
    return Foundation(
        store=store,
        passwords=passwords,
        sessions=Sessions(store, clock=system_clock, mint=Mint(secret), lifetimes=lifetimes(settings)),
        knocking=Knocking(knocking_rules(settings)),
        secret=secret,
        clock=system_clock,
    )


def account_rules(settings: Settings) -> AccountRules:
    """The landlord's decisions about accounts."""
    return AccountRules(
        lockout=LockoutRules(
            sign_in_failures=settings.sign_in_failures,
            recreation_failures=settings.recreation_failures,
            block=timedelta(minutes=settings.block_minutes),
            daily_failures=settings.daily_failures,
        ),
        passwords=NIST if settings.password_profile is PasswordProfile.NIST else LANDLORD,
        renewal=RenewalMode.REQUIRE if settings.renewal_mode is Renewal.REQUIRE else RenewalMode.INVITE,
        landlord_words=(*settings.landlord_name.split(), *settings.landlord_words),
        landlord_phone=settings.landlord_phone,
        letter_domain=settings.mail_from.partition("@")[2],
        assistance_retention=timedelta(days=settings.assistance_retention_days),
        audit_retention=timedelta(days=settings.audit_retention_days),
    )


def knocking_rules(settings: Settings) -> Mapping[Action, Rule]:
    """How often one address, the network around it and all together may knock, a minute."""
    sign_ins, requests = settings.sign_ins_per_minute, settings.requests_per_minute
    return {
        Action.SIGN_IN: _rule(sign_ins),
        Action.REFRESH: _rule(2 * sign_ins),
        Action.LINK: _rule(requests),
        Action.ASSISTANCE: _rule(requests),
    }


def _rule(per_address: int) -> Rule:
    return Rule(per_address=per_address, per_network=4 * per_address, overall=20 * per_address)


def _postman(settings: Settings) -> Postman:
    server = SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=SmtpSecurity(settings.smtp_security.value),
        user=settings.smtp_user,
        password=settings.smtp_password.reveal() if settings.smtp_password else None,
    )
    return Postman(
        mail=SmtpMail(
            server,
            sender=Sender(EmailAddress(settings.mail_from), settings.landlord_name),
            timeout_seconds=_SMTP_SECONDS,
            clock=system_clock,
        ),
        landlord=settings.landlord_name,
        phone=settings.landlord_phone,
        account_url=settings.account_url,
        letter_domain=settings.mail_from.partition("@")[2],
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
