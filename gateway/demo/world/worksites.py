"""The kinds of works the landlord orders, and what occupants notice of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.demo.world.model import WorksScope


@dataclass(frozen=True, slots=True)
class Worksite:
    """One kind; `days` is how long it takes."""

    title: str
    description: str
    scope: WorksScope
    impacts: tuple[str, ...]
    contractor: str
    days: int
    access_required: bool = False


WORKSITES: Sequence[Worksite] = (
    Worksite(
        "Remplacement de la chaudière collective",
        "Dépose de l’ancienne chaudière et raccordement au réseau de chaleur.",
        "COMMUN",
        ("CHAUFF", "EAU", "BRUIT"),
        "Thermi’Est Maintenance",
        45,
    ),
    Worksite(
        "Ravalement et isolation des façades",
        "Pose d’un isolant et d’un enduit sur les quatre façades. Les volets restent fermés ce jour-là.",
        "RESIDENCE",
        ("ECHAF", "BRUIT", "PARK"),
        "Façades du Saulnois",
        120,
    ),
    Worksite(
        "Mise aux normes électriques",
        "Remplacement du tableau et des prises ; une demi-journée de présence est nécessaire.",
        "LOGEMENT",
        ("ELEC",),
        "Élec’Œuvre",
        28,
        access_required=True,
    ),
    Worksite(
        "Modernisation de l’ascenseur",
        "Changement de la cabine et de la motorisation.",
        "COMMUN",
        ("ASC", "BRUIT"),
        "Ascenseurs des Trois Frontières",
        60,
    ),
    Worksite(
        "Remplacement des colonnes d’eau",
        "Coupures d’eau de 9h00 à 16h00 les jours de passage dans votre cage d’escalier.",
        "LOGEMENT",
        ("EAU",),
        "Plomberie Lorraine Services",
        35,
        access_required=True,
    ),
    Worksite(
        "Réfection de l’aire de jeux et des allées",
        "Les places de stationnement devant le bâtiment sont neutralisées.",
        "RESIDENCE",
        ("PARK",),
        "Paysages de la Nied",
        30,
    ),
)
