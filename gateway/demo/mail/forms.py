"""The forms of the front end, as data. A field's name is the input field's in the schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl

from gateway.demo.mail import operations


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `hint` stands under the label, `complete` is the HTML autocomplete token."""

    name: str
    label: str
    type: str = "text"
    hint: str = ""
    complete: str = "off"
    required: bool = True

    def html(self, value: str) -> str:
        """The labelled input, filled in again with `value`; a password never is."""
        hint = f"<small>{self.hint}</small>" if self.hint else ""
        shown = "" if self.type == "password" else f' value="{escape(value)}"'
        return (
            f'<p><label for="{self.name}">{self.label}{hint}</label>'
            f'<input id="{self.name}" name="{self.name}" type="{self.type}" autocomplete="{self.complete}"{shown}'
            f"{' required' if self.required else ''}></p>"
        )


@dataclass(frozen=True, slots=True)
class Form:
    """One page with one form, which gives its fields to one operation."""

    path: str
    title: str
    fields: tuple[Field, ...]
    button: str
    document: str

    def html(self, given: Mapping[str, str]) -> str:
        """The form, filled in with what was `given`."""
        fields = "".join(field.html(given.get(field.name, "")) for field in self.fields)
        return f'<form method="post" action="{self.path}">{fields}<button>{self.button}</button></form>'

    def given(self, body: bytes) -> dict[str, str]:
        """The texts that were filled in, by name, from what a browser sends."""
        sent = dict(parse_qsl(body.decode(errors="replace")))
        return {field.name: sent[field.name] for field in self.fields if field.name in sent}


_REFERENCE = Field("accountReference", "Intitulé de compte", hint="Il est imprimé sur vos avis d’échéance.")
_HOLDER = (
    Field("firstName", "Prénom du titulaire principal du bail", complete="given-name"),
    Field("lastName", "Nom du titulaire principal du bail", complete="family-name"),
    Field("birthDate", "Date de naissance", type="date", complete="bday"),
)

FORMS = (
    Form(
        "/sign-in",
        "Se connecter",
        (_REFERENCE, Field("password", "Mot de passe", type="password", complete="current-password")),
        "Se connecter",
        operations.SIGN_IN,
    ),
    Form(
        "/account",
        "Créer son compte ou choisir un nouveau mot de passe",
        (_REFERENCE, *_HOLDER),
        "Recevoir un lien par e-mail",
        operations.REQUEST_LINK,
    ),
    Form(
        "/choose-password",
        "Choisir son mot de passe",
        (
            Field("token", "Code du lien", hint="Ce qui suit le signe # dans l’adresse reçue par e-mail."),
            Field(
                "password",
                "Nouveau mot de passe",
                type="password",
                hint="Au moins 8 caractères, dont un chiffre, une majuscule et un caractère spécial.",
                complete="new-password",
            ),
        ),
        "Enregistrer",
        operations.CHOOSE_PASSWORD,
    ),
    Form(
        "/assistance",
        "Formulaire d’assistance",
        (
            *_HOLDER,
            Field("accountReference", "Intitulé de compte", hint="Si vous le connaissez.", required=False),
            Field("email", "E-mail", type="email", complete="email", required=False),
            Field("phone", "Téléphone", type="tel", complete="tel", required=False),
            Field("comment", "Ce qui ne va pas", required=False),
        ),
        "Envoyer",
        operations.REQUEST_ASSISTANCE,
    ),
)
