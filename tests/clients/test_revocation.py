"""A subscription ends with its session, and no client comes back with a token that opens nothing."""

import pytest

from tests.clients.scripts import Scripts
from tests.support.client import document_of
from tests.support.gateway import RunningGateway, credentials_of

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("clients")]

WITHIN_SECONDS, SLACK_SECONDS = 2, 1


def test_clients_are_told_that_the_session_has_ended_and_stay_away(by_audit: RunningGateway, scripts: Scripts) -> None:
    """Within two seconds of signing out elsewhere, each says so, after the one connection that it had."""
    reference, password = credentials_of("plain")

    lines = scripts.run(
        "revoked",
        url=f"{by_audit.url}/graphql",
        credentials={"accountReference": reference, "password": password, "channel": "MOBILE"},
        documents={
            "signIn": document_of("sign_in"),
            "signOut": "mutation SignOut { signOut { ... on SignOutSuccess { at } } }",
            "changes": "subscription SourceChanges { sourceStatusChanged { system health } }",
        },
    )

    assert [line["client"] for line in lines if line["seconds"] > WITHIN_SECONDS + SLACK_SECONDS] == []
    assert {line["client"]: line["told"] for line in lines} == {
        "apollo": {"codes": ["SESSION_ENDED"]},
        "urql": {"codes": ["SESSION_ENDED"]},
        "events": {"codes": ["SESSION_ENDED"]},
        "sockets": {"code": 4401, "reason": "SESSION_ENDED: the session has ended; sign in again"},
    }
    assert [line["connections"] for line in lines] == [1] * 4
