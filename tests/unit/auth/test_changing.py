"""A signed-in tenant chooses another password; the present one is charged like one at sign-in."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.auth.changing import Change, ChangeOutcome
from gateway.auth.credentials import AccountReady, PasswordRejected
from gateway.auth.knocking import Knocking, rules
from gateway.auth.lockout import RecreationOffered, Suspended
from gateway.auth.outcomes import ServiceBusy, WrongCredentials
from gateway.auth.passwords import HashPool
from gateway.auth.sign_in import SignedIn
from gateway.domain.access import Channel, Session
from gateway.domain.lockout import UNKNOWN_DEVICES, Bucket, GuardRecord, LockoutRules, Phase
from gateway.domain.password import PasswordRefusal
from tests.support.account_world import (
    NEW,
    PASSWORD,
    RULES,
    STRANGER,
    WRONG,
    AccountWorld,
    CrowdedGuard,
    account_world,
    advisor,
    with_camille,
)

OTHER = "Glycine verte 12"


@pytest.fixture
async def session(world: AccountWorld) -> Session:
    """Camille's, in the application."""
    return (await world.signed_in(Channel.MOBILE)).session


async def change(world: AccountWorld, session: Session, current: str = PASSWORD, new: str = NEW) -> ChangeOutcome:
    """From `current` to `new`."""
    return await world.desk.change_password(Change(current, new), session=session, visitor=STRANGER)


def own(session: Session) -> Bucket:
    """The bucket of the session's device."""
    return Bucket(session.device_id or "")


async def test_the_new_password_takes_effect_and_everybody_is_out(world: AccountWorld, session: Session) -> None:
    """Also the one who changed it; the holder gets a letter and the trail a line."""
    other = await world.signed_in()
    await world.desk.foundation.sessions.resolve(other.token)

    outcome = await change(world, session)

    assert isinstance(outcome, AccountReady)
    assert set(outcome.ended) == {session.id, other.session.id}
    assert outcome.renewal_due_on == date(2027, 2, 1)
    assert await world.desk.foundation.sessions.resolve(other.token) is None
    assert world.count("known_device") == 0
    assert isinstance(await world.sign_in(NEW), SignedIn)
    assert "PASSWORD_CHANGED Changed" in await world.own_trail()
    await world.run_errands()
    assert len(world.letterbox.to("camille@example.org")) == 1


async def test_links_that_are_out_are_void(world: AccountWorld, session: Session) -> None:
    """They belong to the old password (P8)."""
    token = await world.link_for()

    await change(world, session)

    outcome = await world.desk.choose_password(token, OTHER, visitor=STRANGER)
    assert type(outcome).__name__ == "LinkInvalid"


async def test_a_session_left_open_is_no_way_around_the_lockout(world: AccountWorld, session: Session) -> None:
    """Three wrong passwords, then none is checked; every one counts on the account, and the holder is warned."""
    verified = world.hasher.verified
    until = world.clock.now + timedelta(minutes=10)

    outcomes = [await change(world, session, WRONG) for _ in range(3)] + [await change(world, session)]

    assert outcomes == [WrongCredentials()] * 2 + [RecreationOffered(until)] * 2
    assert world.hasher.verified == verified + 3
    account = await world.account()
    assert (account.consecutive_failures, account.credential_version) == (3, 1)
    assert await world.sessions() == (session,)
    assert (await world.own_trail())[1:] == ["PASSWORD_CHANGED Failed"] * 2 + ["PASSWORD_CHANGED RecreationOffered"]
    await world.run_errands()
    assert len(world.letterbox.to("camille@example.org")) == 1


async def test_guesses_in_a_session_disable_the_password_like_any() -> None:
    """A hundred in a row, wherever they are made."""
    patient = replace(RULES, lockout=LockoutRules(sign_in_failures=100, daily_failures=100, consecutive_failures=3))
    with account_world(patient) as world:
        session = (await (await with_camille(world)).signed_in()).session

        for _ in range(3):
            await change(world, session, WRONG)

        assert (await world.account()).disabled_at == world.clock.now
        assert await change(world, session) == WrongCredentials()


