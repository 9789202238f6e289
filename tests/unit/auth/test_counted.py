"""What operators watch of accounts is counted where it happens, by classes of ours and nothing else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from gateway.auth.errands import Errands
from gateway.auth.letters.kinds import LetterKind
from gateway.auth.work import promised
from gateway.domain.lockout import Subject
from gateway.domain.outbox import OutboxItem
from gateway.ports.mail import MailRefusedError, MailUnavailableError
from tests.support.account_world import AccountWorld
from tests.unit.auth.test_errands import letter

ANY = Subject(bytes(32))


async def test_sign_ins_are_counted_by_their_outcome(world: AccountWorld) -> None:
    """So a wave of guesses, and the accounts that it locks, are seen while it lasts."""
    await world.signed_in()
    for _ in range(4):
        await world.sign_in("wrong password")

    assert world.desk.foundation.outcomes.counted == {
        ("sign_in", "SignedIn"): 1,
        ("sign_in", "WrongCredentials"): 2,
        ("sign_in", "RecreationOffered"): 2,
    }


async def test_whatever_else_is_done_with_accounts_is_counted_too(world: AccountWorld) -> None:
    """By the event that the log has."""
    await world.ask_for_link()

    assert world.desk.foundation.outcomes.counted == {("link_request", "LinkRequested"): 1}


async def test_tokens_are_counted_by_where_their_session_is_looked_for(world: AccountWorld) -> None:
    """Once in the store, then in memory for two seconds."""
    opened = await world.signed_in()
    sessions = world.desk.foundation.sessions

    for _ in range(3):
        await sessions.resolve(opened.token)
    world.clock.forward(seconds=2)
    await sessions.resolve(opened.token)
    await sessions.resolve("no token")

    assert sessions.lookups == {("store",): 3, ("memory",): 2}


async def test_promised_work_is_counted_by_what_became_of_it(world: AccountWorld) -> None:
    """Done, put off while the relay is away, and given up: refused for good, or a day old."""
    errands = world.errands

    await _do(errands, world, _letter(world))
    world.letterbox.failure = MailUnavailableError("the relay is gone")
    await _do(errands, world, _letter(world))
    world.letterbox.failure = MailRefusedError("refused", code=550)
    await _do(errands, world, _letter(world))
    world.letterbox.failure = MailUnavailableError("the relay is gone")
    await _do(errands, world, replace(_letter(world), created_at=world.clock.now - timedelta(days=2)))

    assert errands.counted == {
        ("SEND_LETTER", "done"): 1,
        ("SEND_LETTER", "put_off"): 1,
        ("SEND_LETTER", "given_up"): 2,
    }


def _letter(world: AccountWorld) -> OutboxItem:
    return promised(world.desk.vault, letter(LetterKind.PASSWORD_CHANGED), now=world.clock.now)


async def _do(errands: Errands, world: AccountWorld, item: OutboxItem) -> None:
    async def work(tx: Any) -> None:
        await tx.promise(item)

    await world.memory.transact(ANY, work)
    assert await errands.run_one()
