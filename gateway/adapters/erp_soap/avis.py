"""Rent notices in IMMO-GEST (`Avis`): one for each month and account, or several when one was made again."""

from dataclasses import replace

from gateway.adapters.erp_soap import native
from gateway.adapters.erp_soap.charges import DIRECTIONS, KINDS, WATER
from gateway.adapters.erp_soap.record import Record
from gateway.domain.identifiers import AccountId, LeaseId, NoticeId
from gateway.domain.ledger import ChargeKind
from gateway.domain.money import total
from gateway.domain.notice import NoticeLine, NoticeState, RentNotice
from gateway.domain.source import DataQualityCode, DataQualityIssue
from gateway.ports.errors import UpstreamGarbledError

_STATES = {"E": NoticeState.ISSUED, "R": NoticeState.REPLACED, "A": NoticeState.CANCELLED}


def read_notice(record: Record, *, account: AccountId) -> RentNotice:
    """One notice, not linked yet. Raises UpstreamGarbledError without number, month or state that we know."""
    number, replacement = record.key("NUM_AVIS"), record.optional_key("NUM_AVIS_REMPLACANT")
    state = record.choice("ETAT", "state", _STATES)
    if state is None:
        raise record.garbled("ETAT")
    notice = RentNotice(
        id=NoticeId(number),
        account_id=account,
        number=number,
        period=record.required("PERIODE", native.read_month),
        state=state,
        issued_on=record.day("DAT_EMISSION", "issued_on"),
        due_on=record.day("DAT_ECHEANCE", "due_on"),
        brought_forward=record.optional_signed("SOLDE_ANTERIEUR", "brought_forward", sense="SENS_ANTERIEUR"),
        lines=_lines(record),
        period_total=record.optional_signed("TOTAL_MOIS", "period_total", sense="SENS_TOTAL"),
        amount_due=record.optional_signed("NET_A_PAYER", "amount_due", sense="SENS_NET"),
        collection_on=record.day("DAT_PRELEVEMENT", "collection_on"),
        replaced_by=NoticeId(replacement) if replacement else None,
    )
    _note_mismatches(record, notice)
    return replace(notice, issues=record.issues)


def _lines(record: Record) -> tuple[NoticeLine, ...]:
    """All lines, or none when one amount cannot be read: some lines would look like the whole."""
    try:
        return tuple(_line(part) for part in record.parts("Ligne"))
    except UpstreamGarbledError:
        record.note(DataQualityCode.UNREADABLE_AMOUNT, "lines")
        return ()


def _line(record: Record) -> NoticeLine:
    direction = record.choice("SENS", "lines", DIRECTIONS)
    if direction is None:
        raise record.garbled("SENS")
    kind = record.choice("CODE", "lines", KINDS) or ChargeKind.OTHER
    lease, litres = record.optional_key("NUM_CONTRAT"), record.optional("QUANTITE", "lines", read=native.read_litres)
    return NoticeLine(
        kind=ChargeKind.WATER_ACTUAL if kind in WATER and litres is not None else kind,
        label=record.text("LIB", "lines"),
        direction=direction,
        amount=record.unsigned("MONTANT"),
        lease_id=LeaseId(lease) if lease else None,
        quantity_litres=litres,
        unit_price=record.optional("PRIX_UNITAIRE", "lines", read=native.read_cents),
    )


def _note_mismatches(record: Record, notice: RentNotice) -> None:
    lines_are_read = DataQualityIssue(DataQualityCode.UNREADABLE_AMOUNT, "lines") not in record.issues
    if notice.period_total is None:
        return
    if lines_are_read and notice.period_total != total(line.signed for line in notice.lines):
        record.note(DataQualityCode.TOTAL_MISMATCH, "period_total")
    if notice.brought_forward is None or notice.amount_due is None:
        return
    if notice.brought_forward + notice.period_total != notice.amount_due:
        record.note(DataQualityCode.TOTAL_MISMATCH, "amount_due")
