"""The demo's accounts and staff come from a file; starting again does not make them twice."""

from datetime import UTC, datetime

import pytest

from gateway.auth.passwords import HashPool
from gateway.auth.seeding import Seed, SeededMember, SeededTenant, Seeding, read_seed
from gateway.domain.access import Role
from tests.ports.stores import NOON
from tests.unit.auth.conftest import PASSWORD, Clock, CountingStore

SEED = Seed(tenants=[SeededTenant("0012345", "T1", PASSWORD)], staff=[SeededMember("Camille Roth", Role.ADVISOR)])
TEXT = b"""{
    "tenants": [{"reference": "0012345", "tenant": "T1", "password": "Mirabelle-57!"}],
    "staff": [{"name": "Camille Roth", "role": "ADVISOR"}]
}"""


@pytest.fixture
def seeding(store: CountingStore, passwords: HashPool, clock: Clock) -> Seeding:
    """Puts a seed into the empty store."""
    return Seeding(store, passwords, clock)


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
    """With the published password, and without an address unless the seed tells one; created now."""
    await seeding(SEED.tenants)

    account = await store.account("12345")
    assert account is not None
    assert (account.tenant_id, account.email, account.created_at) == ("T1", None, NOON)
    assert await passwords.verify(PASSWORD, against=account.password_hash)


async def test_a_seeded_account_may_have_an_address_and_a_past(seeding: Seeding, store: CountingStore) -> None:
    """Its renewal falls on the anniversary of that day, and its password is as old."""
    created = datetime(2024, 2, 29, 12, 0, tzinfo=UTC)
    text = TEXT.replace(
        b'"tenant": "T1"', b'"tenant": "T1", "email": "louise@example.org", "created_at": "2024-02-29T12:00:00Z"'
    )

    await seeding(read_seed(text).tenants)

    account = await store.account("12345")
    assert account is not None
    assert account.email == "louise@example.org"
    assert (account.created_at, account.credential_set_at) == (created, created)


async def test_an_instant_without_a_zone_is_refused() -> None:
    """Nobody knows which one it is."""
    text = TEXT.replace(b'"tenant": "T1"', b'"tenant": "T1", "created_at": "2024-02-29T12:00:00"')

    with pytest.raises(ValueError, match="created_at"):
        read_seed(text)


async def test_seeding_again_changes_no_account(seeding: Seeding, store: CountingStore) -> None:
    """Also when the reference is spelled differently."""
    await seeding(SEED.tenants)
    account = await store.account("12345")

    await seeding([SeededTenant("L-12345", "T2", "Quetsche-54!")])

    assert await store.account("12345") == account


async def test_a_reference_that_is_none_stops_the_seeding(seeding: Seeding) -> None:
    """A mistake in the demo's own data is not passed over."""
    with pytest.raises(ValueError, match="an account reference has 4 to 20 letters and digits"):
        await seeding([SeededTenant("n/a?", "T1", PASSWORD)])
