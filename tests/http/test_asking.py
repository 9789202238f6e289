"""What a request asks for is exactly one thing, in whatever form it is asked for, or the request is refused."""

import hashlib
import json
from typing import Any

import pytest
from starlette.requests import Request

from gateway.http.asking import MAX_QUERY_BYTES, asked_in, asked_of
from gateway.http.refusals import RequestRefusedError
from gateway.schema.documents import Asked
from tests.support.doors import Doors

TEXT = "{ a }"
SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()
SHA1 = hashlib.sha1(TEXT.encode(), usedforsecurity=False).hexdigest()
MD5 = hashlib.md5(TEXT.encode(), usedforsecurity=False).hexdigest()
OTHER = hashlib.sha256(b"{ b }").hexdigest()


def apq(sha256: object, version: object = 1) -> dict[str, Any]:
    """The extensions of automatic persisted queries."""
    return {"extensions": {"persistedQuery": {"version": version, "sha256Hash": sha256}}}


def refusal(root: object) -> tuple[int, str, str]:
    """Status, code and message of the refusal of decoded parameters."""
    with pytest.raises(RequestRefusedError) as raised:
        asked_in(root)
    return raised.value.status, raised.value.code, str(raised.value)


def test_a_request_is_put_into_one_form() -> None:
    """Document, name and variables arrive as they were sent; unknown keys and extensions are ignored."""
    root = {
        "query": "query A { a }",
        "operationName": "A",
        "variables": {"é": [1, None]},
        "extensions": {"tracing": True},
        "id": "A",
        "x": 1,
    }

    assert asked_in(root) == Asked("query A { a }", "A", {"é": [1, None]})


@pytest.mark.parametrize(
    "absent",
    [
        {},
        {"operationName": None, "variables": None, "extensions": None, "documentId": None, "doc_id": None},
        {"operationName": "", "documentId": "", "doc_id": ""},
        {"extensions": {"persistedQuery": None}},
        {"extensions": {"cost": False}},
    ],
)
def test_all_but_the_document_may_be_left_out(absent: dict[str, Any]) -> None:
    """Null and absent are the same, and so is an empty text, which some clients send."""
    assert asked_in({"query": TEXT, **absent}) == Asked(TEXT, None, {})


def test_the_cost_is_asked_for_by_an_extension() -> None:
    """Only a plain true asks for it."""
    assert asked_in({"query": TEXT, "extensions": {"cost": True}}).wants_cost
    assert not asked_in({"query": TEXT, "extensions": {"cost": "yes"}}).wants_cost


@pytest.mark.parametrize(
    ("form", "document_id"),
    [
        ({"documentId": f"sha256:{SHA256}"}, SHA256),
        ({"documentId": SHA256}, SHA256),
        (apq(SHA256), SHA256),
        ({"doc_id": SHA256}, SHA256),
        ({"doc_id": SHA1}, SHA1),
        ({"doc_id": MD5}, MD5),
        ({"documentId": f"sha256:{SHA256}", "doc_id": SHA256, **apq(SHA256)}, SHA256),
        ({"query": None, "documentId": SHA256}, SHA256),
        ({"query": "", "documentId": SHA256}, SHA256),
    ],
)
def test_a_document_is_asked_for_by_its_hash_in_any_form(form: dict[str, Any], document_id: str) -> None:
    """As the appendix of GraphQL over HTTP has it, or Apollo, urql and Relay; in several forms only if they agree."""
    assert asked_in(form) == Asked(None, None, {}, document_id)


@pytest.mark.parametrize(
    ("form", "document_id"),
    [({"documentId": f"sha256:{SHA256}"}, SHA256), (apq(SHA256), SHA256), ({"doc_id": MD5}, None)],
)
def test_a_text_may_come_with_its_hash(form: dict[str, Any], document_id: str | None) -> None:
    """The hash is checked; a weaker one than SHA-256 then names nothing that is remembered."""
    assert asked_in({"query": TEXT, **form}) == Asked(TEXT, None, {}, document_id)


