"""Accounts are created once, under one reference."""

import pytest

from gateway.auth.accounts import NewAccount, create_account
from gateway.auth.passwords import HashPool
from gateway.domain.access import OnlineAccount
from gateway.domain.identifiers import TenantId
from tests.ports.stores import NOON
from tests.unit.auth.conftest import PASSWORD, CountingStore


async def test_a_created_account_is_stored_under_its_canonical_reference(
    store: CountingStore, passwords: HashPool, louise: OnlineAccount
) -> None:
    """As the notice prints it, or not; the password only as a hash."""
    assert louise.reference == "12345"
    assert louise.tenant_id == "T1"
    assert louise.email == "louise@example.org"
    assert louise.created_at == NOON
    assert louise.credential_version == 1
    assert await passwords.verify(PASSWORD, against=louise.password_hash)
    assert await store.account("12345") == louise


async def test_another_spelling_is_no_other_account(
    store: CountingStore, passwords: HashPool, louise: OnlineAccount
) -> None:
    """Nobody creates a second account for the same lease, or takes the first over."""
    again = NewAccount("L-12 345", TenantId("T2"), "Quetsche-54!")

    assert await create_account(again, store=store, passwords=passwords, now=NOON) is None

    assert await store.account("12345") == louise


async def test_a_reference_that_is_none_is_refused(store: CountingStore, passwords: HashPool) -> None:
    """An account under it could never be found again."""
    with pytest.raises(ValueError, match="an account reference has 4 to 20 letters and digits"):
        await create_account(NewAccount("n/a?", TenantId("T1"), PASSWORD), store=store, passwords=passwords, now=NOON)


def test_a_password_to_be_set_is_not_shown() -> None:
    """Neither in a log nor in a traceback."""
    assert PASSWORD not in repr(NewAccount("12345", TenantId("T1"), PASSWORD))
