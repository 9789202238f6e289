"""Each policy has one status and one media type for each kind of answer, and the audit's is what we always had."""

import json
from typing import Any

import pytest

from gateway.domain.source import SourceSystem
from gateway.http.admission import Admission
from gateway.http.exchange import Answer
from gateway.http.refusals import RequestRefusedError
from gateway.http.statuses import StatusPolicy, head_of, head_of_refusal
from gateway.ports.errors import Call, UpstreamTimeoutError
from tests.support.doors import Doors
from tests.support.registering import with_registered

G, J = "application/graphql-response+json", "application/json"


def failing(*codes: str) -> list[dict[str, Any]]:
    """Errors of an answer."""
    return [{"message": "", "extensions": {"code": code}} for code in codes]


WHOLE = Answer(True, {"a": 1}, [])
PARTIAL = Answer(True, {"a": None}, failing("SOURCE_TIMEOUT"))
EMPTY = Answer(True, None, failing("SOURCE_TIMEOUT"))

ANSWERS: list[tuple[str, Answer, tuple[int, int], tuple[int, int]]] = [
    ("whole", WHOLE, (200, 200), (200, 200)),
    ("partial", PARTIAL, (200, 200), (294, 200)),
    ("without any data", EMPTY, (200, 200), (294, 200)),
    *(
        (code, Answer(False, None, failing(code)), (400, 200), (draft, draft))
        for code, draft in [
            ("GRAPHQL_PARSE_FAILED", 400),
            ("GRAPHQL_VALIDATION_FAILED", 422),
            ("GRAPHQL_INVALID_VARIABLES", 422),
            ("GRAPHQL_DOCUMENT_TOO_COMPLEX", 422),
            ("OPERATION_NAME_REQUIRED", 422),
            ("OPERATION_NOT_FOUND", 422),
            ("ONE_MUTATION_PER_REQUEST", 422),
            ("PERSISTED_QUERY_NOT_FOUND", 422),
            ("PERSISTED_QUERY_REQUIRED", 403),
            ("INTROSPECTION_NOT_ALLOWED", 403),
            ("NOT_SIGNED_IN", 403),
        ]
    ),
]


@pytest.mark.parametrize(("answer", "audit", "draft"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
def test_an_answer_has_the_status_of_its_policy(answer: Answer, audit: tuple[int, int], draft: tuple[int, int]) -> None:
    """For clients of the newer type, and of plain JSON; in the draft what is not 2xx is never sent as plain JSON."""
    assert head_of(answer, G, StatusPolicy.AUDIT) == (audit[0], G)
    assert head_of(answer, J, StatusPolicy.AUDIT) == (audit[1], J)
    assert head_of(answer, G, StatusPolicy.DRAFT) == (draft[0], G)
    assert head_of(answer, J, StatusPolicy.DRAFT) == (draft[1], J if draft[1] == 200 else G)


@pytest.mark.parametrize(
    ("status", "code", "draft"),
    [
        (400, "BAD_JSON", 400),
        (400, "BAD_REQUEST", 422),
        (400, "PERSISTED_QUERY_HASH_MISMATCH", 422),
        (400, "TWO_CREDENTIALS", 400),
        (401, "SESSION_ENDED", 401),
        (403, "CSRF_EVIDENCE_MISSING", 403),
        (405, "METHOD_NOT_ALLOWED", 405),
        (406, "NOT_ACCEPTABLE", 406),
        (408, "BODY_TOO_SLOW", 408),
        (413, "BODY_TOO_LARGE", 413),
        (414, "URI_TOO_LONG", 414),
        (415, "UNSUPPORTED_MEDIA_TYPE", 415),
        (500, "INTERNAL", 500),
        (503, "DEADLINE_EXCEEDED", 503),
    ],
)
@pytest.mark.parametrize("accepted", [G, J])
def test_a_refusal_has_the_status_of_its_policy(status: int, code: str, draft: int, accepted: str) -> None:
    """JSON that is no request is 400 or 422; everything else has the status that HTTP has for it."""
    refusal = RequestRefusedError(status, code, "no")

    assert head_of_refusal(refusal, accepted, StatusPolicy.AUDIT) == (status, accepted)
    assert head_of_refusal(refusal, accepted, StatusPolicy.DRAFT) == (draft, G)


DOOR: list[tuple[dict[str, Any], str, int, str]] = [
    ({"query": "{ __typename }"}, "whole", 200, J),
    ({"query": "{ offices { name } __typename }"}, "SOURCE_TIMEOUT", 200, J),
    ({"query": "{"}, "GRAPHQL_PARSE_FAILED", 400, G),
    ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED", 422, G),
    ({"query": "query($id: ID!) { node(id: $id) { id } }"}, "GRAPHQL_INVALID_VARIABLES", 422, G),
    ({"query": "mutation { dismissPasswordRenewal { __typename } }"}, "NOT_SIGNED_IN", 403, G),
    ({"documentId": "0" * 64}, "PERSISTED_QUERY_NOT_FOUND", 422, G),
    ({"qeury": "{ __typename }"}, "BAD_REQUEST", 422, G),
]


@pytest.mark.parametrize(("body", "code", "status", "sent_type"), DOOR, ids=[code for _, code, _, _ in DOOR])
@pytest.mark.parametrize("accepted", [G, J])
async def test_the_door_keeps_to_the_draft(
    body: dict[str, Any], code: str, status: int, sent_type: str, accepted: str, doors: Doors
) -> None:
    """Status, type and code as the policy has them, with the body that they promise."""
    doors.landlord.failing["offices"] = UpstreamTimeoutError(Call(SourceSystem.DIRECTORY, "offices"))
    drafted = with_registered(doors, policy=StatusPolicy.DRAFT)

    response = await drafted.post(body, headers={"Accept": accepted})

    answer = response.json()
    is_partial = code == "SOURCE_TIMEOUT" and accepted == G
    assert response.status_code == (294 if is_partial else status)
    assert response.headers["content-type"] == f"{accepted if status == 200 else sent_type}; charset=utf-8"
    assert ("data" in answer) == (status == 200)
    assert [error["extensions"]["code"] for error in answer.get("errors", [])] == [code] * (code != "whole")


async def test_a_refusal_keeps_its_headers_in_the_draft(doors: Doors) -> None:
    """As the one that says how to sign in."""
    drafted = with_registered(doors, policy=StatusPolicy.DRAFT, admission=Admission(is_open=False))

    response = await drafted.post({"query": "{ __typename }"}, headers={"Authorization": "Bearer x"})

    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    assert json.loads(response.content)["errors"][0]["extensions"]["code"] == "SESSION_ENDED"
