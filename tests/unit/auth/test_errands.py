"""Promised work is done, however often something breaks: once if it can be, twice at most, never for ever."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest

from gateway.auth.credentials import AccountReady
from gateway.auth.errands import LANES, Errands
from gateway.auth.letters.kinds import LetterKind
from gateway.auth.vault import Content, Vault
from gateway.auth.work import HolderWarning, PlannedLetter, promised
from gateway.domain.letter import Language, Letter
from gateway.domain.lockout import Subject
from gateway.domain.outbox import OutboxItem, Task
from gateway.domain.person import Tenant
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Batch
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call, UpstreamTimeoutError
from gateway.ports.mail import MailPort, MailRefusedError, MailUnavailableError
from gateway.ports.store import StoreError
from tests.rules.people import NOBODY
from tests.support.account_world import NEW, STRANGER, AccountWorld
from tests.support.letterbox import Letterbox, token_in
from tests.support.memory import MemoryTenancy
from tests.support.troubled_store import ProcessDied

GONE = MailUnavailableError("the relay is gone")
ANY = Subject(bytes(32))


def letter(kind: LetterKind = LetterKind.PASSWORD_CHANGED, **changes: Any) -> PlannedLetter:
    """One to Camille."""
    values: dict[str, Any] = {
        "kind": kind,
        "language": Language.FRENCH,
        "to": "camille@example.org",
        "message_id": "<1@example.org>",
        "reference": "12345",
    }
    return PlannedLetter(**(values | changes))


@dataclass(slots=True)
class BusyRelay:
    """Takes several letters at once, each in some turns of the loop."""

    letters: list[Letter] = field(default_factory=list)
    now: int = 0
    most_at_once: int = 0

    async def send(self, letter: Letter) -> None:
        """As the port says."""
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        self.letters.append(letter)


@dataclass(slots=True)
class ExpectedLetters:
    """A relay that tells when so many letters are there."""

    expected: int
    letters: list[Letter] = field(default_factory=list)
    are_there: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, letter: Letter) -> None:
        """As the port says."""
        self.letters.append(letter)
        if len(self.letters) == self.expected:
            self.are_there.set()


@dataclass(frozen=True)
class TimedTenancy(MemoryTenancy):
    """The landlord's files; `waits` are the seconds that each look-up of holders was given."""

    waits: list[float] = field(default_factory=list)

    async def holders_of(self, references: Sequence[str], *, deadline: Deadline) -> Batch[str, tuple[Tenant, ...]]:
        """As the port says."""
        self.waits.append(deadline.remaining_seconds())
        return await super().holders_of(references, deadline=deadline)


def with_relay(world: AccountWorld, relay: MailPort) -> Errands:
    """A worker that hands letters to this relay."""
    return replace(world.errands, postman=replace(world.errands.postman, mail=relay))


async def promise(world: AccountWorld, *items: OutboxItem) -> None:
    """Puts work into the outbox."""

    async def work(tx: Any) -> None:
        for item in items:
            await tx.promise(item)

    await world.memory.transact(ANY, work)


def sealed(world: AccountWorld, content: PlannedLetter | HolderWarning) -> OutboxItem:
    """Work that is due now."""
    return promised(world.desk.vault, content, now=world.clock.now)


async def test_there_may_be_nothing_to_do(world: AccountWorld) -> None:
    """Nor is anything before its time."""
    assert await world.errands.run_one() is False

    await promise(world, replace(sealed(world, letter()), due_at=world.clock.now + timedelta(seconds=1)))

    assert await world.errands.run_one() is False
    world.clock.forward(seconds=1)
    assert await world.errands.run_one() is True
    assert (len(world.letterbox.letters), world.count("outbox")) == (1, 0)


async def test_a_crash_after_the_sending_sends_the_same_letter_again_and_no_third(world: AccountWorld) -> None:
    """The same link under the same Message-ID, two minutes later (P18)."""
    await world.ask_for_link()
    await world.errands.run_one()
    world.trouble.crash_at("finish", error=ProcessDied())
    with pytest.raises(ProcessDied):
        await world.errands.run_one()
    assert await world.errands.run_one() is False  # the claim of the dead holds for two minutes
    world.clock.forward(minutes=2)

    await world.run_errands()
    world.clock.forward(days=1)
    await world.run_errands()

    first, second = world.letterbox.letters
    assert first == second
    assert "#" in first.body
    assert token_in(first) == token_in(second)


async def test_a_link_used_before_its_letter_is_sent_again_is_not_sent_again(world: AccountWorld) -> None:
    """The worker died after the sending; meanwhile the holder has clicked."""
    await world.ask_for_link()
    await world.errands.run_one()
    world.trouble.crash_at("finish", error=ProcessDied())
    with pytest.raises(ProcessDied):
        await world.errands.run_one()
    await world.desk.choose_password(world.letterbox.link_token(), NEW, visitor=STRANGER)
    world.clock.forward(minutes=2)

    await world.run_errands()

    assert (len(world.links_to()), world.count("outbox")) == (1, 0)


