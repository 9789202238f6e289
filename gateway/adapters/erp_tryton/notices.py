"""NoticesPort over Tryton: customer invoices."""

from collections.abc import Mapping, Sequence

from gateway.adapters.batches import Chunks, in_chunks
from gateway.adapters.erp_tryton.accounts import AccountQuestion
from gateway.adapters.erp_tryton.client import KEYS_PER_CALL, TrytonClient
from gateway.adapters.erp_tryton.conventions import read_code
from gateway.adapters.erp_tryton.invoices import Invoice, invoices, read_notices
from gateway.adapters.erp_tryton.wire import Found, OfParty
from gateway.domain.identifiers import AccountId
from gateway.domain.notice import RentNotice
from gateway.domain.period import YearMonth, paris_date
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Answer, Batch, Seen
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call

_CALL = Call(SourceSystem.RENT_ERP, "notices")
_CHUNKS: Chunks[AccountId] = Chunks(KEYS_PER_CALL, read_code)

Notices = tuple[RentNotice, ...]


class TrytonNotices:
    """Notices of accounts. `today` tells which months are recent, to ask for those first."""

    def __init__(self, tryton: TrytonClient) -> None:
        self._tryton = tryton

    async def notices(
        self, accounts: Sequence[AccountId], *, latest_months: int, deadline: Deadline
    ) -> Batch[AccountId, Notices]:
        """As the port says; one call for every 500 accounts when all have a notice for each recent month.

        Another call asks for the whole history of those that have not, and a third whether those without any exist.
        """
        question = _question(latest_months)
        first_day = YearMonth.of(paris_date(self._tryton.now())).plus(-latest_months).first_day

        async def ask(codes: Sequence[str]) -> Mapping[str, Answer[Notices]]:
            recent = await self._tryton.ask(
                _CALL, invoices(codes, since=first_day), read=question.read, deadline=deadline
            )
            enough = {code: answer for code, answer in recent.items() if _is_full(answer, latest_months)}
            rest = [code for code in codes if code not in enough]
            if not rest:
                return enough
            query = invoices(rest, since=None)
            return {**enough, **await question.ask(self._tryton, rest, query=query, deadline=deadline)}

        return await in_chunks(accounts, chunks=_CHUNKS, ask=ask)


def _question(latest_months: int) -> AccountQuestion[Notices]:
    def read(found: Found) -> Mapping[str, Answer[Notices]]:
        return found.answers(
            Invoice, keyed=OfParty, read=lambda those: read_notices(those, latest_months=latest_months)
        )

    return AccountQuestion(_CALL, read=read, idle=lambda _: ())


def _is_full(answer: Answer[Notices], latest_months: int) -> bool:
    """Whether nothing older can be wanted. A record that cannot be read stays so."""
    if not isinstance(answer, Seen):
        return True
    return len({notice.period for notice in answer.value}) >= latest_months
