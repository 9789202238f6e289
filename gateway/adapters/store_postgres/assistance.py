"""Requests for assistance."""
# ruff: noqa: D102, S608 - the port documents the verbs; statements are made of constants of ours

from datetime import UTC, datetime

import asyncpg

from gateway.adapters.store_postgres.rows import insertion, listed, replacement, values_of
from gateway.adapters.store_postgres.verbs import TransactionVerbs, Verbs
from gateway.domain.assistance import AssistanceRequest, AssistanceState

_MOST = 200
_SELECT = f"SELECT {listed(AssistanceRequest)} FROM assistance"
_BY_ID = f"{_SELECT} WHERE id = $1"
_WAITING = f"{_SELECT} WHERE state = '{AssistanceState.SUBMITTED}' AND (created_at, id) > ($1, $2)"
_NUMBERED = f"{_WAITING} AND number = $3"
_PAGE = f"ORDER BY created_at, id LIMIT {_MOST}"
_BEGINNING = datetime.min.replace(tzinfo=UTC)
_ADD = insertion("assistance", AssistanceRequest)
_DECIDE = f"""
    {replacement("assistance", AssistanceRequest)} AND state = '{AssistanceState.SUBMITTED}' RETURNING id
"""


class AssistanceVerbs(Verbs):
    """Requests, in a transaction and outside."""

    async def assistance(self, request_id: str) -> AssistanceRequest | None:
        found = await self._runner.read(_BY_ID, request_id)
        return _request_of(found[0]) if found else None

    async def open_assistance(
        self, *, after: AssistanceRequest | None = None, number: str | None = None
    ) -> tuple[AssistanceRequest, ...]:
        following = (after.created_at, after.id) if after else (_BEGINNING, "")
        if number is None:
            found = await self._runner.read(f"{_WAITING} {_PAGE}", *following)
        else:
            found = await self._runner.read(f"{_NUMBERED} {_PAGE}", *following, number)
        return tuple(map(_request_of, found))


class AssistanceTransactionVerbs(AssistanceVerbs, TransactionVerbs):
    """What is done to requests."""

    async def add_assistance(self, request: AssistanceRequest) -> None:
        await self._runner.write(_ADD, *values_of(request))

    async def decide_assistance(self, request: AssistanceRequest) -> bool:
        return bool(await self._runner.write(_DECIDE, *values_of(request)))


def _request_of(row: asyncpg.Record) -> AssistanceRequest:
    return AssistanceRequest(**(dict(row) | {"state": AssistanceState(row["state"])}))
