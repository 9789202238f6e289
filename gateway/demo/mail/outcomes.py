"""What became of a form, in French lines."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

_REASONS = {
    "TOO_SHORT": "Il faut au moins 8 caractères.",
    "TOO_LONG": "Il faut au plus 128 caractères.",
    "NO_DIGIT": "Il faut au moins un chiffre.",
    "NO_UPPERCASE": "Il faut au moins une majuscule.",
    "NO_SPECIAL": "Il faut au moins un caractère spécial.",
    "TOO_PREDICTABLE": "Avec 8 caractères, il faut aussi une minuscule ; ou bien un caractère de plus.",
    "TOO_COMMON": "C’est un mot de passe trop courant, même un peu changé.",
    "CONTAINS_PERSONAL_WORD": "Il ne doit contenir ni votre nom, ni votre référence, ni le nom du bailleur.",
    "SAME_AS_BEFORE": "C’est déjà votre mot de passe actuel.",
    "UNUSABLE_CHARACTER": "Il contient un caractère que l’on ne peut pas taper partout.",
}
_ROUTES = {
    "WAIT": "attendre : l’accès se rouvre de lui-même",
    "MAILED_LINK": "utiliser le lien reçu par e-mail",
    "ASSISTANCE_FORM": "remplir le formulaire d’assistance, si vous n’avez jamais créé de compte",
    "CALL": "appeler votre bailleur",
}
_RENEWALS = {"INVITE": "vous y êtes invité(e)", "REQUIRE": "c’est obligatoire"}


def lines(outcome: Mapping[str, Any]) -> Iterator[str]:
    """The outcome of any of the front end's operations, sentence by sentence."""
    match outcome:
        case {"__typename": "AccountReady", "renewalDueOn": due_on}:
            yield "Votre mot de passe est enregistré. Connectez-vous."
            yield f"Il sera à renouveler le {_day(due_on)}."
        case {"__typename": "SignInSuccess", "viewer": viewer}:
            yield "Vous êtes connecté(e)."
            yield from _renewal((viewer.get("account") or {}).get("renewal") or {})
        case _:
            yield from _told(outcome)


def _told(outcome: Mapping[str, Any]) -> Iterator[str]:
    """The gateway's own sentence, then what goes with it."""
    yield outcome["message"]
    yield from (_REASONS.get(reason, reason) for reason in outcome.get("reasons", ()))
    if seconds := outcome.get("retryAfterSeconds"):
        yield f"Encore {seconds} secondes, soit {seconds // 60} min {seconds % 60:02d} s."
    yield from (f"Vous pouvez {_ROUTES.get(route, route)}." for route in outcome.get("routes", ()))
    if reference := outcome.get("reference"):
        yield f"Numéro de la demande : {reference}."


def _renewal(renewal: Mapping[str, Any]) -> Iterator[str]:
    if renewal.get("due"):
        yield f"Votre mot de passe est à renouveler depuis le {_day(renewal['dueOn'])} : {_RENEWALS[renewal['mode']]}."
    elif renewal:
        yield f"Votre mot de passe sera à renouveler le {_day(renewal['dueOn'])}."


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d/%m/%Y}"
