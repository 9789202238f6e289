"""Staff come in through the landlord's provider: one browser, one way there and back, one role."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.adapters.store_sqlite import SqliteStore
from gateway.auth.spent import Spent
from gateway.auth.staff_sign_in import Return, SignInRefusedError, unsealed_tokens
from gateway.auth.vault import Vault
from gateway.domain.access import Channel, Role
from gateway.ports.deadline import Deadline
from gateway.ports.openid import ProviderRefusedError, TokenRejectedError, Tokens
from gateway.ports.store import StoreError
from tests.support.doors import Clock
from tests.support.openid import GROUPS, ISSUER, Office, Provider, execute, opened_store, signed

COUNTS = "SELECT (SELECT count(*) FROM session), (SELECT count(*) FROM staff_grant), (SELECT count(*) FROM audit)"


@pytest.fixture
def clock() -> Clock:
    """Stands until it is moved."""
    return Clock()


@pytest.fixture
def provider(clock: Clock) -> Provider:
    """Knows Sam, an advisor, Ana, an analyst, and Pat, who works elsewhere."""
    sam = {"name": "Sam Fournier", "groups": ["desk"]}
    return Provider(clock, people={"sam": sam, "ana": {"groups": "figures"}, "pat": {"groups": []}})


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """An empty store."""
    async with opened_store(tmp_path) as store:
        yield store


@pytest.fixture
def office(provider: Provider, store: SqliteStore, clock: Clock) -> Office:
    """Staff's way in."""
    return Office(provider.client(), store=store, clock=clock)


def written(directory: Path) -> bytes:
    """All that the store has written."""
    return b"".join(path.read_bytes() for path in directory.iterdir())


def soon() -> Deadline:
    """In five seconds."""
    return Deadline.after(5)


async def on_the_way_back(office: Office, provider: Provider, subject: str = "sam") -> Return:
    """What the browser of `subject` brings back."""
    departure = await office.sign_in.leave("/desk", deadline=soon())
    brought = provider.authorize(departure.address, subject)
    return Return(brought["state"], brought["code"], departure.errand)


async def refused(office: Office, back: Return) -> str:
    """The code with which `back` is refused."""
    with pytest.raises(SignInRefusedError) as refusal:
        await office.sign_in.arrive(back, deadline=soon())
    return refusal.value.code


@pytest.mark.parametrize(
    ("subject", "name", "role", "channel"),
    [("sam", "Sam Fournier", Role.ADVISOR, Channel.DESK), ("ana", "ana", Role.ANALYST, Channel.ANALYST_TOOL)],
)
async def test_a_member_of_staff_is_signed_in(
    subject: str, name: str, role: Role, channel: Channel, office: Office, provider: Provider
) -> None:
    """With the name of the provider, the role of the landlord's group, and a path to go on to."""
    arrival = await office.sign_in.arrive(await on_the_way_back(office, provider, subject), deadline=soon())

    session = arrival.opened.session
    assert (session.staff_name, session.role, session.channel) == (name, role, channel)
    assert (session.account_id, session.tenant_id, arrival.path) == (None, None, "/desk")
    assert await office.sessions.resolve(arrival.opened.token) == session


async def test_what_the_provider_vouches_for_is_kept_unreadable(
    office: Office, provider: Provider, store: SqliteStore, clock: Clock, tmp_path: Path
) -> None:
    """Issuer, subject and session there, and tokens that only the gateway's key opens; the trail tells no name."""
    opened = await office.signed_in(provider, "sam")

    grant = await store.staff_grant(opened.session.id)
    assert grant is not None
    assert (grant.issuer, grant.subject, grant.provider_session) == (ISSUER, "sam", "sid-of-sam")
    assert grant.checked_at == clock.now
    [access] = provider.access
    assert unsealed_tokens(Vault(bytes(range(32))), grant.sealed_token) == Tokens(access, None)
    [row] = execute(tmp_path, "SELECT action, outcome, actor, subject, session_id FROM audit")
    assert row[:2] + row[3:] == ("STAFF_SIGN_IN", "OPENED", None, opened.session.id)
    assert (row[2].startswith("staff:"), "Sam" in str(row)) == (True, False)
    assert access.encode() not in written(tmp_path)


async def test_nobody_gets_in_without_a_group_that_counts(office: Office, provider: Provider, tmp_path: Path) -> None:
    """The provider knows many people who have no business here."""
    assert await refused(office, await on_the_way_back(office, provider, "pat")) == "NO_ROLE"
    assert execute(tmp_path, COUNTS) == [(0, 0, 0)]


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        ({"machines", "figures", "desk"}, Role.ADVISOR),
        ({"machines", "figures"}, Role.ANALYST),
        ({"machines", "all"}, Role.OPERATOR),
        ({"Desk", "desk "}, None),
        (set(), None),
    ],
)
def test_of_several_roles_the_first_counts(groups: set[str], role: Role | None) -> None:
    """Advisor, analyst, operator: whoever has several jobs has the view of one, whatever the provider lists first."""
    assert GROUPS.role(frozenset(groups)) is role


def test_a_role_without_a_group_is_nobodys() -> None:
    """A landlord without analysts gives no group for them, and a nameless group gives nothing."""
    groups = replace(GROUPS, of_role={Role.ADVISOR: "desk"})

    assert (groups.role(frozenset({"figures"})), groups.role(frozenset({""}))) == (None, None)


