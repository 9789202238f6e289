"""French, the language of the account."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import ClassVar, assert_never

from gateway.domain.balance import Balance, BalanceLine, BalanceLineKind, BalanceState
from gateway.domain.ledger import ChargeKind
from gateway.domain.money import Money
from gateway.domain.notices import NoticeTitle
from gateway.domain.opening import WeekdayGroup
from gateway.domain.password import PasswordRules
from gateway.domain.period import PARIS, YearMonth
from gateway.domain.source import DataQualityCode, Origin, SourceSystem
from gateway.domain.water_alerts import (
    AbnormalVolume,
    Evidence,
    IndexWentBack,
    ReadingOverdue,
    WaterAlertKind,
)
from gateway.domain.water_consumption import Remark, RemarkKind
from gateway.schema.watch import SourceHealth
from gateway.schema.wording.base import LONGEST_IN_MINUTES, Language, Wording

NARROW = "\u202f"
NO_BREAK = "\u00a0"

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


class French(Wording):
    """Numbers as in « 1 234,56 € », with the narrow no-break space between thousands."""

    language = Language.FRENCH
    holiday_language = "fr"
    sentences: ClassVar[Mapping[str, str]] = {
        "INTERNAL": "Une erreur est survenue de notre côté. Réessayez dans quelques instants.",
        "DENIED": "Identifiant ou mot de passe incorrect.",
        "BUSY": "Service momentanément très sollicité. Réessayez dans un instant.",
        "LATE": "La réponse a pris trop de temps. Réessayez dans quelques instants.",
        "STORE": "Service momentanément indisponible. Réessayez dans un instant.",
        "RECREATE_OFFERED": (
            "Trop d’essais. Vous pouvez choisir un nouveau mot de passe avec « J’ai oublié mon mot de passe "
            "», ou réessayer dans {duration}."
        ),
        "SUSPENDED": (
            "Par sécurité, l’accès est suspendu. Si vous avez déjà un compte, réessayez dans {duration} ou "
            "utilisez le lien reçu par e-mail. Si vous n’avez jamais créé de compte, remplissez le formulaire "
            "d’assistance."
        ),
        "LINK_SENT_IF_MATCH": (
            "Si ces informations correspondent à un bail, un e-mail vient d’être envoyé à l’adresse connue de "
            "votre bailleur."
        ),
        "LINK_INVALID": "Ce lien n’est plus valable. Demandez-en un nouveau.",
        "PASSWORD_REJECTED": "Ce mot de passe ne respecte pas les règles ; choisissez-en un autre.",
        "ASSIST_RECEIVED": "Votre demande est enregistrée.",
        "SESSION_ENDED": "Votre session est terminée. Reconnectez-vous.",
        "NOT_FOUND": "Introuvable.",
        "RENEWAL_REQUIRED": "Choisissez d’abord un nouveau mot de passe : il se renouvelle chaque année.",
        "SECOND_PERSON_REQUIRED": "Une nouvelle adresse demande l’accord d’un second membre du personnel.",
        "INVALID": "Certaines informations sont à corriger.",
        "REQUIRED": "Cette information est nécessaire.",
        "TOO_LONG": "Ce texte est trop long.",
        "UNUSABLE_ADDRESS": "Cette adresse e-mail ne peut pas être utilisée.",
        "UNUSABLE_PHONE": "Ce numéro de téléphone ne peut pas être utilisé.",
    }
    sources: ClassVar[Mapping[SourceSystem, str]] = {
        SourceSystem.RENT_ERP: "Gestion locative",
        SourceSystem.PAYMENT_PROVIDER: "Paiement en ligne",
        SourceSystem.METERING: "Relevé des compteurs",
        SourceSystem.WORKS: "Suivi des travaux",
        SourceSystem.DOCUMENT_STORE: "Documents",
        SourceSystem.DIRECTORY: "Annuaire du bailleur",
        SourceSystem.GATEWAY: "Espace locataire",
    }
    issues: ClassVar[Mapping[DataQualityCode, str]] = {
        DataQualityCode.MISSING_VALUE: "Une information obligatoire manque dans nos fichiers.",
        DataQualityCode.SENTINEL_DATE: "Aucune date n'est renseignée.",
        DataQualityCode.INVALID_DATE: "Une date de nos fichiers est impossible ; elle n'est pas affichée.",
        DataQualityCode.UNREADABLE_AMOUNT: "Un montant n'a pas pu être lu avec certitude ; il n'est pas affiché.",
        DataQualityCode.ENCODING_REPAIRED: "Des caractères abîmés ont été rétablis.",
        DataQualityCode.UNKNOWN_CODE: "Une information n'a pas pu être interprétée.",
        DataQualityCode.UNUSABLE_CONTACT: "Un numéro ou une adresse de nos fichiers n'est pas utilisable.",
        DataQualityCode.DUPLICATE_RECORD: "La même fiche existe en double dans nos fichiers.",
        DataQualityCode.TOTAL_MISMATCH: "Le total et le détail ne concordent pas ; la différence est indiquée.",
        DataQualityCode.INDEX_WENT_BACK: "L'index d'un compteur a reculé ; la consommation n'est pas calculée.",
        DataQualityCode.DOCUMENT_MISSING: "Le document est introuvable pour le moment ; les montants restent affichés.",
    }
    helps: ClassVar[Mapping[ChargeKind, str]] = {
        ChargeKind.SERVICE_CHARGE_ADVANCE: "Avance mensuelle sur les charges de l’immeuble, régularisée chaque année.",
        ChargeKind.COLD_WATER_ADVANCE: "Avance mensuelle sur votre eau froide, régularisée selon votre compteur.",
        ChargeKind.HOT_WATER_ADVANCE: "Avance mensuelle sur votre eau chaude, régularisée selon votre compteur.",
        ChargeKind.HEATING_ADVANCE: "Avance mensuelle sur le chauffage, régularisée une fois par an.",
        ChargeKind.CHARGE_SETTLEMENT: "Différence entre les charges réelles de l'année et les avances déjà versées.",
        ChargeKind.RENT_REDUCTION: "Réduction de loyer de solidarité, déduite de votre loyer selon vos ressources.",
        ChargeKind.RENT_SUPPLEMENT: "Supplément de loyer de solidarité, dû quand les ressources dépassent le plafond.",
        ChargeKind.SURVEY_PENALTY: "Frais liés à une enquête sur les ressources restée sans réponse.",
        ChargeKind.HOUSING_BENEFIT: "Aide au logement versée directement à votre bailleur et déduite de votre loyer.",
        ChargeKind.HOUSING_BENEFIT_CORRECTION: "Correction de l'aide au logement pour des mois passés.",
        ChargeKind.PAYMENT_RETURNED: "Un paiement a été rejeté par la banque ; la somme reste à régler.",
    }
    health: ClassVar[Mapping[SourceHealth, str]] = {
        SourceHealth.UP: "Ce service répond normalement.",
        SourceHealth.DEGRADED: "Ce service répond avec des difficultés ; certaines informations peuvent manquer.",
        SourceHealth.DOWN: "Ce service ne répond pas pour le moment.",
    }
    remarks: ClassVar[Mapping[RemarkKind, str]] = {
        RemarkKind.INDEX_WENT_BACK: "L'index du compteur a reculé{on} : consommation non calculée.",
        RemarkKind.REMOVAL_INDEX_MISSING: "Compteur remplacé{on} sans relevé de l'ancien : consommation non calculée.",
        RemarkKind.NOT_OVER_YET: "Période en cours.",
        RemarkKind.READING_MISSING: "Aucun relevé pour cette période.",
        RemarkKind.METER_REPLACED: "Compteur remplacé{on}.",
        RemarkKind.METER_REMOVED: "Compteur déposé{on}.",
        RemarkKind.METER_INSTALLED: "Compteur posé{on}.",
        RemarkKind.ROLLED_OVER: "Le compteur est revenu à zéro{on} ; c'est pris en compte.",
        RemarkKind.ESTIMATE_CORRECTED: "Estimation corrigée par le relevé{on}.",
    }
    alert_advice: ClassVar[Mapping[WaterAlertKind, Sequence[str]]] = {
        WaterAlertKind.ABNORMAL_VOLUME: (
            "Fermez tous les robinets et notez l'index du compteur.",
            "Relevez-le une heure plus tard : s'il a tourné, il y a une fuite.",
            "Vérifiez la chasse d'eau et le groupe de sécurité du chauffe-eau.",
            "Si la fuite persiste, fermez l'arrivée d'eau et appelez votre conseiller.",
        ),
        WaterAlertKind.NO_READING: (
            "Vérifiez que le compteur est accessible.",
            "Transmettez l'index à votre conseiller si vous pouvez le lire.",
        ),
        WaterAlertKind.INDEX_WENT_BACK: (
            "Relevez l'index et le numéro gravé sur le compteur.",
            "Transmettez-les à votre conseiller : la consommation sera corrigée.",
        ),
    }

    def money(self, amount: Money) -> str:
        euros, cents = divmod(abs(amount.cents), 100)
        sign = "-" if amount.cents < 0 else ""
        return f"{sign}{euros:,}".replace(",", NARROW) + f",{cents:02d}{NO_BREAK}€"

    def day(self, day: date) -> str:
        number = "1er" if day.day == 1 else str(day.day)
        return f"{number} {MONTHS[day.month - 1]} {day.year}"

    def month(self, month: YearMonth) -> str:
        return f"{MONTHS[month.month - 1]} {month.year}"

    def moment(self, instant: datetime) -> str:
        local = instant.astimezone(PARIS)
        return f"{self.day(local.date())} à {local.hour}{NO_BREAK}h{NO_BREAK}{local.minute:02d}"

    def source_absent(self, system: SourceSystem) -> str:
        return f"{self.sources[system]} : cette information n'est pas proposée par votre bailleur."

    def source_failed(self, system: SourceSystem, *, retryable: bool) -> str:
        if retryable:
            return f"{self.sources[system]} : information momentanément indisponible. Réessayez dans quelques minutes."
        return (
            f"{self.sources[system]} : cette information n'a pas pu être lue avec certitude ; elle n'est pas affichée."
        )

    def provenance(self, origin: Origin) -> str:
        when = self.moment(origin.as_of or origin.fetched_at)
        if origin.stale:
            return f"Dernière situation connue, au {when}"
        return f"Situation au {when}" if origin.as_of else f"Lu le {when}"

    def notice_title(self, title: NoticeTitle) -> str:
        return f"Avis {self._of_month(title.period)}" + (" (rectifié)" if title.corrected else "")

    def balance_line(self, line: BalanceLine) -> str:
        if line.period is None:
            return "Solde antérieur"
        month = self._of_month(line.period)
        match line.kind:
            case BalanceLineKind.BROUGHT_FORWARD:
                return "Solde antérieur"
            case BalanceLineKind.NOTICE:
                return f"Loyer et charges {month}"
            case BalanceLineKind.HOUSING_BENEFIT:
                corrected = line.charge is ChargeKind.HOUSING_BENEFIT_CORRECTION
                return f"{'Correction de l’aide' if corrected else 'Aide'} au logement {month}"
            case BalanceLineKind.ADJUSTMENT:
                return f"{_ADJUSTMENTS.get(line.charge, 'Régularisation')} {month}"
            case BalanceLineKind.PAYMENTS:
                return f"Vos paiements {month}"
            case _:
                assert_never(line.kind)

    def balance(self, balance: Balance) -> str:
        told = [self._situation(balance)]
        if balance.pending.cents:
            told.append(
                f"Un paiement de {self.money(balance.pending)} est en cours d'enregistrement ; "
                f"il restera alors {self.money(balance.due_after_pending)}."
            )
        if balance.later_entries:
            told.append("Des opérations enregistrées depuis seront comprises dans le prochain arrêté de compte.")
        if balance.unexplained_difference is not None:
            told.append(
                f"Le détail n'explique pas {self.money(balance.unexplained_difference)} de ce montant : "
                "signalez-le à votre conseiller, qui le vérifiera."
            )
        return " ".join(told)

    def _situation(self, balance: Balance) -> str:
        day = self.day(balance.on)
        match balance.state:
            case BalanceState.SETTLED:
                return f"Au {day}, votre compte est à jour."
            case BalanceState.IN_CREDIT:
                return (
                    f"Au {day}, votre compte est créditeur de {self.money(-balance.due)} : vous n'avez rien à régler."
                )
            case BalanceState.DUE:
                limit = f", à régler avant le {self.day(balance.next_due_on)}" if balance.next_due_on else ""
                return f"Au {day}, le solde à régler est de {self.money(balance.due)}{limit}."
            case BalanceState.OVERDUE:
                late = f" dont {self.money(balance.overdue)} déjà échus" if balance.overdue else ""
                return (
                    f"Au {day}, le solde à régler est de {self.money(balance.due)}{late}. "
                    "En cas de difficulté, votre conseiller peut vous aider à trouver une solution."
                )
            case _:
                assert_never(balance.state)

    def water_remark(self, remark: Remark) -> str:
        return self.remarks[remark.kind].format(on=f" le {self.day(remark.on)}" if remark.on else "")

    def water_evidence(self, evidence: Evidence) -> str:
        match evidence:
            case AbnormalVolume():
                return (
                    f"{_cubic_metres(evidence.litres)} en {self.month(evidence.month)}, contre "
                    f"{_cubic_metres(evidence.usual_litres)} d'habitude ({evidence.compared_months} mois comparés)."
                )
            case ReadingOverdue():
                if evidence.last_on is None:
                    return "Aucun relevé de ce compteur."
                return f"Dernier relevé le {self.day(evidence.last_on)}, il y a {evidence.days} jours."
            case IndexWentBack():
                return (
                    f"Index {_cubic_metres(evidence.before.index_litres)} le {self.day(evidence.before.on)}, puis "
                    f"{_cubic_metres(evidence.after.index_litres)} le {self.day(evidence.after.on)}."
                )
            case _:
                assert_never(evidence)

    def duration(self, seconds: int) -> str:
        minutes = -(-seconds // 60)
        if minutes <= LONGEST_IN_MINUTES:
            return f"{minutes} min"
        hours = -(-minutes // 60)
        return f"{hours} h"

    def password_rules(self, rules: PasswordRules) -> str:
        required = [
            (rules.min_digits, "un chiffre", "chiffres"),
            (rules.min_uppercase, "une majuscule", "majuscules"),
            (rules.min_special, "un caractère spécial", "caractères spéciaux"),
        ]
        classes = [one if count == 1 else f"{count} {many}" for count, one, many in required if count]
        listed = f", dont au moins {', '.join(classes)}" if classes else ""
        shortest = rules.min_length_without_lowercase
        listed += f", et une minuscule en dessous de {shortest} caractères" if shortest else ""
        return (
            f"De {rules.min_length} à {rules.max_length} caractères{listed} ; ni mot de passe courant, ni votre nom, "
            "votre référence ou celui du bailleur."
        )

    def opening(self, groups: Sequence[WeekdayGroup]) -> str:
        if not groups:
            return "Fermé au public"
        return "Ouvert " + ", ".join(_hours_of(group) for group in groups)

    def _of_month(self, month: YearMonth) -> str:
        name = self.month(month)
        return f"d'{name}" if name[0] in "ao" else f"de {name}"


_ADJUSTMENTS: dict[ChargeKind | None, str] = {
    ChargeKind.CHARGE_SETTLEMENT: "Régularisation des charges",
    ChargeKind.WATER_ACTUAL: "Eau consommée",
    ChargeKind.SURVEY_PENALTY: "Enquête sur les ressources",
    ChargeKind.DEPOSIT: "Dépôt de garantie",
    ChargeKind.REPAIR_RECHARGE: "Réparation à votre charge",
    ChargeKind.LEGAL_FEES: "Frais de procédure",
    ChargeKind.PLAN_INSTALMENT: "Échéance du plan d'apurement",
    ChargeKind.PAYMENT_RETURNED: "Paiement rejeté par la banque",
    ChargeKind.REFUND: "Remboursement",
    ChargeKind.CORRECTION: "Correction",
}


def _cubic_metres(litres: int) -> str:
    whole, rest = divmod(litres, 1000)
    return f"{whole:,}".replace(",", NARROW) + (f",{rest:03d}".rstrip("0") if rest else "") + f"{NO_BREAK}m³"


def _hours_of(group: WeekdayGroup) -> str:
    first, last = WEEKDAYS[group.first], WEEKDAYS[group.last]
    if group.first == group.last:
        days = f"le {first}"
    elif group.last == group.first + 1:
        days = f"le {first} et le {last}"
    else:
        days = f"du {first} au {last}"
    spans = " et ".join(f"de {_clock(span.opens)} à {_clock(span.closes)}" for span in group.spans)
    return f"{days} {spans}"


def _clock(at: time) -> str:
    return f"{at.hour}h{at.minute:02d}"
