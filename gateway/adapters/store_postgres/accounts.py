"""Online accounts."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of ours

from gateway.adapters.store_postgres.rows import insertion, listed, replacement, values_of
from gateway.adapters.store_postgres.verbs import TransactionVerbs, Verbs
from gateway.domain.access import OnlineAccount, OnlineAccountId

_SELECT = f"SELECT {listed(OnlineAccount)} FROM online_account"
_BY_REFERENCE = f"{_SELECT} WHERE reference = $1"
_BY_ID = f"{_SELECT} WHERE id = $1"
_AFTER = f"{_SELECT} WHERE id > $1 ORDER BY id LIMIT $2"
_ADD = f"{insertion('online_account', OnlineAccount)} ON CONFLICT DO NOTHING RETURNING id"
_SAVE = replacement("online_account", OnlineAccount, but={"reference"})
_REMOVE = "DELETE FROM online_account WHERE id = $1"


class AccountVerbs(Verbs):
    """Accounts, in a transaction and outside."""

    async def account(self, reference: str) -> OnlineAccount | None:
        found = await self._runner.read(_BY_REFERENCE, reference)
        return OnlineAccount(**found[0]) if found else None

    async def account_by_id(self, account_id: OnlineAccountId) -> OnlineAccount | None:
        found = await self._runner.read(_BY_ID, account_id)
        return OnlineAccount(**found[0]) if found else None

    async def add_account(self, account: OnlineAccount) -> bool:
        return bool(await self._runner.write(_ADD, *values_of(account)))


class AccountStoreVerbs(AccountVerbs):
    """All accounts, page by page."""

    async def accounts_after(self, account_id: OnlineAccountId | None, *, first: int) -> tuple[OnlineAccount, ...]:
        found = await self._runner.read(_AFTER, account_id or "", first)
        return tuple(OnlineAccount(**row) for row in found)


class AccountTransactionVerbs(AccountVerbs, TransactionVerbs):
    """What is done to an account by whoever is alone on it."""

    async def save_account(self, account: OnlineAccount) -> None:
        await self._runner.write(_SAVE, *values_of(account, but={"reference"}))

    async def remove_account(self, account_id: OnlineAccountId) -> None:
        await self._runner.write(_REMOVE, account_id)
