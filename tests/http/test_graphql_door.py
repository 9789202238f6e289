"""The door itself: one POST, one operation, one answer, with the same headers whatever happens."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.app import Entrance, application
from gateway.domain.source import SourceSystem
from gateway.ports.errors import Call, UpstreamTimeoutError
from gateway.schema.build import build_schema
from gateway.schema.limits import ANALYST, PUBLIC, by_view
from gateway.schema.operations import Executed, Operations, Prepared
from gateway.schema.reading import Rejected
from tests.support.asgi import Exchange
from tests.support.doors import Doors, with_operations

MIDNIGHT = datetime(2026, 3, 17, 23, 0, tzinfo=UTC)
G = "application/graphql-response+json"
TYPENAME = {"query": "{ __typename }"}
HEADERS = {
    "cache-control": "no-store",
    "vary": "Accept, Accept-Language, Authorization, Cookie",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
}

ANSWERS: dict[str, tuple[dict[str, Any], int]] = {
    "data": ({"json": TYPENAME}, 200),
    "a syntax error": ({"json": {"query": "{"}}, 200),
    "no JSON": ({"content": b"{"}, 400),
    "another type": ({"json": TYPENAME, "headers": {"Content-Type": "text/plain"}}, 415),
    "not acceptable": ({"json": TYPENAME, "headers": {"Accept": "text/html"}}, 406),
    "too large": ({"content": b" " * 100_001}, 413),
    "unknown bearer": ({"json": TYPENAME, "headers": {"Authorization": "Bearer x"}}, 401),
    "no evidence": ({"json": TYPENAME, "headers": {"Cookie": "__Host-gw_sid=x"}}, 403),
}


@pytest.mark.parametrize(("request_", "status"), ANSWERS.values(), ids=ANSWERS)
async def test_every_answer_has_the_same_headers(request_: dict[str, Any], status: int, doors: Doors) -> None:
    """Nobody stores an answer, guesses its type, frames it, or learns where it came from."""
    headers = {"Content-Type": "application/json"} | request_.pop("headers", {})
    async with doors.client() as client:
        response = await client.post("/graphql", headers=headers, **request_)

    assert response.status_code == status
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert response.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_a_method_that_no_request_has_is_refused(method: str, doors: Doors) -> None:
    """405, and the answer says which methods are taken."""
    async with doors.client() as client:
        response = await client.request(method, "/graphql", params={"query": "{ __typename }"})

    assert (response.status_code, set(response.headers["allow"].split(", "))) == (405, {"GET", "HEAD", "POST"})
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    [error] = response.json()["errors"]
    assert (error["message"], error["extensions"]["code"]) == ("method not allowed", "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ('APPLICATION/JSON;charset="UTF8"', 200),
        ("application/json; charset=utf-8; profile=x", 200),
        ("application/json; charset=utf-16", 415),
        ("application/json; charset=", 415),
        ("application/json; charset=utf-8; charset=latin-1", 415),
        ("application/graphql", 415),
        ("application/json-patch+json", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
    ],
)
async def test_a_request_is_json_in_utf_8(content_type: str, status: int, doors: Doors) -> None:
    """What a form of another site can send is not served."""
    response = await doors.post(TYPENAME, headers={"Content-Type": content_type})

    assert response.status_code == status
    if status == 415:
        [error] = response.json()["errors"]
        assert error["extensions"]["code"] == "UNSUPPORTED_MEDIA_TYPE"
        assert error["message"] == "send application/json in UTF-8"


async def test_a_request_without_a_type_is_refused(doors: Doors) -> None:
    """A body of unknown type is not guessed at."""
    async with doors.client() as client:
        response = await client.post("/graphql", content=b'{"query": "{ __typename }"}')

    assert response.status_code == 415


TWO = "query A { __typename } mutation B { signOut { __typename } }"
NOT_RUN = [
    ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
    ({"query": "{ viewer { passwords } }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "{ viewer {} }"}, "GRAPHQL_PARSE_FAILED"),
    ({"query": "{ a: __typename " + "b: __typename " * 2000 + "}"}, "GRAPHQL_DOCUMENT_TOO_LARGE"),
    ({"query": "{" + " a" * 1001 + "}"}, "GRAPHQL_DOCUMENT_TOO_LARGE"),
    ({"query": "{" + "...{viewer{account{renewal{mode}}}}" * 60 + "}"}, "GRAPHQL_DOCUMENT_TOO_COMPLEX"),
    ({"query": "{ ...a } fragment a on Query { ...a }"}, "GRAPHQL_DOCUMENT_TOO_COMPLEX"),
    ({"query": "type A { b: String }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "fragment A on Query { __typename }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": TWO}, "OPERATION_NAME_REQUIRED"),
    ({"query": TWO, "operationName": "C"}, "OPERATION_NOT_FOUND"),
    ({"query": "{ __typename }", "operationName": "A"}, "OPERATION_NOT_FOUND"),
    ({"query": "subscription { __typename }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "query($id: ID!) { node(id: $id) { id } }"}, "GRAPHQL_INVALID_VARIABLES"),
]


@pytest.mark.parametrize(("body", "code"), NOT_RUN)
@pytest.mark.parametrize(("accept", "status"), [(G, 400), ("application/json", 200)])
async def test_a_request_that_is_not_run_says_why(
    body: Mapping[str, Any], code: str, accept: str, status: int, doors: Doors
) -> None:
    """400 for clients that know the new type, 200 for the older ones; no data, a stable code, an id for the log."""
    response = await doors.post(body, headers={"Accept": accept})

    assert response.status_code == status
    answer = response.json()
    assert set(answer) == {"errors"}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {code}
    assert len({error["extensions"]["requestId"] for error in answer["errors"]}) == 1


async def test_of_several_operations_the_named_one_runs(doors: Doors) -> None:
    """A name chooses, and the other operation does not run."""
    answer = await doors.post({"query": TWO, "operationName": "A"})

    assert answer.json() == {"data": {"__typename": "Query"}}


async def test_a_field_that_fails_does_not_change_the_status(doors: Doors) -> None:
    """The rest of the answer is there, so the request has succeeded."""
    doors.landlord.failing["offices"] = UpstreamTimeoutError(Call(SourceSystem.DIRECTORY, "offices"))

    response = await doors.post({"query": "{ offices { name } __typename }"}, headers={"Accept": G})

    assert response.status_code == 200
    assert response.json()["data"] == {"offices": None, "__typename": "Query"}


async def test_at_most_ten_errors_are_told(doors: Doors) -> None:
    """A document with a thousand mistakes is not answered with a thousand sentences."""
    query = "{" + " ".join(f"a{n}: node(id: 1, x: {n}, y: {n}) {{ id }}" for n in range(10)) + "}"

    response = await doors.post({"query": query})

    assert len(response.json()["errors"]) == 11  # ten, and that there are more


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("fr", "Annuaire du bailleur : information momentanément indisponible. Réessayez dans quelques minutes."),
        ("en", "Landlord's directory: not available at the moment. Please try again in a few minutes."),
        ("en-GB, fr;q=0.9", "Landlord's directory: not available at the moment. Please try again in a few minutes."),
        (
            "fr-FR, en;q=0.9",
            "Annuaire du bailleur : information momentanément indisponible. Réessayez dans quelques minutes.",
        ),
        (
            "de, en;q=0.9",
            "Annuaire du bailleur : information momentanément indisponible. Réessayez dans quelques minutes.",
        ),
        ("", "Annuaire du bailleur : information momentanément indisponible. Réessayez dans quelques minutes."),
    ],
)
async def test_a_person_is_answered_in_french_or_english(language: str, message: str, doors: Doors) -> None:
    """English for whoever asks for it first, French for everybody else."""
    doors.landlord.failing["offices"] = UpstreamTimeoutError(Call(SourceSystem.DIRECTORY, "offices"))

    answer = await doors.ask("{ offices { name } }", language=language)

    assert answer["errors"][0]["message"] == message


class CrashError(Exception):
    """A defect whose message holds what nobody may read."""


async def test_a_crash_in_a_field_is_masked(doors: Doors) -> None:
    """Neither the client nor the log reads the message of a crash; one id ties the answer to the log's line."""

    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise CrashError("secret balance 432.10")

    broken = replace(doors.ports, directory=Broken())

    response = await with_operations(replace(doors, ports=broken), Operations(build_schema())).post(
        {"query": "{ offices { name } __typename }"}
    )

    assert (response.status_code, response.json()["data"]) == (200, {"offices": None, "__typename": "Query"})
    [error] = response.json()["errors"]
    assert error["message"] == "Une erreur est survenue de notre côté. Réessayez dans quelques instants."
    assert (error["extensions"]["code"], error["path"]) == ("INTERNAL", ["offices"])
    line, done = doors.log.lines
    assert (line["event"], line["request_id"]) == ("operation.crashed", error["extensions"]["requestId"])
    assert (done["event"], done["outcome"], done["request_id"]) == ("operation.done", "PARTIAL", line["request_id"])
    assert line["failure"][0]["class"].endswith("CrashError")
    assert "secret" not in response.text + doors.log.getvalue()


