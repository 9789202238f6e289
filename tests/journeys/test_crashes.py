"""A gateway, or its database, is killed between the check of a password and its report, or right after a block.

The database is made to wait at exactly that place (`tests.support.stalls`), so nothing here depends on luck.
"""

import asyncio
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from gateway.demo import gateway as demo
from gateway.demo.cast import World, tenants
from gateway.domain.lockout import Phase
from tests.journeys.conftest import Cast
from tests.support.counted_verifier import VerifierCount
from tests.support.gateway import RunningGateway, Systems, copied, world
from tests.support.guard_books import GuardBooks
from tests.support.guessing import ASK_FOR_LINK, WRONG, Target, all_at_once, bystander, outcome, sign_in
from tests.support.postgres import BreakablePostgres, breakable_postgres
from tests.support.postgres_launch import best_way, binaries, possible_ways
from tests.support.processes import wait_until
from tests.support.replicas import Site, killed, running_replicas
from tests.support.stalls import make_stallable, stalled

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("crashes")]

_FEW = World(world().seed, 3, world().today)


@dataclass(slots=True)
class Ruin:
    """One gateway at a time, which may be killed and started again."""

    site: Site
    count: VerifierCount
    _running: ExitStack = field(default_factory=ExitStack)
    _gateway: list[RunningGateway] = field(default_factory=list)

    @property
    def gateway(self) -> RunningGateway:
        """The one that runs, or ran last."""
        return self._gateway[-1]

    @property
    def books(self) -> GuardBooks:
        """What the database remembers."""
        return GuardBooks(self.gateway)

    def start(self) -> None:
        """Starts it, where it was."""
        self._gateway += self._running.enter_context(running_replicas(self.site, 1))

    def stop(self) -> None:
        """Ends whatever runs."""
        self._running.close()

    def sessions(self) -> int:
        """Sessions in the database."""
        return len(self.gateway.query("SELECT id FROM session"))


@dataclass(slots=True)
class RuinOnPostgres(Ruin):
    """The same, on a server that may be killed too."""

    server: BreakablePostgres = field(kw_only=True)

    @property
    def database(self) -> str:
        """How to open it."""
        return self.site.settings["GATEWAY_DATABASE_URL"]


@pytest.fixture(scope="module")
def on_postgres_of_its_own(systems: Systems, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RuinOnPostgres]:
    """A gateway on a server that nobody else uses."""
    home = tmp_path_factory.mktemp("crashes")
    count = VerifierCount(home / "verifications")
    with breakable_postgres(binaries(), way=best_way(possible_ways())) as server:
        settings = {**count.settings, "GATEWAY_DATABASE_URL": server.server.url}
        demo.prepare(_FEW, folder=home, settings=demo.environment(home, port=1) | settings)
        asyncio.run(make_stallable(server.server.url))
        ruin = RuinOnPostgres(Site(systems, home, settings, {}), count, server=server)
        ruin.start()
        yield ruin
        ruin.stop()


@pytest.fixture
def on_sqlite(systems: Systems, cast: Cast, tmp_path: Path) -> Iterator[Ruin]:
    """A gateway on a file of its own."""
    folder, staff = cast
    home = copied(folder, to=tmp_path / "data")
    count = VerifierCount(home / "verifications")
    ruin = Ruin(Site(systems, home, count.settings, staff), count)
    ruin.start()
    yield ruin
    ruin.stop()


def account(number: int) -> Target:
    """One of the few accounts on the server of its own."""
    tenant = tenants(_FEW)[number]
    seeded = tenant.as_seed()
    return Target(seeded["reference"], seeded["password"], tenant.household)


@pytest.mark.postgres
async def test_a_guess_whose_gateway_is_killed_before_the_report_counts(on_postgres_of_its_own: RuinOnPostgres) -> None:
    """Whoever can crash the gateway after each check has three checks all the same."""
    ruin, target = on_postgres_of_its_own, account(0)
    before = ruin.count.calls
    async with stalled(ruin.database) as stall:
        asking = asyncio.create_task(asyncio.to_thread(sign_in, ruin.gateway, target.attempt(WRONG)))
        await stall.reached()
        killed(ruin.gateway)
    with pytest.raises(httpx.TransportError):
        await asking
    assert (ruin.count.calls - before, ruin.books.reports(target.reference)) == (1, [])

    ruin.start()
    meanwhile = [outcome(sign_in(ruin.gateway, target.attempt(WRONG))) for _ in range(3)]
    ruin.books.let_permits_expire(target.reference)
    later = outcome(sign_in(ruin.gateway, target.attempt()))

    assert meanwhile == ["DENIED", "DENIED", "BUSY"]
    assert later == "RECREATE_OFFERED"
    assert ruin.count.calls - before == 3


