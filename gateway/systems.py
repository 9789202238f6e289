"""The landlord's systems as this landlord has them: the read ports over an ERP and what goes with it."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import assert_never

from gateway.access import system_clock
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
from gateway.domain.source import SourceSystem
from gateway.schema.loaders import Ports
from gateway.settings import ErpKind, Settings
from gateway.telemetry.calls import Calls

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


def connect(settings: Settings, owned: AsyncExitStack, *, calls: Calls | None = None) -> Ports:
    """The read ports over the landlord's systems; `owned` closes their connections, `calls` measures what goes out."""
    calls = calls or Calls()
    match settings.erp_kind:
        case ErpKind.SOAP:
            return _soap_ports(settings, owned, calls)
        case ErpKind.TRYTON:
            return _tryton_ports(settings, owned, calls)
        case _:
            assert_never(settings.erp_kind)


def _soap_ports(settings: Settings, owned: AsyncExitStack, calls: Calls) -> Ports:
    if settings.documents_url is None or settings.documents_key is None:
        raise ValueError("settings for SOAP without a document store are refused when they are read")
    credentials = immogest.Credentials(settings.erp_user, settings.erp_password.reveal())
    erp = Upstream(settings.erp_url, limits=Limits(concurrency=settings.erp_max_connections), calls=calls)
    owned.push_async_callback(erp.aclose)
    client = immogest.ErpClient(erp, credentials=credentials, now=system_clock)
    limits = Limits(concurrency=settings.documents_max_connections)
    files = Upstream(settings.documents_url, limits=limits, calls=calls)
    owned.push_async_callback(files.aclose)
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


def _tryton_ports(settings: Settings, owned: AsyncExitStack, calls: Calls) -> Ports:
    if settings.erp_database is None:
        raise ValueError("settings for Tryton without its database are refused when they are read")
    credentials = tryton.Credentials(settings.erp_user, settings.erp_password.reveal())
    limits = Limits(concurrency=settings.erp_max_connections)
    erp = Upstream(settings.erp_url, transport=TrytonTransport(stock_transport(limits)), limits=limits, calls=calls)
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
