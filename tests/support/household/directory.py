"""Whom to turn to, and what the landlord publishes."""

from datetime import UTC, date, datetime, time

from gateway.domain.address import PostalAddress
from gateway.domain.directory import (
    Advisor,
    Office,
    OpeningHours,
    OpeningSpan,
    Phone,
    SpecialOpening,
    UsefulContact,
    UsefulContactKind,
)
from gateway.domain.editorial import Advice, Announcement, AnnouncementSeverity, Editorial
from gateway.domain.identifiers import (
    AdviceId,
    AdvisorId,
    AnnouncementId,
    OfficeId,
)
from gateway.domain.source import DataQualityCode, DataQualityIssue
from tests.support.household.names import (
    NOW,
)


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
THIONVILLE = Office(
    OfficeId("O-THIONVILLE"),
    "Accueil de Thionville",
    PostalAddress((), "8 rue du Port", "57100", "Thionville", insee_code="57672"),
    None,
    METZ.opening,
    None,
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


def advisor() -> Advisor:
    """Away until Friday; a colleague from elsewhere stands in."""
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


def unreachable_advisor() -> Advisor:
    """With a number that nobody can dial."""
    issue = DataQualityIssue(DataQualityCode.UNUSABLE_CONTACT, "phone", "poste 12")
    return Advisor(
        AdvisorId("C-GARAGE"), "Lou BECKER", "Conseillère habitat", None, "poste 12", None, None, None, (issue,)
    )


def foreign_advisor() -> Advisor:
    """Noor's."""
    return Advisor(AdvisorId("C-HADDAD"), "Charlie WAGNER", "Conseiller habitat", None, None, None, None, None)


def editorial() -> Editorial:
    """One announcement that is over, one that is shown, and two pieces of advice."""
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
