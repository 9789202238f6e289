"""Streams over HTTP: events of graphql-sse and parts of Apollo's multipart protocol, byte by byte."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from gateway.http.authentication import COOKIE
from gateway.http.streaming import multipart, sse
from gateway.http.streaming.ending import NOTICES, Ending
from gateway.http.streaming.framing import Framing
from gateway.schema.limits import LIMITS
from tests.http.streaming.conftest import Station, Terms, station
from tests.support.asgi import Exchange, Message
from tests.support.doors import CAMILLE_TOKEN
from tests.support.household import CAMILLE

SSE = "text/event-stream"
PARTS = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0, application/json"
BEARER = {"Authorization": f"Bearer {CAMILLE_TOKEN}"}
TICKS = "subscription { ticks { number session } }"
UNTIL = "subscription U($last: Int!) { until(last: $last) { number } }"

HEARTBEAT = b"\r\nContent-Type: application/json\r\n\r\n{}\r\n--graphql"


def part(payload: object) -> bytes:
    """A part, and the boundary by which its reader knows that it is whole."""
    return b"\r\nContent-Type: application/json\r\n\r\n" + _json(payload) + b"\r\n--graphql"


def event(payload: object) -> bytes:
    """An event `next`."""
    return b"event: next\ndata: " + _json(payload) + b"\n\n"


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


async def test_events_come_framed_as_every_client_reads_them(air: Station) -> None:
    """LF only, JSON on one line, an end with an empty data field; nobody on the way keeps anything."""
    async with air.client() as client:
        answer = await client.post("/graphql", json={"query": UNTIL, "variables": {"last": 2}}, headers={"Accept": SSE})

    assert answer.status_code == 200
    assert (
        answer.content
        == b":\n\n"
        + b"".join(event({"data": {"until": {"number": number}}}) for number in (1, 2))
        + b"event: complete\ndata:\n\n"
    )
    told = {name: answer.headers[name] for name in ("content-type", "cache-control", "x-accel-buffering", "vary")}
    assert told == {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        "vary": "Accept, Accept-Language, Authorization, Cookie",
    }
    assert air.figure("gateway_streams_opened_total", transport="sse") == 1
    assert air.figure("gateway_streams_closed_total", transport="sse", ending="COMPLETED") == 1
    assert air.figure("gateway_stream_messages_total", transport="sse") == 2


async def test_parts_come_framed_as_apollo_reads_them(air: Station) -> None:
    """Each with the boundary that follows it, the payload in an envelope, two dashes at the end."""
    async with air.client() as client:
        answer = await client.post(
            "/graphql", json={"query": UNTIL, "variables": {"last": 1}}, headers={"Accept": PARTS}
        )

    assert answer.headers["content-type"] == 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'
    assert answer.content == (
        b"\r\n--graphql" + HEARTBEAT + part({"payload": {"data": {"until": {"number": 1}}}}) + b"--\r\n"
    )
    assert air.figure("gateway_streams_closed_total", transport="multipart", ending="COMPLETED") == 1


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/event-stream, multipart/mixed", "text/event-stream"),
        ('multipart/mixed;boundary="graphql";subscriptionSpec="1.0", application/json', "multipart/mixed"),
        ("multipart/mixed; subscriptionSpec=1.0;q=0.5, text/event-stream;q=0.6", "text/event-stream"),
        ("text/event-stream;q=0.5, multipart/mixed; subscriptionSpec=1.0", "multipart/mixed"),
        ("application/json, text/event-stream;q=0.1", "text/event-stream"),
        ("*/*", "application/json"),
        ("text/*", None),
        ("application/json, text/event-stream;q=0", "application/json"),
        ("multipart/mixed", None),
        ("multipart/mixed;deferSpec=20220824, application/json", "application/json"),
        ("multipart/mixed;subscriptionSpec=2.0, application/json", "application/json"),
        (None, "application/json"),
    ],
)
async def test_a_subscription_is_streamed_to_those_who_name_a_stream(
    accept: str | None, kind: str | None, air: Station
) -> None:
    """Which one, they say by weight and order; whoever names none is told to."""
    body = {"query": UNTIL, "variables": {"last": 1}}
    async with air.client() as client:
        client.headers.pop("accept")
        answer = await client.post("/graphql", json=body, headers={"Accept": accept} if accept else {})

    if kind is None:
        assert answer.status_code == 406
    else:
        assert answer.headers["content-type"].partition(";")[0] == kind
    if kind == "application/json":
        assert answer.json()["errors"][0]["extensions"]["code"] == "SUBSCRIPTION_NOT_SUPPORTED"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/event-stream", "text/event-stream"),
        ("text/event-stream, application/json", "text/event-stream"),
        (
            "application/graphql-response+json, application/json, text/event-stream, multipart/mixed",
            "application/graphql-response+json",
        ),
        ("text/event-stream;q=0.9, application/json", "application/json"),
        (PARTS, "application/json"),
        ("multipart/mixed;subscriptionSpec=1.0", "multipart/mixed"),
        ("*/*", "application/json"),
    ],
)
async def test_a_query_is_streamed_to_those_who_like_that_best(accept: str, kind: str, air: Station) -> None:
    """The lists that clients send by default are answered with JSON."""
    async with air.client() as client:
        answer = await client.post("/graphql", json={"query": "{ hello }"}, headers={"Accept": accept})

    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind)


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("{ hello }", {"data": {"hello": "hello you"}}),
        ("mutation { poke }", {"data": {"poke": "ouch"}}),
    ],
)
async def test_one_answer_is_one_event_and_the_end(query: str, body: object, air: Station) -> None:
    """Of queries and mutations."""
    async with air.client() as client:
        answer = await client.post("/graphql", json={"query": query}, headers={"Accept": SSE})

    assert answer.content == b":\n\n" + event(body) + b"event: complete\ndata:\n\n"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": "subscription {"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "subscription { nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": UNTIL}, "GRAPHQL_INVALID_VARIABLES"),
        ({"query": UNTIL, "variables": {"last": "secret"}}, "GRAPHQL_INVALID_VARIABLES"),
    ],
)
@pytest.mark.parametrize("accept", [SSE, "multipart/mixed;subscriptionSpec=1.0"])
async def test_a_document_that_does_not_fit_is_answered_in_the_stream(
    body: dict[str, Any], code: str, accept: str, air: Station
) -> None:
    """As both protocols want it: with its errors, and the end."""
    async with air.client() as client:
        answer = await client.post("/graphql", json=body, headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(accept.partition(";")[0])
    assert f'"code":"{code}"' in answer.text
    assert '"data"' not in answer.text
    assert answer.text.endswith("data:\n\n" if accept == SSE else "--graphql--\r\n")
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("headers", "content", "status", "code"),
    [
        ({"Authorization": "Bearer x"}, b'{"query": "{ hello }"}', 401, "SESSION_ENDED"),
        ({"Cookie": f"{COOKIE}={CAMILLE_TOKEN}"}, b'{"query": "{ hello }"}', 403, "CSRF_EVIDENCE_MISSING"),
        ({"Origin": "https://evil.example.net"}, b'{"query": "{ hello }"}', 403, "ORIGIN_NOT_ALLOWED"),
        ({}, b"{", 400, "BAD_JSON"),
    ],
)
async def test_a_request_that_is_refused_has_a_status(
    headers: dict[str, str], content: bytes, status: int, code: str, air: Station
) -> None:
    """And JSON that tells why, before there is a stream."""
    sent = {"Accept": SSE, "Content-Type": "application/json", **headers}
    async with air.client() as client:
        answer = await client.post("/graphql", content=content, headers=sent)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json; charset=utf-8")
    assert answer.json()["errors"][0]["extensions"]["code"] == code


@dataclass(slots=True)
class Listener:
    """Somebody who reads a stream while it is open."""

    exchange: Exchange
    serving: "asyncio.Task[None]"

    async def heard(self, content: bytes) -> None:
        """Waits until that has come. Raises TimeoutError."""
        async with asyncio.timeout(5):
            while content not in self.exchange.body:  # noqa: ASYNC110 - what comes is only kept
                await asyncio.sleep(0.005)

    async def rest(self) -> bytes:
        """All that has come, once the server has come to its end."""
        async with asyncio.timeout(5):
            await self.serving
        return self.exchange.body


@asynccontextmanager
async def listening(
    air: Station, query: str = TICKS, *, accept: str = SSE, headers: dict[str, str] = BEARER
) -> AsyncIterator[Listener]:
    """A stream that is open."""
    sent = {"Accept": accept, "Content-Type": "application/json", **headers}
    exchange = Exchange([{"type": "http.request", "body": _json({"query": query})}, {"type": "http.request"}])
    serving = asyncio.ensure_future(exchange.run(air.app, "/graphql", method="POST", headers=list(sent.items())))
    try:
        yield Listener(exchange, serving)
    finally:
        exchange.gone.set()
        await asyncio.wait([serving], timeout=5)


def revoked(air: Station) -> None:
    """By another process."""
    air.doors.execute("UPDATE session SET closed_at = started_at")


def refreshed(air: Station) -> None:
    """By its owner."""
    air.doors.execute("UPDATE session SET token_sha256 = randomblob(32)")


def drained(air: Station) -> None:
    """By an operator."""
    air.streams.draining.call_last()


ENDED = {"message": "the session has ended; sign in again", "extensions": {"code": "SESSION_ENDED"}}
DRAINED = {"message": "the server is about to restart", "extensions": {"code": "SERVER_DRAINING"}}
RENEWED = {"message": "come back with the present token of the session", "extensions": {"code": "SESSION_RENEWED"}}


@pytest.mark.parametrize(
    ("accept", "end", "last"),
    [
        (SSE, revoked, event({"errors": [ENDED]}) + b"event: complete\ndata:\n\n"),
        (SSE, refreshed, b""),
        (SSE, drained, b""),
        (PARTS, revoked, part({"payload": None, "errors": [ENDED]}) + b"--\r\n"),
        (PARTS, refreshed, part({"payload": None, "errors": [RENEWED]}) + b"--\r\n"),
        (PARTS, drained, part({"payload": None, "errors": [DRAINED]}) + b"--\r\n"),
    ],
)
async def test_a_stream_that_may_not_go_on_ends_as_its_clients_understand(
    accept: str, end: Callable[[Station], None], last: bytes, air: Station
) -> None:
    """An end that is final is told; to one that is not, clients of events come back if nothing is said."""
    first = {"data": {"ticks": {"number": 1, "session": f"session-{CAMILLE}"}}}
    told = event(first) if accept == SSE else part({"payload": first})
    async with listening(air, accept=accept) as listener:
        air.feed.push(1)
        await listener.heard(told)

        end(air)

        assert (await listener.rest()).endswith(told + last)
        assert listener.exchange.is_complete
        assert air.feed.listeners == 0


async def test_a_client_that_goes_away_ends_its_source(air: Station) -> None:
    """At once, not at the next event."""
    async with listening(air) as listener:
        await air.until(lambda: air.feed.listeners == 1)

        listener.exchange.gone.set()

        await listener.rest()
        assert air.feed.listeners == 0
        assert not listener.exchange.is_complete
    assert air.figure("gateway_streams_closed_total", transport="sse", ending="GONE") == 1


@pytest.mark.parametrize(("framing", "accept"), [(sse.ServerSentEvents, SSE), (multipart.MultipartSubscription, PARTS)])
async def test_a_silent_stream_shows_that_it_is_alive(
    framing: type[Framing], accept: str, air: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With something that means nothing; an event that was waited for comes all the same."""
    monkeypatch.setattr(framing, "heartbeat_seconds", 0.02)
    async with listening(air, accept=accept) as listener:
        await listener.heard(framing.opening + framing.heartbeat * 3)
        air.feed.push(5)
        await listener.heard(b'"number":5')


