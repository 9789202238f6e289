"""The metering port: meters and their readings as the books have them."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest

from gateway.adapters.erp_soap.metering import SoapMetering
from gateway.domain.identifiers import LeaseId
from gateway.domain.source import SourceSystem
from gateway.domain.water import ReadingOrigin, WaterMeter
from gateway.ports.answers import Missing, Seen
from gateway.ports.deadline import Deadline
from tests.ports.contract import BatchCase, BatchContract, Batched, soon
from tests.ports.peers import SoapPeer

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("immo-gest")]

SINCE = date(2025, 3, 1)
TODAY = date(2026, 3, 17)


async def all_meters(soap: SoapPeer, *, since: date = SINCE) -> dict[str, tuple[WaterMeter, ...]]:
    """The meters of every lease that has some."""
    leases = [LeaseId(number) for number in dict.fromkeys(row["numero"] for row in soap.truth("contrats"))]
    found = await SoapMetering(soap.erp).meters(leases, since=since, deadline=soon())
    assert all(isinstance(answer, Seen | Missing) for answer in found.values())
    return {key: answer.value for key, answer in found.items() if isinstance(answer, Seen)}


class TestMeters(BatchContract):
    """Meters are a batch like any other."""

    @pytest.fixture
    async def case(self, soap: SoapPeer) -> BatchCase:
        """The batch of meters, of leases that have some."""

        async def ask(keys: Sequence[str], deadline: Deadline) -> Batched:
            return await SoapMetering(soap.erp).meters(list(map(LeaseId, keys)), since=SINCE, deadline=deadline)

        return BatchCase(
            peer=soap.peer,
            source=SourceSystem.METERING,
            ask=ask,
            known=list(await all_meters(soap)),
            unknown=lambda number: f"9{number:05d}/01",
            keys_per_call=200,
        )


async def test_readings_start_with_the_last_one_before_the_range_and_go_on_in_order(soap: SoapPeer) -> None:
    """Exactly one is older than asked for, where there is one: the last of those that a longer range shows."""
    shown = {meter.id: meter for meters in (await all_meters(soap)).values() for meter in meters}
    longer = await all_meters(soap, since=SINCE - timedelta(days=365))

    for whole in (meter for meters in longer.values() for meter in meters):
        before = [reading for reading in whole.readings if reading.on < SINCE]
        after = [reading for reading in whole.readings if reading.on >= SINCE]
        assert [reading.on for reading in whole.readings] == sorted(reading.on for reading in whole.readings)
        assert shown[whole.id].readings == (*before[-1:], *after)


async def test_meters_taken_away_lately_are_there_with_the_index_of_the_day(soap: SoapPeer) -> None:
    """A replaced meter is there with its successor on the same lease."""
    found = await all_meters(soap)

    removed = [(meters, meter) for meters in found.values() for meter in meters if meter.removed_on]
    assert removed
    assert all(TODAY - timedelta(days=730) < meter.removed_on <= TODAY for _, meter in removed if meter.removed_on)
    assert any(other.installed_on == meter.removed_on for meters, meter in removed for other in meters)
    assert any(meter.readings[-1].origin is ReadingOrigin.REMOVAL for _, meter in removed if meter.readings)


async def test_indexes_are_handed_on_as_they_are(soap: SoapPeer) -> None:
    """Estimates, indexes that go back, totalisers that turn over: all of them occur, none is mended here."""
    readings = [meter.readings for meters in (await all_meters(soap)).values() for meter in meters]

    went_back = [
        1 for of_meter in readings for before, after in pairwise(of_meter) if after.index_litres < before.index_litres
    ]
    assert went_back
    assert any(reading.origin is ReadingOrigin.ESTIMATED for of_meter in readings for reading in of_meter)
    assert all(reading.index_litres >= 0 for of_meter in readings for reading in of_meter)
