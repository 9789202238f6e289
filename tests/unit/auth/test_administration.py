"""What an operator does to one account is done at once, is told in the trail, and tells the operator no secret."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

import msgspec
import pytest

from gateway.auth.administered import Closed, CredentialShown, GuardShown, Revoked, Unlocked
from gateway.auth.administration import Administration
from gateway.auth.lockout import RecreationOffered
from gateway.auth.outcomes import WrongCredentials
from gateway.auth.sign_in import SignedIn
from gateway.auth.staff import StaffMember
from gateway.auth.tokens import token_sha256
from gateway.domain.access import Channel, Role
from gateway.domain.audit import Action, AuditEntry
from gateway.domain.lockout import UNKNOWN_DEVICES, GuardRecord, Phase
from gateway.ports.store import StoreError
from tests.rules.people import ALIX
from tests.support.account_world import STRANGER, WRONG, AccountWorld
from tests.support.household import NOW

Act: TypeAlias = Callable[[Administration], Awaitable[object]]

ACTS: Sequence[tuple[Action, Act]] = (
    (Action.ACCOUNT_SHOWN, lambda acts: acts.show("0012345", reason="INC-7")),
    (Action.ACCOUNT_UNLOCKED, lambda acts: acts.unlock("0012345", reason="INC-7")),
    (Action.SESSION_REVOKED, lambda acts: acts.revoke_sessions("0012345", reason="INC-7")),
    (Action.ACCOUNT_CLOSED, lambda acts: acts.close("0012345", reason="INC-7")),
)


@pytest.fixture
def acts(world: AccountWorld) -> Administration:
    """What the operator may do."""
    return world.desk.administration


async def lines(world: AccountWorld, reference: str = "12345") -> list[AuditEntry]:
    """The lines of the trail about a reference, newest first."""
    return [*await world.memory.audit_of(world.desk.trail.about(reference), first=100)]


async def block(world: AccountWorld, reference: str = "12345", *, device_token: str | None = None) -> None:
    """Three wrong passwords."""
    visitor = STRANGER.with_device(device_token)
    outcomes = [await world.sign_in(WRONG, reference=reference, visitor=visitor) for _ in range(3)]
    assert isinstance(outcomes[-1], RecreationOffered)


async def test_an_account_is_shown_with_everything_but_its_secrets(world: AccountWorld, acts: Administration) -> None:
    """Neither the address nor the hash of the password is among it; the device's own guard is."""
    signed_in = await world.signed_in()
    await world.sign_in(WRONG)

    shown = await acts.show("L-12 345", reason="INC-7")

    account = await world.account()
    assert (shown.reference, shown.exists, shown.held_for_assistance) == ("12345", True, False)
    assert shown.credential == CredentialShown(account.created_at, account.created_at, None, 1, has_address=True)
    assert shown.guards == (
        GuardShown(None, Phase.OPEN, failures=1, recreations=0, failures_today=1, until=None),
        GuardShown(signed_in.session.device_id, Phase.OPEN, failures=0, recreations=0, failures_today=0, until=None),
    )
    assert [(one.id, one.channel, one.started_at) for one in shown.sessions] == [
        (signed_in.session.id, Channel.WEB, NOW)
    ]
    assert sorted((one.action, one.outcome, one.by) for one in shown.trail) == [
        (Action.SIGN_IN, "Failed", "stranger"),
        (Action.SIGN_IN, "SignedIn", world.desk.trail.tenant(account.id)),
    ]
    told = msgspec.json.encode(shown).decode()
    assert "camille@" not in told
    assert "argon2" not in told


async def test_a_reference_without_account_is_shown_as_such(world: AccountWorld, acts: Administration) -> None:
    """Guesses at it are counted like any others, and that is shown."""
    await block(world, "97531")

    shown = await acts.show("97531", reason="INC-7")

    assert (shown.reference, shown.exists, shown.credential, shown.sessions) == ("97531", False, None, ())
    assert [(guard.phase, guard.failures) for guard in shown.guards] == [(Phase.RECREATE, 3)]


async def test_the_shown_state_is_that_of_now(world: AccountWorld, acts: Administration) -> None:
    """A block that has ended is not shown any more."""
    await block(world)
    world.clock.forward(minutes=10)

    shown = await acts.show("12345", reason="INC-7")

    assert [(guard.phase, guard.until) for guard in shown.guards] == [(Phase.OPEN, None)]


