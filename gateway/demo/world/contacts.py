"""Who can help besides the advisor: caretaker, emergency line, firms, associations."""

from functools import cache

from gateway.demo.world import names
from gateway.demo.world.model import Unit, UsefulContact

_EMERGENCY = UsefulContact(
    kind="ASTREINTE",
    name="Astreinte Habitat Mosellan",
    phone="03 53 01 99 00",
    purpose="Urgences techniques : fuite, panne d’ascenseur, coupure",
    availability="Le soir, la nuit, le week-end et les jours fériés",
)
_SOCIAL_WORKER = UsefulContact(
    kind="SOCIAL",
    name="Conseillère en économie sociale et familiale",
    phone="03 53 01 12 40",
    purpose="Difficultés de paiement, dossier FSL",
    availability="Du lundi au jeudi de 9h00 à 16h00",
)


def contacts(unit: Unit, *, sector: int) -> tuple[UsefulContact, ...]:
    """The contacts of a dwelling; neighbours of one estate have the same."""
    return _contacts(names.ESTATES.index(str(unit.estate)), sector)


@cache
def _contacts(estate: int, sector: int) -> tuple[UsefulContact, ...]:
    """Kept, because thousands of households share them."""
    rank = sector * len(names.ESTATES) + estate
    return (_caretaker(rank), _EMERGENCY, _heating_firm(sector), _association(estate), _SOCIAL_WORKER)


def _caretaker(rank: int) -> UsefulContact:
    first_name = names.MEN[rank % len(names.MEN)]
    return UsefulContact(
        kind="GARDIEN",
        name=f"{first_name} {names.FAMILIES[(7 * rank) % len(names.FAMILIES)]}",
        phone=f"06 39 98 90 {rank:02d}",
        purpose="Entretien, badges, état des parties communes",
        availability="Du lundi au vendredi de 8h00 à 10h00",
    )


def _heating_firm(sector: int) -> UsefulContact:
    return UsefulContact(
        kind="ENTREPRISE",
        name="Thermi’Est Maintenance",
        phone=f"03 53 01 13 {sector:02d}",
        purpose="Chauffage et eau chaude",
        availability="7 jours sur 7, de 7h00 à 22h00",
    )


def _association(estate: int) -> UsefulContact:
    return UsefulContact(
        kind="ASSOCIATION",
        name=f"Amicale des locataires — {names.ESTATES[estate]}",
        phone=f"03 53 01 14 {estate:02d}",
        purpose=None,
        availability=None,
    )