class Crashing(Operations):
    """An executor with a defect."""

    async def run(self, *_: object, **__: object) -> Executed:
        """Crashes."""
        raise CrashError("secret balance 432.10")


async def test_a_crash_outside_of_any_field_is_masked_too(doors: Doors) -> None:
    """500 with the same shape and headers as any refusal, in the client's language."""
    broken = with_operations(doors, Crashing(build_schema()))

    response = await broken.post(TYPENAME, headers={"Accept": G, "Accept-Language": "en"})

    assert response.status_code == 500
    assert response.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    [error] = response.json()["errors"]
    assert error["message"] == "Something went wrong on our side. Please try again in a moment."
    assert error["extensions"]["code"] == "INTERNAL"
    lines = doors.log.lines
    assert [line["event"] for line in lines] == ["request.crashed", "operation.done", "request.refused"]
    assert {line["request_id"] for line in lines} == {error["extensions"]["requestId"]}
    assert "secret" not in response.text + doors.log.getvalue()


async def test_a_refused_request_is_logged_without_what_it_held(doors: Doors) -> None:
    """The log tells the code and the id of the answer, and nothing that was sent."""
    response = await doors.post(None, content=b"hunter2")

    [line] = doors.log.lines
    assert (line["event"], line["code"], line["status"]) == ("request.refused", "BAD_JSON", 400)
    assert line["request_id"] == response.json()["errors"][0]["extensions"]["requestId"]
    assert "hunter2" not in doors.log.getvalue() + response.text


