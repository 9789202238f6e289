"""What people are told, word for word, in both languages. Codes are the API; the sentences are the landlord's."""

import pytest

from gateway.schema.wording import Language, wording_for

FRENCH = {
    "DENIED": "Identifiant ou mot de passe incorrect.",
    "RECREATE_OFFERED": "Trop d’essais. Vous pouvez choisir un nouveau mot de passe avec « J’ai oublié mon mot de "
    "passe », ou réessayer dans 7 min.",
    "SUSPENDED": "Par sécurité, l’accès est suspendu. Si vous avez déjà un compte, réessayez dans 7 min ou utilisez le "
    "lien reçu par e-mail. Si vous n’avez jamais créé de compte, remplissez le formulaire d’assistance.",
    "LINK_SENT_IF_MATCH": "Si ces informations correspondent à un bail, un e-mail vient d’être envoyé à l’adresse "
    "connue de votre bailleur.",
    "LINK_INVALID": "Ce lien n’est plus valable. Demandez-en un nouveau.",
    "ASSIST_RECEIVED": "Votre demande est enregistrée.",
}
ENGLISH = {
    "DENIED": "Account reference or password incorrect.",
    "RECREATE_OFFERED": "Too many attempts. You can choose a new password with “Forgot password”, or try again in 7 "
    "min.",
    "SUSPENDED": "For security, access is suspended. If you already have an account, try again in 7 min or use the "
    "link we e-mailed. If you never created one, fill in the assistance form.",
    "LINK_SENT_IF_MATCH": "If these details match a lease, an e-mail has just been sent to the address your landlord "
    "has on file.",
    "LINK_INVALID": "This link is no longer valid. Please request a new one.",
    "ASSIST_RECEIVED": "Your request has been recorded.",
}
SENTENCES = [
    (language, code, sentence)
    for language, sentences in ((Language.FRENCH, FRENCH), (Language.ENGLISH, ENGLISH))
    for code, sentence in sentences.items()
]


@pytest.mark.parametrize(("language", "code", "sentence"), SENTENCES)
def test_the_sentence_is_the_landlords(language: Language, code: str, sentence: str) -> None:
    """I am told in my language what happened and what I can do, in the landlord's own words (R8)."""
    assert wording_for(language).waiting(code, seconds=7 * 60) == sentence


@pytest.mark.parametrize(
    ("seconds", "told"), [(1, "1 min"), (60, "1 min"), (61, "2 min"), (600, "10 min"), (5400, "90 min"), (5401, "2 h")]
)
def test_a_wait_is_told_rounded_up(seconds: int, told: str) -> None:
    """Whoever comes back after the time they were told is not too early (R8, R9)."""
    assert f"réessayez dans {told} ou" in wording_for(Language.FRENCH).waiting("SUSPENDED", seconds=seconds)
    assert f"try again in {told} or" in wording_for(Language.ENGLISH).waiting("SUSPENDED", seconds=seconds)


@pytest.mark.parametrize(
    ("code", "begins"), [("BUSY", ("Service momentanément très sollicité.", "Service very busy."))]
)
def test_a_busy_service_says_so(code: str, begins: tuple[str, str]) -> None:
    """Too many people at once: I am told that it is not my fault, and to try again (R8)."""
    french, english = begins

    assert wording_for(Language.FRENCH).sentence(code).startswith(french)
    assert wording_for(Language.ENGLISH).sentence(code).startswith(english)
