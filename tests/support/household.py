"""Two invented households in the landlord's books, on Tuesday 17 March 2026 at half past ten in Paris.

Camille Roussel holds a dwelling and a garage, charged to one account, together with Dominique. Noor Haddad, a
stranger to them, holds a dwelling elsewhere. All that one of them may see, the other must not.
"""

from datetime import UTC, date, datetime, time

from gateway.domain.address import PostalAddress
from gateway.domain.directory import (
    Advisor,
    LeaseContacts,
    Office,
    OpeningHours,
    OpeningSpan,
    Phone,
    SpecialOpening,
    UsefulContact,
    UsefulContactKind,
)
from gateway.domain.document import Document, DocumentAvailability, DocumentKind
from gateway.domain.editorial import Advice, Announcement, AnnouncementSeverity, Editorial
from gateway.domain.identifiers import (
    AccountId,
    AdviceId,
    AdvisorId,
    AnnouncementId,
    DocumentId,
    EntryId,
    LeaseId,
    MeterId,
    NoticeId,
    OfficeId,
    PersonId,
    TenantId,
    UnitId,
    WorksId,
)
from gateway.domain.lease import (
    Lease,
    LeaseParty,
    LeasePartyRole,
    LeaseState,
    RentalUnit,
    RentTerm,
    UnitKind,
)
from gateway.domain.ledger import ChargeKind, Direction, LedgerEntry, PaymentMethod, StoredBalance
from gateway.domain.money import Money
from gateway.domain.notice import NoticeLine, NoticeState, RentNotice
from gateway.domain.period import YearMonth
from gateway.domain.person import Civility, ContactKind, ContactPoint, Person, Tenant
from gateway.domain.source import DataQualityCode, DataQualityIssue
from gateway.domain.water import MeterReading, ReadingOrigin, WaterKind, WaterMeter
from gateway.domain.works import (
    Contractor,
    WorksImpact,
    WorksOperation,
    WorksScope,
    WorksState,
    WorksUpdate,
)
from tests.support.memory import Books, Landlord

NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
CLOSED_AT = datetime(2026, 3, 16, 22, 15, tzinfo=UTC)
READ_AT = datetime(2026, 3, 16, 4, 0, tzinfo=UTC)

CAMILLE, NOOR = TenantId("T-CAMILLE"), TenantId("T-NOOR")
ACCOUNT, FOREIGN_ACCOUNT = AccountId("A-ROUSSEL"), AccountId("A-HADDAD")
DWELLING, GARAGE, FOREIGN_LEASE = LeaseId("L-DWELLING"), LeaseId("L-GARAGE"), LeaseId("L-HADDAD")
MARCH_NOTICE, FOREIGN_NOTICE = NoticeId("N-2026-03"), NoticeId("N-HADDAD")
MARCH_FILE = DocumentId("D-2026-03")
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 10


def landlord() -> Landlord:
    """The landlord's systems with both households in their books; the ERP closed them last night."""
    return Landlord(
        clock=lambda: NOW,
        books=books(),
        as_of={"balances": CLOSED_AT, "entries": CLOSED_AT, "meters": READ_AT},
    )