async def test_strangers_do_not_keep_a_signed_in_holder_from_changing_it(world: AccountWorld, session: Session) -> None:
    """Their guesses are counted apart from those of the holder's own device (A17)."""
    for _ in range(3):
        await world.sign_in(WRONG)

    assert (await world.guard()).phase is Phase.RECREATE
    assert isinstance(await change(world, session), AccountReady)


async def test_a_session_whose_device_was_forgotten_counts_with_strangers(
    world: AccountWorld, session: Session
) -> None:
    """It is not known any more."""
    account = await world.account()
    await world.memory.transact(world.desk.vault.subject("12345"), lambda tx: tx.remove_devices(account.id))

    await change(world, session, WRONG)

    assert ((await world.guard()).failures, (await world.guard(own(session))).failures) == (1, 0)


async def test_a_blocked_device_is_told_so(world: AccountWorld, session: Session) -> None:
    """Three wrong passwords and three failed re-creations on the device itself."""
    locked = GuardRecord(Phase.LOCKED, until=world.clock.now + timedelta(minutes=5), last=world.clock.now)
    subject = world.desk.vault.subject("12345")
    await world.memory.transact(subject, lambda tx: tx.put_guard(own(session), locked))

    assert await change(world, session) == Suspended(world.clock.now + timedelta(minutes=5))


async def test_a_right_password_and_a_bad_new_one_change_nothing(world: AccountWorld, session: Session) -> None:
    """The reasons are told; the session goes on, and nothing is charged."""
    outcome = await change(world, session, new="Aé;")

    assert outcome == PasswordRejected((PasswordRefusal.TOO_SHORT, PasswordRefusal.NO_DIGIT))
    assert await world.sessions() == (session,)
    assert (await world.guard(own(session))).failures == 0


async def test_the_new_password_is_not_built_on_the_person(world: AccountWorld, session: Session) -> None:
    """Nor on the account reference or the landlord (P2)."""
    for new in ("Roussel57-xy!", "Mosellan57-xy!", "12345-Abcde!"):
        outcome = await world.desk.change_password(
            Change(PASSWORD, new, ("Roussel",)), session=session, visitor=STRANGER
        )

        assert isinstance(outcome, PasswordRejected)
        assert PasswordRefusal.CONTAINS_PERSONAL_WORD in outcome.reasons


async def test_the_same_password_is_no_change(world: AccountWorld) -> None:
    """Nobody is signed out for it."""
    await world.change_account(password_hash=world.hasher.hash(NEW))
    signed_in = await world.sign_in(NEW)
    assert isinstance(signed_in, SignedIn)

    assert await change(world, signed_in.session, NEW, NEW) == PasswordRejected((PasswordRefusal.SAME_AS_BEFORE,))

    assert await world.sessions() == (signed_in.session,)


async def test_two_changes_at_once_are_one(world: AccountWorld, session: Session) -> None:
    """The other was made with a password that is not the present one any more."""
    desks = (world.desk, world.replica())

    outcomes = await asyncio.gather(
        *(
            desk.change_password(Change(PASSWORD, new), session=session, visitor=STRANGER)
            for desk, new in zip(desks, (NEW, OTHER), strict=True)
        )
    )

    assert sum(isinstance(outcome, AccountReady) for outcome in outcomes) == 1
    assert (await world.account()).credential_version == 2


async def test_a_change_after_a_link_was_used_is_none(world: AccountWorld, session: Session) -> None:
    """The present password was right when it was checked; the link's password stays."""
    token = await world.link_for()
    world.trouble.run_before("transact", lambda: world.replica().choose_password(token, OTHER, visitor=STRANGER), nth=3)

    assert await change(world, session) == WrongCredentials()

    assert isinstance(await world.sign_in(OTHER), SignedIn)