async def test_heartbeats_come_more_often_than_proxies_lose_patience() -> None:
    """Which is mostly after a minute, and on mobile networks after half of one."""
    assert (sse.ServerSentEvents.heartbeat_seconds, multipart.MultipartSubscription.heartbeat_seconds) == (12.0, 5.0)


async def test_what_a_client_may_return_from_is_ours_to_know() -> None:
    """Only the end of a session is final."""
    assert [ending for ending, notice in NOTICES.items() if not notice.may_return] == [Ending.SESSION_ENDED]


@dataclass(slots=True)
class Stuck(Exchange):
    """A client that reads nothing that follows what it waits for."""

    after: bytes = b""

    async def _send(self, message: Message) -> None:
        if self.after in self.body:
            await asyncio.get_running_loop().create_future()
        await Exchange._send(self, message)  # noqa: SLF001 - dataclasses with slots have no super()


@pytest.mark.parametrize("after", [b":\n\n", b'"number":1', b""], ids=["opening", "event", "head"])
async def test_a_client_that_does_not_read_is_left_alone(after: bytes, air: Station) -> None:
    """Its source ends when what it was sent is too old to be of use."""
    hasty = station(air.doors, Terms(write_seconds=0.05))
    exchange = Stuck([{"type": "http.request", "body": _json({"query": TICKS})}], after=after)
    hasty.feed.push(1, 2)

    sent = [("Accept", SSE), ("Content-Type", "application/json")]
    async with asyncio.timeout(5):
        await exchange.run(hasty.app, "/graphql", method="POST", headers=sent)

    assert not exchange.is_complete
    assert hasty.feed.listeners == 0
    assert hasty.figure("gateway_streams_closed_total", transport="sse", ending="STALLED") == 1


