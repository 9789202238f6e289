"""The works port: what concerns each lease, with news in the order in which things happened."""

from collections.abc import Sequence

import pytest

from gateway.adapters.erp_soap.works import SoapWorks
from gateway.domain.identifiers import LeaseId
from gateway.domain.source import SourceSystem
from gateway.domain.works import WorksOperation
from gateway.ports.answers import Seen
from gateway.ports.deadline import Deadline
from tests.ports.contract import BatchCase, BatchContract, Batched, soon
from tests.ports.peers import SoapPeer

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("immo-gest")]


async def all_works(soap: SoapPeer) -> dict[str, tuple[WorksOperation, ...]]:
    """The works of every lease, those without any too."""
    leases = [LeaseId(number) for number in dict.fromkeys(row["numero"] for row in soap.truth("contrats"))]
    found = await SoapWorks(soap.erp).works(leases, deadline=soon())
    return {key: answer.value for key, answer in found.items() if isinstance(answer, Seen)}


class TestWorks(BatchContract):
    """Works are a batch like any other, but a lease without works and an unknown one look the same."""

    @pytest.fixture
    async def case(self, soap: SoapPeer) -> BatchCase:
        """The batch of works, of leases that have some."""

        async def ask(keys: Sequence[str], deadline: Deadline) -> Batched:
            return await SoapWorks(soap.erp).works([LeaseId(key) for key in keys], deadline=deadline)

        return BatchCase(
            peer=soap.peer,
            source=SourceSystem.WORKS,
            ask=ask,
            known=[key for key, works in (await all_works(soap)).items() if works],
            unknown=lambda number: f"9{number:05d}/01",
            keys_per_call=200,
            nothing=lambda answer: isinstance(answer, Seen) and answer.value == (),
        )


async def test_every_lease_is_answered_and_some_have_works(soap: SoapPeer) -> None:
    """None is an answer."""
    found = await all_works(soap)

    assert len(found) == len({row["numero"] for row in soap.truth("contrats")})
    assert {bool(works) for works in found.values()} == {True, False}


async def test_works_come_latest_first_under_each_lease_they_concern(soap: SoapPeer) -> None:
    """With one number; a lease is among the leases of its works."""
    for key, works in (await all_works(soap)).items():
        starts = [it.starts_on for it in works if it.starts_on]
        assert starts == sorted(starts, reverse=True)
        assert all(key in operation.lease_ids for operation in works)


async def test_news_come_in_the_order_in_which_things_happened(soap: SoapPeer) -> None:
    """Though some were recorded days later."""
    operations = [operation for works in (await all_works(soap)).values() for operation in works]

    lags = []
    for operation in operations:
        moments = [update.at for update in operation.updates]
        assert moments == sorted(moments, reverse=True)
        lags += [update.recorded_at - update.at for update in operation.updates if update.recorded_at]
    assert max(lags).days >= 1
