"""What the landlord tells everybody: announcements with their dates, and standing advice."""

from datetime import UTC, date, datetime, time, timedelta

from gateway.demo.world.model import Advice, Announcement


def announcements(today: date) -> tuple[Announcement, ...]:
    """Three: one that has expired, one for information, one warning."""
    morning = datetime.combine(today, time(7), UTC)
    return (
        Announcement(
            number="AN001",
            title="Enquête de satisfaction",
            body="Notre enquête annuelle est close. Merci aux 1 843 locataires qui ont répondu.",
            severity="INFO",
            since=morning - timedelta(days=60),
            until=morning - timedelta(days=30),
        ),
        Announcement(
            number="AN002",
            title="Des horaires changent",
            body="Certains accueils ouvrent à d’autres heures pendant des travaux. Vérifiez avant de vous déplacer.",
            severity="INFO",
            since=morning - timedelta(days=20),
            until=None,
        ),
        Announcement(
            number="AN003",
            title="Faux agents : soyez vigilants",
            body="Des personnes se présentent comme releveurs de compteurs d’eau. Nos agents portent toujours "
            "une carte professionnelle et ne demandent ni argent ni mot de passe.",
            severity="ALERTE",
            since=morning - timedelta(days=3),
            until=morning + timedelta(days=18),
        ),
    )


ADVICE = (
    Advice(
        number="CO001",
        title="Une chasse d’eau qui coule",
        body="Une fuite de chasse d’eau peut perdre jusqu’à 600 litres par jour. Déposez un peu de colorant "
        "dans le réservoir : s’il passe dans la cuvette sans tirer la chasse, le joint est à changer.",
        topic="Eau",
    ),
    Advice(
        number="CO002",
        title="Relevez votre compteur le soir et le matin",
        body="Notez l’index avant de vous coucher puis au réveil. S’il a bougé sans que vous ayez utilisé "
        "d’eau, fermez le robinet d’arrêt et prévenez votre gardien.",
        topic="Eau",
    ),
    Advice(
        number="CO003",
        title="19 °C dans les pièces à vivre",
        body="Un degré de moins, c’est environ 7 % de consommation en moins. Fermez les volets la nuit et "
        "laissez les radiateurs dégagés.",
        topic="Chauffage",
    ),
    Advice(
        number="CO004",
        title="Testez votre détecteur de fumée",
        body="Appuyez sur le bouton une fois par mois. Remplacez la pile dès qu’un bip court se répète.",
        topic="Sécurité",
    ),
    Advice(
        number="CO005",
        title="Aérez dix minutes par jour",
        body="Même en hiver : l’air humide se chauffe mal et abîme les murs. N’obstruez jamais les bouches d’aération.",
        topic="Air et humidité",
    ),
    Advice(
        number="CO006",
        title="Pensez à votre attestation d’assurance",
        body="Elle est à fournir chaque année. Demandez-la à votre assureur et transmettez-la à l’agence.",
        topic="Démarches",
    ),
)
