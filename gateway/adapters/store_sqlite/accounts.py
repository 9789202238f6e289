"""Online accounts in SQLite."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of this module

from gateway.adapters.store_sqlite import rows
from gateway.adapters.store_sqlite.verbs import TransactionVerbs, Verbs
from gateway.domain.access import OnlineAccount, OnlineAccountId

_ACCOUNT = rows.columns(OnlineAccount)
_BY_REFERENCE = f"SELECT {_ACCOUNT} FROM online_account WHERE reference = :reference"
_BY_ID = f"SELECT {_ACCOUNT} FROM online_account WHERE id = :id"
_AFTER = f"SELECT {_ACCOUNT} FROM online_account WHERE id > :id ORDER BY id LIMIT :first"
_ADD = f"""
    INSERT INTO online_account ({_ACCOUNT}) VALUES ({rows.placeholders(OnlineAccount)})
    ON CONFLICT DO NOTHING RETURNING id
"""
_SAVE = f"""
    UPDATE online_account SET {rows.assignments(OnlineAccount, keep=frozenset({"id", "reference"}))} WHERE id = :id
"""
_REMOVE = "DELETE FROM online_account WHERE id = :id"


class AccountVerbs(Verbs):
    """Finding and adding accounts."""

    async def account(self, reference: str) -> OnlineAccount | None:
        found = await self._read(_BY_REFERENCE, {"reference": reference})
        return OnlineAccount(**rows.values(found[0])) if found else None

    async def account_by_id(self, account_id: OnlineAccountId) -> OnlineAccount | None:
        found = await self._read(_BY_ID, {"id": account_id})
        return OnlineAccount(**rows.values(found[0])) if found else None

    async def add_account(self, account: OnlineAccount) -> bool:
        return bool(await self._write(_ADD, rows.parameters(account)))


class AccountTransactionVerbs(TransactionVerbs):
    """Changing accounts."""

    async def save_account(self, account: OnlineAccount) -> None:
        await self._write(_SAVE, rows.parameters(account))

    async def remove_account(self, account_id: OnlineAccountId) -> None:
        await self._write(_REMOVE, {"id": account_id})


class AccountStoreVerbs(Verbs):
    """Walking through all accounts."""

    async def accounts_after(self, account_id: OnlineAccountId | None, *, first: int) -> tuple[OnlineAccount, ...]:
        found = await self._read(_AFTER, {"id": account_id or "", "first": first})
        return tuple(OnlineAccount(**rows.values(row)) for row in found)
