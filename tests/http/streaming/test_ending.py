"""Nobody listens longer than they may, and whoever is sent away learns whether to come back."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from gateway.domain.access import OnlineAccountId
from gateway.domain.renewal import RenewalMode
from gateway.http.authentication import COOKIE, Shown
from gateway.http.reception import Reception, Standing
from gateway.http.streaming.ending import Ending, first_of
from gateway.http.streaming.watching import Watches
from tests.http.streaming.conftest import Station, station
from tests.http.streaming.sockets import Socket, opened
from tests.support.doors import CAMILLE_TOKEN, NOOR_TOKEN, PUBLIC_URL, Doors, opened_session
from tests.support.household import CAMILLE

SESSION = f"session-{CAMILLE}"
BEARER = ("Authorization", f"Bearer {CAMILLE_TOKEN}")
BROWSER = (("Cookie", f"{COOKIE}={CAMILLE_TOKEN}"), ("Origin", PUBLIC_URL))
CAMILLES = opened_session(SESSION, account_id=OnlineAccountId(f"account-{CAMILLE}"), tenant_id=CAMILLE)
TICKS = "subscription { ticks { number session } }"

ENDED = (4401, "SESSION_ENDED: the session has ended; sign in again")
RENEWED = (4403, "SESSION_RENEWED: come back with the present token of the session")
CHANGED = (4403, "VIEW_CHANGED: what may be asked has changed")
UNCHECKED = (1013, "SERVICE_UNAVAILABLE: sessions cannot be checked just now")
DRAINED = (1012, "SERVER_DRAINING: the server is about to restart")


def revoked(doors: Doors) -> None:
    """By another process: in the database, and nowhere else."""
    doors.execute("UPDATE session SET closed_at = started_at WHERE tenant_id = 'T-CAMILLE'")


def expired(doors: Doors) -> None:
    """By time."""
    doors.clock.forward(days=2)


def refreshed(doors: Doors) -> None:
    """By its owner, who has a new token."""
    doors.execute("UPDATE session SET token_sha256 = randomblob(32)")


def token_expired(doors: Doors) -> None:
    """By time, while the session lasts."""
    doors.execute("UPDATE session SET access_expires_at = started_at")


def must_renew(doors: Doors) -> None:
    """The landlord requires a new password."""
    doors.execute("UPDATE online_account SET credential_set_at = created_at")


def unanswered(doors: Doors) -> None:
    """Nobody can say whether the session is open."""
    doors.execute("DROP TABLE session")


ENDS = [
    pytest.param(revoked, ENDED, "SESSION_ENDED", id="revoked"),
    pytest.param(expired, ENDED, "SESSION_ENDED", id="expired"),
    pytest.param(refreshed, RENEWED, "RENEWED", id="refreshed"),
    pytest.param(token_expired, RENEWED, "RENEWED", id="token expired"),
    pytest.param(must_renew, CHANGED, "VIEW_CHANGED", id="must renew"),
    pytest.param(unanswered, UNCHECKED, "UNCHECKED", id="unanswered"),
]


def strict(air: Station) -> Station:
    """The same, where the yearly renewal is an obligation."""
    desk = air.doors.parts.desk
    parts = replace(air.doors.parts, desk=replace(desk, rules=replace(desk.rules, renewal=RenewalMode.REQUIRE)))
    return station(air.doors, parts=parts)


@pytest.mark.parametrize("headers", [[BEARER], BROWSER], ids=["bearer", "cookie"])
@pytest.mark.parametrize(("end", "told", "ending"), ENDS)
async def test_whoever_may_not_listen_any_more_is_told_why(
    end: Callable[[Doors], None], told: tuple[int, str], ending: str, headers: list[tuple[str, str]], air: Station
) -> None:
    """The socket is closed with a code by which clients come back by themselves or do not; its sources end."""
    strictly = strict(air)
    async with opened(strictly.app, *headers) as socket:
        await socket.greet()
        socket.subscribe("a", TICKS)
        strictly.feed.push(1)
        assert (await socket.hear())["payload"]["data"]["ticks"] == {"number": 1, "session": SESSION}

        end(strictly.doors)

        assert await socket.closed() == told
        await strictly.until(lambda: strictly.feed.listeners == 0)
    assert strictly.figure("gateway_streams_closed_total", transport="websocket", ending=ending) == 1
    assert strictly.figure("gateway_sockets_closed_total", by=str(told[0])) == 1


async def test_the_end_of_one_session_is_nobody_elses(air: Station) -> None:
    """Another tenant's socket and a stranger's stay open."""
    async with (
        opened(air.app, BEARER) as socket,
        opened(air.app, ("Authorization", f"Bearer {NOOR_TOKEN}")) as other,
        opened(air.app) as stranger,
    ):
        for one in (socket, other, stranger):
            await one.greet()

        revoked(air.doors)

        assert await socket.closed() == ENDED
        assert [await _is_open(one) for one in (other, stranger)] == [True, True]


async def test_a_database_that_is_gone_for_a_moment_ends_nothing(air: Station) -> None:
    """The session goes on when it can be looked at again."""
    async with opened(air.app, BEARER) as socket:
        await socket.greet()

        air.doors.execute("ALTER TABLE session RENAME TO elsewhere")
        await asyncio.sleep(0.1)
        air.doors.execute("ALTER TABLE elsewhere RENAME TO session")
        await asyncio.sleep(0.3)

        assert await _is_open(socket)


async def test_listening_is_no_use_of_a_session(air: Station) -> None:
    """A page that is left open with a stream expires like any other."""
    async with opened(air.app, BEARER) as socket:
        await socket.greet()
        socket.subscribe("a", TICKS)
        await air.until(lambda: air.feed.listeners == 1)
        before = air.doors.execute("SELECT last_seen_at FROM session ORDER BY id")
        air.doors.clock.forward(minutes=5)
        air.feed.push(1, 2)
        await socket.hear()
        await socket.hear()

        assert air.doors.execute("SELECT last_seen_at FROM session ORDER BY id") == before


async def test_what_a_client_asks_on_a_socket_is_use_of_its_session(air: Station) -> None:
    """As if it had been asked by POST."""
    seen = "SELECT last_seen_at FROM session WHERE tenant_id = 'T-CAMILLE'"
    async with opened(air.app, BEARER) as socket:
        await socket.greet()
        [(before,)] = air.doors.execute(seen)
        assert isinstance(before, int)
        air.doors.clock.forward(minutes=5)
        socket.subscribe("a", "{ hello }")
        await socket.hear()

        assert air.doors.execute(seen) == [(before + 5 * 60 * 1_000_000,)]


async def test_a_drained_server_sends_everybody_away(air: Station) -> None:
    """With a code on which clients come back, to another replica."""
    async with opened(air.app) as socket:
        await socket.greet()
        socket.subscribe("a", TICKS)
        await air.until(lambda: air.feed.listeners == 1)

        air.streams.draining.call_last()

        assert await socket.closed() == DRAINED
    assert air.figure("gateway_streams_closed_total", transport="websocket", ending="DRAINED") == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting(Reception):
    """A reception that counts looks by token."""

    looks: Counter[str] = field(default_factory=Counter)

    async def look(self, shown: Shown) -> Standing | None:
        """Finds everybody as they were."""
        self.looks[shown.token] += 1
        return Standing(CAMILLES)


async def test_a_thousand_streams_of_ten_sessions_cost_ten_looks(doors: Doors) -> None:
    """All that listens with one token shares a look."""
    reception = Counting(ports=doors.ports, parts=doors.parts, clock=doors.clock)
    watches = Watches(reception, every_seconds=0.05)
    standing = Standing(CAMILLES)
    listeners = [watches.watching(Shown(f"token-{number % 10}", is_bearer=True), standing) for number in range(1000)]

    for listener in listeners:
        _ = await listener.__aenter__()
    while reception.looks.total() < 10:  # noqa: ASYNC110 - nobody tells when somebody has looked
        await asyncio.sleep(0)
    for listener in listeners:
        await listener.__aexit__(None, None, None)

    assert reception.looks == {f"token-{number}": 1 for number in range(10)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging(Reception):
    """A reception whose store does not answer, and does not fail."""

    async def look(self, _: Shown) -> Standing | None:
        """Never."""
        never: asyncio.Future[Standing] = asyncio.get_running_loop().create_future()
        return await never


async def test_a_store_that_hangs_keeps_nobody_listening(doors: Doors) -> None:
    """It is given the same time as one that fails."""
    reception = Hanging(ports=doors.ports, parts=doors.parts, clock=doors.clock)
    watches = Watches(reception, every_seconds=0.01, grace_seconds=0.05)
    async with asyncio.timeout(2), watches.watching(Shown("x", is_bearer=True), Standing(CAMILLES)) as over:
        assert await over is Ending.UNCHECKED


async def test_whoever_comes_after_an_end_is_watched_anew(air: Station) -> None:
    """The end of a session that was watched is not told to the next with the same token before it is looked at."""
    shown, standing = Shown("unknown", is_bearer=True), Standing(CAMILLES)
    async with air.streams.watches.watching(shown, standing) as first:
        assert await first is Ending.RENEWED
        async with air.streams.watches.watching(shown, standing) as second:
            assert second is not first
            assert not second.done()


async def test_the_first_of_several_ends_the_others() -> None:
    """They have come to their end when it returns."""
    ended = []

    async def endless() -> Ending:
        never: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        try:
            return await never
        finally:
            ended.append("endless")

    async def short() -> Ending:
        return Ending.COMPLETED

    assert await first_of(endless(), short()) is Ending.COMPLETED
    assert ended == ["endless"]


async def _is_open(socket: Socket) -> bool:
    socket.say({"type": "ping"})
    return bool(await socket.hear() == {"type": "pong"})
