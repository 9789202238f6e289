"""The demo's accounts and staff come from a file; starting again does not make them twice."""

import msgspec
import pytest

from gateway.auth.passwords import HashPool
from gateway.auth.seeding import Seed, SeededMember, SeededTenant, Seeding, read_seed
from gateway.auth.sessions import Sessions
from gateway.domain.access import Role
from tests.unit.auth.conftest import PASSWORD, Clock, CountingStore

SEED = Seed(tenants=[SeededTenant("0012345", "T1", PASSWORD)], staff=[SeededMember("Camille Roth", Role.ADVISOR)])
TEXT = b"""{
    "tenants": [{"reference": "0012345", "tenant": "T1", "password": "Mirabelle-57!"}],
    "staff": [{"name": "Camille Roth", "role": "ADVISOR"}]
}"""


@pytest.fixture
def seeding(store: CountingStore, passwords: HashPool, sessions: Sessions, clock: Clock) -> Seeding:
    """Puts a seed into the empty store."""
    return Seeding(store, passwords, sessions, clock)


def test_a_seed_is_read_from_json() -> None:
    """As the launcher of the demo writes it."""
    assert read_seed(TEXT) == SEED


@pytest.mark.parametrize(
    "text", [b"", b"{}", TEXT.replace(b'"ADVISOR"', b'"BOSS"'), TEXT.replace(b'"tenant":', b'"tenent":')]
)
def test_a_seed_that_says_something_else_is_refused(text: bytes) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError):  # noqa: PT011 - the sentence is the library's
        read_seed(text)


async def test_a_seeded_tenant_has_an_account(seeding: Seeding, store: CountingStore, passwords: HashPool) -> None:
    """With the published password."""
    await seeding(SEED)

    account = await store.account("12345")
    assert account is not None
    assert account.tenant_id == "T1"
    assert await passwords.verify(PASSWORD, against=account.password_hash)


async def test_seeding_again_changes_no_account_and_opens_new_sessions(
    seeding: Seeding, store: CountingStore, sessions: Sessions
) -> None:
    """Also when the reference is spelled differently; yesterday's tokens go on until their time."""
    (first,) = await seeding(SEED)
    account = await store.account("12345")
    respelled = msgspec.structs.replace(SEED, tenants=[SeededTenant("L-12345", "T2", "Quetsche-54!")])

    (second,) = await seeding(respelled)

    assert await store.account("12345") == account
    assert first.token != second.token
    for bearer in (first, second):
        session = await sessions.resolve(bearer.token)
        assert session is not None
        assert (session.staff_name, session.role) == ("Camille Roth", Role.ADVISOR)
        assert (bearer.name, bearer.role) == ("Camille Roth", Role.ADVISOR)


async def test_a_reference_that_is_none_stops_the_seeding(seeding: Seeding) -> None:
    """A mistake in the demo's own data is not passed over."""
    wrong = msgspec.structs.replace(SEED, tenants=[SeededTenant("n/a?", "T1", PASSWORD)])

    with pytest.raises(ValueError, match="an account reference has 4 to 20 letters and digits"):
        await seeding(wrong)


async def test_a_member_of_staff_who_is_a_tenant_stops_the_seeding(seeding: Seeding) -> None:
    """Tenants sign in with their password."""
    wrong = msgspec.structs.replace(SEED, staff=[SeededMember("Louise", Role.TENANT)])

    with pytest.raises(ValueError, match="a member of staff"):
        await seeding(wrong)
