"""LedgerPort over Tryton: posted lines on receivable accounts."""

from collections.abc import Mapping, Sequence
from datetime import date

from gateway.adapters.batches import Chunks, in_chunks
from gateway.adapters.erp_tryton.accounts import AccountQuestion
from gateway.adapters.erp_tryton.balances import OpenLine, open_lines, read_balance
from gateway.adapters.erp_tryton.client import KEYS_PER_CALL, TrytonClient
from gateway.adapters.erp_tryton.conventions import read_code
from gateway.adapters.erp_tryton.entries import EntryLine, entry_lines, read_extract
from gateway.adapters.erp_tryton.wire import Found, OfParty
from gateway.domain.identifiers import AccountId
from gateway.domain.ledger import LedgerExtract, StoredBalance
from gateway.domain.period import paris_date
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Answer, Batch
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call

_CHUNKS: Chunks[AccountId] = Chunks(KEYS_PER_CALL, read_code)


class TrytonLedger:
    """Balances struck from Tryton's lines at the moment of the question, and the lines themselves."""

    def __init__(self, tryton: TrytonClient) -> None:
        self._tryton = tryton

    async def balances(self, accounts: Sequence[AccountId], *, deadline: Deadline) -> Batch[AccountId, StoredBalance]:
        """As the port says; one call for every 500 accounts, and another when one of them has nothing open."""

        async def ask(codes: Sequence[str]) -> Mapping[str, Answer[StoredBalance]]:
            return await _BALANCES.ask(self._tryton, codes, query=open_lines(codes), deadline=deadline)

        return await in_chunks(accounts, chunks=_CHUNKS, ask=ask)

    async def entries(
        self, accounts: Sequence[AccountId], *, since: date | None, until: date | None, deadline: Deadline
    ) -> Batch[AccountId, LedgerExtract]:
        """As the port says; one call for every 500 accounts, and another when one of them has no entry.

        Entries from the very first travel, since nothing in Tryton tells what stood before `since`.
        """
        question = _entries(since, until)

        async def ask(codes: Sequence[str]) -> Mapping[str, Answer[LedgerExtract]]:
            query = entry_lines(codes, until=until)
            return await question.ask(self._tryton, codes, query=query, deadline=deadline)

        return await in_chunks(accounts, chunks=_CHUNKS, ask=ask)


def _read_balances(found: Found) -> Mapping[str, Answer[StoredBalance]]:
    today = paris_date(found.origin.fetched_at)

    def read(lines: list[OpenLine]) -> StoredBalance:
        return read_balance(lines[0].key, lines, today=today)

    return found.answers(OpenLine, keyed=OfParty, read=read)


_BALANCES = AccountQuestion(
    Call(SourceSystem.RENT_ERP, "balances"),
    read=_read_balances,
    idle=lambda code: read_balance(code, (), today=date.min),
)


def _entries(since: date | None, until: date | None) -> AccountQuestion[LedgerExtract]:
    def extract(code: str, lines: Sequence[EntryLine] = ()) -> LedgerExtract:
        return read_extract(code, lines, since=since, until=until)

    def read(found: Found) -> Mapping[str, Answer[LedgerExtract]]:
        return found.answers(EntryLine, keyed=OfParty, read=lambda lines: extract(lines[0].key, lines))

    return AccountQuestion(Call(SourceSystem.RENT_ERP, "entries"), read=read, idle=extract)
