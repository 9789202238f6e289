"""The pages of the demo: letters to read, forms that speak to the gateway."""

import re
import smtplib
from base64 import b64encode
from email.message import EmailMessage
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from tests.demo.mail.gateway import Gateway
from tests.support.mail import MailSimulator

pytestmark = pytest.mark.servers

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


class Elements(HTMLParser):
    """The elements of a page, in order, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of a kind."""
        return [attributes for name, attributes in self.found if name == tag]


def deliver(mail: MailSimulator, to: str, *, subject: str = "Bonjour", text: str = "Bonjour.\n") -> None:
    """Send a letter by hand."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "x@example.org", to, subject
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", mail.smtp_port, local_hostname="test") as client:
        client.send_message(message)


def told(answer: httpx.Response) -> list[str]:
    """What the page says happened, line by line."""
    (status,) = re.findall(r'<div role="status">(.*?)</div>', answer.text)
    return [unescape(line) for line in re.findall(r"<p>(.*?)</p>", status)]


def post(mail: MailSimulator, path: str, **fields: str) -> httpx.Response:
    """What a browser gets that sends the form."""
    return mail.simulator.client.post(mail.simulator.url + path, data=fields)


def test_a_letter_is_found_read_and_its_link_followed(mail: MailSimulator) -> None:
    """From the list to the page that the link leads to."""
    link = f"{mail.simulator.url}/choose-password#abc"
    deliver(mail, "reader@example.org", text=f"Ici :\n{link}\nou là : http://example.org/?a=1&b=2.\n")

    listed = Elements(mail.simulator.fetch("/?to=reader@example.org").text)
    (letter,) = [a["href"] for a in listed.all("a") if str(a["href"]).startswith("/letters/")]
    links = [a for a in Elements(mail.simulator.fetch(str(letter)).text).all("a") if a.get("rel") == "noreferrer"]

    assert [a["href"] for a in links] == [link, "http://example.org/?a=1&b=2"]
    assert mail.simulator.client.get(link).status_code == 200


def test_the_newest_letter_comes_first(mail: MailSimulator) -> None:
    """As in any mailbox."""
    for subject in ("premier", "second"):
        deliver(mail, "order@example.org", subject=subject)

    html = mail.simulator.fetch("/?to=order@example.org").text

    assert re.findall(r"premier|second", html) == ["second", "premier"]


def test_an_empty_mailbox_says_so(mail: MailSimulator) -> None:
    """And how to go on."""
    assert "Aucune lettre pour l’instant." in mail.simulator.fetch("/?to=nobody@example.org").text


def test_a_letter_that_is_not_there_is_not_found(mail: MailSimulator) -> None:
    """With a sentence."""
    answer = mail.simulator.fetch("/letters/999999")

    assert (answer.status_code, "Lettre introuvable" in answer.text) == (404, True)


def test_what_a_letter_says_is_text(mail: MailSimulator) -> None:
    """Subject, text, address and link alike: nothing of it becomes an element, and no link runs a script."""
    hostile = f"{HOSTILE}\njavascript:alert(3) http://example.org/\"onclick=alert(4)\nhttp://example.org/'x\n"
    deliver(mail, "hostile@example.org", subject=HOSTILE, text=hostile)
    number = mail.messages(to="hostile@example.org")[0]["id"]

    for path in ("/?to=hostile@example.org", f"/letters/{number}"):
        page = Elements(mail.simulator.fetch(path).text)

        assert (len(page.all("script")), page.all("img")) == (1, [])
        assert not any("onclick" in attributes or "onerror" in attributes for _, attributes in page.found)
        assert not any(str(a["href"]).startswith("javascript") for a in page.all("a"))


@pytest.mark.parametrize("path", ["/", "/sign-in", "/account", "/choose-password", "/assistance", "/letters/0"])
def test_a_page_runs_and_loads_nothing_but_its_own(mail: MailSimulator, path: str) -> None:
    """One style, one script, both named by their hash; nobody may frame it, nobody keeps it."""
    answer = mail.simulator.fetch(path)

    hashes = {}
    for tag in ("style", "script"):
        (inline,) = re.findall(rf"<{tag}>(.*?)</{tag}>", answer.text, re.DOTALL)
        hashes[tag] = f"'sha256-{b64encode(sha256(inline.encode()).digest()).decode()}'"
    assert answer.headers["content-security-policy"] == (
        f"default-src 'none'; style-src {hashes['style']}; script-src {hashes['script']}; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/choose-password", "/assistance"])
def test_every_field_has_its_label(mail: MailSimulator, path: str) -> None:
    """Screen readers say what to fill in; passwords are never filled in again."""
    page = Elements(mail.simulator.fetch(path).text)

    assert page.all("html") == [{"lang": "fr"}]
    assert [label["for"] for label in page.all("label")] == [field["id"] for field in page.all("input")]
    assert len(page.all("h1")) == 1


def test_a_password_is_chosen_with_the_token_of_the_link(mail: MailSimulator, gateway: Gateway) -> None:
    """Both travel as variables, in the body alone; the person learns what comes next."""
    gateway.will_say("chooseAccountPassword", __typename="AccountReady", renewalDueOn="2027-03-17")

    answer = post(mail, "/choose-password", token="abc-_9", password="Un mot 2 passe & + é")

    assert told(answer) == ["Votre mot de passe est enregistré. Connectez-vous.", "Il sera à renouveler le 17/03/2027."]
    (asked,) = gateway.asked
    assert asked["variables"] == {"input": {"token": "abc-_9", "password": "Un mot 2 passe & + é"}}
    assert asked["query"].lstrip().startswith("mutation ChoosePassword($input: ChooseAccountPasswordInput!)")
    (headers,) = gateway.headers
    assert (headers["path"], headers["accept-language"], headers["content-type"]) == (
        "/graphql",
        "fr",
        "application/json",
    )
    assert not {"cookie", "origin", "referer"} & set(headers)


def test_a_refused_password_comes_with_every_reason_in_words(mail: MailSimulator, gateway: Gateway) -> None:
    """The token stays in the form for the next try, the password does not."""
    reasons = [
        *("TOO_SHORT", "TOO_LONG", "NO_DIGIT", "NO_UPPERCASE", "NO_SPECIAL", "TOO_PREDICTABLE", "TOO_COMMON"),
        *("CONTAINS_PERSONAL_WORD", "SAME_AS_BEFORE", "UNUSABLE_CHARACTER", "A_NEW_ONE"),
    ]
    gateway.will_say(
        "chooseAccountPassword",
        __typename="PasswordRejectedProblem",
        code="PASSWORD_REJECTED",
        message="Refusé.",
        reasons=reasons,
    )

    answer = post(mail, "/choose-password", token='a"><b', password="secret")

    lines = told(answer)
    assert (lines[0], lines[1], lines[-1], len(lines)) == ("Refusé.", "Il faut au moins 8 caractères.", "A_NEW_ONE", 12)
    assert not any(line.isupper() for line in lines[:-1])
    (token, password) = Elements(answer.text).all("input")
    assert (token["value"], "value" in password) == ('a"><b', False)
    assert "secret" not in answer.text


def test_a_suspended_access_shows_how_long_and_every_way_out(mail: MailSimulator, gateway: Gateway) -> None:
    """The support page's case 3, as a person sees it."""
    gateway.will_say(
        "signIn",
        __typename="AccessSuspendedProblem",
        code="SUSPENDED",
        message="Par sécurité, l’accès est suspendu.",
        retryAfterSeconds=570,
        routes=["WAIT", "MAILED_LINK", "ASSISTANCE_FORM", "CALL"],
    )

    answer = post(mail, "/sign-in", accountReference="0012001", password="x")

    assert told(answer) == [
        "Par sécurité, l’accès est suspendu.",
        "Encore 570 secondes, soit 9 min 30 s.",
        "Vous pouvez attendre : l’accès se rouvre de lui-même.",
        "Vous pouvez utiliser le lien reçu par e-mail.",
        "Vous pouvez remplir le formulaire d’assistance, si vous n’avez jamais créé de compte.",
        "Vous pouvez appeler votre bailleur.",
    ]
    assert gateway.asked[0]["variables"] == {"input": {"accountReference": "0012001", "password": "x"}}


