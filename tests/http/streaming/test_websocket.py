"""Who may open a WebSocket, as whom, and how many of them."""

import pytest

from gateway.http.authentication import COOKIE
from gateway.http.streaming.allowances import Bounds
from tests.http.streaming.conftest import Station, Terms, station
from tests.http.streaming.sockets import opened, refused
from tests.support.doors import CAMILLE_TOKEN, NOOR_TOKEN, PUBLIC_URL, STAFF_TOKENS
from tests.support.household import CAMILLE

WHO = "subscription { ticks { session } }"
COOKIES = ("Cookie", f"{COOKIE}={CAMILLE_TOKEN}")
OURS = ("Origin", PUBLIC_URL)
BEARER = ("Authorization", f"Bearer {CAMILLE_TOKEN}")

REFUSED: dict[str, tuple[list[tuple[str, str]], tuple[int, str]]] = {
    "another site": ([("Origin", "https://evil.example.net")], (403, "ORIGIN_NOT_ALLOWED")),
    "another site with the cookie": ([("Origin", "https://evil.example.net"), COOKIES], (403, "ORIGIN_NOT_ALLOWED")),
    "a page without an origin": ([("Origin", "null"), COOKIES], (403, "ORIGIN_NOT_ALLOWED")),
    "a cookie from no page": ([COOKIES], (403, "ORIGIN_MISSING")),
    "a cookie and evidence, from no page": ([COOKIES, ("X-GW-Client", "web")], (403, "ORIGIN_MISSING")),
    "two credentials": ([OURS, COOKIES, BEARER], (400, "TWO_CREDENTIALS")),
    "a bearer that opens nothing": ([("Authorization", "Bearer x")], (401, "SESSION_ENDED")),
    "no bearer": ([("Authorization", "Basic x")], (401, "BAD_CREDENTIALS")),
}


@pytest.mark.parametrize(("headers", "told"), REFUSED.values(), ids=REFUSED)
async def test_whoever_may_not_come_in_is_told_before_there_is_a_socket(
    headers: list[tuple[str, str]], told: tuple[int, str], air: Station
) -> None:
    """By a status, as for any request."""
    assert await refused(air.app, *headers) == told


async def test_nobody_comes_in_while_nobody_can_say_who_they_are(air: Station) -> None:
    """But strangers do."""
    air.doors.execute("DROP TABLE session")

    assert await refused(air.app, BEARER) == (503, "SERVICE_UNAVAILABLE")
    async with opened(air.app) as socket:
        await socket.greet()


@pytest.mark.parametrize(
    ("headers", "payload"),
    [
        ([OURS, COOKIES], None),
        ([BEARER], {}),
        ([], {"authorization": f"Bearer {CAMILLE_TOKEN}"}),
        ([], {"Authorization": f"bearer {CAMILLE_TOKEN}", "other": 1}),
        ([OURS], {"AUTHORIZATION": f"Bearer {CAMILLE_TOKEN}"}),
    ],
)
async def test_a_session_is_shown_by_cookie_header_or_first_message(
    headers: list[tuple[str, str]], payload: object, air: Station
) -> None:
    """Each event is answered as whoever it is."""
    async with opened(air.app, *headers) as socket:
        await socket.greet(payload)
        socket.subscribe("a", WHO)
        air.feed.push(1)

        assert (await socket.hear())["payload"] == {"data": {"ticks": {"session": f"session-{CAMILLE}"}}}


@pytest.mark.parametrize(
    ("headers", "payload", "told"),
    [
        ([], {"authorization": "Bearer x"}, (4401, "SESSION_ENDED: the session has ended; sign in again")),
        ([], {"authorization": ["x"]}, (4401, "BAD_CREDENTIALS: the Authorization header is « Bearer » and a token")),
        (
            [BEARER],
            {"authorization": f"Bearer {NOOR_TOKEN}"},
            (4400, "TWO_CREDENTIALS: send a cookie or a bearer token, not both"),
        ),
        (
            [OURS, COOKIES],
            {"authorization": f"Bearer {CAMILLE_TOKEN}"},
            (4400, "TWO_CREDENTIALS: send a cookie or a bearer token, not both"),
        ),
    ],
)
async def test_a_first_message_that_shows_no_session_closes_the_socket(
    headers: list[tuple[str, str]], payload: object, told: tuple[int, str], air: Station
) -> None:
    """With a code on which a client does not come back with the same."""
    async with opened(air.app, *headers) as socket:
        await socket.take()
        socket.say({"type": "connection_init", "payload": payload})

        assert await socket.closed() == told


