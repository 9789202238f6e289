"""The media type of an answer is the one the client likes best."""

import pytest

from gateway.http.negotiation import ANSWERS, GRAPHQL_RESPONSE, JSON, Offer, answer_type
from tests.support.doors import Doors

G, J = GRAPHQL_RESPONSE, JSON

MATRIX = [
    (None, J),
    ("", J),
    ("  ", J),
    ("*/*", J),
    ("*/*;q=0.1", J),
    ("application/*", G),
    (J, J),
    (G, G),
    (f"{G}, {J}", G),
    (f"{J}, {G}", J),
    (f"{J};q=0.9, {G}", G),
    (f"{G};q=0.9, {J}", J),
    (f"{G};q=0.5, {J};q=0.5", G),
    (f"{J};q=0.5, {G};q=0.5", J),
    (f"{G};q=0.001, text/html", G),
    (f"{G};q=0, {J}", J),
    (f"{G};q=0, */*", J),
    (f"{J};q=0, */*", G),
    (f"{J};q=0, {G};q=0, */*", None),
    (f"{J};q=0", None),
    ("application/*;q=0.5, application/json;q=0.1", G),
    ("application/*;q=0", None),
    (f"text/html, application/*;q=0.2, {J};q=0.3", J),
    ("text/html", None),
    ("text/event-stream", None),
    (f"text/event-stream, {G}", G),
    ("application/xml", None),
    ("APPLICATION/JSON", J),
    (f" {G} ; q=1.0 , text/html", G),
    (f"{G}; charset=utf-8", G),
    (f'{G}; charset="UTF-8"', G),
    (f"{G}; charset=utf-16", None),
    (f"{G}; charset=utf-16, {J}", J),
    (f"{G}; profile=x", G),
    (f"{J};q=nonsense", None),
    (f"{J};q=nan", None),
    (f"{J};q=7", J),
    (f"{J};q=-1", None),
    (f"{J};q=", None),
    (",,,", None),
    (";q=1", None),
]


@pytest.mark.parametrize(("accept", "expected"), MATRIX)
def test_the_best_liked_of_two_types_is_chosen(accept: str | None, expected: str | None) -> None:
    """Weights count first, then how closely a type is named, then the order; nothing acceptable is nothing."""
    assert answer_type(accept) == expected


STREAM = Offer("text/event-stream", by_name=True)
PARTS = Offer("multipart/mixed", by_name=True, parameters=frozenset({("spec", "1.0")}))


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/event-stream", STREAM.type),
        ("text/event-stream;q=0.5", STREAM.type),
        ("text/event-stream;q=0", None),
        ("text/*", None),
        ("*/*", J),
        ("application/*", G),
        (None, J),
        (f"text/event-stream, {J}", STREAM.type),
        (f"{J}, text/event-stream", J),
        (f"{G}, {J}, text/event-stream, multipart/mixed;spec=1.0", G),
        ("*/*, text/event-stream;q=0.1", J),
        ("multipart/mixed", None),
        ("multipart/mixed;spec=2.0", None),
        (f"multipart/mixed;spec=2.0, {J}", J),
        ("multipart/mixed;boundary=graphql;spec=1.0", PARTS.type),
        ('multipart/mixed; Spec="1.0"; boundary="-"', PARTS.type),
        (f"multipart/mixed;spec=1.0;q=0.9, {J}", J),
        (f"multipart/mixed;spec=1.0, {J}", PARTS.type),
    ],
)
def test_a_stream_is_for_clients_that_name_it(accept: str | None, expected: str | None) -> None:
    """Whoever takes anything gets plain JSON, and whoever names another edition of a type does not get this one."""
    assert answer_type(accept, offers=(*ANSWERS, STREAM, PARTS)) == expected


async def test_a_client_that_accepts_neither_is_told_what_there_is(doors: Doors) -> None:
    """406, in JSON all the same, so that the reason can be read."""
    response = await doors.post({"query": "{ __typename }"}, headers={"Accept": "text/html"})

    assert response.status_code == 406
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    [error] = response.json()["errors"]
    assert error["message"] == "accept application/graphql-response+json or application/json"
    assert error["extensions"]["code"] == "NOT_ACCEPTABLE"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (G, "application/graphql-response+json; charset=utf-8"),
        (J, "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
    ],
)
async def test_the_answer_names_its_type_and_charset(accept: str, content_type: str, doors: Doors) -> None:
    """Nobody has to guess an encoding."""
    response = await doors.post({"query": "{ __typename }"}, headers={"Accept": accept})

    assert (response.status_code, response.headers["content-type"]) == (200, content_type)
    assert response.json() == {"data": {"__typename": "Query"}}