@pytest.mark.parametrize(
    ("viewer", "line"),
    [
        (
            {"account": {"renewal": {"due": True, "dueOn": "2026-02-28", "mode": "INVITE"}}},
            ["Votre mot de passe est à renouveler depuis le 28/02/2026 : vous y êtes invité(e)."],
        ),
        (
            {"account": {"renewal": {"due": True, "dueOn": "2026-02-28", "mode": "REQUIRE"}}},
            ["Votre mot de passe est à renouveler depuis le 28/02/2026 : c’est obligatoire."],
        ),
        (
            {"account": {"renewal": {"due": False, "dueOn": "2027-02-28", "mode": "INVITE"}}},
            ["Votre mot de passe sera à renouveler le 28/02/2027."],
        ),
        ({"account": None}, []),
    ],
    ids=["invited", "required", "not due", "no account"],
)
def test_signing_in_shows_the_renewal(
    mail: MailSimulator, gateway: Gateway, viewer: dict[str, Any], line: list[str]
) -> None:
    """Due or not, invited or obliged."""
    gateway.will_say("signIn", __typename="SignInSuccess", viewer=viewer)

    assert told(post(mail, "/sign-in", accountReference="1", password="x")) == ["Vous êtes connecté(e).", *line]


def test_a_link_is_asked_for(mail: MailSimulator, gateway: Gateway) -> None:
    """With what the page asks, under the names of the schema."""
    gateway.will_say("requestAccountLink", __typename="AccountLinkRequested", message="Si ces informations…")
    filled = {"accountReference": "0012001", "firstName": "Zoé", "lastName": "L'Hôte", "birthDate": "1980-02-29"}

    assert told(post(mail, "/account", **filled)) == ["Si ces informations…"]

    assert gateway.asked[0]["variables"] == {"input": filled}


