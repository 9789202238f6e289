"""A mailed link creates the account or gives it a new password, once."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.auth.choosing import LinkInvalid
from gateway.auth.credentials import AccountReady, PasswordRejected
from gateway.auth.knocking import Knocking, rules
from gateway.auth.lockout import Suspended
from gateway.auth.outcomes import ServiceBusy
from gateway.auth.passwords import HashPool
from gateway.auth.sign_in import SignedIn
from gateway.auth.tokens import new_token, token_sha256
from gateway.auth.vault import Content, Vault
from gateway.auth.work import LinkContent
from gateway.domain.access import Channel, OnlineAccount, OnlineAccountId
from gateway.domain.identifiers import TenantId
from gateway.domain.letter import Language
from gateway.domain.lockout import GuardRecord, Phase
from gateway.domain.password import PasswordRefusal
from tests.rules.people import ALIX, CAMILLE, Details
from tests.support.account_world import NEW, PASSWORD, STRANGER, WRONG, AccountWorld, account_world

OTHER = "Glycine verte 12"


async def test_a_link_creates_the_account(world: AccountWorld) -> None:
    """With the address the letter went to; its renewal is a year from now, and one signs in normally."""
    token = await world.link_for(ALIX)

    outcome = await world.desk.choose_password(token, NEW, visitor=STRANGER)

    account = await world.account(ALIX.reference)
    assert outcome == AccountReady(date(2027, 3, 17), account.id, ended=())
    assert (account.tenant_id, account.email, account.credential_version) == ("T-ALIX", "alix@example.org", 1)
    assert (account.created_at, account.credential_set_at) == (world.clock.now, world.clock.now)
    assert isinstance(await world.sign_in(NEW, reference=ALIX.reference), SignedIn)
    assert "PASSWORD_CHOSEN Created" in await world.trail(ALIX.reference)


async def test_a_new_password_is_the_same_account(world: AccountWorld) -> None:
    """Its age and id stay (A9); sessions, devices, links and what the guard remembers are gone (S8)."""
    await world.signed_in()
    phone = await world.signed_in(Channel.MOBILE)
    token = await world.link_for()
    before = await world.account()
    for _ in range(3):
        await world.sign_in(WRONG)

    outcome = await world.desk.choose_password(token, NEW, visitor=STRANGER)

    account = await world.account()
    assert isinstance(outcome, AccountReady)
    assert len(outcome.ended) == 2
    assert (account.id, account.created_at) == (before.id, before.created_at)
    assert (account.credential_version, account.credential_set_at) == (2, world.clock.now)
    assert account.consecutive_failures == 0
    assert [len(await world.sessions()), world.count("known_device"), world.count("guard")] == [0, 0, 0]
    assert await world.desk.foundation.sessions.resolve(phone.token) is None
    assert isinstance(await world.sign_in(NEW), SignedIn)


async def test_the_holder_is_told_at_the_address_known_before(world: AccountWorld) -> None:
    """The letter with the link went to the one on file, which becomes the account's."""
    await world.change_account(email="before@example.org", tenant_id=TenantId("T-BEFORE"))

    await world.desk.choose_password(await world.link_for(), NEW, visitor=STRANGER)
    await world.run_errands()

    assert len(world.letterbox.to("before@example.org")) == 1
    account = await world.account()
    assert (account.email, account.tenant_id) == ("camille@example.org", "T-CAMILLE")


async def test_a_holder_without_an_address_is_told_nothing(world: AccountWorld) -> None:
    """There is nowhere to write to."""
    await world.change_account(email=None)
    token = await world.link_for()

    await world.desk.choose_password(token, NEW, visitor=STRANGER)
    await world.run_errands()

    assert len(world.letterbox.letters) == 1  # the one with the link