async def test_each_way_there_is_another(office: Office, provider: Provider) -> None:
    """State, nonce, challenge and errand are new each time."""
    departures = [await office.sign_in.leave("/", deadline=soon()) for _ in range(20)]

    assert len({departure.errand for departure in departures}) == 20
    for name in ("state", "nonce", "code_challenge"):
        values = {departure.address.partition(f"{name}=")[2].partition("&")[0] for departure in departures}
        assert (len(values), {len(value) for value in values}) == (20, {43})


async def test_a_state_is_worth_something_in_its_own_browser_only(office: Office, provider: Provider) -> None:
    """An attacker who sends a victim to the end of his own sign-in does not sign the victim in as himself."""
    attackers, victims = [await on_the_way_back(office, provider) for _ in range(2)]

    assert await refused(office, replace(attackers, errand=victims.errand)) == "STATE_MISMATCH"
    assert await refused(office, replace(attackers, errand="")) == "STATE_MISMATCH"
    assert "/token" not in provider.journal


async def test_a_way_back_is_gone_once(office: Office, provider: Provider, tmp_path: Path) -> None:
    """Played again it is refused here, before the provider is asked."""
    back = await on_the_way_back(office, provider)
    await office.sign_in.arrive(back, deadline=soon())
    asked = len(provider.journal)

    assert await refused(office, back) == "STATE_MISMATCH"
    assert (len(provider.journal), execute(tmp_path, COUNTS)) == (asked, [(1, 1, 1)])


async def test_another_process_does_not_take_it_either(
    office: Office, provider: Provider, store: SqliteStore, clock: Clock, tmp_path: Path
) -> None:
    """It does not know that the state is spent; the provider knows that its code is."""
    back = await on_the_way_back(office, provider)
    await office.sign_in.arrive(back, deadline=soon())
    other = Office(provider.client(), store=store, clock=clock)

    with pytest.raises(ProviderRefusedError):
        await other.sign_in.arrive(back, deadline=soon())
    assert execute(tmp_path, COUNTS) == [(1, 1, 1)]


@pytest.mark.parametrize(("seconds", "is_taken"), [(599.999, True), (600, False)])
async def test_whoever_takes_too_long_begins_again(
    seconds: float, is_taken: bool, office: Office, provider: Provider, clock: Clock
) -> None:
    """Ten minutes are enough to sign in."""
    back = await on_the_way_back(office, provider)
    clock.forward(seconds=seconds)

    if is_taken:
        assert (await office.sign_in.arrive(back, deadline=soon())).path == "/desk"
    else:
        assert await refused(office, back) == "STATE_MISMATCH"


@pytest.mark.parametrize(
    "changes",
    [{"errand": "x"}, {"errand": "é" * 40}, {"errand": "A" * 4000}, {"state": ""}, {"state": "\ud800"}, {"state": "é"}],
)
async def test_what_was_altered_is_refused(changes: dict[str, Any], office: Office, provider: Provider) -> None:
    """Whatever a browser sends, nothing breaks and nobody gets in."""
    back = await on_the_way_back(office, provider)

    assert await refused(office, replace(back, **changes)) == "STATE_MISMATCH"


async def test_what_else_is_sealed_is_no_errand(office: Office, provider: Provider, store: SqliteStore) -> None:
    """The tokens of a session at rest, brought as a cookie, are not taken for one."""
    opened = await office.signed_in(provider, "sam")
    grant = await store.staff_grant(opened.session.id)
    assert grant is not None
    errand = base64.urlsafe_b64encode(grant.sealed_token).decode()

    assert await refused(office, Return("s", "c", errand)) == "STATE_MISMATCH"


async def test_whoever_the_provider_does_not_sign_in_is_not_signed_in(office: Office, provider: Provider) -> None:
    """They said no there, or were not let in: the way back brings no code."""
    back = await on_the_way_back(office, provider)

    with pytest.raises(ProviderRefusedError):
        await office.sign_in.arrive(replace(back, code=None), deadline=soon())
    assert await refused(office, back) == "STATE_MISMATCH"


async def test_a_token_that_does_not_hold_opens_nothing(office: Office, provider: Provider, tmp_path: Path) -> None:
    """No session, no grant, no line of a sign-in."""
    provider.sign = lambda claims: signed(claims | {"nonce": "of-another-sign-in"})

    with pytest.raises(TokenRejectedError):
        await office.signed_in(provider, "sam")
    assert execute(tmp_path, COUNTS) == [(0, 0, 0)]


@pytest.mark.parametrize("table", ["session", "staff_grant", "audit"])
async def test_a_sign_in_that_cannot_be_written_down_is_refused(
    table: str, office: Office, provider: Provider, tmp_path: Path
) -> None:
    """Neither a session without a grant nor one without its line in the trail is ever handed out."""
    execute(tmp_path, f"DROP TABLE {table}")

    with pytest.raises(StoreError):
        await office.signed_in(provider, "sam")


def test_what_is_spent_is_remembered_for_its_time(clock: Clock) -> None:
    """Once is once; afterwards it is refused for its age, so it need not be remembered."""
    spent, until = Spent(clock), clock.now.replace(minute=40)

    assert [spent.holds("a"), spent.spend("a", until=until), spent.spend("a", until=until)] == [False, True, False]
    assert spent.spend("b", until=until)
    clock.forward(minutes=9, seconds=59)
    assert spent.holds("a")
    clock.forward(seconds=1)
    assert not spent.holds("a")