async def test_only_the_latest_lines_are_shown(world: AccountWorld, acts: Administration) -> None:
    """Twenty of them, newest first."""
    for _ in range(25):
        world.clock.forward(minutes=1)
        await acts.show("12345", reason="INC-7")

    shown = await acts.show("12345", reason="INC-7")

    assert len(shown.trail) == 20
    assert shown.trail[0].at == world.clock()
    assert [line.at for line in shown.trail] == sorted((line.at for line in shown.trail), reverse=True)


async def test_an_unlocked_account_opens_with_its_password_at_once(world: AccountWorld, acts: Administration) -> None:
    """On the device that was blocked for itself as well."""
    known = await world.signed_in()
    await block(world)
    await block(world, device_token=known.device_token)

    unlocked = await acts.unlock("0012345", reason="INC-7")

    assert unlocked == Unlocked("12345", exists=True, was_blocked=True, was_held=False)
    assert isinstance(await world.sign_in(), SignedIn)
    assert isinstance(await world.sign_in(visitor=STRANGER.with_device(known.device_token)), SignedIn)


async def test_a_device_that_alone_is_blocked_is_told(world: AccountWorld, acts: Administration) -> None:
    """Though nobody else is kept out."""
    known = await world.signed_in()
    await block(world, device_token=known.device_token)

    assert (await acts.unlock("12345", reason="INC-7")).was_blocked


async def test_unlocking_lets_a_held_reference_have_its_account(world: AccountWorld, acts: Administration) -> None:
    """Without waiting for assistance."""
    await world.memory.transact(world.desk.vault.subject(ALIX.reference), lambda tx: tx.hold())

    first = await acts.unlock(ALIX.reference, reason="INC-7")
    second = await acts.unlock(ALIX.reference, reason="INC-7")

    assert (first.exists, first.was_held, second.was_held) == (False, True, False)
    assert world.count("hold") == 0


async def test_unlocking_does_not_bring_a_disabled_password_back(world: AccountWorld, acts: Administration) -> None:
    """A hundred guesses may have found it: the holder chooses another by the mailed link."""
    await world.change_account(disabled_at=NOW, consecutive_failures=100)

    await acts.unlock("12345", reason="INC-7")

    assert (await world.account()).disabled_at == NOW
    assert await world.sign_in() == WrongCredentials()


async def test_a_closed_account_is_gone_with_all_that_opened_it(world: AccountWorld, acts: Administration) -> None:
    """Password, sessions, devices, links; a link that was mailed before leads nowhere."""
    await world.signed_in()
    await world.signed_in(Channel.MOBILE)
    token = await world.link_for()

    closed = await acts.close("12345", reason="INC-7")

    assert closed == Closed("12345", exists=True, sessions_ended=2)
    assert await world.memory.account("12345") is None
    assert (world.count("session"), world.count("known_device")) == (0, 0)
    link = await world.memory.link(token_sha256(token))
    assert link is None or link.ended_at == NOW
    assert await world.sign_in() == WrongCredentials()


async def test_revoked_sessions_are_over_and_their_devices_strangers(world: AccountWorld, acts: Administration) -> None:
    """Every one of the account, mobile ones too; the password still opens it."""
    web, mobile = await world.signed_in(), await world.signed_in(Channel.MOBILE)

    revoked = await acts.revoke_sessions("12345", reason="INC-7")

    assert revoked == Revoked("12345", exists=True, sessions_ended=2)
    for opened in (web, mobile):
        assert await world.replica().foundation.sessions.resolve(opened.token) is None
    assert await world.memory.devices_of((await world.account()).id) == ()
    assert isinstance(await world.sign_in(), SignedIn)


async def test_a_running_gateway_notices_within_two_seconds(world: AccountWorld, acts: Administration) -> None:
    """It may have looked at the session a moment before."""
    opened, serving = await world.signed_in(), world.replica().foundation.sessions
    assert await serving.resolve(opened.token) is not None

    await acts.revoke_sessions("12345", reason="INC-7")
    world.clock.forward(seconds=2)

    assert await serving.resolve(opened.token) is None


@pytest.mark.parametrize(("action", "act"), ACTS)
async def test_each_act_has_its_line(action: Action, act: Act, world: AccountWorld, acts: Administration) -> None:
    """Who, what, to whom, for which ticket: as pseudonyms."""
    await act(acts)

    subject = world.desk.trail.about("12345")
    assert await lines(world) == [AuditEntry(NOW, action, "Done", "operator", subject, None, "INC-7")]


