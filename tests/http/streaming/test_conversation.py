"""`graphql-transport-ws` on one socket: every message has its answer, and a bad one its code."""

import asyncio
import hashlib
from typing import Any

import pytest

from gateway.http.authentication import COOKIE
from gateway.schema.build import build_schema
from gateway.schema.manifests import Listed
from gateway.schema.operations import Operations
from gateway.schema.registered import read_registered
from tests.http.streaming.conftest import Station, Terms, station
from tests.http.streaming.sockets import Socket, opened
from tests.support.doors import CAMILLE_TOKEN, PUBLIC_URL


async def test_a_subscription_is_answered_event_by_event(air: Station) -> None:
    """Each event is told when it happens, and the end after the last."""
    async with opened(air.app) as socket:
        await socket.greet()
        socket.subscribe("a", "subscription { ticks { number } }")
        air.feed.push(1)
        first = await socket.numbers("a", 1)
        air.feed.push(2, None)
        second = await socket.numbers("a", 1)

        assert (first, second) == ([1], [2])
        assert await socket.hear() == {"id": "a", "type": "complete"}
        await air.until(lambda: air.feed.listeners == 0)


async def test_operations_on_one_socket_do_not_wait_for_each_other(air: Station) -> None:
    """A query and a mutation are answered once while a subscription goes on."""
    async with opened(air.app) as socket:
        await socket.greet()
        socket.subscribe("s", "subscription { ticks { number } }")
        socket.subscribe("q", "query Q($name: String!) { hello(name: $name) }", variables={"name": "Noor"})
        heard = [await socket.hear(), await socket.hear()]
        socket.subscribe("m", "mutation { poke }")
        heard += [await socket.hear(), await socket.hear()]
        air.feed.push(7)

        assert heard == [
            {"id": "q", "type": "next", "payload": {"data": {"hello": "hello Noor"}}},
            {"id": "q", "type": "complete"},
            {"id": "m", "type": "next", "payload": {"data": {"poke": "ouch"}}},
            {"id": "m", "type": "complete"},
        ]
        assert await socket.numbers("s", 1) == [7]


