"""Links to create an account, or to choose a new password."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of ours

from datetime import datetime

from gateway.adapters.store_postgres.rows import insertion, listed, values_of
from gateway.adapters.store_postgres.verbs import TransactionVerbs, Verbs
from gateway.domain.account_link import AccountLink

_BY_TOKEN = f"SELECT {listed(AccountLink)} FROM account_link WHERE token_sha256 = $1"
_ADD = insertion("account_link", AccountLink)
_SINCE = "SELECT count(*) AS links FROM account_link WHERE subject = $1 AND created_at >= $2"
_END = "UPDATE account_link SET ended_at = $2 WHERE subject = $1 AND ended_at IS NULL"
_START = "UPDATE account_link SET expires_at = $2 WHERE token_sha256 = $1 AND ended_at IS NULL RETURNING 1"


class LinkVerbs(Verbs):
    """Links, in a transaction and outside."""

    async def link(self, token_sha256: bytes) -> AccountLink | None:
        found = await self._runner.read(_BY_TOKEN, token_sha256)
        return AccountLink(**found[0]) if found else None


class LinkTransactionVerbs(LinkVerbs, TransactionVerbs):
    """What is done to the links of a subject by whoever is alone on it."""

    async def add_link(self, link: AccountLink) -> None:
        await self._runner.write(_ADD, *values_of(link))

    async def links_since(self, since: datetime) -> int:
        found = await self._runner.read(_SINCE, self._subject, since)
        return int(found[0]["links"])

    async def end_links(self) -> None:
        await self._runner.write(_END, self._subject, self.now)

    async def start_link(self, token_sha256: bytes, *, expires_at: datetime) -> bool:
        return bool(await self._runner.write(_START, token_sha256, expires_at))