def books() -> Books:
    """What the systems know."""
    return Books(
        tenants={CAMILLE: _camille(), NOOR: _noor()},
        leases_of={CAMILLE: (_dwelling(), _garage()), NOOR: (_foreign_lease(),)},
        balances={
            ACCOUNT: StoredBalance(ACCOUNT, Money(47710), overdue=Money(15500), next_due_on=date(2026, 4, 10)),
            FOREIGN_ACCOUNT: StoredBalance(FOREIGN_ACCOUNT, Money(0), overdue=Money(0), next_due_on=None),
        },
        entries={ACCOUNT: _entries(), FOREIGN_ACCOUNT: (_debit("E-HADDAD", date(2026, 3, 1), 30000),)},
        notices={ACCOUNT: _notices(), FOREIGN_ACCOUNT: (_notice(FOREIGN_NOTICE, YearMonth(2026, 3)),)},
        documents={
            MARCH_NOTICE: _file(MARCH_FILE, DocumentAvailability.AVAILABLE),
            NoticeId("N-2026-02-B"): _file(DocumentId("D-2026-02"), DocumentAvailability.MISSING),
            FOREIGN_NOTICE: _file(DocumentId("D-HADDAD"), DocumentAvailability.AVAILABLE),
        },
        files={MARCH_FILE: PDF, DocumentId("D-HADDAD"): PDF},
        meters={DWELLING: _meters(DWELLING, ""), FOREIGN_LEASE: _meters(FOREIGN_LEASE, "-HADDAD")},
        works={DWELLING: (_windows(), _lift()), GARAGE: (_lift(),), FOREIGN_LEASE: (_painting(),)},
        contacts={
            DWELLING: LeaseContacts(_advisor(), METZ, (CARETAKER, EMERGENCY_LINE)),
            GARAGE: LeaseContacts(_unreachable_advisor(), None, ()),
            FOREIGN_LEASE: LeaseContacts(_foreign_advisor(), None, ()),
        },
        offices=(METZ, _thionville()),
        editorial=_editorial(),
    )


# People and what they rent.

_CAMILLE = Person(PersonId("P-CAMILLE"), Civility.MME, "Camille", "Roussel")
_DOMINIQUE = Person(PersonId("P-DOMINIQUE"), Civility.M, "Dominique", "Roussel")
_NOOR = Person(PersonId("P-NOOR"), Civility.UNSPECIFIED, "Noor", "Haddad")


def _camille() -> Tenant:
    contacts = (
        ContactPoint(ContactKind.MOBILE, "+33639980012", "06 39 98 00 12", verified_on=date(2025, 9, 2)),
        ContactPoint(ContactKind.EMAIL, None, "camille.roussel(a)example.org"),
    )
    issue = DataQualityIssue(DataQualityCode.UNUSABLE_CONTACT, "contacts", "camille.roussel(a)example.org")
    return Tenant(CAMILLE, _CAMILLE, date(1984, 5, 6), contacts, (issue,))


def _noor() -> Tenant:
    return Tenant(NOOR, _NOOR, None, ())


def _address(*complement: str) -> PostalAddress:
    return PostalAddress(complement, "4 rue des Tanneurs", "57000", "Metz", insee_code="57463")


def _dwelling() -> Lease:
    unit = RentalUnit(
        id=UnitId("U-DWELLING"),
        kind=UnitKind.DWELLING,
        address=_address("Bâtiment B", "3e étage"),
        typology="T3",
        surface_dm2=6450,
        floor="3",
        estate="Les Tanneurs",
    )
    parties = (
        LeaseParty(_CAMILLE, LeasePartyRole.PRINCIPAL_HOLDER, date(2019, 6, 1), None),
        LeaseParty(_DOMINIQUE, LeasePartyRole.CO_HOLDER, date(2019, 6, 1), None),
    )
    return _lease(DWELLING, "0012345/01", unit, parties)


def _garage() -> Lease:
    unit = RentalUnit(UnitId("U-GARAGE"), UnitKind.PARKING, _address("Garage 12"), None, None, None, "Les Tanneurs")
    return _lease(GARAGE, "0012345/02", unit, ())


def _foreign_lease() -> Lease:
    unit = RentalUnit(UnitId("U-HADDAD"), UnitKind.DWELLING, _address("Bâtiment A"), "T2", None, None, None)
    parties = (LeaseParty(_NOOR, LeasePartyRole.PRINCIPAL_HOLDER, None, None),)
    return _lease(FOREIGN_LEASE, "0067890/01", unit, parties, account=FOREIGN_ACCOUNT)


def _lease(
    lease: LeaseId,
    reference: str,
    unit: RentalUnit,
    parties: tuple[LeaseParty, ...],
    *,
    account: AccountId = ACCOUNT,
) -> Lease:
    return Lease(
        id=lease,
        reference=reference,
        state=LeaseState.CURRENT,
        starts_on=date(2019, 6, 1),
        ends_on=None,
        notice_received_on=None,
        parties=parties,
        unit=unit,
        account_id=account,
        account_reference=reference.partition("/")[0],
        term=RentTerm.IN_ARREARS,
    )