@pytest.mark.parametrize("who", [ALIX, CAMILLE])
async def test_a_link_used_twice_at_once_is_used_once(world: AccountWorld, who: Details) -> None:
    """Exactly one is ready, in two processes; the other's link is not valid any more (P6)."""
    token = await world.link_for(who)
    first, second = world.desk, world.replica()

    outcomes = await asyncio.gather(
        first.choose_password(token, NEW, visitor=STRANGER), second.choose_password(token, OTHER, visitor=STRANGER)
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AccountReady", "LinkInvalid"]


@pytest.mark.parametrize("minutes", [29.999, 30])
async def test_a_link_is_good_for_thirty_minutes(world: AccountWorld, minutes: float) -> None:
    """From the sending of its letter."""
    token = await world.link_for()
    world.clock.forward(minutes=minutes)

    outcome = await world.desk.choose_password(token, NEW, visitor=STRANGER)

    assert isinstance(outcome, AccountReady if minutes < 30 else LinkInvalid)


async def test_what_is_no_link_costs_nothing(world: AccountWorld) -> None:
    """Nobody knows what to charge it to, and no hash is made for it."""
    outcomes = [await world.desk.choose_password(token, NEW, visitor=STRANGER) for token in ("", new_token(), "\ud800")]

    assert outcomes == [LinkInvalid()] * 3
    assert (world.hasher.verified, world.count("guard"), world.count("audit")) == (0, 0, 0)


@pytest.mark.parametrize("password", [NEW, "short", PASSWORD])
async def test_a_link_that_was_good_once_counts(world: AccountWorld, password: str) -> None:
    """Used, replaced or too old: the same answer whatever the password, and three block the account."""
    token = await world.link_for()
    world.clock.forward(minutes=30)

    outcomes = [await world.desk.choose_password(token, password, visitor=STRANGER) for _ in range(4)]

    assert outcomes == [LinkInvalid()] * 4
    assert (await world.guard()).phase is Phase.LOCKED
    # The request for the link was the first of the three that count; the fourth finds the account blocked.
    assert (await world.trail()).count("PASSWORD_CHOSEN LinkInvalid") == 2


async def test_three_passwords_that_break_the_rules_block_and_the_link_still_works(world: AccountWorld) -> None:
    """The third says so; a good one through the same link ends the block (R7, A17)."""
    token = await world.link_for(ALIX)
    await world.memory.transact(world.desk.vault.subject(ALIX.reference), lambda tx: tx.forget_guards())
    rejected = PasswordRejected((PasswordRefusal.TOO_SHORT, PasswordRefusal.NO_DIGIT))

    outcomes = [await world.desk.choose_password(token, "Aé;", visitor=STRANGER) for _ in range(4)]

    assert outcomes == [rejected, rejected, Suspended(world.clock.now + timedelta(minutes=10)), rejected]
    assert (await world.guard(reference=ALIX.reference)).phase is Phase.LOCKED
    assert isinstance(await world.desk.choose_password(token, NEW, visitor=STRANGER), AccountReady)
    assert await world.guard(reference=ALIX.reference) == GuardRecord()


@pytest.mark.parametrize(
    ("password", "reasons"),
    [
        ("Schneider57!", {PasswordRefusal.CONTAINS_PERSONAL_WORD}),
        ("Alix-1990-xy", {PasswordRefusal.CONTAINS_PERSONAL_WORD}),
        ("Mosellan-57!", {PasswordRefusal.CONTAINS_PERSONAL_WORD}),
        ("Qz-24680-xyz", {PasswordRefusal.CONTAINS_PERSONAL_WORD}),
        ("Password1!", {PasswordRefusal.TOO_COMMON}),
    ],
)
async def test_a_password_is_not_built_on_what_everybody_would_try(
    world: AccountWorld, password: str, reasons: set[PasswordRefusal]
) -> None:
    """Names, year of birth, the account reference, the landlord (P2)."""
    outcome = await world.desk.choose_password(await world.link_for(ALIX), password, visitor=STRANGER)

    assert isinstance(outcome, PasswordRejected)
    assert reasons <= set(outcome.reasons)


async def test_the_present_password_is_no_new_one(world: AccountWorld) -> None:
    """The page said that a new one is chosen (P5)."""
    await world.change_account(password_hash=world.hasher.hash(NEW))

    outcome = await world.desk.choose_password(await world.link_for(), NEW, visitor=STRANGER)

    assert outcome == PasswordRejected((PasswordRefusal.SAME_AS_BEFORE,))
    assert (await world.account()).credential_version == 1


async def test_a_link_made_with_another_key_is_not_valid(world: AccountWorld) -> None:
    """The operator changed the gateway's key: nothing breaks."""
    token = await world.link_for()
    link = await world.memory.link(token_sha256(token))
    assert link is not None
    foreign = Vault(bytes(32)).seal(Content.LINK, LinkContent("camille@example.org", (), Language.FRENCH))
    other = replace(link, token_sha256=token_sha256("other"), sealed_address=foreign)
    await world.memory.transact(link.subject, lambda tx: tx.add_link(other))

    assert await world.desk.choose_password("other", NEW, visitor=STRANGER) == LinkInvalid()


async def test_a_link_purged_while_the_password_is_hashed_is_not_valid(world: AccountWorld) -> None:
    """It was a day old."""
    token = await world.link_for()

    async def purge() -> None:
        later = world.clock.now + timedelta(days=1)
        await world.memory.purge(now=later, audit_before=world.clock.now - timedelta(days=365))

    world.trouble.run_before("transact", purge)
    assert await world.desk.choose_password(token, NEW, visitor=STRANGER) == LinkInvalid()

    token = await world.link_for()
    world.trouble.run_before("transact", purge)
    assert await world.desk.choose_password(token, "short", visitor=STRANGER) == LinkInvalid()
    assert (await world.account()).credential_version == 1


async def test_an_account_created_beside_the_link_is_not_replaced(world: AccountWorld) -> None:
    """By the operator's command, at the same moment; the person tries again, and chooses its password."""
    token = await world.link_for(ALIX)
    other = OnlineAccount(
        OnlineAccountId("other"), ALIX.reference, TenantId("T-ALIX"), "hash", world.clock.now, world.clock.now
    )
    world.trouble.run_before("add_account", lambda: world.memory.add_account(other))

    outcome = await world.desk.choose_password(token, NEW, visitor=STRANGER)

    assert outcome == ServiceBusy(5)


@pytest.mark.parametrize(
    "step", ["link", "account", "transact", "close_sessions", "save_account", "forget_guards", "append_audit", "commit"]
)
async def test_a_password_takes_effect_whole_or_not_at_all(world: AccountWorld, step: str) -> None:
    """At whichever step the store fails, the old one is still good and the link too."""
    token, session = await world.link_for(), await world.signed_in()
    world.trouble.crash_at(step)

    assert await world.desk.choose_password(token, NEW, visitor=STRANGER) == ServiceBusy(5)

    assert await world.sessions() == (session.session,)
    assert isinstance(await world.sign_in(), SignedIn)
    assert isinstance(await world.desk.choose_password(token, NEW, visitor=STRANGER), AccountReady)


async def test_a_crowd_at_the_hashes_charges_nobody(world: AccountWorld) -> None:
    """The person is told to come back; the link stays good."""
    token = await world.link_for()
    passwords = HashPool(world.hasher, workers=1, queue=0)
    full = replace(world.desk, foundation=replace(world.desk.foundation, passwords=passwords))
    before = await world.guard()

    async with passwords.seat():
        assert await full.choose_password(token, NEW, visitor=STRANGER) == ServiceBusy(2)

    assert await world.guard() == before
    passwords.close()


async def test_who_knocks_too_often_is_told_when_to_come_back() -> None:
    """Links are tried twice as often as passwords, and not as rarely as links are asked for."""
    with account_world(knocking=Knocking(rules(sign_ins=1, requests=1))) as world:
        for _ in range(2):
            assert await world.desk.choose_password("x", NEW, visitor=STRANGER) == LinkInvalid()

        assert isinstance(await world.desk.choose_password("x", NEW, visitor=STRANGER), ServiceBusy)


any_text = st.one_of(st.text(st.characters()), st.sampled_from(["\ud800", "\x00", "\u202eÀ1!aaaaa", "🔑" * 128]))


@settings(max_examples=60, deadline=None)
@given(any_text, any_text)
async def test_any_two_texts_are_answered(token: str, password: str) -> None:
    """Without a link, and with a good one: nothing raises."""
    with account_world() as world:
        good = await world.link_for(ALIX)

        assert await world.desk.choose_password(token, password, visitor=STRANGER) == LinkInvalid()
        outcome = await world.desk.choose_password(good, password, visitor=STRANGER)

        assert isinstance(outcome, AccountReady | PasswordRejected)
