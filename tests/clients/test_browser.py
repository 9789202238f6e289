"""The web account in a browser: the cookie works on every transport, and for our own pages only."""

import pytest

from tests.clients.scripts import Scripts
from tests.support.client import document_of
from tests.support.gateway import RunningGateway, credentials_of

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("clients")]

WHO = "query Who { viewer { roles channel } }"
SIGN_OUT = "mutation SignOut { signOut { ... on SignOutSuccess { at } } }"
SOMEBODY = {"data": {"viewer": {"roles": ["TENANT"], "channel": "WEB"}}}


def test_a_browser_s_session_is_good_everywhere_and_only_from_our_pages(
    by_audit: RunningGateway, scripts: Scripts
) -> None:
    """HTTP, an event stream and a WebSocket carry it; another site's page gets nowhere with it; it ends on request."""
    reference, password = credentials_of("plain")

    lines = scripts.run(
        "browser",
        url=f"{by_audit.url}/graphql",
        credentials={"accountReference": reference, "password": password},
        documents={"signIn": document_of("sign_in"), "who": WHO, "signOut": SIGN_OUT},
    )

    streamed: dict[str, object] = {**SOMEBODY, "errors": [], "fault": None}
    refused = {"data": None, "codes": ["CSRF_EVIDENCE_MISSING"]}
    assert {line.pop("step"): line for line in map(dict, lines)} == {
        "sign in": {
            "status": 200,
            "tokens": None,
            "cookies": [
                "__Host-gw_did; HttpOnly; Max-Age=31536000; Path=/; SameSite=strict; Secure",
                "__Host-gw_sid; HttpOnly; Path=/; SameSite=strict; Secure",
            ],
        },
        "from our page": {"status": 200, **SOMEBODY, "codes": []},
        "without evidence": {"status": 403, **refused},
        "from another site": {"status": 403, "data": None, "codes": ["ORIGIN_NOT_ALLOWED"]},
        "events": streamed,
        "events without evidence": {
            "data": None,
            "errors": [{"path": None, "code": "CSRF_EVIDENCE_MISSING"}],
            "fault": "HTTP 403",
        },
        "socket": streamed,
        "socket from another site": {"status": 403},
        "socket without an origin": {"status": 403},
        "sign out": {"status": 200, "cookies": ['__Host-gw_sid=""']},
        "afterwards": {"status": 200, "data": {"viewer": None}, "codes": []},
    }
