"""LedgerPort over IMMO-GEST: `LireSoldes` and `LireEcritures`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gateway.adapters.batches import Chunks, in_chunks
from gateway.adapters.erp_soap import native
from gateway.adapters.erp_soap.client import KEYS_PER_CALL, ErpClient
from gateway.adapters.erp_soap.entries import EntryPage, read_page
from gateway.adapters.erp_soap.record import Record
from gateway.adapters.erp_soap.wire import Question, Sheet, answered, grouped, sole
from gateway.domain.identifiers import AccountId
from gateway.domain.ledger import LedgerExtract, StoredBalance
from gateway.domain.money import ZERO
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Answer, Batch, Failed, Seen
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call, UpstreamError, UpstreamGarbledError

_BALANCES = Call(SourceSystem.RENT_ERP, "balances")
_ENTRIES = Call(SourceSystem.RENT_ERP, "entries")
_CHUNKS: Chunks[AccountId] = Chunks(KEYS_PER_CALL, native.read_account)


@dataclass(frozen=True, slots=True)
class _Range:
    """Value dates asked for, both ends inclusive, open when None."""

    since: date | None
    until: date | None

    def question(self, accounts: Sequence[str]) -> Question:
        question = Question.about("LireEcritures", "NumCompte", accounts)
        if self.since:
            question = question.plus(DateDebut=native.write_day(self.since))
        if self.until:
            question = question.plus(DateFin=native.write_day(self.until))
        return question


class SoapLedger:
    """Balances and entries of rental accounts."""

    def __init__(self, erp: ErpClient) -> None:
        self._erp = erp

    async def balances(self, accounts: Sequence[AccountId], *, deadline: Deadline) -> Batch[AccountId, StoredBalance]:
        """As the port says; one call for every 200 accounts."""

        async def ask(keys: Sequence[str]) -> Mapping[str, Answer[StoredBalance]]:
            question = Question.about("LireSoldes", "NumCompte", keys)
            return await self._erp.ask(_BALANCES, question, read=_read_balances, deadline=deadline)

        return await in_chunks(accounts, chunks=_CHUNKS, ask=ask)

    async def entries(
        self, accounts: Sequence[AccountId], *, since: date | None, until: date | None, deadline: Deadline
    ) -> Batch[AccountId, LedgerExtract]:
        """As the port says; one call for every 200 accounts, and one more for every further 500 entries of one.

        An account whose entries do not lead from its opening to its closing balance fails: some are missing.
        """
        asked = _Range(since, until)

        async def ask(keys: Sequence[str]) -> Mapping[str, Answer[LedgerExtract]]:
            pages = await self._pages(keys, asked, deadline)
            for key, page in pages.items():
                pages[key] = await self._completed(key, page, asked, deadline=deadline)
            return {key: _extract(AccountId(key), page, asked) for key, page in pages.items()}

        return await in_chunks(accounts, chunks=_CHUNKS, ask=ask)

    async def _completed(
        self, account: str, page: Answer[EntryPage], asked: _Range, *, deadline: Deadline
    ) -> Answer[EntryPage]:
        """`page` with the older entries that were cut from it, as far as asking for them helps."""
        until = asked.until
        while isinstance(page, Seen) and page.value.is_cut and page.value.oldest not in {None, until}:
            until = page.value.oldest
            try:
                older = (await self._pages([account], _Range(asked.since, until), deadline)).get(account)
            except UpstreamError as error:
                return Failed(error)
            if not isinstance(older, Seen):
                return older or Failed(UpstreamGarbledError(_ENTRIES, "NUM_COMPTE"))
            page = replace(page, value=page.value.followed_by(older.value))
        return page

    async def _pages(self, accounts: Sequence[str], asked: _Range, deadline: Deadline) -> dict[str, Answer[EntryPage]]:
        return await self._erp.ask(_ENTRIES, asked.question(accounts), read=_read_pages, deadline=deadline)


def _read_balances(sheet: Sheet) -> Mapping[str, Answer[StoredBalance]]:
    def read(rows: list[Record]) -> Seen[StoredBalance]:
        record = sole(rows, key="NUM_COMPTE")
        # The balance is true at the closing that it was struck at, not when it was read.
        struck_at = record.moment("DAT_ARRETE", "as_of", read=native.read_stamp)
        return Seen(_balance(record), replace(sheet.origin, as_of=struck_at))

    return answered(grouped(sheet.body.records("Solde"), lambda row: row.account("NUM_COMPTE")), read)


def _balance(record: Record) -> StoredBalance:
    due = record.signed("SOLDE_EXIGIBLE", sense="SENS_EXIGIBLE")
    return StoredBalance(
        account_id=record.account("NUM_COMPTE"),
        total=record.signed("SOLDE_STOCKE", sense="SENS_STOCKE"),
        overdue=max(due, ZERO),  # what was paid ahead is no negative arrears
        next_due_on=record.day("DAT_ECHEANCE", "next_due_on"),
        disputed=record.unsigned("CONTENTIEUX") if record.code("CONTENTIEUX") else None,
        issues=record.issues,
    )


def _read_pages(sheet: Sheet) -> dict[str, Answer[EntryPage]]:
    def read(rows: list[Record]) -> Seen[EntryPage]:
        return Seen(read_page(sole(rows, key="NUM_COMPTE")), sheet.origin)

    return answered(grouped(sheet.body.records("CompteEcritures"), lambda row: row.account("NUM_COMPTE")), read)


def _extract(account: AccountId, page: Answer[EntryPage], asked: _Range) -> Answer[LedgerExtract]:
    if not isinstance(page, Seen):
        return page
    if page.value.is_cut:
        return Failed(UpstreamGarbledError(_ENTRIES, "SUITE"))
    if not page.value.adds_up:
        return Failed(UpstreamGarbledError(_ENTRIES, "SOLDE_CLOTURE"))
    oldest_first = tuple(reversed(page.value.entries))
    extract = LedgerExtract(account, asked.since, asked.until, page.value.opening, oldest_first)
    return Seen(extract, page.origin)
