"""Signing in: what a tenant gets, and what a stranger learns, which is nothing."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher

from gateway.adapters.store_sqlite import SqliteStore
from gateway.auth.knocking import Knocking, rules
from gateway.auth.lockout import RecreationOffered, Suspended
from gateway.auth.outcomes import ServiceBusy, WrongCredentials
from gateway.auth.passwords import HashPool
from gateway.auth.sessions import Sessions
from gateway.auth.sign_in import Credentials, SignedIn, SignIn
from gateway.auth.tokens import Mint
from gateway.domain.access import Channel, OnlineAccount, OnlineAccountId, Role
from gateway.domain.lockout import UNKNOWN_DEVICES, Bucket, GuardRecord, LockoutRules, Permit, Phase
from gateway.ports.store import StoreError, Transaction
from gateway.support.desk import AccountDesk, Foundation
from tests.ports.stores import NOON
from tests.rules.people import NOBODY
from tests.support.account_world import (
    NEW,
    RULES,
    SECRET,
    STRANGER,
    WRONG,
    AccountWorld,
    CrowdedGuard,
    account_world,
    with_camille,
)
from tests.support.memory import Landlord
from tests.support.troubled_store import ProcessDied, TroubledStore
from tests.unit.auth.conftest import PASSWORD, Clock, CountingHasher, CountingStore

MakeSignIn = Callable[[HashPool], SignIn]


@pytest.fixture
def sign_in_with(store: CountingStore, sessions: Sessions, clock: Clock) -> MakeSignIn:
    """The use case over the database, with any pool of hashes."""

    def make(passwords: HashPool) -> SignIn:
        foundation = Foundation(
            store=store, passwords=passwords, sessions=sessions, knocking=Knocking(), secret=SECRET, clock=clock
        )
        return AccountDesk(foundation, RULES, Landlord(clock).ports().tenancy).sign_in

    return make


@pytest.fixture
def sign_in(sign_in_with: MakeSignIn, passwords: HashPool) -> SignIn:
    """The use case."""
    return sign_in_with(passwords)


@pytest.mark.parametrize("reference", ["0012345", "12345", "L-12 345", "Ｌ１２３４５"])
async def test_reference_and_password_open_a_session(
    sign_in: SignIn, sessions: Sessions, louise: OnlineAccount, reference: str
) -> None:
    """In whichever spelling; the token opens that session again."""
    outcome = await sign_in(Credentials(reference, PASSWORD, device="Firefox"), visitor=STRANGER)

    assert isinstance(outcome, SignedIn)
    assert outcome.account == louise
    assert outcome.session.role is Role.TENANT
    assert outcome.session.account_id == louise.id
    assert outcome.session.tenant_id == "T1"
    assert outcome.session.device == "Firefox"
    assert await sessions.resolve(outcome.token) == outcome.session


async def test_the_application_gets_tokens_of_its_own(sign_in: SignIn, louise: OnlineAccount) -> None:
    """The bearer token is good for ten minutes, which is what `accessExpiresAt` tells it."""
    outcome = await sign_in(Credentials("12345", PASSWORD, Channel.MOBILE), visitor=STRANGER)

    assert isinstance(outcome, SignedIn)
    assert outcome.session.channel is Channel.MOBILE
    assert outcome.session.access_expires_at == NOON + timedelta(minutes=10)
    assert outcome.refresh_token is not None


@pytest.mark.parametrize(
    ("reference", "password"),
    [("12345", "Mirabelle-57"), ("99999", PASSWORD), ("?!", PASSWORD), ("9" * 21, PASSWORD), ("12345", "\ud800")],
    ids=["wrong password", "unknown reference", "no reference", "too long", "odd password"],
)
async def test_wrong_credentials_get_one_answer_for_the_same_work(
    sign_in: SignIn, louise: OnlineAccount, hasher: CountingHasher, reference: str, password: str
) -> None:
    """One hash of the same parameters is computed, whether or not the account exists; no session opens."""
    outcome = await sign_in(Credentials(reference, password), visitor=STRANGER)

    assert outcome == WrongCredentials()
    assert hasher.checked == ["$argon2id$v=19$m=8,t=1,p=1"]


async def test_too_many_at_once_are_told_to_come_back(
    sign_in_with: MakeSignIn, hasher: CountingHasher, store: CountingStore, louise: OnlineAccount
) -> None:
    """Nothing is checked for those who find no seat, and nothing is charged to the account."""
    full = HashPool(hasher, workers=1, queue=0)
    sign_in = sign_in_with(full)
    async with full.seat():
        turned_away = await sign_in(Credentials("12345", WRONG), visitor=STRANGER)

    assert turned_away == ServiceBusy(retry_after_seconds=2)
    assert hasher.checked == []
    assert (await store.account_by_id(louise.id)) == louise
    full.close()


async def test_nobody_gets_in_without_the_store(
    sign_in: SignIn, store: CountingStore, louise: OnlineAccount, hasher: CountingHasher
) -> None:
    """Neither is a password checked that could not be counted."""
    await store.close()

    outcome = await sign_in(Credentials("12345", PASSWORD), visitor=STRANGER)

    assert outcome == ServiceBusy(retry_after_seconds=5)
    assert hasher.checked == []


async def test_nobody_gets_in_when_nothing_can_be_stored(
    sign_in: SignIn, louise: OnlineAccount, hasher: CountingHasher, tmp_path: Path
) -> None:
    """A right password alone is not enough: it is not even looked at."""
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")

        outcome = await sign_in(Credentials("12345", PASSWORD), visitor=STRANGER)

        assert outcome == ServiceBusy(retry_after_seconds=5)
    assert hasher.checked == []


async def test_a_password_changed_while_it_is_checked_opens_nothing(
    sign_in_with: MakeSignIn, store: CountingStore, louise: OnlineAccount, tmp_path: Path
) -> None:
    """The old password was right when it was read, and is not any more."""

    class ChangingHasher(CountingHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's
            with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
                connection.execute("UPDATE online_account SET credential_version = 2")
            return super().verify(hash, password)

    changing = HashPool(ChangingHasher())

    outcome = await sign_in_with(changing)(Credentials("12345", PASSWORD), visitor=STRANGER)

    assert outcome == ServiceBusy(retry_after_seconds=1)
    assert await store.sessions_of(louise.id, now=NOON) == ()
    changing.close()


@pytest.mark.parametrize("channel", [Channel.DESK, Channel.ANALYST_TOOL])
def test_tenants_do_not_sign_in_on_the_channels_of_staff(channel: Channel) -> None:
    """Such credentials cannot even be written down."""
    with pytest.raises(ValueError, match="tenants do not sign in on the channel"):
        Credentials("12345", PASSWORD, channel)


async def test_neither_password_nor_token_is_shown(sign_in: SignIn, louise: OnlineAccount) -> None:
    """Neither in a log nor in a traceback."""
    credentials = Credentials("12345", PASSWORD, Channel.MOBILE)

    outcome = await sign_in(credentials, visitor=STRANGER)

    assert isinstance(outcome, SignedIn)
    assert PASSWORD not in repr(credentials)
    told = repr(outcome)
    secrets = (outcome.token, outcome.refresh_token, outcome.device_token, louise.password_hash)
    assert [secret for secret in secrets if secret is None or secret in told] == []


async def test_a_permit_that_nobody_reported_was_a_failure(world: AccountWorld) -> None:
    """The database goes between reservation and report: no session, and after 15 seconds the guess counts (G23)."""
    world.trouble.crash_at("transact", nth=2)

    assert await world.sign_in() == ServiceBusy(5)

    assert await world.sessions() == ()
    assert [len((await world.guard()).permits), (await world.guard()).failures] == [1, 0]
    world.clock.forward(seconds=15)
    assert isinstance(await world.sign_in(WRONG), WrongCredentials)
    assert (await world.guard()).failures == 2
    assert isinstance(await world.sign_in(WRONG), RecreationOffered)


async def test_a_process_that_dies_gives_no_guess_away(
    store: CountingStore, clock: Clock, louise: OnlineAccount, tmp_path: Path
) -> None:
    """Killed between reservation and report, on disk: the next process finds the permit, and counts it (G13, G23)."""
    with account_world() as world:
        trouble = TroubledStore(store)
        base = replace(world.desk.foundation, store=trouble.as_store(), clock=clock)
        dying = replace(world.desk, foundation=base).sign_in
        for _ in range(3):
            trouble.crash_at("transact", nth=2, error=ProcessDied())
            with pytest.raises(ProcessDied):
                await dying(Credentials("12345", WRONG), visitor=STRANGER)
        await store.close()
        clock.advance(seconds=15)
        reopened = await SqliteStore.open(tmp_path / "store.db", clock=clock)
        sessions = Sessions(reopened, clock=clock, mint=Mint(SECRET))

        reborn = replace(world.desk, foundation=replace(base, store=reopened, sessions=sessions)).sign_in
        outcome = await reborn(Credentials("12345", PASSWORD), visitor=STRANGER)

        assert outcome == RecreationOffered(NOON + timedelta(seconds=15, minutes=10))
        assert await reopened.sessions_of(louise.id, now=clock.now) == ()
        await reopened.close()


async def test_a_right_password_opens_nothing_when_its_session_is_not_committed(world: AccountWorld) -> None:
    """The report, the session and the line of the trail are one transaction."""
    world.trouble.crash_at("commit", nth=2)

    assert await world.sign_in() == ServiceBusy(5)

    assert [world.count(table) for table in ("session", "known_device", "audit")] == [0, 0, 0]


async def test_nobody_gets_in_when_the_trail_cannot_be_written(world: AccountWorld) -> None:
    """Signing in is refused, and nothing of it stays (Z13)."""
    world.trouble.crash_at("append_audit")

    assert await world.sign_in() == ServiceBusy(5)

    assert world.count("session") == 0


async def test_a_late_success_opens_nothing_after_a_re_creation(world: AccountWorld) -> None:
    """The old password was found right, and a link was used before it was reported (A20)."""
    token = await world.link_for()
    world.trouble.run_before("transact", lambda: world.replica().choose_password(token, NEW, visitor=STRANGER), nth=2)

    assert await world.sign_in() == ServiceBusy(1)

    assert await world.sessions() == ()
    assert (await world.trail())[-2:] == ["PASSWORD_CHOSEN Recreated", "SIGN_IN Late"]
    assert isinstance(await world.sign_in(NEW), SignedIn)


async def test_a_late_success_opens_nothing_after_its_permit_ended(world: AccountWorld) -> None:
    """Sixteen seconds for one hash: the permit has been counted as a failure."""

    async def wait() -> None:
        world.clock.forward(seconds=16)

    world.trouble.run_before("transact", wait, nth=2)

    assert await world.sign_in() == ServiceBusy(1)

    assert await world.sessions() == ()
    assert (await world.guard()).failures == 1


async def test_a_late_failure_is_told_like_any_other_delay(world: AccountWorld) -> None:
    """It was counted when its permit ended, and is not counted twice."""

    async def wait() -> None:
        world.clock.forward(seconds=16)

    world.trouble.run_before("transact", wait, nth=2)

    assert await world.sign_in(WRONG) == ServiceBusy(1)

    assert (await world.guard()).failures == 1


async def test_an_account_that_was_closed_meanwhile_opens_nothing(world: AccountWorld) -> None:
    """It was there when the password was read."""

    async def close() -> None:
        account = await world.account()
        await world.memory.transact(world.desk.vault.subject("12345"), lambda tx: tx.remove_account(account.id))

    world.trouble.run_before("transact", close, nth=2)

    assert await world.sign_in() == ServiceBusy(1)

    assert [world.count("session"), world.count("known_device")] == [0, 0]


async def test_a_wrong_password_for_an_account_closed_meanwhile_is_a_wrong_password(world: AccountWorld) -> None:
    """There is nothing left to count it on but the guard."""

    async def close() -> None:
        account = await world.account()
        await world.memory.transact(world.desk.vault.subject("12345"), lambda tx: tx.remove_account(account.id))

    world.trouble.run_before("transact", close, nth=2)

    assert await world.sign_in(WRONG) == WrongCredentials()

    assert (await world.guard()).failures == 1


async def test_an_account_disabled_meanwhile_opens_nothing(world: AccountWorld) -> None:
    """The landlord disabled the password while it was checked."""
    world.trouble.run_before("transact", lambda: world.change_account(disabled_at=world.clock.now), nth=2)

    assert await world.sign_in() == ServiceBusy(1)

    assert await world.sessions() == ()


async def test_a_disabled_password_is_a_wrong_password(world: AccountWorld) -> None:
    """For the same work: one hash is checked, and matches nothing."""
    await world.change_account(disabled_at=world.clock.now)

    assert await world.sign_in() == WrongCredentials()

    assert world.hasher.verified == 1
    assert (await world.guard()).failures == 1


async def test_three_wrong_passwords_are_all_that_is_checked(world: AccountWorld) -> None:
    """Then not even the right one, and after ten minutes all is as it was (G4)."""
    until = world.clock.now + timedelta(minutes=10)

    outcomes = [await world.sign_in(WRONG) for _ in range(3)] + [await world.sign_in()]

    assert outcomes == [WrongCredentials()] * 2 + [RecreationOffered(until)] * 2
    assert world.hasher.verified == 3
    world.clock.forward(minutes=10)
    assert isinstance(await world.sign_in(), SignedIn)


async def test_a_blocked_account_says_so(world: AccountWorld) -> None:
    """Three wrong passwords and three requests for a link: suspended, and nothing more is checked."""
    for _ in range(3):
        await world.sign_in(WRONG)
    for _ in range(3):
        await world.ask_for_link()

    outcome = await world.sign_in()

    assert outcome == Suspended(world.clock.now + timedelta(minutes=10))
    assert world.hasher.verified == 3


async def test_a_password_found_wrong_during_a_block_is_told_of_the_block(world: AccountWorld) -> None:
    """It was permitted before three requests for a link blocked the account."""

    async def block() -> None:
        for _ in range(3):
            await world.ask_for_link()

    world.trouble.run_before("transact", block, nth=2)

    assert await world.sign_in(WRONG) == Suspended(world.clock.now + timedelta(minutes=10))

    assert "SIGN_IN Suspended" in await world.trail()


async def test_the_holder_is_warned_once_whatever_was_typed(world: AccountWorld) -> None:
    """Three wrong passwords, for the reference in any spelling: one letter in 24 hours."""
    for reference in ("0012345", "l-12 345", "12\u200b345"):
        await world.sign_in(WRONG, reference=reference)
    await world.run_errands()
    assert len(world.letterbox.to("camille@example.org")) == 1

    world.clock.forward(minutes=10)
    for _ in range(3):
        await world.sign_in(WRONG)
    await world.run_errands()

    assert len(world.letterbox.to("camille@example.org")) == 1
    world.clock.forward(hours=24)
    for _ in range(3):
        await world.sign_in(WRONG)
    await world.run_errands()
    assert len(world.letterbox.to("camille@example.org")) == 2


@pytest.mark.parametrize("reference", [NOBODY.reference, "\ud800", "1\x0023", "x" * 100_000, "", "🔑"])
async def test_a_stranger_s_third_guess_at_nothing_is_answered_as_any(world: AccountWorld, reference: str) -> None:
    """Whatever was typed, work is promised, done, and writes to nobody."""
    outcomes = [await world.sign_in(WRONG, reference=reference) for _ in range(3)]

    assert [type(outcome) for outcome in outcomes] == [WrongCredentials, WrongCredentials, RecreationOffered]
    assert world.count("outbox") == 1
    await world.run_errands()
    assert (world.count("outbox"), world.letterbox.letters) == (0, [])


async def test_a_hundred_wrong_passwords_in_a_row_disable_the_password() -> None:
    """From whichever device they come; the holder is told, and a link makes the account usable again (A4)."""
    patient = replace(RULES, lockout=LockoutRules(sign_in_failures=100, daily_failures=100, consecutive_failures=4))
    with account_world(patient) as world:
        await with_camille(world)

        assert [await world.sign_in(WRONG) for _ in range(5)] == [WrongCredentials()] * 5

        account = await world.account()
        assert (account.consecutive_failures, account.disabled_at) == (5, world.clock.now)
        assert await world.sign_in() == WrongCredentials()
        await world.run_errands()
        assert len(world.letterbox.letters) == 1
        await world.desk.choose_password(await world.link_for(), NEW, visitor=STRANGER)
        assert isinstance(await world.sign_in(NEW), SignedIn)


async def test_a_right_password_ends_the_row_of_wrong_ones(world: AccountWorld) -> None:
    """A hundred in a row are meant, not a hundred in a lifetime."""
    await world.sign_in(WRONG)
    assert (await world.account()).consecutive_failures == 1

    await world.sign_in()

    assert (await world.account()).consecutive_failures == 0


async def test_a_wrong_password_for_an_earlier_one_is_not_counted_on_the_new_one(world: AccountWorld) -> None:
    """The password was changed while the old one was guessed at."""
    token = await world.link_for()
    world.trouble.run_before("transact", lambda: world.replica().choose_password(token, NEW, visitor=STRANGER), nth=2)

    await world.sign_in(WRONG)

    assert (await world.account()).consecutive_failures == 0


async def test_a_hash_of_old_parameters_is_made_anew_exactly_once(world: AccountWorld) -> None:
    """On the next right password; no version, no counter changes, and every session stays (Z14)."""
    weaker = PasswordHasher(memory_cost=8, time_cost=2, parallelism=1).hash(PASSWORD)
    await world.change_account(password_hash=weaker)
    before = await world.signed_in()

    renewed = (await world.account()).password_hash
    await world.signed_in()

    assert "t=1" in renewed
    assert renewed == (await world.account()).password_hash != weaker
    account = await world.account()
    assert (account.credential_version, account.consecutive_failures) == (1, 0)
    assert await world.desk.foundation.sessions.resolve(before.token) is not None


async def test_a_wrong_password_makes_no_new_hash(world: AccountWorld) -> None:
    """Nobody knows what it should be made of."""
    weaker = PasswordHasher(memory_cost=8, time_cost=2, parallelism=1).hash(PASSWORD)
    await world.change_account(password_hash=weaker)

    await world.sign_in(WRONG)

    assert (await world.account()).password_hash == weaker


async def test_a_device_is_known_after_the_first_sign_in(world: AccountWorld) -> None:
    """It is used again without becoming another, and guesses from elsewhere do not lock it out (G18)."""
    first = await world.signed_in()
    phone = STRANGER.with_device(first.device_token)
    world.clock.forward(hours=1)
    for _ in range(3):
        await world.sign_in(WRONG)

    second = await world.signed_in(visitor=phone)

    assert first.device_token is not None
    assert second.device_token is None
    assert second.session.device_id == first.session.device_id
    [device] = await world.memory.devices_of((await world.account()).id)
    assert (device.label, device.last_used_at) == ("Pixel 9", world.clock.now)
    assert (await world.guard()).phase is Phase.RECREATE


async def test_the_device_of_one_account_is_unknown_to_another(world: AccountWorld) -> None:
    """Its cookie opens no bucket of its own there (G20)."""
    other = replace(await world.account(), id=OnlineAccountId("account-alix"), reference="24680")
    await world.memory.add_account(other)
    device = STRANGER.with_device((await world.signed_in()).device_token)

    for _ in range(3):
        await world.sign_in(WRONG, reference="24680", visitor=device)

    assert (await world.guard(reference="24680")).failures == 3
    signed_in = await world.sign_in(reference="12345", visitor=device)
    assert isinstance(signed_in, SignedIn)
    guard = await world.guard(Bucket(signed_in.session.device_id or ""), reference="24680")
    assert guard.failures == 0


async def test_an_account_has_ten_sessions_and_ten_devices(world: AccountWorld) -> None:
    """The one used longest ago goes, and never the new one, even when all happens in one instant."""
    opened = [await world.signed_in() for _ in range(12)]

    assert len(await world.sessions()) == 10
    assert len(await world.memory.devices_of((await world.account()).id)) == 10
    sessions = world.desk.foundation.sessions
    assert await sessions.resolve(opened[-1].token) == opened[-1].session


async def test_the_session_that_goes_is_the_one_seen_longest_ago(world: AccountWorld) -> None:
    """Here at once, although its token was good a moment ago."""
    sessions, opened = world.desk.foundation.sessions, []
    for _ in range(10):
        opened.append(await world.signed_in())
        world.clock.forward(minutes=1)
    assert await sessions.resolve(opened[0].token) is not None  # seen now: the second is the oldest

    await world.signed_in()

    gone = [number for number, one in enumerate(opened) if await sessions.resolve(one.token) is None]
    assert gone == [1]


async def test_who_knocks_too_often_is_told_when_to_come_back() -> None:
    """Before anything is looked up or charged."""
    with account_world(knocking=Knocking(rules(sign_ins=1, requests=1))) as world:
        await with_camille(world)
        assert isinstance(await world.sign_in(), SignedIn)

        outcome = await world.sign_in()

        assert isinstance(outcome, ServiceBusy)
        assert 1 <= outcome.retry_after_seconds <= 120
        assert world.hasher.verified == 1


async def test_as_many_as_may_still_fail_are_checked_at_once_and_no_more(world: AccountWorld) -> None:
    """Three permits are out: the fourth is told that another sign-in is in progress, uncharged, after two seconds."""
    permits = tuple(Permit(name, world.clock.now + timedelta(seconds=15)) for name in "abc")
    await world.memory.transact(
        world.desk.vault.subject("12345"),
        lambda tx: tx.put_guard(UNKNOWN_DEVICES, GuardRecord(permits=permits, last=world.clock.now)),
    )

    assert await world.sign_in() == ServiceBusy(1)

    assert world.hasher.verified == 0


async def test_who_waited_in_vain_is_told_to_come_back(world: AccountWorld) -> None:
    """In a moment: nothing was looked at and nothing charged."""
    crowded = CrowdedGuard(world.store, rules=world.desk.rules.lockout)

    outcome = await replace(world.desk.sign_in, guard=crowded)(Credentials("12345", WRONG), visitor=STRANGER)

    assert outcome == ServiceBusy(1)
    assert (world.count("guard"), world.count("audit")) == (0, 0)


async def test_eight_right_passwords_at_once_open_eight_sessions(world: AccountWorld) -> None:
    """A double click, two tabs, a family (G15)."""
    outcomes = await asyncio.gather(*(world.sign_in() for _ in range(8)))

    assert [type(outcome) for outcome in outcomes] == [SignedIn] * 8
    assert (await world.guard()).failures == 0


async def test_two_hundred_wrong_passwords_at_once_are_three(world: AccountWorld) -> None:
    """The hasher is asked three times, whatever arrives at the same moment, in whichever process."""
    other = world.replica()
    guesses = [desk.sign_in(Credentials("12345", WRONG), visitor=STRANGER) for desk in (world.desk, other) * 50]

    await asyncio.gather(*guesses)

    assert world.hasher.verified == 3


async def test_a_failing_store_is_no_exception_of_the_use_case(world: AccountWorld) -> None:
    """At whichever step it fails, the answer is the same."""
    for step in ("account", "device", "transact", "guard", "put_guard", "open_session", "save_account", "add_device"):
        world.trouble.crash_at(step, error=StoreError("gone"))
        visitor = replace(STRANGER, device_token="any")
        world.clock.forward(days=1)

        assert await world.sign_in(visitor=visitor) == ServiceBusy(5), step

    assert world.count("session") == 0


async def test_a_device_forgotten_while_it_signs_in_keeps_nobody_out(world: AccountWorld) -> None:
    """The right password opens the session all the same."""

    async def forget(tx: Transaction) -> None:
        await tx.remove_devices((await world.account()).id)

    device = STRANGER.with_device((await world.signed_in()).device_token)
    subject = world.desk.vault.subject("12345")
    world.trouble.run_before("transact", lambda: world.memory.transact(subject, forget), nth=2)

    outcome = await world.sign_in(visitor=device)

    assert isinstance(outcome, SignedIn)
