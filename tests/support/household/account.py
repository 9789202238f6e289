"""The account: 35.00 brought forward, 155.00 of February, 275.00 of March, and 12.10 that nothing explains."""

from datetime import UTC, date, datetime

from gateway.domain.document import Document, DocumentAvailability, DocumentKind
from gateway.domain.identifiers import (
    DocumentId,
    EntryId,
    NoticeId,
)
from gateway.domain.ledger import ChargeKind, Direction, LedgerEntry, PaymentMethod
from gateway.domain.money import Money
from gateway.domain.notice import NoticeLine, NoticeState, RentNotice
from gateway.domain.period import YearMonth
from tests.support.household.names import (
    ACCOUNT,
    DWELLING,
    FOREIGN_ACCOUNT,
    FOREIGN_NOTICE,
    GARAGE,
    MARCH_NOTICE,
    PDF,
)


def debit(name: str, day: date, cents: int, kind: ChargeKind = ChargeKind.RENT) -> LedgerEntry:
    """A charge of its month, entered in the night."""
    return LedgerEntry(
        id=EntryId(name),
        value_on=day,
        posted_at=datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC),
        direction=Direction.DEBIT,
        kind=kind,
        label={ChargeKind.RENT: "Loyer", ChargeKind.PARKING: "Garage"}.get(kind, "Provisions pour charges"),
        amount=Money(cents),
        period=YearMonth.of(day),
        lease_id=GARAGE if kind is ChargeKind.PARKING else DWELLING,
    )


def _credit(name: str, day: date, cents: int, kind: ChargeKind = ChargeKind.PAYMENT) -> LedgerEntry:
    """A payment by card, or the housing benefit of the month."""
    is_payment = kind is ChargeKind.PAYMENT
    return LedgerEntry(
        id=EntryId(name),
        value_on=day,
        posted_at=datetime(day.year, day.month, day.day, 8, 0, tzinfo=UTC),
        direction=Direction.CREDIT,
        kind=kind,
        label="Paiement par carte" if is_payment else "Aide au logement",
        amount=Money(cents),
        period=None if is_payment else YearMonth.of(day),
        method=PaymentMethod.CARD if is_payment else None,
    )


def entries() -> tuple[LedgerEntry, ...]:
    """Camille's entries; the last one came after the ERP had closed the account."""
    benefit = ChargeKind.HOUSING_BENEFIT
    return (
        debit("E-01", date(2024, 6, 1), 3500),
        debit("E-02", date(2026, 2, 1), 41500),
        debit("E-03", date(2026, 2, 1), 4000, ChargeKind.PARKING),
        _credit("E-04", date(2026, 2, 5), 18000, benefit),
        _credit("E-05", date(2026, 2, 12), 12000),
        debit("E-06", date(2026, 3, 1), 41500),
        debit("E-07", date(2026, 3, 1), 4000, ChargeKind.PARKING),
        _credit("E-08", date(2026, 3, 5), 18000, benefit),
        _credit("E-09", date(2026, 3, 17), 10000),
    )


def notices() -> tuple[RentNotice, ...]:
    """Three months, February issued twice."""
    february = YearMonth(2026, 2)
    return (
        notice(MARCH_NOTICE, YearMonth(2026, 3)),
        notice(NoticeId("N-2026-02-B"), february, issued_on=date(2026, 2, 3)),
        notice(NoticeId("N-2026-02-A"), february, issued_on=date(2026, 1, 28)),
        notice(NoticeId("N-2026-01"), YearMonth(2026, 1)),
    )


def notice(notice: NoticeId, period: YearMonth, *, issued_on: date | None = None) -> RentNotice:
    """Rent, garage, water and benefit; 443.71 to pay."""
    return RentNotice(
        id=notice,
        account_id=FOREIGN_ACCOUNT if notice == FOREIGN_NOTICE else ACCOUNT,
        number=notice.removeprefix("N-"),
        period=period,
        state=NoticeState.ISSUED,
        issued_on=issued_on or period.plus(-1).last_day,
        due_on=date(period.year, period.month, 10),
        brought_forward=Money(15500),
        lines=(
            NoticeLine(ChargeKind.RENT, "Loyer", Direction.DEBIT, Money(41500), lease_id=DWELLING),
            NoticeLine(ChargeKind.PARKING, "Garage", Direction.DEBIT, Money(4000), lease_id=GARAGE),
            NoticeLine(
                ChargeKind.WATER_ACTUAL,
                "Eau froide",
                Direction.DEBIT,
                Money(1371),
                quantity_litres=3000,
                unit_price=Money(457),
            ),
            NoticeLine(ChargeKind.HOUSING_BENEFIT, "Aide au logement", Direction.CREDIT, Money(18000)),
        ),
        period_total=Money(28871),
        amount_due=Money(44371),
    )


def file(document: DocumentId, availability: DocumentAvailability) -> Document:
    """The PDF of a notice as the index of the store knows it."""
    return Document(
        id=document,
        kind=DocumentKind.RENT_NOTICE,
        title="AVIS",
        on=date(2026, 2, 28),
        media_type="application/pdf",
        byte_size=len(PDF),
        sha256=None,
        availability=availability,
        accessible=False,
    )