@pytest.mark.parametrize(("action", "act"), ACTS)
async def test_each_act_on_an_unknown_reference_has_its_line(
    action: Action, act: Act, world: AccountWorld, acts: Administration
) -> None:
    """Looking for accounts that are not there is told as well."""
    await acts.close("12345", reason="INC-1")

    outcome = await act(acts)

    assert getattr(outcome, "exists") is False  # noqa: B009 - every outcome has it
    latest = (await lines(world))[0]
    assert (latest.action, latest.outcome, latest.reason) == (action, "NoAccount", "INC-7")


@pytest.mark.parametrize(("action", "act"), ACTS)
async def test_what_cannot_be_told_is_not_done(
    action: Action, act: Act, world: AccountWorld, acts: Administration
) -> None:
    """The trail cannot be written: the account is as it was, and so is its block."""
    await world.signed_in()
    await block(world)
    before = world.memory.sizes()
    world.trouble.crash_at("append_audit")

    with pytest.raises(StoreError):
        await act(acts)

    assert world.memory.sizes() == before
    assert (await world.guard()).phase is Phase.RECREATE
    assert len(await world.sessions()) == 1


@pytest.mark.parametrize("reason", ["", "Mme Dupont", "Dupont", "INC 7", "INC-7\n", "7" * 41, "-7", "é7", "#7"])
async def test_a_reason_that_is_no_ticket_is_refused(reason: str, world: AccountWorld, acts: Administration) -> None:
    """A story would have names in it. Nothing is done, and nothing told."""
    await world.signed_in()

    for act in (acts.show, acts.unlock, acts.revoke_sessions, acts.close):
        with pytest.raises(ValueError, match="a reason is the number of a ticket, for example INC-1234"):
            await act("12345", reason=reason)

    assert len(await world.sessions()) == 1
    assert await lines(world) == []


@pytest.mark.parametrize("reason", ["INC-1234", "T#57", "2026/118", "7", "a_b.c-1", "7" * 40])
async def test_the_numbers_of_tickets_are_taken_as_they_are(
    reason: str, world: AccountWorld, acts: Administration
) -> None:
    """In the usual spellings."""
    await acts.show("12345", reason=reason)

    assert [line.reason for line in await lines(world)] == [reason]


@pytest.mark.parametrize("typed", ["", "n/a?", "\ud800", "x" * 100_000, "'; DROP TABLE audit; --"])
async def test_any_text_may_be_typed_as_a_reference(typed: str, world: AccountWorld, acts: Administration) -> None:
    """There is no such account, and that is the answer."""
    del world

    outcome = await acts.unlock(typed, reason="INC-7")

    assert (outcome.exists, outcome.was_blocked, outcome.was_held) == (False, False, False)


async def test_a_member_of_staff_is_added_with_one_bearer(world: AccountWorld, acts: Administration) -> None:
    """It opens a session of that role; the trail holds a pseudonym in the place of the name."""
    added = await acts.add_staff(StaffMember("Camille Roth", Role.ANALYST))

    session = await world.desk.foundation.sessions.resolve(added.bearer)
    assert session is not None
    assert (session.staff_name, session.role, session.expires_at) == ("Camille Roth", Role.ANALYST, added.expires_at)
    subject = world.desk.trail.actor(session)
    assert await world.memory.audit_of(subject, first=10) == (
        AuditEntry(NOW, Action.STAFF_ADDED, "ANALYST", "operator", subject, session.id),
    )
    assert added.bearer not in repr(added)


async def test_a_bearer_that_the_trail_knows_nothing_of_is_given_to_nobody(
    world: AccountWorld, acts: Administration
) -> None:
    """The token is lost with the error."""
    world.trouble.crash_at("append_audit")

    with pytest.raises(StoreError):
        await acts.add_staff(StaffMember("Camille Roth", Role.OPERATOR))

    assert world.count("audit") == 0


async def test_guesses_meanwhile_are_void(world: AccountWorld, acts: Administration) -> None:
    """A password that is being checked while the account is unlocked counts against nobody afterwards."""

    async def unlock() -> None:
        await acts.unlock("12345", reason="INC-7")

    world.trouble.run_before("transact", unlock, nth=2)
    await world.sign_in(WRONG)

    assert replace(await world.guard(UNKNOWN_DEVICES), epoch=0) == GuardRecord()
