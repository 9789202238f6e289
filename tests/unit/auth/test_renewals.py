"""The yearly renewal: announced by two letters, each once; an invitation may be put off, an obligation may not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.auth.renewals import Renewal
from gateway.auth.sign_in import SignedIn
from gateway.domain.access import OnlineAccountId
from gateway.domain.audit import Action
from gateway.domain.period import PARIS
from gateway.domain.renewal import RenewalMode
from gateway.ports.store import StoreError
from tests.support.account_world import PASSWORD, RULES, AccountWorld, account_world, advisor, with_camille
from tests.support.logs import captured_log

CREATED = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)
DAY = date(2026, 3, 10)
"""The first anniversary."""


@pytest.fixture
async def world(world: AccountWorld) -> AccountWorld:
    """Camille created her account a year before DAY."""
    await world.change_account(created_at=CREATED, credential_set_at=CREATED)
    return world


@pytest.fixture
def obliging() -> Iterator[AccountWorld]:
    """A landlord who obliges."""
    with account_world(replace(RULES, renewal=RenewalMode.REQUIRE)) as world:
        yield world


def at(world: AccountWorld, day: date, *, hour: int = 9) -> None:
    """It is that day in Paris."""
    world.clock.now = datetime(day.year, day.month, day.day, hour, tzinfo=PARIS).astimezone(UTC)


async def letters(world: AccountWorld) -> list[str]:
    """Subjects of the letters that have arrived, oldest first."""
    await world.run_errands()
    return [letter.subject for letter in world.letterbox.to("camille@example.org")]


async def reminded(world: AccountWorld, *days: date) -> list[int]:
    """How many letters are promised on each of these days."""
    counts = []
    for day in days:
        at(world, day)
        counts.append(await world.desk.renewals.remind())
    return counts


def before(days: int) -> date:
    """So many days before the anniversary."""
    return DAY - timedelta(days=days)


async def test_two_letters_announce_the_renewal(world: AccountWorld) -> None:
    """One fourteen days before, one on the day; none in between and none after."""
    days = [before(15), before(14), before(13), before(1), DAY, before(-1), before(-30), before(-300)]

    counts = await reminded(world, *days)

    assert counts == [0, 1, 0, 0, 1, 0, 0, 0]
    assert len(await letters(world)) == 2
    assert "10 mars 2026" in world.letterbox.letters[0].body


async def test_the_letters_come_again_the_next_year(world: AccountWorld) -> None:
    """If the password was renewed; else it is due all the time, and told once a year."""
    await reminded(world, before(14), DAY)
    await world.change_account(credential_set_at=world.clock())

    counts = await reminded(world, date(2027, 2, 23), date(2027, 2, 24), date(2027, 3, 10), date(2027, 3, 11))

    assert counts == [0, 1, 1, 0]


async def test_a_password_that_is_never_renewed_is_told_of_once_a_year(world: AccountWorld) -> None:
    """On the anniversary; being late already, nobody is told that it comes soon."""
    await reminded(world, before(14), DAY)

    assert await reminded(world, date(2027, 2, 24), date(2027, 3, 10), date(2027, 3, 11)) == [0, 1, 0]


@pytest.mark.parametrize(("missed", "subject"), [(10, 0), (0, 1)])
async def test_a_letter_that_was_missed_is_sent_later(world: AccountWorld, missed: int, subject: int) -> None:
    """The gateway was down that day. On the anniversary itself the first one is pointless."""
    await world.change_account(reminded_at=None)
    in_time = await _subjects_in_time()

    assert await reminded(world, before(missed), before(missed)) == [1, 0]

    assert await letters(world) == [in_time[subject]]


async def _subjects_in_time() -> list[str]:
    with account_world() as other:
        await with_camille(other)
        await other.change_account(created_at=CREATED, credential_set_at=CREATED)
        await reminded(other, before(14), DAY)
        return await letters(other)


async def test_two_processes_send_one_letter(world: AccountWorld) -> None:
    """Both have seen that it is to be sent; the other was first."""
    at(world, before(14))
    world.trouble.run_before("transact", world.replica().renewals.remind)

    assert await world.desk.renewals.remind() == 0

    assert len(await letters(world)) == 1


async def test_nobody_without_an_address_is_written_to(world: AccountWorld) -> None:
    """They are told when they sign in."""
    await world.change_account(email=None)

    assert await reminded(world, before(14), DAY) == [0, 0]
    assert world.count("outbox") == 0


async def test_an_account_that_is_closed_meanwhile_gets_no_letter(world: AccountWorld) -> None:
    """Nor one whose address goes."""
    at(world, DAY)

    async def close() -> None:
        await world.desk.administration.close("12345", reason="INC-7")

    world.trouble.run_before("transact", close)

    assert await world.desk.renewals.remind() == 0
    assert world.count("outbox") == 0


async def test_every_account_is_looked_at(world: AccountWorld) -> None:
    """Also when there are more than fit into one page."""
    camille = await world.account()
    for number in range(600):
        account_id = OnlineAccountId(f"b-{number:04d}")
        await world.memory.add_account(replace(camille, id=account_id, reference=f"A{number:04d}", email=None))
    last = replace(camille, id=OnlineAccountId("z"), reference="Z0001", email="last@example.org")
    await world.memory.add_account(last)

    assert await reminded(world, DAY) == [2]
    await world.run_errands()
    assert len(world.letterbox.to("last@example.org")) == 1


async def test_a_defect_with_one_account_leaves_the_others_their_letter(world: AccountWorld) -> None:
    """It is logged, without a name."""
    camille = await world.account()
    await world.memory.add_account(replace(camille, id=OnlineAccountId("z"), reference="Z0001", email="z@example.org"))
    world.trouble.crash_at("promise", error=KeyError("camille@example.org"))

    with captured_log() as log:
        assert await reminded(world, DAY) == [1]

    assert [line["event"] for line in log.lines] == ["renewals.crashed", "renewals.reminded"]
    assert "camille@" not in log.getvalue()
    assert await reminded(world, DAY) == [1]


async def test_a_store_that_fails_ends_the_round(world: AccountWorld) -> None:
    """Nothing is half done: the next round promises the letter."""
    at(world, DAY)
    world.trouble.crash_at("promise")

    with pytest.raises(StoreError):
        await world.desk.renewals.remind()

    assert await reminded(world, DAY, DAY) == [1, 0]


@pytest.mark.parametrize(
    ("year", "day"),
    [(2025, date(2025, 2, 28)), (2026, date(2026, 2, 28)), (2027, date(2027, 2, 28)), (2028, date(2028, 2, 29))],
)
async def test_an_account_of_29_february_is_reminded_every_year(world: AccountWorld, year: int, day: date) -> None:
    """On the 28th in common years, and two weeks before."""
    created = datetime(2024, 2, 29, 12, 0, tzinfo=UTC)
    chosen = datetime(year - 1, 6, 1, 12, 0, tzinfo=UTC)
    await world.change_account(created_at=created, credential_set_at=chosen)
    soon = day - timedelta(days=14)

    counts = await reminded(world, soon - timedelta(days=1), soon, day - timedelta(days=1), day)

    assert counts == [0, 1, 0, 1]


async def test_the_renewal_as_it_stands(world: AccountWorld) -> None:
    """It is due from midnight in Paris on."""
    account, renewals = await world.account(), world.desk.renewals
    midnight = datetime(2026, 3, 10, tzinfo=PARIS).astimezone(UTC)

    assert renewals.of(account, now=midnight - timedelta(microseconds=1)) == Renewal(
        DAY, due=False, mode=RenewalMode.INVITE, dismissed_on=None
    )
    assert renewals.of(account, now=midnight) == Renewal(DAY, due=True, mode=RenewalMode.INVITE, dismissed_on=None)


async def test_an_invitation_may_be_put_off(world: AccountWorld) -> None:
    """The day on which it was is remembered, and told in the trail."""
    at(world, DAY)
    signed_in = await world.signed_in()

    renewal = await world.desk.renewals.dismiss(signed_in.session)

    assert renewal == Renewal(DAY, due=True, mode=RenewalMode.INVITE, dismissed_on=DAY)
    assert (await world.account()).renewal_dismissed_at == world.clock()
    assert (await world.own_trail())[-1] == f"{Action.RENEWAL_DISMISSED} Dismissed"


async def test_what_was_put_off_last_year_is_asked_again(world: AccountWorld) -> None:
    """A new password forgets it; and so it says only what was put off since."""
    at(world, DAY)
    await world.desk.renewals.dismiss((await world.signed_in()).session)
    await world.change_account(credential_set_at=world.clock())

    renewal = world.desk.renewals.of(await world.account(), now=world.clock())

    assert (renewal.due_on, renewal.due, renewal.dismissed_on) == (date(2027, 3, 10), False, None)


async def test_what_was_put_off_before_it_was_asked_is_asked_all_the_same(world: AccountWorld) -> None:
    """An invitation that did not exist yet cannot have been put off."""
    world.clock.now = datetime(2025, 12, 1, 12, tzinfo=UTC)
    await world.desk.renewals.dismiss((await world.signed_in()).session)
    at(world, DAY)

    renewal = world.desk.renewals.of(await world.account(), now=world.clock())

    assert (renewal.due, renewal.dismissed_on) == (True, None)


async def test_an_obligation_is_not_put_off(obliging: AccountWorld) -> None:
    """Nothing changes."""
    world = await with_camille(obliging)
    await world.change_account(created_at=CREATED, credential_set_at=CREATED)
    at(world, DAY)
    outcome = await world.sign_in(PASSWORD)
    assert isinstance(outcome, SignedIn)
    account, renewals = await world.account(), world.desk.renewals

    assert renewals.obliges(account, now=world.clock())
    assert await renewals.dismiss(outcome.session) is None
    assert await world.account() == account


async def test_an_obligation_binds_the_holder_from_the_day_on(obliging: AccountWorld) -> None:
    """Nobody else: neither strangers nor staff, nor whoever has no account any more."""
    world = await with_camille(obliging)
    await world.change_account(created_at=CREATED, credential_set_at=CREATED)
    at(world, before(1))
    session, renewals = (await world.signed_in()).session, world.desk.renewals

    assert not await renewals.binds(session)
    at(world, DAY)
    assert await renewals.binds(session)
    assert not await renewals.binds(None)
    assert not await renewals.binds(advisor())
    await world.desk.administration.close("12345", reason="INC-7")
    assert not await renewals.binds(session)


async def test_an_invitation_binds_nobody(world: AccountWorld) -> None:
    """However late it is."""
    at(world, date(2030, 1, 1))
    session = (await world.signed_in()).session

    assert not await world.desk.renewals.binds(session)


async def test_an_obligation_that_is_not_due_yet_obliges_nobody(obliging: AccountWorld) -> None:
    """Before the day everything goes on."""
    world = await with_camille(obliging)
    await world.change_account(created_at=CREATED, credential_set_at=CREATED)
    at(world, before(1), hour=23)

    assert not world.desk.renewals.obliges(await world.account(), now=world.clock())


async def test_an_invitation_obliges_nobody(world: AccountWorld) -> None:
    """However old the password is."""
    at(world, date(2030, 1, 1))

    assert not world.desk.renewals.obliges(await world.account(), now=world.clock())


async def test_whoever_has_no_account_puts_nothing_off(world: AccountWorld) -> None:
    """Staff, and a holder whose account is closed meanwhile."""
    signed_in, renewals = await world.signed_in(), world.desk.renewals

    async def close() -> None:
        await world.desk.administration.close("12345", reason="INC-7")

    assert await renewals.dismiss(advisor()) is None
    world.trouble.run_before("transact", close)
    assert await renewals.dismiss(signed_in.session) is None
    assert await renewals.dismiss(signed_in.session) is None


async def test_what_the_trail_cannot_tell_is_not_put_off(world: AccountWorld) -> None:
    """One transaction."""
    at(world, DAY)
    signed_in = await world.signed_in()
    world.trouble.crash_at("append_audit")

    with pytest.raises(StoreError):
        await world.desk.renewals.dismiss(signed_in.session)

    assert (await world.account()).renewal_dismissed_at is None
