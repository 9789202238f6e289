"""What the doors answer, whole: codes, seconds and sentences as the landlord published them."""

from collections.abc import Mapping
from typing import Any

Outcome = Mapping[str, Any]

DENIED: Outcome = {
    "__typename": "InvalidCredentialsProblem",
    "code": "DENIED",
    "message": "Identifiant ou mot de passe incorrect.",
}
LINK_SENT_IF_MATCH: Outcome = {
    "__typename": "AccountLinkRequested",
    "message": "Si ces informations correspondent à un bail, un e-mail vient d’être envoyé à l’adresse connue de votre "
    "bailleur.",
}
LINK_INVALID: Outcome = {
    "__typename": "LinkInvalidProblem",
    "code": "LINK_INVALID",
    "message": "Ce lien n’est plus valable. Demandez-en un nouveau.",
}
BUSY: Outcome = {
    "__typename": "ServiceBusyProblem",
    "retryAfterSeconds": 1,
    "code": "BUSY",
    "message": "Service momentanément très sollicité. Réessayez dans un instant.",
}
ROUTES = ["MAILED_LINK", "WAIT", "ASSISTANCE_FORM", "CALL"]


def recreate_offered(seconds: int, duration: str) -> Outcome:
    """Three wrong passwords: `seconds` to go, told as `duration`."""
    return {
        "__typename": "RecreationOfferedProblem",
        "retryAfterSeconds": seconds,
        "code": "RECREATE_OFFERED",
        "message": "Trop d’essais. Vous pouvez choisir un nouveau mot de passe avec « J’ai oublié mon mot de passe », "
        f"ou réessayer dans {duration}.",
    }


def suspended(seconds: int, duration: str) -> Outcome:
    """Blocked: `seconds` to go, told as `duration`."""
    return {
        "__typename": "AccessSuspendedProblem",
        "retryAfterSeconds": seconds,
        "routes": ROUTES,
        "code": "SUSPENDED",
        "message": f"Par sécurité, l’accès est suspendu. Si vous avez déjà un compte, réessayez dans {duration} ou "
        "utilisez le lien reçu par e-mail. Si vous n’avez jamais créé de compte, remplissez le formulaire "
        "d’assistance.",
    }


def told(outcome: Outcome) -> Outcome:
    """As much of an outcome as pages are told that ask only for code and message of a problem."""
    return {name: outcome[name] for name in ("__typename", "code", "message")}


def rejected(*reasons: str) -> Outcome:
    """A new password that misses these rules."""
    return {
        "__typename": "PasswordRejectedProblem",
        "reasons": [*reasons],
        "code": "PASSWORD_REJECTED",
        "message": "Ce mot de passe ne respecte pas les règles ; choisissez-en un autre.",
    }


def ready(renewal_due_on: str) -> Outcome:
    """The account has its password."""
    return {"__typename": "AccountReady", "renewalDueOn": renewal_due_on}


RECREATE_OFFERED = recreate_offered(600, "10 min")
SUSPENDED = suspended(600, "10 min")
"""At the moment of the failure that caused them."""