async def test_a_database_that_is_gone_is_told_as_such(air: Station) -> None:
    """The client may come back."""
    air.doors.execute("DROP TABLE session")
    async with opened(air.app) as socket:
        await socket.take()
        socket.say({"type": "connection_init", "payload": {"authorization": f"Bearer {CAMILLE_TOKEN}"}})

        assert (await socket.closed())[0] == 1013


async def test_whoever_says_nothing_is_sent_away(air: Station) -> None:
    """Pings do not count."""
    hasty = station(air.doors, Terms(init_seconds=0.05))
    async with opened(hasty.app) as socket:
        await socket.take()
        socket.say({"type": "ping"})
        await socket.hear()

        assert await socket.closed() == (4408, "no connection_init within 0.05 s")


@pytest.mark.parametrize(("offered", "taken"), [([], None), (["graphql-ws"], "graphql-ws"), (["a", "b"], "a")])
async def test_another_subprotocol_is_refused_with_the_code_that_clients_know(
    offered: list[str], taken: str | None, air: Station
) -> None:
    """The legacy one above all, whose messages mean other things. The offer is taken up so that the code arrives."""
    async with opened(air.app, subprotocols=offered) as socket:
        assert (await socket.take())["subprotocol"] == taken
        assert await socket.closed() == (4406, "the subprotocol is graphql-transport-ws")


async def test_ours_is_chosen_among_several(air: Station) -> None:
    """Whatever else a client would speak."""
    async with opened(air.app, subprotocols=["graphql-ws", "graphql-transport-ws"]) as socket:
        assert (await socket.take())["subprotocol"] == "graphql-transport-ws"


async def test_a_user_has_so_many_sockets_and_others_have_their_own(air: Station) -> None:
    """One more is closed with a code on which it is not tried again; when one is gone there is room."""
    tight = station(air.doors, Terms(bounds=Bounds(sockets_per_user=1)))
    async with opened(tight.app, BEARER) as first:
        await first.greet()
        async with opened(tight.app, OURS, COOKIES) as second:
            await second.take()
            second.say({"type": "connection_init"})
            assert await second.closed() == (4429, "TOO_MANY_STREAMS: at most 1 may be open at the same time")
        async with opened(tight.app, ("Authorization", f"Bearer {NOOR_TOKEN}")) as other:
            await other.greet()
        for token in STAFF_TOKENS.values():
            async with opened(tight.app, ("Authorization", f"Bearer {token}")) as member:
                await member.greet()
    async with opened(tight.app, BEARER) as again:
        await again.greet()


async def test_an_address_has_so_many_sockets(air: Station) -> None:
    """Also those of strangers who have not said anything yet."""
    tight = station(air.doors, Terms(bounds=Bounds(sockets_per_user=1, sockets_per_address=2)))
    async with opened(tight.app) as one, opened(tight.app) as two:
        await one.take()
        await two.take()

        assert await refused(tight.app) == (429, "TOO_MANY_STREAMS")
        async with opened(tight.app, address="192.0.2.2") as elsewhere:
            await elsewhere.greet()


async def test_a_process_has_so_many_sockets(air: Station) -> None:
    """Wherever they come from."""
    tight = station(air.doors, Terms(bounds=Bounds(sockets=1)))
    async with opened(tight.app) as one:
        await one.take()

        assert await refused(tight.app, address="192.0.2.2") == (429, "TOO_MANY_STREAMS")


async def test_so_many_operations_run_on_one_socket(air: Station) -> None:
    """One more is told so, and the others go on."""
    async with opened(air.app) as socket:
        await socket.greet()
        for number in range(10):
            socket.subscribe(f"{number}", WHO)
        socket.subscribe("one more", "{ hello }")
        heard = await socket.hear()
        socket.say({"id": "3", "type": "complete"})
        socket.subscribe("now", "{ hello }")

        assert (heard["id"], heard["type"]) == ("one more", "error")
        assert heard["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"
        assert [(await socket.hear())["id"] for _ in range(2)] == ["now", "now"]


async def test_streams_of_a_user_are_counted_on_all_connections_together(air: Station) -> None:
    """The product of sockets and operations, on whatever they come."""
    tight = station(air.doors, Terms(bounds=Bounds(sockets_per_user=2, operations_per_socket=1)))
    streams = {"Accept": "text/event-stream", "Authorization": f"Bearer {CAMILLE_TOKEN}"}
    async with opened(tight.app, BEARER) as one, opened(tight.app, BEARER) as two:
        for socket in (one, two):
            await socket.greet()
            socket.subscribe("a", WHO)
        await tight.until(lambda: tight.feed.listeners == 2)
        async with tight.client() as client:
            response = await client.post("/graphql", json={"query": WHO}, headers=streams)

    assert response.status_code == 429
    assert (response.headers["content-type"], response.headers["retry-after"]) == (
        "application/json; charset=utf-8",
        "5",
    )
    assert response.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_STREAMS"