async def test_a_report_that_comes_too_late_changes_nothing(world: AccountWorld, session: Session) -> None:
    """The permit ended while the password was checked."""

    async def wait() -> None:
        world.clock.forward(seconds=16)

    world.trouble.run_before("transact", wait, nth=2)

    assert await change(world, session) == ServiceBusy(1)

    assert (await world.account()).credential_version == 1


async def test_while_as_many_are_checked_as_may_still_fail_none_is(world: AccountWorld, session: Session) -> None:
    """The next is told to come back, uncharged."""
    crowded = CrowdedGuard(world.store, rules=world.desk.rules.lockout)
    change_password = replace(world.desk.change_password, guard=crowded)

    assert await change_password(Change(PASSWORD, NEW), session=session, visitor=STRANGER) == ServiceBusy(1)

    assert await world.guard(own(session)) == GuardRecord()


async def test_an_account_that_was_closed_has_no_password_to_change(world: AccountWorld, session: Session) -> None:
    """Before, or while it was checked."""
    account, subject = await world.account(), world.desk.vault.subject("12345")
    world.trouble.run_before(
        "transact", lambda: world.memory.transact(subject, lambda tx: tx.remove_account(account.id)), nth=3
    )
    assert await change(world, session) == WrongCredentials()

    assert await change(world, session) == WrongCredentials()


async def test_staff_have_no_account_to_change(world: AccountWorld) -> None:
    """Their passwords are their provider's."""
    assert await change(world, advisor()) == WrongCredentials()

    assert world.hasher.verified == 0


@pytest.mark.parametrize("step", ["account_by_id", "devices_of", "transact", "put_guard", "save_account", "commit"])
async def test_without_the_store_nothing_changes(world: AccountWorld, session: Session, step: str) -> None:
    """The old password is still good, and the session open."""
    world.trouble.crash_at(step, nth=1 if step != "commit" else 3)

    assert await change(world, session) == ServiceBusy(5)

    assert await world.sessions() == (session,)
    assert isinstance(await world.sign_in(), SignedIn)


async def test_a_crowd_at_the_hashes_charges_nobody(world: AccountWorld, session: Session) -> None:
    """The person is told to come back."""
    passwords = HashPool(world.hasher, workers=1, queue=0)
    full = replace(world.desk, foundation=replace(world.desk.foundation, passwords=passwords))

    async with passwords.seat():
        outcome = await full.change_password(Change(PASSWORD, NEW), session=session, visitor=STRANGER)

    assert outcome == ServiceBusy(2)
    assert await world.guard(own(session)) == GuardRecord()
    assert await world.guard(UNKNOWN_DEVICES) == GuardRecord(last=world.clock.now)
    passwords.close()


async def test_who_knocks_too_often_is_told_when_to_come_back() -> None:
    """As at sign-in, whose share it uses."""
    with account_world(knocking=Knocking(rules(sign_ins=1, requests=1))) as world:
        session = (await (await with_camille(world)).signed_in()).session

        assert isinstance(await change(world, session), ServiceBusy)


def test_a_change_shows_no_password() -> None:
    """Neither the old one nor the new one, nor the words."""
    assert repr(Change(PASSWORD, NEW, ("Roussel",))) == "Change()"


any_text = st.one_of(st.text(st.characters()), st.sampled_from(["\ud800", "\x00", "🔑" * 128, "a" * 300_000]))


@settings(max_examples=40, deadline=None)
@given(any_text, any_text)
async def test_any_two_texts_are_answered(current: str, new: str) -> None:
    """Nothing raises, neither for the present nor for the new one."""
    with account_world() as world:
        session = (await (await with_camille(world)).signed_in()).session

        assert await change(world, session, current) == WrongCredentials()
        assert isinstance(await change(world, session, new=new), AccountReady | PasswordRejected)