async def test_a_client_that_goes_away_while_it_sends_is_not_waited_for(doors: Doors) -> None:
    """Nothing runs for a request that never came whole."""
    exchange = Exchange(
        received=[{"type": "http.request", "body": b'{"query"', "more_body": True}], disconnects_after=0
    )

    await exchange.run(doors.app, "/graphql", method="POST", headers=[("Content-Type", "application/json")])

    assert (exchange.status, exchange.body) == (499, b"")
    assert doors.landlord.journal == []


async def test_an_answer_leaves_no_task_behind(doors: Doors) -> None:
    """The file cannot be had, so nobody waits for the leases any more: their call ends with the request."""
    doors.landlord.failing["tenants"] = UpstreamTimeoutError(Call(SourceSystem.RENT_ERP, "tenants"))
    doors.landlord.held["leases_of"] = asyncio.Event()

    answer = await doors.ask("{ viewer { tenant { leases { id } } } }")

    assert answer["data"] == {"viewer": {"tenant": None}}
    assert len(doors.landlord.calls("leases_of")) == 1
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_the_day_of_an_answer_is_that_of_paris(doors: Doors) -> None:
    """Ten minutes past midnight in Paris it is tomorrow, though not yet in Greenwich."""
    query = "{ viewer { tenant { rentalAccounts { balance { on } } } } }"
    on = {}
    for minutes in (-10, 20):
        doors.clock.now = MIDNIGHT + timedelta(minutes=minutes)
        answer = await doors.ask(query)
        [account] = answer["data"]["viewer"]["tenant"]["rentalAccounts"]
        on[minutes] = account["balance"]["on"]

    assert on == {-10: "2026-03-17", 20: "2026-03-18"}


async def test_an_operation_that_ignores_its_deadline_is_given_up(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever keeps it, the client has an answer, and nothing goes on behind it."""
    monkeypatch.setattr("gateway.http.exchange.GRACE_SECONDS", 0.05)
    doors.landlord.held["editorial"] = asyncio.Event()
    operations = Operations(build_schema(), limits=by_view(PUBLIC.but({}, deadline_seconds=0.05), ANALYST))
    entrance = Entrance(clock=doors.clock, deadline_seconds=8, operations=operations)
    hurried = replace(doors, app=application(doors.parts, doors.ports, entrance))

    response = await hurried.post({"query": "{ advice { id } }"})

    assert response.status_code == 503
    assert response.json()["errors"][0]["extensions"]["code"] == "DEADLINE_EXCEEDED"


class Watched(Operations):
    """An executor that notes when it is asked to read, by a counter that everybody else moves."""

    def __init__(self) -> None:
        super().__init__(build_schema())
        self.turns = 0
        self.read_at: list[int] = []

    def prepare(self, *asked: Any, **options: Any) -> Prepared | Rejected:
        """Prepares."""
        self.read_at.append(self.turns)
        return super().prepare(*asked, **options)


async def test_new_documents_leave_the_loop_to_others_between_them(doors: Doors) -> None:
    """Each takes milliseconds to read: of ten that come together, no two are read in one turn."""
    operations = Watched()
    watched = with_operations(doors, operations)

    async def others() -> None:
        while True:
            operations.turns += 1
            await asyncio.sleep(0)

    meanwhile = asyncio.create_task(others())
    questions = [{"query": f"{{ a{number}: __typename }}"} for number in range(10)]
    answers = await asyncio.gather(*(watched.post(question) for question in questions))
    meanwhile.cancel()

    assert {answer.status_code for answer in answers} == {200}
    assert len(set(operations.read_at)) == 10