# The account: 35.00 brought forward, 155.00 of February, 275.00 of March, and 12.10 that nothing explains.


def _debit(name: str, day: date, cents: int, kind: ChargeKind = ChargeKind.RENT) -> LedgerEntry:
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


def _entries() -> tuple[LedgerEntry, ...]:
    benefit = ChargeKind.HOUSING_BENEFIT
    return (
        _debit("E-01", date(2024, 6, 1), 3500),
        _debit("E-02", date(2026, 2, 1), 41500),
        _debit("E-03", date(2026, 2, 1), 4000, ChargeKind.PARKING),
        _credit("E-04", date(2026, 2, 5), 18000, benefit),
        _credit("E-05", date(2026, 2, 12), 12000),
        _debit("E-06", date(2026, 3, 1), 41500),
        _debit("E-07", date(2026, 3, 1), 4000, ChargeKind.PARKING),
        _credit("E-08", date(2026, 3, 5), 18000, benefit),
        _credit("E-09", date(2026, 3, 17), 10000),
    )


def _notices() -> tuple[RentNotice, ...]:
    february = YearMonth(2026, 2)
    return (
        _notice(MARCH_NOTICE, YearMonth(2026, 3)),
        _notice(NoticeId("N-2026-02-B"), february, issued_on=date(2026, 2, 3)),
        _notice(NoticeId("N-2026-02-A"), february, issued_on=date(2026, 1, 28)),
        _notice(NoticeId("N-2026-01"), YearMonth(2026, 1)),
    )


def _notice(notice: NoticeId, period: YearMonth, *, issued_on: date | None = None) -> RentNotice:
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


def _file(document: DocumentId, availability: DocumentAvailability) -> Document:
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


# Water: three cubic metres a month, fourteen in February 2026.


def _meters(lease: LeaseId, suffix: str) -> tuple[WaterMeter, ...]:
    months = [YearMonth(2025, 1).plus(count) for count in range(14)]
    cold = [MeterReading(month.last_day, 100_000 + 3000 * n, ReadingOrigin.REMOTE) for n, month in enumerate(months)]
    cold[-1] = MeterReading(months[-1].last_day, 100_000 + 3000 * 12 + 14_000, ReadingOrigin.REMOTE)
    hot = (MeterReading(date(2026, 2, 28), 12_345, ReadingOrigin.MANUAL),)
    return (
        _meter(f"M-COLD{suffix}", lease, WaterKind.COLD, tuple(cold)),
        _meter(f"M-HOT{suffix}", lease, WaterKind.HOT, hot),
    )


def _meter(name: str, lease: LeaseId, kind: WaterKind, readings: tuple[MeterReading, ...]) -> WaterMeter:
    return WaterMeter(
        id=MeterId(name),
        lease_id=lease,
        serial_number=f"26-{name}",
        kind=kind,
        location="cuisine",
        remotely_read=kind is WaterKind.COLD,
        installed_on=date(2019, 6, 1),
        removed_on=None,
        digits=5,
        readings=readings,
    )


# Works, advisors, offices, and what the landlord publishes.


def _works(name: str, leases: tuple[LeaseId, ...], title: str, state: WorksState) -> WorksOperation:
    return WorksOperation(
        id=WorksId(name),
        lease_ids=leases,
        title=title,
        description=None,
        state=state,
        scope=WorksScope.DWELLING if len(leases) == 1 else WorksScope.COMMON_PARTS,
        impacts=(WorksImpact.NOISE,),
        starts_on=date(2026, 3, 2),
        expected_end_on=date(2026, 4, 30),
        ended_on=None,
        contractor=Contractor("Menuiserie du Saulcy", "+33353010042"),
        access_required=len(leases) == 1,
        updates=(
            WorksUpdate(
                at=datetime(2026, 3, 10, 7, 0, tzinfo=UTC),
                recorded_at=datetime(2026, 3, 14, 15, 0, tzinfo=UTC),
                message="Pose commencée au troisième étage.",
            ),
        ),
    )


