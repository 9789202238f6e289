"""The notices port: what was asked for, month by month, in force or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import pytest

from gateway.adapters.erp_soap.notices import SoapNotices
from gateway.adapters.erp_tryton.notices import TrytonNotices
from gateway.domain.identifiers import AccountId
from gateway.domain.money import total
from gateway.domain.notice import NoticeState, RentNotice
from gateway.domain.source import DataQualityCode, SourceSystem
from gateway.ports.answers import Seen
from gateway.ports.deadline import Deadline
from gateway.ports.notices import NoticesPort
from tests.ports.contract import BatchCase, BatchContract, Batched, soon
from tests.ports.peers import SOAP, TRYTON, SoapPeer, TrytonPeer
from tests.support.tryton_world import BARE_COUNT, TENANTS, bare_code

LATEST_MONTHS = 3


@dataclass(frozen=True, slots=True)
class NoticesCase:
    """Notices, with what the peer's own books say is in force for the latest months of some accounts.

    Each as its month and the total of its lines, in signed cents.
    """

    batch: BatchCase
    notices: NoticesPort
    in_force: Mapping[str, Sequence[tuple[str, int]]]


def soap_notices(soap: SoapPeer) -> NoticesCase:
    """The notices of IMMO-GEST."""
    accounts = [row["numero"] for row in soap.truth("comptes")]
    in_force = {}
    for account in accounts[:80]:
        rows = soap.truth(f"avis?key={account}")
        months = sorted({row["periode"] for row in rows}, reverse=True)[:LATEST_MONTHS]
        in_force[account] = [
            (f"{row['periode'] // 100}-{row['periode'] % 100:02d}", row["total_mois"])
            for row in reversed(rows)
            if row["periode"] in months and row["etat"] == "E"
        ]
    batch = BatchCase(
        peer=soap.peer,
        source=SourceSystem.RENT_ERP,
        ask=_no_question,
        known=accounts,
        unknown=lambda number: f"{9_000_000 + number}",
        keys_per_call=200,
    )
    return NoticesCase(batch, SoapNotices(soap.erp), in_force)


def tryton_notices(over_tryton: TrytonPeer) -> NoticesCase:
    """The notices of Tryton."""
    in_force = {
        tenant.code: [
            (f"2026-{notice.month:02d}", int(notice.amount * 100))
            for notice in sorted(tenant.notices, key=lambda it: -it.month)
            if not notice.cancelled
        ][:LATEST_MONTHS]
        for tenant in TENANTS
        if tenant.role
    }
    batch = BatchCase(
        peer=over_tryton.peer,
        source=SourceSystem.RENT_ERP,
        ask=_no_question,
        known=[*in_force, *(bare_code(number) for number in range(1, BARE_COUNT + 1))],
        unknown=lambda number: f"{9_000_000 + number}",
        keys_per_call=500,
        calls_per_chunk=3,  # for accounts without a notice lately: older ones, and whether they exist
    )
    return NoticesCase(batch, TrytonNotices(over_tryton.client), in_force)


async def _no_question(keys: Sequence[str], deadline: Deadline) -> Batched:
    raise NotImplementedError


@pytest.fixture(params=[SOAP, TRYTON])
def of_peer(request: pytest.FixtureRequest) -> NoticesCase:
    """Notices over each peer."""
    peer = request.getfixturevalue(request.param)
    return soap_notices(peer) if isinstance(peer, SoapPeer) else tryton_notices(peer)


class TestNotices(BatchContract):
    """Notices are a batch like any other."""

    @pytest.fixture
    def case(self, of_peer: NoticesCase) -> BatchCase:
        """The batch of the latest notices."""

        async def ask(keys: Sequence[str], deadline: Deadline) -> Batched:
            accounts = [AccountId(key) for key in keys]
            return await of_peer.notices.notices(accounts, latest_months=LATEST_MONTHS, deadline=deadline)

        return replace(of_peer.batch, ask=ask)

    async def test_what_is_in_force_is_what_the_books_say(self, of_peer: NoticesCase) -> None:
        """One notice for each of the latest months, to the cent."""
        found = await _notices(of_peer)

        read = {
            key: [
                (str(notice.period), notice.period_total.cents if notice.period_total else None)
                for notice in notices
                if notice.state is NoticeState.ISSUED
            ]
            for key, notices in found.items()
        }
        assert read == of_peer.in_force

    async def test_notices_come_newest_month_first_and_in_force_before_others(self, of_peer: NoticesCase) -> None:
        """At most as many months as asked for, and no month twice in force."""
        for notices in (await _notices(of_peer)).values():
            months = [notice.period for notice in notices]
            assert months == sorted(months, reverse=True)
            assert len(set(months)) <= LATEST_MONTHS
            for _, of_month in groupby(notices, key=lambda notice: notice.period):
                in_force = [notice.state is NoticeState.ISSUED for notice in of_month]
                assert in_force == sorted(in_force, reverse=True)
                assert sum(in_force) <= 1

    async def test_replaced_and_corrected_notices_point_at_each_other(self, of_peer: NoticesCase) -> None:
        """A replaced one at its successor, which says that it corrects it; there are some."""
        found = await _notices(of_peer)

        notices = {notice.id: notice for of_account in found.values() for notice in of_account}
        replaced = [notice for notice in notices.values() if notice.state is not NoticeState.ISSUED]
        assert replaced
        for notice in replaced:
            if notice.replaced_by is not None:
                assert notices[notice.replaced_by].corrects is not None

    async def test_lines_add_up_to_their_total_or_the_notice_says_so(self, of_peer: NoticesCase) -> None:
        """A total that its lines do not explain is told."""
        for notices in (await _notices(of_peer)).values():
            for notice in notices:
                told = {(issue.code, issue.field) for issue in notice.issues}
                explained = notice.period_total == total(line.signed for line in notice.lines)
                assert explained != ((DataQualityCode.TOTAL_MISMATCH, "period_total") in told)


async def _notices(of_peer: NoticesCase) -> dict[str, tuple[RentNotice, ...]]:
    accounts = [AccountId(key) for key in of_peer.in_force]
    found = await of_peer.notices.notices(accounts, latest_months=LATEST_MONTHS, deadline=soon())
    return {key: answer.value for key, answer in found.items() if isinstance(answer, Seen)}