def test_assistance_is_asked_for_with_what_is_known(mail: MailSimulator, gateway: Gateway) -> None:
    """What was left empty is not sent, and what is no field of the form is dropped."""
    gateway.will_say("requestAssistance", __typename="AssistanceRequested", reference="A-57", message="Enregistrée.")
    filled = {"firstName": "Zoé", "lastName": "Weber", "birthDate": "1980-02-29"}

    answer = post(mail, "/assistance", **filled, email="", accountReference="", other="x")

    assert told(answer) == ["Enregistrée.", "Numéro de la demande : A-57."]
    assert gateway.asked[0]["variables"] == {"input": filled}


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"<html>", "Le service ne répond pas. Réessayez dans un instant."),
        (b"\xff", "Le service ne répond pas. Réessayez dans un instant."),
        (b"[]", "Le service a répondu autre chose que ce qui est convenu."),
        (b'{"errors": [{"message": "<b>Trop"}, {"message": "tard"}], "data": null}', "<b>Trop tard"),
        (b'{"data": {"signIn": null}, "errors": []}', ""),
    ],
)
def test_a_gateway_without_an_outcome_is_told(mail: MailSimulator, gateway: Gateway, body: bytes, line: str) -> None:
    """In one sentence; what it said is text."""
    gateway.answer = body

    assert told(post(mail, "/sign-in", accountReference="1", password="x")) == [line]


def test_what_the_gateway_says_is_text(mail: MailSimulator, gateway: Gateway) -> None:
    """And what was typed comes back as it was typed, as text."""
    gateway.will_say("signIn", __typename="InvalidCredentialsProblem", code="DENIED", message=HOSTILE)

    answer = post(mail, "/sign-in", accountReference=f'">{HOSTILE}', password="x")

    assert told(answer) == [HOSTILE]
    page = Elements(answer.text)
    assert (len(page.all("script")), page.all("img")) == (1, [])
    assert page.all("input")[0]["value"] == f'">{HOSTILE}'