@pytest.mark.postgres
async def test_a_guess_whose_database_is_killed_before_the_report_counts(
    on_postgres_of_its_own: RuinOnPostgres,
) -> None:
    """Even the right password opens nothing then; the gateway says that it is busy, and goes on afterwards (G23)."""
    ruin, target = on_postgres_of_its_own, account(1)
    before, sessions = ruin.count.calls, ruin.sessions()
    async with stalled(ruin.database) as stall:
        asking = asyncio.create_task(asyncio.to_thread(sign_in, ruin.gateway, target.attempt()))
        await stall.reached()
        ruin.server.kill()
        told = outcome(await asking)
    ruin.server.restart()

    assert (told, ruin.sessions(), ruin.count.calls - before) == ("BUSY", sessions, 1)
    assert len(ruin.books.guard(target.reference).permits) == 1
    ruin.books.let_permits_expire(target.reference)
    assert [outcome(sign_in(ruin.gateway, target.attempt(WRONG))) for _ in range(2)] == ["DENIED", "RECREATE_OFFERED"]
    assert ruin.count.calls - before == 3
    assert len(ruin.books.guard(target.reference).spent) == 3


@pytest.mark.postgres
async def test_a_block_outlives_the_gateway_that_could_not_tell_of_it(on_postgres_of_its_own: RuinOnPostgres) -> None:
    """Killed after the block is written and before anybody is told: blocked, also for the right password (G13)."""
    ruin, target = on_postgres_of_its_own, account(2)
    asks = {"accountReference": target.reference, "firstName": "X", "lastName": "Y", "birthDate": "1970-01-01"}
    stranger = ruin.gateway.stranger()
    for _ in range(2):
        stranger.ask(ASK_FOR_LINK, input=asks).whole()

    async with stalled(ruin.database) as stall:
        asking = asyncio.create_task(asyncio.to_thread(stranger.ask, ASK_FOR_LINK, input=asks))
        await stall.reached()
        ruin.gateway.part.process.send_signal(signal.SIGSTOP)
        await stall.release()
        try:
            wait_until(lambda: ruin.books.guard(target.reference).phase is Phase.LOCKED, seconds=10)
        finally:
            killed(ruin.gateway)
    with pytest.raises(httpx.TransportError):
        await asking
    ruin.start()

    assert outcome(sign_in(ruin.gateway, target.attempt())) == "SUSPENDED"
    assert ruin.books.guard(target.reference).phase is Phase.LOCKED


@pytest.mark.sqlite
def test_guesses_whose_gateway_on_sqlite_is_killed_count(on_sqlite: Ruin) -> None:
    """Three guesses are under way when the gateway is killed: whatever was checked is charged."""
    ruin, target = on_sqlite, bystander(0)
    with ThreadPoolExecutor(max_workers=1) as pool:
        asking = pool.submit(_guess_in_vain, ruin.gateway, target)
        _wait_for_first_check(ruin.count)
        killed(ruin.gateway)
        asking.result()
    guard = ruin.books.guard(target.reference)
    assert 1 <= ruin.count.calls <= len(guard.permits) + len(guard.spent) <= 3
    assert guard.permits

    ruin.start()
    charged, checked = len(guard.permits) + len(guard.spent), ruin.count.calls
    ruin.books.let_permits_expire(target.reference)
    told = [outcome(sign_in(ruin.gateway, target.attempt(WRONG))) for _ in range(3)]

    assert told == [*["DENIED"] * (2 - charged), *["RECREATE_OFFERED"] * min(3, charged + 1)]
    assert ruin.count.calls - checked == 3 - charged


def _wait_for_first_check(count: VerifierCount) -> None:
    """Returns within a millisecond or two: the check itself takes ten times as long."""
    give_up_at = time.monotonic() + 10
    while not count.calls and time.monotonic() < give_up_at:
        time.sleep(0.001)


def _guess_in_vain(gateway: RunningGateway, target: Target) -> None:
    with pytest.raises((OSError, ValueError)):  # cut off before the answer, or in the middle of it
        all_at_once([gateway], [target.attempt(WRONG)] * 3)