async def test_one_who_stops_reading_at_the_end_is_left_alone_too(air: Station) -> None:
    """The end is a message like any other."""
    hasty = station(air.doors, Terms(write_seconds=0.05))
    exchange = Stuck([{"type": "http.request", "body": _json({"query": TICKS})}], after=b'"number":1')
    hasty.feed.push(1, None)

    sent = [("Accept", SSE), ("Content-Type", "application/json")]
    async with asyncio.timeout(5):
        await exchange.run(hasty.app, "/graphql", method="POST", headers=sent)

    assert hasty.figure("gateway_streams_closed_total", transport="sse", ending="STALLED") == 1


async def test_what_a_source_cannot_go_on_with_is_told(air: Station) -> None:
    """After the events that it had: with a code, and the end."""
    async with air.client() as client:
        answer = await client.post(
            "/graphql", json={"query": "subscription { forgetful { number } }"}, headers={"Accept": SSE}
        )

    [first, last] = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    assert first == {"data": {"forgetful": {"number": 1}}}
    assert last["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"
    assert answer.text.endswith("event: complete\ndata:\n\n")
    assert air.figure("gateway_streams_closed_total", transport="sse", ending="FAILED") == 1


async def test_a_defect_of_a_source_is_told_by_its_id_in_the_log(air: Station) -> None:
    """And by nothing else."""
    async with air.client() as client:
        answer = await client.post(
            "/graphql", json={"query": "subscription { broken { number } }"}, headers={"Accept": SSE}
        )

    [told] = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    [error] = told["errors"]
    [line] = [line for line in air.doors.log.lines if line["event"] == "operation.crashed"]
    assert error["extensions"] == {"code": "INTERNAL", "requestId": line["request_id"]}
    assert "ZeroDivisionError" not in answer.text


async def test_an_event_that_cannot_be_answered_in_time_ends_the_stream(air: Station) -> None:
    """With the code of a late answer."""
    limits = {view: replace(limits, deadline_seconds=0.01) for view, limits in LIMITS.items()}
    hasty = station(air.doors, limits=limits)
    hasty.feed.push(1)
    async with hasty.client() as client:
        answer = await client.post(
            "/graphql", json={"query": "subscription { ticks { slow } }"}, headers={"Accept": SSE}
        )

    assert '"code":"DEADLINE_EXCEEDED"' in answer.text
    assert answer.text.endswith("event: complete\ndata:\n\n")
    assert hasty.feed.listeners == 0


async def test_a_field_that_fails_fails_alone(air: Station) -> None:
    """In its event; the next one is answered."""
    async with listening(air, "subscription { ticks { number failing } }") as listener:
        air.feed.push(1, 2, None)

        told = [json.loads(line[6:]) for line in (await listener.rest()).splitlines() if line.startswith(b"data: ")]

    assert [one["data"]["ticks"] for one in told] == [{"number": 1, "failing": None}, {"number": 2, "failing": None}]
    assert {one["errors"][0]["extensions"]["code"] for one in told} == {"SERVICE_UNAVAILABLE"}


async def test_a_source_waits_for_a_reader_that_is_slow(air: Station) -> None:
    """Nothing is taken from it that cannot be sent."""
    hasty = station(air.doors, Terms(write_seconds=0.2))
    exchange = Stuck([{"type": "http.request", "body": _json({"query": TICKS})}], after=b'"number":2')
    hasty.feed.push(*range(100))

    sent = [("Accept", SSE), ("Content-Type", "application/json")]
    async with asyncio.timeout(5):
        await exchange.run(hasty.app, "/graphql", method="POST", headers=sent)

    assert hasty.feed.taken == 4
