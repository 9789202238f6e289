"""Every hour, what has served its time goes and letters are promised; nothing that fails once stops it."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest

from gateway.auth.upkeep import Upkeep
from gateway.domain.audit import Action, AuditEntry
from gateway.domain.lockout import UNKNOWN_DEVICES
from gateway.ports.store import StoreError, Transaction
from tests.sim.sim_loop import simulate
from tests.support.account_world import AccountWorld, account_world
from tests.support.logs import Log, captured_log

RETENTION = timedelta(days=365)


@pytest.fixture
def upkeep(world: AccountWorld) -> Upkeep:
    """The worker."""
    return world.desk.upkeep()


@pytest.fixture
def log() -> Iterator[Log]:
    """What is logged."""
    with captured_log() as log:
        yield log


async def test_lines_of_the_trail_are_kept_as_long_as_the_landlord_says(world: AccountWorld, upkeep: Upkeep) -> None:
    """And not a microsecond shorter."""
    kept, gone = world.clock() - RETENTION, world.clock() - RETENTION - timedelta(microseconds=1)
    for at in (gone, kept, world.clock()):
        await world.memory.append_audit(AuditEntry(at, Action.SIGN_IN, "Failed", "stranger", "account:1"))

    removed = await upkeep.purge()

    assert removed["audit"] == 1
    assert [line.at for line in await world.memory.audit_of("account:1", first=9)] == [world.clock(), kept]


async def test_the_retention_is_the_one_that_is_set(world: AccountWorld) -> None:
    """Here the shortest that the store allows."""
    upkeep = Upkeep(world.store, world.desk.renewals, timedelta(days=180), world.clock)
    for days in (181, 179):
        at = world.clock() - timedelta(days=days)
        await world.memory.append_audit(AuditEntry(at, Action.SIGN_IN, "Failed", "stranger", "account:1"))

    assert (await upkeep.purge())["audit"] == 1
    assert world.count("audit") == 1


async def test_what_has_served_its_time_goes(world: AccountWorld, upkeep: Upkeep) -> None:
    """Guesses after 48 hours, links and ended sessions after a day; what is in use stays."""
    await world.signed_in()
    await world.link_for()
    await world.memory.transact(world.desk.vault.subject("97531"), _guessed)
    world.clock.forward(hours=49)
    await world.memory.transact(world.desk.vault.subject("97532"), _guessed)
    await world.signed_in()

    await upkeep.run_once()

    assert (world.count("guard"), world.count("account_link"), world.count("session")) == (2, 0, 1)


def test_it_works_at_once_and_every_hour() -> None:
    """Whoever restarts the gateway each night has their data purged all the same; cancelling ends it."""

    async def two_hours_and_a_half() -> list[str]:
        with account_world() as world, captured_log() as log:
            with suppress(TimeoutError):
                await asyncio.wait_for(world.desk.upkeep().run(), 2.5 * 3600)
            return _events(log)

    assert simulate(two_hours_and_a_half) == 3 * ["renewals.reminded", "upkeep.purged"]


async def test_a_failing_store_is_waited_out(world: AccountWorld, upkeep: Upkeep, log: Log) -> None:
    """The next hour does it."""
    world.trouble.crash_at("accounts_after")
    world.trouble.crash_at("purge")

    await upkeep.run_once()
    await upkeep.run_once()

    assert _events(log) == ["upkeep.store_failed", "upkeep.store_failed", "renewals.reminded", "upkeep.purged"]
    assert [line["operation"] for line in log.lines if line["event"] == "upkeep.store_failed"] == ["remind", "purge"]


async def test_a_defect_in_one_piece_of_work_does_not_stop_the_other(
    world: AccountWorld, upkeep: Upkeep, log: Log
) -> None:
    """Personal data goes in time, whatever is wrong with the letters."""
    world.trouble.crash_at("accounts_after", error=KeyError("a defect"))

    await upkeep.run_once()

    assert _events(log) == ["upkeep.crashed", "upkeep.purged"]


async def test_a_purge_that_fails_is_told_to_whoever_asked(world: AccountWorld, upkeep: Upkeep) -> None:
    """Only the worker waits it out."""
    world.trouble.crash_at("purge")

    with pytest.raises(StoreError):
        await upkeep.purge()


def _events(log: Log) -> list[str]:
    return [line["event"] for line in log.lines if line["event"].startswith(("upkeep.", "renewals."))]


async def _guessed(tx: Transaction) -> None:
    await tx.put_guard(UNKNOWN_DEVICES, await tx.guard(UNKNOWN_DEVICES))