async def test_what_is_wrong_with_one_operation_is_told_to_it_alone(air: Station) -> None:
    """A syntax error, an unknown field, document, variable or shape is an `error`; the others live on."""
    faulty: list[tuple[Any, str]] = [
        ({"query": "subscription {"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "subscription { nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"documentId": "0" * 64}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"query": "subscription S($last: Int!) { until(last: $last) { number } }"}, "GRAPHQL_INVALID_VARIABLES"),
        ({"query": "query Q($n: String!) { hello(name: $n) }"}, "GRAPHQL_INVALID_VARIABLES"),
        ({"query": "mutation M($s: Secret!) { unlock(secret: $s) }", "variables": {"s": "x"}}, "CREDENTIAL_ON_SOCKET"),
        ({"query": 5}, "BAD_REQUEST"),
        ({}, "BAD_REQUEST"),
        ([], "BAD_REQUEST"),
        (None, "BAD_REQUEST"),
    ]
    async with opened(air.app) as socket:
        await socket.greet()
        socket.subscribe("good", "subscription { ticks { number } }")
        heard = []
        for payload, _ in faulty:
            socket.say({"id": "bad", "type": "subscribe", "payload": payload})
            heard.append(await socket.hear())
        air.feed.push(1)

        assert [(one["id"], one["type"], one["payload"][0]["extensions"]["code"]) for one in heard] == [
            ("bad", "error", code) for _, code in faulty
        ]
        assert await socket.numbers("good", 1) == [1]


async def test_a_listener_who_stops_is_forgotten_at_once(air: Station) -> None:
    """`complete` ends the source, nothing more is told of it, and its id may be used again."""
    async with opened(air.app) as socket:
        await socket.greet()
        socket.subscribe("a", "subscription { ticks { number } }")
        air.feed.push(1)
        await socket.numbers("a", 1)

        socket.say({"id": "a", "type": "complete"})
        socket.say({"id": "unknown", "type": "complete"})
        socket.subscribe("a", "{ hello }")

        assert [(await socket.hear())["type"] for _ in range(2)] == ["next", "complete"]
        assert air.feed.listeners == 0
        assert air.figure("gateway_streams_closed_total", transport="websocket", ending="GONE") == 1


async def test_a_client_that_goes_away_leaves_nothing_behind(air: Station) -> None:
    """All its sources are closed at once."""
    async with opened(air.app) as socket:
        await socket.greet()
        for name in "abc":
            socket.subscribe(name, "subscription { ticks { number } }")
        await air.until(lambda: air.feed.listeners == 3)
        assert air.figure("gateway_streams", transport="websocket") == 3

        socket.leave()

        await air.until(lambda: air.feed.listeners == 0)
    assert air.figure("gateway_streams", transport="websocket") == 0
    assert air.figure("gateway_sockets_closed_total", by="client") == 1


async def test_pings_are_answered_before_and_after_the_beginning(air: Station) -> None:
    """With the payload they came with; a pong is not answered."""
    async with opened(air.app) as socket:
        await socket.take()
        socket.say({"type": "ping"})
        socket.say({"type": "pong"})
        early = await socket.hear()
        socket.say({"type": "connection_init"})
        await socket.hear()
        socket.say({"type": "pong", "payload": {}})
        socket.say({"type": "ping", "payload": {"at": 1}})

        assert early == {"type": "pong"}
        assert await socket.hear() == {"type": "pong", "payload": {"at": 1}}


INIT = {"type": "connection_init"}
BAD: dict[str, tuple[list[Any], int]] = {
    "no JSON": (["{"], 4400),
    "no object": (["[]"], 4400),
    "no type": (["{}"], 4400),
    "unknown type": (['{"type": "start"}'], 4400),
    "a message of ours": ([INIT, '{"type": "next", "id": "a"}'], 4400),
    "a type that is no text": (['{"type": ["ping"]}'], 4400),
    "a surrogate": (['{"type": "ping", "payload": {"\ud800": 1}}'], 4400),
    "deep": (["[" * 65], 4400),
    "a payload that is no object": (['{"type": "ping", "payload": 1}'], 4400),
    "no id": ([INIT, {"type": "subscribe", "payload": {"query": "{ hello }"}}], 4400),
    "an empty id": ([INIT, {"type": "complete", "id": ""}], 4400),
    "a long id": ([INIT, {"type": "complete", "id": "x" * 129}], 4400),
    "binary": ([b"{}"], 4400),
    "too large": (["x" * 65_537], 1009),
    "subscribing first": ([{"type": "subscribe", "id": "a", "payload": {"query": "{ hello }"}}], 4401),
    "beginning twice": ([INIT, INIT], 4429),
    "an id in use": (
        [INIT] + [{"type": "subscribe", "id": "a", "payload": {"query": "subscription { ticks { number } }"}}] * 2,
        4409,
    ),
}


@pytest.mark.parametrize(("messages", "code"), BAD.values(), ids=BAD)
async def test_what_is_no_message_closes_the_socket_with_its_code(messages: list[Any], code: int, air: Station) -> None:
    """The client is at fault, and is told how; nothing of what it said is repeated."""
    async with opened(air.app) as socket:
        await socket.take()
        for message in messages:
            _send(socket, message)
        for _ in range(messages.count(INIT) and 1):
            assert await socket.hear() == {"type": "connection_ack"}

        closed, reason = await socket.closed()

    assert closed == code
    assert 0 < len(reason.encode()) <= 123


def _send(socket: Socket, message: Any) -> None:
    match message:
        case str():
            socket.say_text(message)
        case bytes():
            socket.say_bytes(message)
        case _:
            socket.say(message)


async def test_what_a_source_cannot_go_on_with_is_an_error_of_its_operation(air: Station) -> None:
    """The last message of it; the socket lives."""
    async with opened(air.app) as socket:
        await socket.greet()
        socket.subscribe("a", "subscription { forgetful { number } }")
        first, last = await socket.hear(), await socket.hear()
        socket.subscribe("b", "{ hello }")

        assert (first["type"], last["type"]) == ("next", "error")
        assert last["payload"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"
        assert (await socket.hear())["id"] == "b"
    assert air.figure("gateway_streams_closed_total", transport="websocket", ending="FAILED") == 1


class Defective(Operations):
    """An executor with a defect."""

    def prepare(self, *_: Any, **__: Any) -> Any:
        """Is wrong."""
        raise ZeroDivisionError


async def test_a_defect_is_told_by_its_id_in_the_log(air: Station) -> None:
    """To the one operation, and without a word of it."""
    broken = station(air.doors, executor=Defective(build_schema()))
    async with opened(broken.app) as socket:
        await socket.greet()
        socket.subscribe("a", "{ hello }")
        heard = await socket.hear()

        [line] = [line for line in air.doors.log.lines if line["event"] == "request.crashed"]
        assert (heard["id"], heard["type"]) == ("a", "error")
        assert heard["payload"][0]["extensions"] == {"code": "INTERNAL", "requestId": line["request_id"]}
        assert "ZeroDivision" not in str(heard)


async def test_a_client_that_does_not_read_is_given_up(air: Station) -> None:
    """Its sources end, and nobody tries to say goodbye."""
    hasty = station(air.doors, Terms(write_seconds=0.05))
    async with opened(hasty.app) as socket:
        await socket.greet()
        socket.subscribe("a", "subscription { ticks { number } }")
        await hasty.until(lambda: hasty.feed.listeners == 1)
        socket.is_stuck = True
        hasty.feed.push(1)

        await hasty.until(lambda: hasty.feed.listeners == 0)
        await hasty.until(lambda: hasty.figure("gateway_sockets_closed_total", by="stalled") == 1)
    assert hasty.figure("gateway_streams_closed_total", transport="websocket", ending="STALLED") == 1


async def test_a_client_that_does_not_read_the_end_is_given_up(air: Station) -> None:
    """The close frame is a message like any other."""
    hasty = station(air.doors, Terms(write_seconds=0.05))
    async with opened(hasty.app) as socket:
        await socket.greet()
        socket.is_stuck = True
        socket.say_text("{")

        await hasty.until(lambda: hasty.figure("gateway_sockets_closed_total", by="stalled") == 1)


async def test_a_client_that_is_gone_when_it_is_answered_is_gone(air: Station) -> None:
    """Which the server may notice first as it writes."""
    async with opened(air.app) as socket:
        await socket.greet()
        socket.subscribe("a", "subscription { ticks { number } }")
        await air.until(lambda: air.feed.listeners == 1)
        socket.is_lost = True
        air.feed.push(1)

        await air.until(lambda: air.feed.listeners == 0)
    assert air.figure("gateway_sockets_closed_total", by="client") == 1


async def test_a_session_that_ends_between_two_looks_asks_for_nothing_more(air: Station) -> None:
    """An operation that comes before the socket is closed is refused, and not answered as a stranger's."""
    calm = station(air.doors, Terms(watch_seconds=5))
    async with opened(calm.app, ("Cookie", f"{COOKIE}={CAMILLE_TOKEN}"), ("Origin", PUBLIC_URL)) as socket:
        await socket.greet()
        air.doors.clock.forward(days=2)
        socket.subscribe("a", "{ hello }")

        heard = await socket.hear()
        assert heard["payload"][0]["extensions"]["code"] == "SESSION_ENDED"


async def test_what_an_answer_leaves_running_ends_with_it(air: Station) -> None:
    """Of each event, not of the stream; and of what is asked once."""
    before = asyncio.all_tasks()
    async with opened(air.app) as socket:
        await socket.greet()
        socket.subscribe("a", "subscription { ticks { number beside } }")
        await air.until(lambda: air.feed.listeners == 1)
        running = len(asyncio.all_tasks() - before)
        air.feed.push(1, 2, 3)
        await socket.numbers("a", 3)
        socket.subscribe("b", "{ beside }")
        assert [(await socket.hear())["type"] for _ in range(2)] == ["next", "complete"]

        await air.until(lambda: len(asyncio.all_tasks() - before) == running)


async def test_a_registered_document_is_asked_for_by_its_hash(air: Station) -> None:
    """In each of the forms that a POST takes."""
    source = "{ hello }"
    sha256 = hashlib.sha256(source.encode()).hexdigest()
    documents = air.streams.exchange.operations.documents
    documents.register(read_registered([Listed(sha256, "Hello", source)], documents.reader))
    forms: list[dict[str, Any]] = [
        {"documentId": f"sha256:{sha256}"},
        {"doc_id": sha256},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256}}},
    ]
    async with opened(air.app) as socket:
        await socket.greet()
        for form in forms:
            socket.say({"id": "a", "type": "subscribe", "payload": form})

            assert (await socket.hear())["payload"] == {"data": {"hello": "hello you"}}
            assert (await socket.hear())["type"] == "complete"
