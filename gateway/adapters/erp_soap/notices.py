"""NoticesPort over IMMO-GEST: `LireAvis`."""

from collections.abc import Mapping, Sequence

from gateway.adapters.batches import Chunks, in_chunks
from gateway.adapters.erp_soap import native
from gateway.adapters.erp_soap.avis import read_notice
from gateway.adapters.erp_soap.client import KEYS_PER_CALL, ErpClient
from gateway.adapters.erp_soap.record import Record
from gateway.adapters.erp_soap.wire import Question, Sheet, answered, grouped, sole
from gateway.domain.identifiers import AccountId
from gateway.domain.notice import RentNotice
from gateway.domain.notices import link
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Answer, Batch, Seen
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call

_NOTICES = Call(SourceSystem.RENT_ERP, "notices")
_CHUNKS: Chunks[AccountId] = Chunks(KEYS_PER_CALL, native.read_account)
_MOST_MONTHS = 60


class SoapNotices:
    """Notices of rental accounts, of the 60 most recent months at most."""

    def __init__(self, erp: ErpClient) -> None:
        self._erp = erp

    async def notices(
        self, accounts: Sequence[AccountId], *, latest_months: int, deadline: Deadline
    ) -> Batch[AccountId, tuple[RentNotice, ...]]:
        """As the port says; one call for every 200 accounts."""
        months = str(min(latest_months, _MOST_MONTHS))

        async def ask(keys: Sequence[str]) -> Mapping[str, Answer[tuple[RentNotice, ...]]]:
            question = Question.about("LireAvis", "NumCompte", keys).plus(NbMois=months)
            return await self._erp.ask(_NOTICES, question, read=_read_notices, deadline=deadline)

        return await in_chunks(accounts, chunks=_CHUNKS, ask=ask)


def _read_notices(sheet: Sheet) -> Mapping[str, Answer[tuple[RentNotice, ...]]]:
    def read(rows: list[Record]) -> Seen[tuple[RentNotice, ...]]:
        record = sole(rows, key="NUM_COMPTE")
        account = record.account("NUM_COMPTE")
        notices = [read_notice(row, account=account) for row in record.records("Avis")]
        return Seen(link(notices), sheet.origin)

    return answered(grouped(sheet.body.records("CompteAvis"), lambda row: row.account("NUM_COMPTE")), read)