async def test_the_thirty_minutes_of_a_link_count_from_the_sending(world: AccountWorld) -> None:
    """The relay was down for an hour (P17)."""
    world.letterbox.failure = GONE
    await world.ask_for_link()
    for _ in range(12):
        await world.run_errands()
        world.clock.forward(minutes=5)
    world.letterbox.failure = None
    world.clock.forward(minutes=15)
    await world.run_errands()
    assert len(world.letterbox.letters) == 1

    world.clock.forward(minutes=29, seconds=59)
    outcome = await world.desk.choose_password(world.letterbox.link_token(), NEW, visitor=STRANGER)

    assert isinstance(outcome, AccountReady)


async def test_a_relay_that_is_down_is_tried_less_and_less_and_given_up_after_a_day(world: AccountWorld) -> None:
    """After 5, 15, 60, 300, then every 900 seconds, until 24 hours have passed since the promise."""
    world.letterbox.failure = GONE
    await promise(world, sealed(world, letter()))
    started, tried = world.clock.now, []
    while world.count("outbox"):
        if await world.errands.run_one():
            tried.append((world.clock.now - started).total_seconds())
        world.clock.forward(seconds=5)

    assert tried[:7] == [0, 5, 20, 80, 380, 1280, 2180]
    assert timedelta(hours=23, minutes=45) < timedelta(seconds=tried[-1]) <= timedelta(hours=24)
    assert world.letterbox.letters == []


async def test_while_the_erp_is_down_a_request_waits_and_is_answered_once(world: AccountWorld) -> None:
    """An hour later there is one letter."""
    world.landlord.failing["holders_of"] = UpstreamTimeoutError(Call(SourceSystem.RENT_ERP, "holders_of"))
    await world.ask_for_link()
    for _ in range(60):
        await world.run_errands()
        world.clock.forward(minutes=1)
    world.landlord.failing.clear()
    world.clock.forward(minutes=15)

    await world.run_errands()
    await world.run_errands()

    assert (len(world.letterbox.letters), world.count("outbox")) == (1, 0)


@pytest.mark.parametrize(
    "poison",
    [
        b"",
        b"\x00" * 16,
        Vault(bytes(32)).seal(Content.WORK, letter()),
        Vault(bytes(range(32))).seal(Content.LINK, letter()),
        Vault(bytes(range(32))).seal(Content.WORK, HolderWarning("12345", LetterKind.SIGN_IN_SUSPENDED, 10)),
    ],
    ids=["empty", "noise", "another key", "another purpose", "another kind"],
)
async def test_work_that_cannot_be_read_is_given_up_and_stops_nothing(world: AccountWorld, poison: bytes) -> None:
    """The operator changed the key: what was promised under the old one is lost, and said so."""
    bad = OutboxItem("0", Task.SEND_LETTER, poison, created_at=world.clock.now, due_at=world.clock.now)
    await promise(world, bad, sealed(world, letter()))

    await world.run_errands()

    assert (len(world.letterbox.letters), world.count("outbox")) == (1, 0)
    assert [line["event"] for line in world.log.lines].count("errands.given_up") == 1


async def test_a_letter_that_is_refused_for_good_is_given_up(world: AccountWorld) -> None:
    """There is no such mailbox; sending it again is of no use."""
    world.letterbox.failure = MailRefusedError("refused", code=550)
    await promise(world, sealed(world, letter()))

    await world.run_errands()

    assert world.count("outbox") == 0
    assert "errands.given_up" in world.log.getvalue()
    assert "camille@example.org" not in world.log.getvalue()


async def test_a_defect_in_one_piece_of_work_does_not_stop_the_others(world: AccountWorld) -> None:
    """A letter that needs a day and has none: it is put off, as if it were the relay, and given up after a day."""
    broken = replace(sealed(world, letter(LetterKind.RENEWAL_DUE)), id="0")
    await promise(world, broken, sealed(world, letter()))

    await world.run_errands()

    assert (len(world.letterbox.letters), world.count("outbox")) == (1, 1)
    assert "errands.crashed" in world.log.getvalue()
    world.clock.forward(hours=24)
    await world.run_errands()
    assert world.count("outbox") == 0


async def test_an_address_that_is_none_harms_nobody_else(world: AccountWorld) -> None:
    """Two recipients in one address are no address: nothing is sent to either."""
    await promise(world, sealed(world, letter(to="a@example.org, b@example.net")))

    await world.run_errands()

    assert (world.letterbox.letters, world.count("outbox")) == ([], 1)


async def test_two_workers_never_send_twice(world: AccountWorld) -> None:
    """Each takes what the other has not."""
    await promise(world, *(sealed(world, letter(message_id=f"<{number}@example.org>")) for number in range(40)))

    relay = BusyRelay()
    worker = with_relay(world, relay)

    async def work() -> None:
        has_more = True
        while has_more:
            has_more = await worker.run_one()

    await asyncio.gather(work(), work(), work())

    sent = [one.message_id for one in relay.letters]
    assert relay.most_at_once == 3
    assert sorted(sent) == sorted({f"<{number}@example.org>" for number in range(40)})


