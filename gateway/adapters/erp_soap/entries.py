"""Ledger entries in IMMO-GEST (`CompteEcritures`): newest first, at most 500 for an account in one answer."""

from dataclasses import dataclass
from datetime import date

from gateway.adapters.erp_soap import native
from gateway.adapters.erp_soap.charges import DIRECTIONS, KINDS, METHODS
from gateway.adapters.erp_soap.record import Record
from gateway.domain.identifiers import EntryId, LeaseId
from gateway.domain.ledger import ChargeKind, LedgerEntry, PaymentMethod
from gateway.domain.money import Money, total
from gateway.domain.period import YearMonth


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A stretch of one account's entries, newest first; `is_cut` when older ones of the range were left out.

    `opening` is the balance before the range asked for, `closing` the one at its end.
    """

    opening: Money
    closing: Money
    is_cut: bool
    entries: tuple[LedgerEntry, ...]

    @property
    def adds_up(self) -> bool:
        """Whether the entries lead from `opening` to `closing`, so that none is missing and none is twice."""
        return self.opening + total(entry.signed for entry in self.entries) == self.closing

    @property
    def oldest(self) -> date | None:
        """The day that the page reaches back to; entries of it may be left out."""
        return min((entry.value_on for entry in self.entries), default=None)

    def followed_by(self, older: "EntryPage") -> "EntryPage":
        """Both stretches as one; entries of the day where they meet are in both."""
        entries = {entry.id: entry for entry in (*self.entries, *older.entries)}
        return EntryPage(older.opening, self.closing, older.is_cut, tuple(entries.values()))


def read_page(record: Record) -> EntryPage:
    """The entries in a `CompteEcritures`. Raises UpstreamGarbledError when one amount or date cannot be read."""
    suite = record.flag("SUITE", "entries")
    if suite is None:
        raise record.garbled("SUITE")
    return EntryPage(
        opening=record.signed("SOLDE_OUVERTURE", sense="SENS_OUVERTURE"),
        closing=record.signed("SOLDE_CLOTURE", sense="SENS_CLOTURE"),
        is_cut=suite,
        entries=tuple(_entry(row) for row in record.records("Ecriture")),
    )


def _entry(record: Record) -> LedgerEntry:
    direction = record.choice("SENS", "direction", DIRECTIONS)
    if direction is None:
        raise record.garbled("SENS")
    lease, reversed_entry = record.optional_key("NUM_CONTRAT"), record.optional_key("NUM_ECR_ANNULEE")
    return LedgerEntry(
        id=EntryId(record.key("NUM_ECR")),
        value_on=record.required("DAT_VALEUR", native.read_day),
        posted_at=record.moment("HORODATAGE_SAISIE", "posted_at", read=native.read_stamp),
        direction=direction,
        kind=record.choice("CODE", "kind", KINDS) or ChargeKind.OTHER,
        label=record.text("LIB", "label"),
        amount=record.unsigned("MONTANT"),
        period=_period(record),
        lease_id=LeaseId(lease) if lease else None,
        method=_method(record),
        reverses=EntryId(reversed_entry) if reversed_entry else None,
        issues=record.issues,
    )


def _period(record: Record) -> YearMonth | None:
    if record.code("PERIODE") in {"", native.NO_PERIOD}:
        return None
    return record.moment("PERIODE", "period", read=native.read_month)


def _method(record: Record) -> PaymentMethod | None:
    if not record.code("MODE"):
        return None
    return record.choice("MODE", "method", METHODS) or PaymentMethod.UNKNOWN
