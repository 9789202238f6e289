"""Leases in IMMO-GEST: one row for each lease and party, the lease's own fields repeated on all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from gateway.adapters.erp_soap import native
from gateway.adapters.erp_soap.people import read_person
from gateway.adapters.erp_soap.places import read_address
from gateway.adapters.erp_soap.record import Record
from gateway.adapters.holders import Tenure
from gateway.domain.identifiers import LeaseId, TenantId, UnitId
from gateway.domain.lease import Lease, LeaseParty, LeasePartyRole, LeaseState, RentalUnit, RentTerm, UnitKind
from gateway.domain.source import DataQualityCode, DataQualityIssue

# A former spouse (EX-CONJOINT) is party to the lease no longer, and nothing tells what they were before.
_FORMER = "EX-CONJOINT"
_ROLES = {
    "TITULAIRE": LeasePartyRole.PRINCIPAL_HOLDER,
    "COTITULAIRE": LeasePartyRole.CO_HOLDER,
    "OCCUPANT": LeasePartyRole.OCCUPANT,
    "GARANT": LeasePartyRole.GUARANTOR,
}
_ROLE_ORDER = tuple(_ROLES.values())
_HOLDERS = frozenset({LeasePartyRole.PRINCIPAL_HOLDER, LeasePartyRole.CO_HOLDER})
_STATES = {
    "EC": LeaseState.CURRENT,
    "PR": LeaseState.NOTICE_GIVEN,
    "AV": LeaseState.UPCOMING,
    "RS": LeaseState.ENDED,
}
_STATE_ORDER = (*_STATES.values(), LeaseState.UNKNOWN)
_TERMS = {"E": RentTerm.IN_ARREARS, "A": RentTerm.IN_ADVANCE}
_UNITS = {"LOG": UnitKind.DWELLING, "GAR": UnitKind.PARKING, "ANX": UnitKind.ANNEX}
_UNIT_ORDER = (*_UNITS.values(), UnitKind.OTHER)


def read_lease(rows: Sequence[Record], *, today: date) -> Lease:
    """The lease that all of `rows` are about, with its parties, the principal holder first.

    Of two principal holders the earliest who has not left by `today` stays so, the others become co-holders.
    """
    return _with_one_principal(_as_written(rows), today=today)


def read_tenure(rows: Sequence[Record], *, today: date) -> Tenure:
    """The principal holders of the lease that all of `rows` are about, in the order of seniority."""
    lease = _as_written(rows)
    principals = (party for party in lease.parties if party.role is LeasePartyRole.PRINCIPAL_HOLDER)
    staying = (party.person.id for party in principals if not _has_left(party, lease, today=today))
    return Tenure(lease.state is LeaseState.ENDED, tuple(map(TenantId, staying)))


def holds(lease: Lease, tenant: TenantId, *, today: date) -> bool:
    """Whether `tenant` holds or co-holds `lease`, or did so to its end."""
    parts = (party for party in lease.parties if TenantId(party.person.id) == tenant and party.role in _HOLDERS)
    return any(not _has_left(party, lease, today=today) for party in parts)


def for_display(lease: Lease) -> tuple[bool, int, int, int, str]:
    """Sorts leases: those still running first, dwellings before garages, the latest first."""
    return (
        lease.state is LeaseState.ENDED,
        _UNIT_ORDER.index(lease.unit.kind),
        _STATE_ORDER.index(lease.state),
        -(lease.starts_on or date.min).toordinal(),
        lease.id,
    )


def _as_written(rows: Sequence[Record]) -> Lease:
    """The lease with all whom a clerk has flagged as its principal holder."""
    record = rows[0].anew()
    number, account = record.key("NUM_CONTRAT"), record.account("NUM_COMPTE")
    lease = Lease(
        id=LeaseId(number),
        reference=number,
        state=record.choice("ETAT", "state", _STATES) or LeaseState.UNKNOWN,
        starts_on=record.day("DAT_EFFET", "starts_on"),
        ends_on=record.day("DAT_RESIL", "ends_on"),
        notice_received_on=record.day("DAT_PREAVIS", "notice_received_on"),
        parties=(),
        unit=_unit(record.anew()),
        account_id=account,
        account_reference=account,
        term=record.choice("TERME", "term", _TERMS),
    )
    return replace(lease, parties=tuple(_parties(rows, noted_on=record)), issues=record.issues)


def _parties(rows: Sequence[Record], *, noted_on: Record) -> Iterator[LeaseParty]:
    parties = [party for row in rows if (party := _party(row.anew(), noted_on=noted_on))]
    yield from sorted(parties, key=lambda it: (_ROLE_ORDER.index(it.role), *_seniority(it)))


def _party(row: Record, *, noted_on: Record) -> LeaseParty | None:
    """The party of one row, if any: who has an unknown role, or an end that cannot be read, is not let in."""
    code = row.code("ROLE")
    role = _ROLES.get(code)
    if role is None and code != _FORMER:
        noted_on.note(DataQualityCode.UNKNOWN_CODE, "parties", code)
    until = row.day("DAT_FIN", "parties")
    unreadable = [issue for issue in row.issues if issue.code is DataQualityCode.INVALID_DATE]
    for issue in unreadable:
        noted_on.note(issue.code, issue.field, issue.raw)
    if role is None or unreadable:
        return None
    return LeaseParty(read_person(row.anew()), role, since=row.day("DAT_DEB", "parties"), until=until)


def _with_one_principal(lease: Lease, *, today: date) -> Lease:
    principals = [party for party in lease.parties if party.role is LeasePartyRole.PRINCIPAL_HOLDER]
    if len(principals) < 2:
        return lease
    first = min(principals, key=lambda it: (_has_left(it, lease, today=today), *_seniority(it)))
    seconds = (replace(it, role=LeasePartyRole.CO_HOLDER) for it in principals if it is not first)
    others = (it for it in lease.parties if it.role is not LeasePartyRole.PRINCIPAL_HOLDER)
    issue = DataQualityIssue(DataQualityCode.DUPLICATE_RECORD, "parties")
    return replace(lease, parties=(first, *seconds, *others), issues=(*lease.issues, issue))


def _has_left(party: LeaseParty, lease: Lease, *, today: date) -> bool:
    """Whether the part ended in the past and before the lease itself did."""
    if party.until is None or party.until >= today:
        return False
    return lease.ends_on is None or party.until < lease.ends_on


def _seniority(party: LeaseParty) -> tuple[date, str]:
    return party.since or date.max, party.person.id


def _unit(record: Record) -> RentalUnit:
    return RentalUnit(
        id=UnitId(record.key("NUM_LOGEMENT")),
        kind=record.choice("NATURE", "kind", _UNITS) or UnitKind.OTHER,
        address=read_address(record),
        typology=record.code("TYPOLOGIE") or None,
        surface_dm2=record.optional("SURFACE", "surface_dm2", read=native.read_surface),
        floor=record.optional_text("ETAGE", "floor"),
        estate=record.optional_text("RESIDENCE", "estate"),
        issues=record.issues,
    )