@pytest.mark.parametrize(
    "form", [{"documentId": f"sha256:{OTHER}"}, apq(OTHER), {"doc_id": "0" * 32}, {"doc_id": "0" * 40}]
)
def test_a_hash_of_another_text_is_refused(form: dict[str, Any]) -> None:
    """Whoever could name a text as they like would choose what others run."""
    told = (400, "PERSISTED_QUERY_HASH_MISMATCH", "the hash is that of another document")

    assert refusal({"query": TEXT, **form}) == told


NOT_ONE = "a request is one JSON object; batches are not served"
NO_DOCUMENT = "query is the text of a GraphQL document, or documentId the hash of one"
NO_HASH = "a document is named by the hash of its text in lower-case hexadecimal digits"
BAD: dict[str, tuple[object, str]] = {
    "a number": (123, NOT_ONE),
    "a string": ("x", NOT_ONE),
    "null": (None, NOT_ONE),
    "a batch": ([{"query": TEXT}], NOT_ONE),
    "an empty batch": ([], NOT_ONE),
    "nothing": ({}, NO_DOCUMENT),
    "a mistyped key": ({"qeury": TEXT}, NO_DOCUMENT),
    "an id that some clients of Relay send for logs": ({"id": SHA256}, NO_DOCUMENT),
    "a null query": ({"query": None}, NO_DOCUMENT),
    "an empty query": ({"query": ""}, NO_DOCUMENT),
    "a query that is a list": ({"query": [TEXT]}, "query is a string or null"),
    "a query that is zero": ({"query": 0}, "query is a string or null"),
    "a query that is false": ({"query": False}, "query is a string or null"),
    "a name that is a number": ({"query": TEXT, "operationName": 1}, "operationName is a string or null"),
    "variables that are a list": ({"query": TEXT, "variables": []}, "variables is an object or null"),
    "variables that are a string": ({"query": TEXT, "variables": "{}"}, "variables is an object or null"),
    "variables that are zero": ({"query": TEXT, "variables": 0}, "variables is an object or null"),
    "extensions that are true": ({"query": TEXT, "extensions": True}, "extensions is an object or null"),
    "an id that is a number": ({"documentId": 1}, "documentId is a string or null"),
    "an id of another length": ({"documentId": "abc"}, NO_HASH),
    "an id in capitals": ({"documentId": SHA256.upper()}, NO_HASH),
    "an id that is no hexadecimal": ({"documentId": "g" * 64}, NO_HASH),
    "an id with another prefix": ({"documentId": f"md5:{MD5}"}, NO_HASH),
    "a Relay id with a prefix": ({"doc_id": f"sha256:{SHA256}"}, NO_HASH),
    "two ids": ({"documentId": SHA256, "doc_id": OTHER}, "the request names two documents"),
    "two ids of one text": ({"documentId": SHA256, "doc_id": MD5}, "the request names two documents"),
    "two ids, one in the extensions": ({"documentId": SHA256, **apq(OTHER)}, "the request names two documents"),
    "a persisted query of version 2": (apq(SHA256, 2), "persistedQuery is of version 1"),
    "a persisted query of a version that is true": (apq(SHA256, True), "persistedQuery is of version 1"),
    "a persisted query that is a text": (
        {"extensions": {"persistedQuery": SHA256}},
        "persistedQuery is an object or null",
    ),
    "a persisted hash that is a number": (apq(7), "sha256Hash is a string or null"),
    "a persisted query without a hash": (apq(None), NO_DOCUMENT),
}


@pytest.mark.parametrize(("root", "message"), BAD.values(), ids=BAD)
def test_what_is_not_exactly_one_request_is_refused(root: object, message: str) -> None:
    """The client learns what is wrong with the form; nothing it sent is repeated."""
    assert refusal(root) == (400, "BAD_REQUEST", message)