def _windows() -> WorksOperation:
    return _works("W-WINDOWS", (DWELLING,), "Remplacement des fenêtres", WorksState.IN_PROGRESS)


def _lift() -> WorksOperation:
    return _works("W-LIFT", (DWELLING, GARAGE), "Rénovation de l'ascenseur", WorksState.ANNOUNCED)


def _painting() -> WorksOperation:
    return _works("W-HADDAD", (FOREIGN_LEASE,), "Peinture de la cage d'escalier", WorksState.IN_PROGRESS)


def _span(opens: str, closes: str) -> OpeningSpan:
    return OpeningSpan(time.fromisoformat(opens), time.fromisoformat(closes))


_WEEKDAY = (_span("08:30", "12:00"), _span("13:30", "17:00"))
METZ = Office(
    id=OfficeId("O-METZ"),
    name="Accueil de Metz",
    address=PostalAddress((), "1 place du Marché", "57000", "Metz", insee_code="57463"),
    phone=Phone("+33353010001", "03 53 01 00 01"),
    opening=OpeningHours(
        regular=(*[_WEEKDAY] * 4, (_span("08:30", "12:00"),), (), ()),
        special=(SpecialOpening(date(2026, 3, 19), date(2026, 3, 20), "Inventaire", ()),),
        conditions="sur rendez-vous le mercredi",
    ),
    step_free=True,
)
CARETAKER = UsefulContact(
    UsefulContactKind.CARETAKER, "M. Weber", Phone("+33353010020", "03 53 01 00 20"), "Petites réparations", "Le matin"
)
EMERGENCY_LINE = UsefulContact(
    UsefulContactKind.EMERGENCY_LINE,
    "Astreinte",
    Phone("+33353010099", "03 53 01 00 99"),
    "Nuits et fins de semaine",
    None,
)


def _thionville() -> Office:
    address = PostalAddress((), "8 rue du Port", "57100", "Thionville", insee_code="57672")
    return Office(OfficeId("O-THIONVILLE"), "Accueil de Thionville", address, None, METZ.opening, None)


def _advisor() -> Advisor:
    colleague = Advisor(
        id=AdvisorId("C-STANDIN"),
        display_name="Sacha KLEIN",
        title="Conseiller habitat",
        phone=Phone("+33353010031", "03 53 01 00 31"),
        phone_as_given="0353010031",
        office_id=None,
        absent_until=None,
        stand_in=None,
    )
    return Advisor(
        id=AdvisorId("C-ADVISOR"),
        display_name="Claude MEYER",
        title="Conseillère habitat",
        phone=Phone("+33353010030", "03 53 01 00 30"),
        phone_as_given="0353010030",
        office_id=METZ.id,
        absent_until=date(2026, 3, 20),
        stand_in=colleague,
    )


def _unreachable_advisor() -> Advisor:
    issue = DataQualityIssue(DataQualityCode.UNUSABLE_CONTACT, "phone", "poste 12")
    return Advisor(
        AdvisorId("C-GARAGE"), "Lou BECKER", "Conseillère habitat", None, "poste 12", None, None, None, (issue,)
    )


def _foreign_advisor() -> Advisor:
    return Advisor(AdvisorId("C-HADDAD"), "Charlie WAGNER", "Conseiller habitat", None, None, None, None, None)


def _editorial() -> Editorial:
    february, april = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    return Editorial(
        announcements=(
            Announcement(AnnouncementId("N-WINTER"), "Grand froid", "Fini.", AnnouncementSeverity.INFO, february, NOW),
            Announcement(
                AnnouncementId("N-SURVEY"),
                "Enquête sur les ressources",
                "Répondez avant le 31 mars.",
                AnnouncementSeverity.WARNING,
                february,
                april,
            ),
        ),
        advice=(
            Advice(AdviceId("V-WATER"), "Trouver une fuite", "Relevez le compteur le soir et le matin.", "Eau"),
            Advice(AdviceId("V-HEAT"), "Chauffer juste", "Dix-neuf degrés suffisent.", "Chauffage"),
        ),
    )
