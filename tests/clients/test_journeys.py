"""Every client does the same over each transport it speaks, under both readings of the statuses."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from tests.clients.answers import steady
from tests.clients.scripts import Line, Scripts
from tests.support.client import document_of
from tests.support.gateway import RunningGateway, credentials_of

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("clients")]

CASE = "works-late-entry"
WHO = "{ viewer { roles account { id accountReference renewal { due dueOn mode } } } }"
CHANGES = "subscription SourceChanges { sourceStatusChanged { system health } }"
DOCUMENTS = {
    "signIn": document_of("sign_in"),
    "webHome": document_of("web_home"),
    "mobileHome": document_of("mobile_home"),
    "changes": CHANGES,
}
SPOKEN = {
    "apollo": ("http", "socket"),
    "urql": ("http", "socket", "events"),
    "request": ("http",),
    "sockets": ("socket",),
    "events": ("events",),
}
"""The transports that each client speaks; `events` are server-sent."""

STATUSES = {"audit": {"mistake": 400, "part": 200}, "draft": {"mistake": 422, "part": 294}}
"""Of an operation that did not run and of one that did in part, as each policy has them, where both are plain HTTP."""

WITHOUT_DOCUMENTS = [
    {"path": f"viewer.tenant.rentalAccounts.0.notices.edges.{place}.node.document", "code": "SOURCE_UNAVAILABLE"}
    for place in range(3)
]


@dataclass(frozen=True, slots=True)
class Told:
    """What one client told of its journey."""

    client: str
    policy: str
    gateway: RunningGateway
    lines: list[Line]

    def of(self, step: str) -> Mapping[str, Line]:
        """What the client made of that step, by transport."""
        return {
            line["transport"]: {"data": steady(line["data"]), "errors": line["errors"], "fault": line["fault"]}
            for line in self.lines
            if line["step"] == step
        }

    def statuses(self, step: str) -> Mapping[str, int | None]:
        """The status of the response that the client made that of, by transport; None on a WebSocket."""
        return {line["transport"]: line["status"] for line in self.lines if line["step"] == step}

    def expected(self, kind: str) -> Mapping[str, int | None]:
        """The status of an answer of that kind; a stream has begun well before anything can be wrong."""
        over = {"http": STATUSES[self.policy][kind], "events": 200, "socket": None}
        return {transport: over[transport] for transport in SPOKEN[self.client]}

    def everywhere(self, **seen: object) -> Mapping[str, Line]:
        """The same on every transport that the client speaks: nothing, but for what is `seen`."""
        nothing: Line = {"data": None, "errors": [], "fault": None}
        return {transport: {**nothing, **seen} for transport in SPOKEN[self.client]}


@pytest.fixture(scope="module", params=SPOKEN)
def told(request: pytest.FixtureRequest, policy: str, gateway: RunningGateway, scripts: Scripts) -> Told:
    """The journey of one client."""
    reference, password = credentials_of(CASE)
    bearer = gateway.tenant(CASE).token
    systems = gateway.systems
    broken = {
        "url": f"{systems.documents.control}/__sim/faults",
        "order": {"kind": "http_500", "operation": "index"},
    }
    try:
        lines = scripts.run(
            "journey",
            client=request.param,
            url=f"{gateway.url}/graphql",
            bearer=bearer,
            credentials={"accountReference": reference, "password": password, "channel": "MOBILE"},
            documents=DOCUMENTS,
            broken=broken,
        )
    finally:
        systems.calm()
    return Told(request.param, policy, gateway, lines)


def test_each_client_signs_in(told: Told) -> None:
    """The application is handed its tokens; over a WebSocket nobody may sign in."""
    viewer = told.gateway.tenant(CASE).ask(WHO).whole()["viewer"]
    tokens = ["accessToken", "accessExpiresAt", "refreshToken"]

    seen = told.of("sign in")

    entered = told.everywhere(data={"signIn": {"viewer": viewer, "tokens": tokens}})
    refused = told.everywhere(errors=[{"path": None, "code": "CREDENTIAL_ON_SOCKET"}])
    assert seen == {
        transport: (refused if transport == "socket" else entered)[transport] for transport in SPOKEN[told.client]
    }


@pytest.mark.parametrize(("step", "operation"), [("web home", "web_home"), ("mobile home", "mobile_home")])
def test_each_client_shows_the_whole_home(told: Told, step: str, operation: str) -> None:
    """Through caches and transports, the page has every figure that the gateway gave."""
    variables = {"version": "4.1.9"} if operation == "mobile_home" else {}
    home = steady(told.gateway.tenant(CASE).run(operation, **variables).whole())

    assert told.of(step) == told.everywhere(data=home)


def test_mistakes_are_told_as_graphql_errors(told: Told) -> None:
    """A page can show what was wrong, and need not say that the network failed."""
    assert told.of("unknown field") == told.everywhere(errors=[{"path": None, "code": "GRAPHQL_VALIDATION_FAILED"}])
    assert told.of("unfit variable") == told.everywhere(errors=[{"path": None, "code": "GRAPHQL_INVALID_VARIABLES"}])
    assert told.statuses("unknown field") == told.statuses("unfit variable") == told.expected("mistake")


def test_a_partial_answer_keeps_what_there_is(told: Told) -> None:
    """With the document store down the home is there without its files, and each gap says why."""
    home = steady(told.gateway.tenant(CASE).run("web_home").whole())
    for edge in home["viewer"]["tenant"]["rentalAccounts"][0]["notices"]["edges"]:
        edge["node"]["document"] = None

    assert told.of("broken home") == told.everywhere(data=home, errors=WITHOUT_DOCUMENTS)
    assert told.statuses("broken home") == told.expected("part")


def test_subscribers_hear_that_a_source_is_down(told: Told) -> None:
    """Over every transport that streams, by itself, without asking again."""
    event = {"sourceStatusChanged": {"system": "DOCUMENT_STORE", "health": "DOWN"}}

    assert told.of("event") == ({} if told.client == "request" else told.everywhere(data=event))