async def test_the_door_answers_what_it_refuses(doors: Doors) -> None:
    """400 with a stable code, also for clients of plain JSON."""
    answers = {name: await doors.post(root) for name, (root, _) in BAD.items()}

    told = {
        name: (
            answer.status_code,
            answer.json()["errors"][0]["extensions"]["code"],
            answer.json()["errors"][0]["message"],
        )
        for name, answer in answers.items()
    }
    assert told == {name: (400, "BAD_REQUEST", message) for name, (_, message) in BAD.items()}


async def by_get(query: bytes, **headers: str) -> Asked:
    """What a GET with that query string asks for; with evidence unless `headers` say otherwise."""
    sent = {"x-gw-client": "web"} | headers
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/graphql",
        "query_string": query,
        "headers": [(name.encode(), text.encode()) for name, text in sent.items() if text],
    }
    return await asked_of(Request(scope), seconds=1)


async def test_a_get_asks_for_registered_documents_only() -> None:
    """All parameters are taken from the address; empty ones and unknown ones are not there."""
    asked = await by_get(
        f"documentId=sha256:{SHA256}&operationName=A&variables=%7B%22x%22%3A+%22%C3%A9+1%22%7D"
        "&extensions=&utm=1&utm=2&raw".encode()
    )

    assert asked == Asked(None, "A", {"x": "é 1"}, SHA256, only_registered=True)
    assert await by_get(b"query=%7B+a+%7D&operationName=null") == Asked(TEXT, "null", {}, only_registered=True)
    assert await by_get(b"query=%7B+a+%7D&extensions=null") == Asked(TEXT, None, {}, only_registered=True)


@pytest.mark.parametrize(
    "evidence", ["x-gw-client", "apollo-require-preflight", "graphql-require-preflight", "x-apollo-operation-name"]
)
async def test_a_get_needs_a_header_that_no_other_page_can_send(evidence: str) -> None:
    """A link or an image of another site is no request of ours."""
    assert await by_get(b"query=%7B+a+%7D", **{"x-gw-client": "", evidence: "1"}) == Asked(
        TEXT, None, {}, only_registered=True
    )

    with pytest.raises(RequestRefusedError) as raised:
        await by_get(b"query=%7B+a+%7D", **{"x-gw-client": ""})

    assert (raised.value.status, raised.value.code) == (403, "CSRF_EVIDENCE_MISSING")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        (b"query=%7Ba%7D&query=%7Bb%7D", 400, "BAD_REQUEST"),
        (b"query=%7Ba%7D&variables=%7B%7D&variables=%7B%7D", 400, "BAD_REQUEST"),
        (b"query=%7Ba%7D&variables=nonsense", 400, "BAD_JSON"),
        (b"query=%7Ba%7D&extensions=%7B%22a%22%3ANaN%7D", 400, "BAD_JSON"),
        (b"query=%7Ba%7D&variables=%5B1%5D", 400, "BAD_REQUEST"),
        (b"query=%FF", 400, "BAD_REQUEST"),
        (b"query=\xff", 400, "BAD_REQUEST"),
        (b"&".join([b"a=1"] * 101), 400, "BAD_REQUEST"),
        (b"", 400, "BAD_REQUEST"),
        (b"documentId=1", 400, "BAD_REQUEST"),
        (b"query=" + b"a" * (MAX_QUERY_BYTES - 5), 414, "URI_TOO_LONG"),
    ],
)
async def test_a_bad_address_is_refused(query: bytes, status: int, code: str) -> None:
    """With a code for each fault, and before anything is looked up."""
    with pytest.raises(RequestRefusedError) as raised:
        await by_get(query)

    assert (raised.value.status, raised.value.code) == (status, code)


async def test_the_longest_address_is_served() -> None:
    """The limit itself is still allowed."""
    text = "a" * (MAX_QUERY_BYTES - 6)

    assert (await by_get(f"query={text}".encode())).source == text


async def test_a_request_that_is_no_json_is_refused_by_its_type(doors: Doors) -> None:
    """Uploads come in no form, and nothing of them is read."""
    response = await doors.post(
        None,
        content=b'--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n' + json.dumps({}).encode(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )

    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
