"""Assistance requests in SQLite."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of this module

import sqlite3
from datetime import UTC, datetime

from gateway.adapters.store_sqlite import rows
from gateway.adapters.store_sqlite.verbs import TransactionVerbs, Verbs
from gateway.domain.assistance import AssistanceRequest, AssistanceState

_REQUEST = rows.columns(AssistanceRequest)
_BY_ID = f"SELECT {_REQUEST} FROM assistance WHERE id = :id"
_WAITING = f"SELECT {_REQUEST} FROM assistance WHERE state = 'SUBMITTED' AND (created_at, id) > (:at, :id)"
_NUMBERED = f"{_WAITING} AND number = :number"
_PAGE = "ORDER BY created_at, id LIMIT 200"
_BEGINNING = datetime.min.replace(tzinfo=UTC)
_ADD = f"INSERT INTO assistance ({_REQUEST}) VALUES ({rows.placeholders(AssistanceRequest)})"
_DECIDE = f"""
    UPDATE assistance SET {rows.assignments(AssistanceRequest, keep=frozenset({"id"}))}
    WHERE id = :id AND state = 'SUBMITTED' RETURNING id
"""


class AssistanceVerbs(Verbs):
    """Finding requests."""

    async def assistance(self, request_id: str) -> AssistanceRequest | None:
        found = await self._read(_BY_ID, {"id": request_id})
        return _request_of(found[0]) if found else None

    async def open_assistance(
        self, *, after: AssistanceRequest | None = None, number: str | None = None
    ) -> tuple[AssistanceRequest, ...]:
        statement = _WAITING if number is None else _NUMBERED
        at, request_id = (after.created_at, after.id) if after else (_BEGINNING, "")
        found = await self._read(f"{statement} {_PAGE}", {"at": rows.micros(at), "id": request_id, "number": number})
        return tuple(map(_request_of, found))


class AssistanceTransactionVerbs(TransactionVerbs):
    """Adding and deciding requests."""

    async def add_assistance(self, request: AssistanceRequest) -> None:
        await self._write(_ADD, rows.parameters(request))

    async def decide_assistance(self, request: AssistanceRequest) -> bool:
        return bool(await self._write(_DECIDE, rows.parameters(request)))


def _request_of(row: sqlite3.Row) -> AssistanceRequest:
    return AssistanceRequest(**(rows.values(row) | {"state": AssistanceState(row["state"])}))
