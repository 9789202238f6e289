"""A session that is ended on one gateway hears nothing more from another, on whichever transport it listens there."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.support.client import question
from tests.support.gateway import RunningGateway
from tests.support.guessing import Target, bystander, sign_in
from tests.support.replicas import Site, running_replicas

pytestmark = [pytest.mark.servers, pytest.mark.postgres, pytest.mark.xdist_group("replicas")]

WITHIN_SECONDS = 2.0
FOLLOW = "subscription { sourceStatusChanged { system } }"
SIGN_OUT = "mutation { signOut { ... on SignOutSuccess { at } } }"

Open = Callable[[], object]
"""To be called by a listener once it is connected."""


@pytest.fixture(scope="module")
def elsewhere(on_postgres: RunningGateway) -> Iterator[RunningGateway]:
    """A second gateway on the database of the first."""
    settings = {"GATEWAY_DATABASE_URL": on_postgres.database_url}
    with running_replicas(Site(on_postgres.systems, on_postgres.folder, settings, on_postgres.staff), 1) as gateways:
        yield gateways[0]


def on_a_socket(gateway: RunningGateway, bearer: str, is_open: Open) -> str:
    """The code and reason of the close."""
    url = f"ws://127.0.0.1:{gateway.port}/graphql"
    with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as client:
        client.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {bearer}"}}))
        assert json.loads(client.recv(10)) == {"type": "connection_ack"}
        client.send(json.dumps({"id": "a", "type": "subscribe", "payload": {"query": FOLLOW}}))
        is_open()
        with pytest.raises(ConnectionClosedError):
            client.recv(30)
        return f"{client.close_code} {client.close_reason}"


def in_events(gateway: RunningGateway, bearer: str, is_open: Open) -> str:
    """What was told before the end."""
    return _streamed(gateway, bearer, "text/event-stream", is_open)


def in_parts(gateway: RunningGateway, bearer: str, is_open: Open) -> str:
    """What was told before the end."""
    return _streamed(gateway, bearer, "multipart/mixed;subscriptionSpec=1.0, application/json", is_open)


def _streamed(gateway: RunningGateway, bearer: str, accept: str, is_open: Open) -> str:
    headers = {"Accept": accept, "Authorization": f"Bearer {bearer}"}
    asked = question(FOLLOW, {})
    with httpx.stream("POST", f"{gateway.url}/graphql", json=asked, headers=headers, timeout=30) as response:
        assert response.headers["content-type"].startswith(accept.partition(";")[0])
        pieces = response.iter_text()
        next(pieces)
        is_open()
        return "".join(pieces)


TRANSPORTS = (on_a_socket, in_events, in_parts)


def bearer_of(gateway: RunningGateway, target: Target) -> str:
    """A new session in the application."""
    return str(sign_in(gateway, target.attempt()).json()["data"]["signIn"]["tokens"]["accessToken"])


def test_a_session_that_is_ended_here_hears_nothing_more_elsewhere_within_two_seconds(
    on_postgres: RunningGateway, elsewhere: RunningGateway
) -> None:
    """Its socket is closed, and its streams end, each with the reason (S2)."""
    bearer = bearer_of(elsewhere, bystander(17))
    opened = threading.Barrier(len(TRANSPORTS) + 1)

    def listen(transport: Callable[[RunningGateway, str, Open], str]) -> tuple[str, float]:
        told = transport(elsewhere, bearer, lambda: opened.wait(30))
        return told, time.monotonic()

    with ThreadPoolExecutor(max_workers=len(TRANSPORTS)) as pool:
        listening = [pool.submit(listen, transport) for transport in TRANSPORTS]
        opened.wait(30)
        on_postgres.http.post(
            f"{on_postgres.url}/graphql", json=question(SIGN_OUT, {}), headers={"Authorization": f"Bearer {bearer}"}
        )
        ended_at = time.monotonic()
        told = [one.result(30) for one in listening]

    assert [text.count("SESSION_ENDED") for text, _ in told] == [1, 1, 1]
    assert told[0][0].startswith("4401 ")
    assert max(over_at for _, over_at in told) - ended_at < WITHIN_SECONDS
