"""Apollo and urql ask for registered documents by their hash, and the text stays at home."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.clients.answers import steady
from tests.clients.scripts import Line, Scripts
from tests.support.client import document_of
from tests.support.gateway import RunningGateway

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("clients")]

CASE = "works-late-entry"

NOT_FOUND = {"audit": 400, "draft": 422}
NOT_TAKEN = {"audit": 400, "draft": 403}
"""Status of a refusal by hash, and of one by text, under each policy."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the clients told, by client and step."""

    policy: str
    gateway: RunningGateway
    lines: Mapping[tuple[str, str], Line]

    def by_hash(self, method: str) -> dict[str, object]:
        """A request that was refused because nobody knows the hash."""
        return {"method": method, "members": ["extensions"], "status": NOT_FOUND[self.policy]}


@pytest.fixture(scope="module")
def told(policy: str, gateway: RunningGateway, scripts: Scripts, manifests: Path) -> Told:
    """Both clients ask for the home, which is registered, and for documents that are not."""
    lines = scripts.run(
        "persisted",
        url=f"{gateway.url}/graphql",
        bearer=gateway.tenant(CASE).token,
        registered=document_of("web_home"),
        documentId=next(iter(json.loads((manifests / "urql.json").read_text(encoding="utf-8")))),
    )
    return Told(policy, gateway, {(line["client"], line["step"]): line for line in lines})


@pytest.mark.parametrize(
    ("client", "sent"),
    [
        ("apollo", {"method": "POST", "members": ["extensions"], "status": 200}),
        ("urql by GET", {"method": "GET", "members": ["extensions"], "status": 200}),
        ("urql by POST", {"method": "POST", "members": ["extensions"], "status": 200}),
        ("urql by id", {"method": "POST", "members": ["documentId"], "status": 200}),
    ],
)
def test_a_registered_document_is_asked_for_by_its_hash_alone(told: Told, client: str, sent: object) -> None:
    """One request without any text, and the page is whole."""
    home = steady(told.gateway.tenant(CASE).run("web_home").whole())

    line = told.lines[client, "registered"]

    assert steady(line["data"]) == home
    assert (line["errors"], line["fault"], line["sent"]) == ([], None, [sent])


@pytest.mark.parametrize("client", ["apollo", "urql by POST"])
def test_an_unknown_hash_makes_the_client_send_the_text(told: Told, client: str) -> None:
    """Where free documents are taken, it is answered at the second try."""
    line = told.lines[client, "unknown"]

    assert steady(line["data"]) == {"viewer": {"roles": ["TENANT"]}}
    assert (line["errors"], line["fault"]) == ([], None)
    assert line["sent"] == [
        told.by_hash("POST"),
        {"method": "POST", "members": ["query", "extensions"], "status": 200},
    ]


def test_a_text_that_came_once_is_known_by_its_hash(told: Told) -> None:
    """The next time, nobody sends it."""
    line = told.lines["apollo", "unknown again"]

    assert steady(line["data"]) == {"viewer": {"roles": ["TENANT"]}}
    assert line["sent"] == [{"method": "POST", "members": ["extensions"], "status": 200}]


def test_a_text_by_get_is_not_taken_and_the_client_says_why(told: Told) -> None:
    """By GET only registered documents are served, and urql repeats itself by GET unless it is told otherwise."""
    line = told.lines["urql by GET", "unknown"]

    assert line["errors"] == [{"path": None, "code": "PERSISTED_QUERY_REQUIRED"}]
    assert (line["data"], line["fault"]) == (None, None)
    assert line["sent"] == [
        told.by_hash("GET"),
        {"method": "GET", "members": ["query", "extensions"], "status": NOT_TAKEN[told.policy]},
    ]
