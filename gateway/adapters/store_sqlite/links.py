"""Links to create an account or choose a password, in SQLite."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of this module

from datetime import datetime

from gateway.adapters.store_sqlite import rows
from gateway.adapters.store_sqlite.lane import Parameters
from gateway.adapters.store_sqlite.verbs import TransactionVerbs, Verbs
from gateway.domain.account_link import AccountLink

_LINK = rows.columns(AccountLink)
_BY_TOKEN = f"SELECT {_LINK} FROM account_link WHERE token_sha256 = :token_sha256"
_ADD = f"INSERT INTO account_link ({_LINK}) VALUES ({rows.placeholders(AccountLink)})"
_COUNT = "SELECT count(*) AS count FROM account_link WHERE subject = :subject AND created_at >= :since"
_END = "UPDATE account_link SET ended_at = :now WHERE subject = :subject AND ended_at IS NULL"
_START = """
    UPDATE account_link SET expires_at = :expires_at
    WHERE token_sha256 = :token_sha256 AND ended_at IS NULL RETURNING token_sha256
"""


class LinkVerbs(Verbs):
    """Finding links."""

    async def link(self, token_sha256: bytes) -> AccountLink | None:
        found = await self._read(_BY_TOKEN, {"token_sha256": token_sha256})
        return AccountLink(**rows.values(found[0])) if found else None


class LinkTransactionVerbs(TransactionVerbs):
    """Making and ending links."""

    async def add_link(self, link: AccountLink) -> None:
        await self._write(_ADD, rows.parameters(link))

    async def links_since(self, since: datetime) -> int:
        found = await self._read(_COUNT, {"subject": self._subject, "since": rows.micros(since)})
        return int(found[0]["count"])

    async def end_links(self) -> None:
        await self._write(_END, {"subject": self._subject, "now": rows.micros(self.now)})

    async def start_link(self, token_sha256: bytes, *, expires_at: datetime) -> bool:
        values: Parameters = {"token_sha256": token_sha256, "expires_at": rows.micros(expires_at)}
        return bool(await self._write(_START, values))
