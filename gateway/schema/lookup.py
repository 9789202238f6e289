"""Objects by their global id. Each kind is looked for among what the viewer holds, so foreign and unknown are one."""

from collections.abc import Awaitable, Callable

from gateway.auth.scopes import AccountScope
from gateway.domain.identifiers import AccountId, LeaseId, NoticeId
from gateway.schema.account import RentalAccount
from gateway.schema.assistance import assistance_request
from gateway.schema.context import Info
from gateway.schema.directory import Advisor, Office
from gateway.schema.document import document_of
from gateway.schema.editorial import Advice
from gateway.schema.holdings import Held, Holdings, holdings, own_scope
from gateway.schema.lease import Lease, RentalUnit
from gateway.schema.ledger import entry_of
from gateway.schema.meter import WaterMeter
from gateway.schema.node import Node
from gateway.schema.notice import RentNotice, notice_by_id
from gateway.schema.person import Person
from gateway.schema.seals import Purpose, SealBrokenError
from gateway.schema.session import Session
from gateway.schema.tenant import Tenant
from gateway.schema.viewer import OnlineAccount, shown_announcements
from gateway.schema.water import water_of
from gateway.schema.works import works_of

Key = tuple[str, ...]


async def find(info: Info, global_id: str) -> Node | None:
    """The object with that id; None when it is unknown, malformed, or not the viewer's.

    Raises UpstreamError when the system that knows does not answer.
    """
    try:
        kind, *key = info.context.parts.seals.open(Purpose.NODE, global_id)
    except SealBrokenError:
        return None
    if kind not in info._raw_info.schema.type_map:  # noqa: SLF001 - the viewer's view: what is not in it is not there
        return None
    finder = _FINDERS.get(kind)  # None: another version of this gateway made the id
    return await finder(info, tuple(key)) if finder else None


async def _own_file(info: Info) -> Tenant | None:
    scope = own_scope(info.context)
    seen = await info.context.loaders.tenants.need(scope) if scope else None
    return Tenant.from_domain(seen.value, seen.origin) if seen else None


async def _tenant(info: Info, key: Key) -> Node | None:
    scope = own_scope(info.context)
    return await _own_file(info) if scope and key == (scope.tenant_id,) else None


async def _person(info: Info, key: Key) -> Node | None:
    own = await _own_file(info)
    if own and key == (own.tenant.person.id,):
        return Person.from_domain(own.tenant.person, own.origin)
    held = await holdings(info)
    for one in held.leases:
        for party in one.lease.parties:
            if key == (party.person.id,):
                return Person.from_domain(party.person, held.origin)
    return None


async def _online_account(info: Info, key: Key) -> Node | None:
    session = info.context.session
    if session is None or session.account_id is None or key != (session.account_id,):
        return None
    account = await info.context.parts.store.account_by_id(session.account_id)
    return OnlineAccount.from_domain(account) if account else None


async def _session(info: Info, key: Key) -> Node | None:
    session = info.context.session
    if session is None or session.account_id is None:
        return None
    own = await info.context.parts.sessions.of(session.account_id)
    return next((Session.from_domain(one) for one in own if key == (one.id,)), None)


async def _assistance_request(info: Info, key: Key) -> Node | None:
    return await assistance_request(info.context, key[0])


async def _held_lease(info: Info, lease_id: str) -> tuple[Held, Holdings] | None:
    held = await holdings(info)
    lease = held.lease(LeaseId(lease_id))
    return (lease, held) if lease else None


async def _lease(info: Info, key: Key) -> Node | None:
    found = await _held_lease(info, key[0])
    return Lease.from_domain(found[0], found[1].origin) if found else None


async def _unit(info: Info, key: Key) -> Node | None:
    held = await holdings(info)
    units = [one.lease.unit for one in held.leases if key == (one.lease.unit.id,)]
    return RentalUnit.from_domain(units[0], held.origin) if units else None


async def _held_account(info: Info, account_id: str) -> AccountScope | None:
    held = await holdings(info)
    leases = held.by_account.get(AccountId(account_id))
    return leases[0].account if leases else None


async def _account(info: Info, key: Key) -> Node | None:
    held = await holdings(info)
    leases = held.by_account.get(AccountId(key[0]))
    return RentalAccount.of(leases, held.origin) if leases else None


async def _entry(info: Info, key: Key) -> Node | None:
    account = await _held_account(info, key[0])
    return await entry_of(info, account, key[1]) if account else None


async def _held_notice(info: Info, key: Key) -> RentNotice | None:
    account = await _held_account(info, key[0])
    return await notice_by_id(info, account, NoticeId(key[1])) if account else None


async def _notice(info: Info, key: Key) -> Node | None:
    return await _held_notice(info, key)


async def _document(info: Info, key: Key) -> Node | None:
    notice = await _held_notice(info, key)
    document = await document_of(info, notice.notice, notice.scope) if notice else None
    return document if document and document.key == key else None


async def _meter(info: Info, key: Key) -> Node | None:
    found = await _held_lease(info, key[0])
    water = await water_of(info, found[0].scope) if found else None
    meters = [meter for meter in water.found if meter.id == key[1]] if water else []
    return WaterMeter.from_domain(meters[0], water.origin) if water and meters else None


async def _alert(info: Info, key: Key) -> Node | None:
    found = await _held_lease(info, key[0])
    water = await water_of(info, found[0].scope) if found else None
    alerts = water.every_alert(info) if water else []
    return next((alert for alert in alerts if alert.key == key), None)


async def _works(info: Info, key: Key) -> Node | None:
    found = await _held_lease(info, key[0])
    works = await works_of(info, [found[0].scope]) if found else []
    return next((one for one in works if one.key == key), None)


async def _advisor(info: Info, key: Key) -> Node | None:
    found = await _held_lease(info, key[0])
    seen = await info.context.loaders.contacts.need(found[0].scope) if found else None
    if found is None or seen is None or seen.value.advisor is None:
        return None
    known = [one for one in (seen.value.advisor, seen.value.advisor.stand_in) if one and one.id == key[1]]
    return Advisor.from_domain(known[0], seen, lease_id=found[0].lease.id) if known else None


async def _office(info: Info, key: Key) -> Node | None:
    seen = await info.context.loaders.offices.need(None)
    known = [office for office in seen.value if key == (office.id,)] if seen else []
    return Office.from_domain(known[0], seen.origin) if seen and known else None


async def _announcement(info: Info, key: Key) -> Node | None:
    if info.context.session is None:
        return None
    shown = await shown_announcements(info)
    return next((one for one in shown if one.key == key), None)


async def _advice(info: Info, key: Key) -> Node | None:
    seen = await info.context.loaders.editorial.need(None)
    known = [one for one in seen.value.advice if key == (one.id,)] if seen else []
    return Advice.from_domain(known[0]) if known else None


_FINDERS: dict[str, Callable[[Info, Key], Awaitable[Node | None]]] = {
    "Tenant": _tenant,
    "Person": _person,
    "OnlineAccount": _online_account,
    "Session": _session,
    "AssistanceRequest": _assistance_request,
    "Lease": _lease,
    "RentalUnit": _unit,
    "RentalAccount": _account,
    "LedgerEntry": _entry,
    "RentNotice": _notice,
    "Document": _document,
    "WaterMeter": _meter,
    "WaterAlert": _alert,
    "WorksOperation": _works,
    "Advisor": _advisor,
    "Office": _office,
    "Announcement": _announcement,
    "Advice": _advice,
}
"""One finder for each type that implements Node; a test compares the two."""