def test_every_kind_of_work_has_two_workers() -> None:
    """A kind that nobody does would be forgotten, and one alone waits behind its slowest piece."""
    assert Counter(task for tasks in LANES for task in tasks) == dict.fromkeys(Task, 2)


async def test_requests_that_wait_for_the_erp_hold_up_no_letter(world: AccountWorld) -> None:
    """The ERP hangs while somebody asks for one link after the other: letters and warnings go out all the same."""
    for number in range(12):
        await world.ask_for_link(replace(NOBODY, reference=f"9753{number}"))
    warning = HolderWarning("12345", LetterKind.SIGN_IN_SUSPENDED, 10)
    await promise(world, sealed(world, letter()), sealed(world, warning))
    world.landlord.held["holders_of"] = asyncio.Event()
    relay = ExpectedLetters(2)

    workers = [asyncio.create_task(with_relay(world, relay).run(tasks)) for tasks in LANES]
    async with asyncio.timeout(10):
        await relay.are_there.wait()
    for worker in workers:
        worker.cancel()
    await asyncio.wait(workers)

    assert [one.to for one in relay.letters] == ["camille@example.org"] * 2
    assert len(world.landlord.calls("holders_of")) == 2


async def test_the_erp_has_eight_seconds_to_tell_who_holds_an_account(world: AccountWorld) -> None:
    """While it hangs, every request holds up those behind it for as long."""
    tenancy = TimedTenancy(world.landlord)
    await world.ask_for_link()
    worker = world.errands

    await replace(worker, answer_link_request=replace(worker.answer_link_request, tenancy=tenancy)).run_one()

    [seconds] = tenancy.waits
    assert 7 < seconds <= 8


async def test_a_letter_on_its_way_is_not_taken_by_another_worker(world: AccountWorld) -> None:
    """The relay is slow, but not slower than two minutes."""
    sending, may_arrive = asyncio.Event(), asyncio.Event()

    class SlowRelay(Letterbox):
        async def send(self, letter: Letter) -> None:
            sending.set()
            await may_arrive.wait()
            await super().send(letter)

    relay = SlowRelay()
    slow = with_relay(world, relay)
    await promise(world, sealed(world, letter()))
    under_way = asyncio.create_task(slow.run_one())
    await sending.wait()

    assert await world.errands.run_one() is False

    may_arrive.set()
    assert await under_way is True
    assert len(relay.letters) == 1


@pytest.mark.parametrize("step", ["claim", "finish", "postpone"])
async def test_a_failing_store_is_told_to_whoever_runs_one(world: AccountWorld, step: str) -> None:
    """The work is still promised."""
    world.letterbox.failure = GONE if step == "postpone" else None
    await promise(world, sealed(world, letter()))
    world.trouble.crash_at(step)

    with pytest.raises(StoreError):
        await world.errands.run_one()

    assert world.count("outbox") == 1


async def test_the_worker_waits_out_a_store_that_fails(world: AccountWorld) -> None:
    """A second later it goes on where it was, and runs until it is cancelled."""
    await promise(world, sealed(world, letter()), sealed(world, letter(message_id="<2@example.org>")))
    world.trouble.crash_at("claim")
    is_idle = asyncio.Event()

    async def tell() -> None:
        is_idle.set()

    world.trouble.run_before("claim", tell, nth=4)  # failed, first, second, nothing more

    worker = asyncio.create_task(world.errands.run(tuple(Task)))
    async with asyncio.timeout(10):
        await is_idle.wait()
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker

    assert len(world.letterbox.letters) == 2
    assert [line["event"] for line in world.log.lines].count("errands.store_failed") == 1


async def test_who_has_no_address_is_not_warned(world: AccountWorld) -> None:
    """Nor is it remembered as if they had been."""
    await world.change_account(email=None)

    await promise(world, sealed(world, HolderWarning("12345", LetterKind.SIGN_IN_SUSPENDED, 10)))
    await world.run_errands()

    assert (world.letterbox.letters, (await world.account()).warned_at) == ([], None)


async def test_each_reuse_of_a_token_is_told(world: AccountWorld) -> None:
    """Only letters about guesses are limited to one a day: those a stranger can cause."""
    warning = HolderWarning("12345", LetterKind.SESSION_REVOKED_REUSE, 0)
    await promise(world, sealed(world, warning), sealed(world, warning))

    await world.run_errands()

    assert len(world.letterbox.letters) == 2


async def test_a_renewal_letter_names_its_day(world: AccountWorld) -> None:
    """As it was promised, also when it is sent the day after."""
    await promise(world, sealed(world, letter(LetterKind.RENEWAL_DUE, day=date(2026, 2, 1))))

    await world.run_errands()

    [sent] = world.letterbox.letters
    assert "1er février 2026" in sent.body
