"""Whatever a client sends on a socket: an answer or a code, and the next client is served."""

import asyncio
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.streaming.conftest import Station
from tests.http.streaming.sockets import Socket, opened

CODES = {1009, 4400, 4401, 4409, 4429}

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
types = st.sampled_from(["connection_init", "ping", "pong", "subscribe", "complete", "next", "error", "start", ""])
queries = st.sampled_from(
    ["{ hello }", "subscription { ticks { number } }", "subscription { until(last: 3) { number } }"]
)
payloads = values | st.fixed_dictionaries(
    {"query": queries | st.text()}, optional={"variables": values, "operationName": values, "extensions": values}
)
messages = st.fixed_dictionaries(
    {"type": types | values}, optional={"id": st.sampled_from(["a", "b", ""]) | values, "payload": payloads}
)
frames = messages.map(json.dumps) | values.map(json.dumps) | st.text() | st.binary()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(frames, max_size=6), begins=st.booleans())
async def test_anything_has_an_answer_or_a_code(sent: list[str | bytes], *, begins: bool, air: Station) -> None:
    """And nothing of it is left when the client is gone."""
    async with opened(air.app) as socket:
        await socket.take()
        for frame in ['{"type": "connection_init"}', *sent] if begins else sent:
            _send(socket, frame)
        socket.say({"type": "ping", "payload": {"last": True}})

        told = await _told(socket)

    assert told == {"type": "pong", "payload": {"last": True}} or told in CODES
    await air.until(lambda: air.feed.listeners == 0)


async def _told(socket: Socket) -> Any:
    """The answer to the last message, or the code that the socket was closed with before."""
    async with asyncio.timeout(5):
        while True:
            message = await socket.take()
            if message["type"] == "websocket.close":
                return int(message["code"])
            heard = json.loads(message["text"])
            if heard.get("payload") == {"last": True}:
                return heard


def _send(socket: Socket, frame: str | bytes) -> None:
    if isinstance(frame, bytes):
        socket.say_bytes(frame)
    else:
        socket.say_text(frame)
