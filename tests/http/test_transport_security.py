"""A browser that has been here over https never comes back without it."""

import pytest
from starlette.types import Receive, Scope, Send

from gateway.http.transport_security import StrictTransport
from tests.support.asgi import Exchange
from tests.support.doors import Doors

PATHS = [("POST", "/graphql"), ("GET", "/graphql"), ("GET", "/documents/x"), ("GET", "/livez"), ("GET", "/nowhere")]


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_every_answer_demands_https(method: str, path: str, doors: Doors) -> None:
    """Whatever is asked, once, and for this host alone."""
    exchange = Exchange(received=[{"type": "http.request"}])

    await exchange.run(StrictTransport(doors.app), path, method=method)

    headers = [value for name, value in exchange.sent[0]["headers"] if name == b"strict-transport-security"]
    assert headers == [b"max-age=31536000"]


async def test_the_rest_of_an_answer_is_as_it_was(doors: Doors) -> None:
    """Body and status pass through."""
    exchange = Exchange(received=[{"type": "http.request"}])

    await exchange.run(StrictTransport(doors.app), "/livez")

    assert (exchange.status, exchange.body, exchange.is_complete) == (200, b'{"status":"alive"}', True)


async def test_what_is_no_request_passes_unchanged() -> None:
    """A server's own messages have no headers."""
    sent = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "lifespan.startup.complete"})

    async def send(message: object) -> None:
        sent.append(message)

    async def receive() -> dict[str, str]:
        return {"type": "lifespan.startup"}

    await StrictTransport(app)({"type": "lifespan"}, receive, send)

    assert sent == [{"type": "lifespan.startup.complete"}]
