"""The lockout against a naive model: whatever is tried in whatever order, both say the same."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from gateway.adapters.store_postgres import PostgresStore
from gateway.adapters.store_sqlite import SqliteStore
from gateway.adapters.stores import migrate
from gateway.auth import lockout
from gateway.auth.lockout import InProgress, Permitted
from gateway.domain.lockout import GuardRecord, Phase
from gateway.ports.store import Store
from tests.ports.stores import StandingClock, sqlite_file
from tests.properties.lockout_doors import RULES, BareDoor, Door, StoreDoor
from tests.properties.naive_lockout import NaiveLockout
from tests.sim.sim_loop import SimLoop
from tests.support.memory_store import MemoryStore
from tests.support.postgres import Postgres

pytestmark = pytest.mark.thorough

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)

pauses = st.one_of(
    st.builds(
        lambda edge, offset: edge + offset,
        st.sampled_from([RULES.permit, RULES.block, RULES.decay]),
        st.sampled_from([-INSTANT, timedelta(0), INSTANT]),
    ),
    st.builds(timedelta, seconds=st.integers(0, 20)),
    st.builds(timedelta, minutes=st.integers(0, 1500)),
)


class LockoutMachine(RuleBasedStateMachine):
    """Guesses that overlap, succeed, fail and are lost; attempts at a new password; links; time."""

    permits = Bundle[Permitted]("permits")
    never_waits = False

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.naive = NaiveLockout()
        self.door = self.open_door()

    def open_door(self) -> Door:
        """What is tried."""
        return BareDoor()

    @initialize(target=permits)
    def make_a_permit_up(self) -> Permitted:
        """Somebody who was never permitted anything may report, too."""
        return Permitted("made up", 0)

    @rule(pause=pauses)
    def wait(self, pause: timedelta) -> None:
        """Time passes; guesses that nobody reports are lost."""
        self.now += pause

    @rule(target=permits)
    def ask(self) -> Permitted:
        """A password is to be checked; a refusal changes nothing."""
        refusal = self.naive.refusal(self.now)
        if self.never_waits and refusal == InProgress():
            return Permitted("was not asked for", 0)
        before = self.record()

        answer = self.door.reserve(self.now)

        if isinstance(answer, Permitted):
            assert refusal is None
            self.naive.begin(answer.permit_id, self.now)
            return answer
        assert answer == refusal
        assert self.door.record() == before
        return Permitted("was refused", 0)

    @rule(permitted=permits)
    def report_right(self, permitted: Permitted) -> None:
        """The password was right, or so says whoever reports it: in time, too late, or once more."""
        answer = self.door.report_success(self.now, permitted=permitted)

        assert answer == self.naive.report(permitted.permit_id, self.now, was_right=True)

    @rule(permitted=permits)
    def report_wrong(self, permitted: Permitted) -> None:
        """The password was wrong."""
        answer = self.door.report_failure(self.now, permitted=permitted)

        assert answer == self.naive.report(permitted.permit_id, self.now, was_right=False)

    @rule()
    def guess_wrong_at_once(self) -> None:
        """What most attackers do."""
        self.report_wrong(self.ask())

    @rule(rounds=st.integers(1, 9))
    def besiege(self, rounds: int) -> None:
        """What the patient ones do: three guesses, then the ten minutes."""
        for _ in range(rounds):
            for _ in range(3):
                self.guess_wrong_at_once()
            self.now += RULES.block

    @rule()
    def recreate(self) -> None:
        """An attempt to choose a new password."""
        assert self.door.charge_recreation(self.now) == self.naive.recreate(self.now)

    @rule(number=st.integers(0, 5))
    def redeem_one_time_in_six(self, number: int) -> None:
        """A link from a letter leads to a new password."""
        if number == 5:
            self.door.redeem()
            self.naive.redeem()

    @invariant()
    def nothing_exceeds_its_limit(self) -> None:
        """Three that may fail before a success, twenty-four a day, ten minutes; the day is what the model counts."""
        record = self.record()

        assert record.phase is not Phase.OPEN or record.failures + len(record.permits) <= 3
        assert len(record.spent) + len(record.permits) <= 24
        assert (record.phase is Phase.OPEN) == (record.until is None)
        assert record.until is None or timedelta(0) < record.until - self.now <= RULES.block
        assert list(record.spent) == self.naive.of_the_day(self.now)

    def record(self) -> GuardRecord:
        """What is remembered, as time has left it."""
        return lockout.settle(self.door.record(), now=self.now, rules=RULES)


def test_bare_rules_say_what_the_model_says() -> None:
    """After every sequence that was tried."""
    run_state_machine_as_test(LockoutMachine, settings=settings(max_examples=150, stateful_step_count=30))


def test_guard_over_memory_says_what_the_model_says() -> None:
    """With those who wait for others, too: their two seconds are virtual."""
    clock = StandingClock()
    store = MemoryStore(clock=clock)

    class Machine(LockoutMachine):
        def open_door(self) -> Door:
            return StoreDoor(store, clock=clock, runner=runner)

    with asyncio.Runner(loop_factory=lambda: SimLoop(0)) as runner:
        run_state_machine_as_test(Machine, settings=settings(max_examples=40, stateful_step_count=25))


@pytest.mark.sqlite
def test_guard_over_sqlite_says_what_the_model_says(tmp_path: Path) -> None:
    """What was written is what is read."""
    clock = StandingClock()
    with asyncio.Runner() as runner:
        store = runner.run(SqliteStore.open(sqlite_file(tmp_path), clock=clock))
        try:
            run_over(store, clock=clock, runner=runner)
        finally:
            runner.run(store.close())


@pytest.mark.postgres
def test_guard_over_postgres_says_what_the_model_says(postgres: Postgres) -> None:
    """The same, from another database."""
    clock = StandingClock()
    with postgres.database() as database, asyncio.Runner() as runner:
        migrate(database.url)
        store = runner.run(PostgresStore.open(database.url, max_connections=2, clock=clock))
        try:
            run_over(store, clock=clock, runner=runner)
        finally:
            runner.run(store.close())


def run_over(store: Store, *, clock: StandingClock, runner: asyncio.Runner) -> None:
    """A few sequences at the guard over a store of which each answer takes its time."""

    class Machine(LockoutMachine):
        never_waits = True

        def open_door(self) -> Door:
            return StoreDoor(store, clock=clock, runner=runner)

    run_state_machine_as_test(Machine, settings=settings(max_examples=8, stateful_step_count=20))


hours_either_way = st.builds(timedelta, minutes=st.integers(-180, 180)) | pauses


@settings(max_examples=300)
@given(st.lists(st.tuples(hours_either_way, st.sampled_from(["ask", "wrong", "right", "recreate"])), max_size=40))
def test_a_clock_that_goes_back_opens_nothing(tried: list[tuple[timedelta, str]]) -> None:
    """Whatever the clock does, instants stay in order, limits hold, and nobody enters before the end of a block."""
    door, now = BareDoor(), NOON
    permits = [Permitted("made up", 0)]

    for pause, what in tried:
        now += pause
        until = door.record().until
        match what:
            case "ask" if isinstance(answer := door.reserve(now), Permitted):
                assert until is None or now >= until
                permits.append(answer)
            case "wrong":
                door.report_failure(now, permitted=permits[-1])
            case "right":
                door.report_success(now, permitted=permits[-1])
            case "recreate":
                door.charge_recreation(now)

        record = door.record()
        assert list(record.spent) == sorted(record.spent)
        assert record.last is None or all(at <= record.last for at in record.spent)
        assert len(record.permits) <= 3
        assert len(record.spent) + len(record.permits) <= 24
        assert record.until is None or record.last is None or record.until <= record.last + RULES.block
        assert all(permit.expires_at <= (record.until or permit.expires_at) for permit in record.permits)
