"""A new revision suits the release before it: nothing is lost, and both can serve on it side by side."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from gateway.adapters.stores import migrate, open_store
from gateway.domain.access import Channel, OnlineAccount, OnlineAccountId, Role, Session, SessionId
from gateway.domain.identifiers import TenantId
from gateway.ports.store import StoreError
from tests.adapters.migrations.conftest import add_account_as_0001, run

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOKEN = b"\x01" * 32


def account(account_id: str) -> OnlineAccount:
    """What release 0001 has added at noon, as this release reads it."""
    return OnlineAccount(
        id=OnlineAccountId(account_id),
        reference=f"12345-{account_id}",
        tenant_id=TenantId("T1"),
        password_hash="$argon2id$",
        created_at=NOON,
        credential_set_at=NOON,
    )


OPENED = Session(
    id=SessionId("s-1"),
    role=Role.TENANT,
    channel=Channel.WEB,
    account_id=OnlineAccountId("a-1"),
    tenant_id=TenantId("T1"),
    staff_name=None,
    device="Chrome sur Windows",
    started_at=NOON,
    last_seen_at=NOON,
    idle_expires_at=NOON + timedelta(minutes=30),
    expires_at=NOON + timedelta(hours=12),
)


def test_accounts_and_sessions_of_0001_are_kept(url_of_0001: str) -> None:
    """The password is as old as the account, nothing has gone wrong yet, and who is signed in stays so."""
    assert migrate(url_of_0001) == "0001"

    async def look() -> tuple[object, ...]:
        store = await open_store(url_of_0001, max_connections=1)
        found = await store.account_by_id(OnlineAccountId("a-1")), await store.session(TOKEN, now=NOON)
        await store.close()
        return found

    assert asyncio.run(look()) == (account("a-1"), OPENED)


def test_release_0001_goes_on_adding_accounts(url_of_0001: str) -> None:
    """Its statements leave out what it does not know; what it adds is whole for this release.

    The password is as old as the account on SQLite, and as the insertion on PostgreSQL.
    """
    migrate(url_of_0001)

    add_account_as_0001(url_of_0001, "a-2")
    run(url_of_0001, "UPDATE online_account SET email = 'louise@example.org' WHERE id = 'a-2' RETURNING id")

    async def look() -> OnlineAccount | None:
        store = await open_store(url_of_0001, max_connections=1)
        found = await store.account_by_id(OnlineAccountId("a-2"))
        await store.close()
        return found

    found = asyncio.run(look())
    assert found is not None
    assert found.created_at == NOON
    assert found.credential_set_at == NOON or datetime.now(UTC) - found.credential_set_at < timedelta(minutes=1)
    assert (found.consecutive_failures, found.disabled_at, found.email) == (0, None, "louise@example.org")


def test_this_release_does_not_serve_on_0001(url_of_0001: str) -> None:
    """Its statements would fail one by one; the start fails instead, with the remedy."""
    with pytest.raises(StoreError, match="older than revision 0002: run `gateway db migrate` first"):
        asyncio.run(open_store(url_of_0001, max_connections=1))
