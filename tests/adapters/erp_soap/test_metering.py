"""Water meters: their readings as they are, or left out."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.adapters.erp_soap.metering import SoapMetering
from gateway.domain.identifiers import LeaseId, MeterId
from gateway.domain.source import DataQualityCode, DataQualityIssue, SourceSystem
from gateway.domain.water import MeterReading, ReadingOrigin, WaterKind, WaterMeter
from gateway.ports.answers import MISSING, Answer, Failed, Seen
from tests.adapters.erp_soap.sheets import COMPTEUR, RELEVE, answer, erp_saying, origin, record, sent, soon

LEASE = LeaseId("012345/01")
SINCE = date(2026, 1, 1)
ORIGIN = origin(SourceSystem.METERING)
METER = WaterMeter(
    id=MeterId("FR570123451"),
    lease_id=LEASE,
    serial_number="FR570123451",
    kind=WaterKind.COLD,
    location="Cuisine",
    remotely_read=True,
    installed_on=date(2019, 9, 1),
    removed_on=None,
    digits=5,
    readings=(MeterReading(date(2026, 2, 28), index_litres=812_345, origin=ReadingOrigin.REMOTE),),
)


def releve(day: str, index: str, origin_code: str = "T") -> str:
    """A reading."""
    return record("Releve", RELEVE, DAT_RELEVE=day, INDEX=index, ORIGINE=origin_code)


def compteur(*readings: str, **changes: str) -> str:
    """A meter, with one reading unless others are given."""
    return record("Compteur", COMPTEUR, *(readings or (record("Releve", RELEVE),)), **changes)


async def meters_of(*rows: str, since: date = SINCE) -> Answer[tuple[WaterMeter, ...]]:
    """What is answered for the lease when these rows come."""
    async with erp_saying(answer("LireConsommations", *rows)) as (erp, _):
        batch = await SoapMetering(erp).meters([LEASE], since=since, deadline=soon())
    return batch[LEASE]


async def one_meter(*readings: str, **changes: str) -> WaterMeter:
    """The only meter of the lease."""
    found = await meters_of(compteur(*readings, **changes))
    assert isinstance(found, Seen)
    (meter,) = found.value
    return meter


async def test_a_meter_is_read_whole() -> None:
    """Cubic metres become whole litres; the source is the metering system."""
    assert await meters_of(compteur()) == Seen((METER,), ORIGIN)


async def test_a_lease_without_meter_is_missing() -> None:
    """There is no individual meter."""
    assert await meters_of() == MISSING


@pytest.mark.parametrize(
    ("since", "asked"),
    [
        (date(2026, 1, 1), "20240314"),
        (date(2025, 1, 1), "20231128"),
        (date(1, 1, 1), "18981127"),
    ],
)
async def test_more_is_asked_for_than_is_shown(since: date, asked: str) -> None:
    """The last reading before the range, and meters that were taken away in the last two years."""
    async with erp_saying(answer("LireConsommations")) as (erp, server):
        await SoapMetering(erp).meters([LEASE], since=since, deadline=soon())

    (body,) = sent(server)
    assert f"<DepuisLe>{asked}</DepuisLe>" in body


async def test_readings_start_with_the_last_one_before_the_range() -> None:
    """A consumption needs the index it starts from, and nothing older."""
    meter = await one_meter(
        releve("20260131", "00003,000"),
        releve("20251001", "00001,000"),
        releve("20251231", "00002,000"),
        releve("20260101", "00002,500"),
    )

    assert [(it.on.isoformat(), it.index_litres) for it in meter.readings] == [
        ("2025-12-31", 2000),
        ("2026-01-01", 2500),
        ("2026-01-31", 3000),
    ]


@pytest.mark.parametrize(
    ("removed", "is_shown"), [("20240314", False), ("20240315", True), ("20260101", True), ("99991231", True)]
)
async def test_meters_taken_away_long_ago_are_not_shown(removed: str, *, is_shown: bool) -> None:
    """Two years are kept."""
    assert isinstance(await meters_of(compteur(DAT_DEPOSE=removed)), Seen) is is_shown


async def test_a_replaced_meter_is_two_meters_with_the_indexes_of_the_change() -> None:
    """The last index of the old one, the first of the new one: nothing is computed here."""
    old = compteur(releve("20260114", "01234,000", "D"), DAT_DEPOSE="20260114")
    new = compteur(releve("20260114", "00000,000", "P"), NUM_COMPTEUR="FR570123452", DAT_POSE="20260114")

    found = await meters_of(old, new)

    assert isinstance(found, Seen)
    assert [(it.removed_on, it.installed_on, it.readings[0].origin) for it in found.value] == [
        (date(2026, 1, 14), date(2019, 9, 1), ReadingOrigin.REMOVAL),
        (None, date(2026, 1, 14), ReadingOrigin.INSTALLATION),
    ]


@pytest.mark.parametrize(
    "indexes", [("00812,000", "00799,000"), ("99999,000", "00012,000"), ("00030,000", "00024,000")]
)
async def test_indexes_that_go_back_are_handed_on_as_they_are(indexes: tuple[str, str]) -> None:
    """What it means, an error, a totaliser that turned over or an estimate, is for the rules to say."""
    before, after = indexes

    meter = await one_meter(releve("20260101", before, "E"), releve("20260131", after, "M"))

    assert [it.index_litres for it in meter.readings] == [int(it.replace(",", "")) for it in indexes]
    assert [it.origin for it in meter.readings] == [ReadingOrigin.ESTIMATED, ReadingOrigin.MANUAL]
    assert (meter.digits, meter.issues) == (5, ())


@pytest.mark.parametrize(
    ("reading", "issue"),
    [
        (releve("20260131", "812,345"), ("UNREADABLE_AMOUNT", "812,345")),
        (releve("20260131", "-0001,000"), ("UNREADABLE_AMOUNT", "-0001,000")),
        (releve("31/01/26", "00812,345"), ("INVALID_DATE", "31/01/26")),
        (releve("00000000", "00812,345"), ("INVALID_DATE", "00000000")),
        (releve("20260131", "00812,345", "Z"), ("UNKNOWN_CODE", "Z")),
    ],
)
async def test_a_reading_that_cannot_be_read_leaves_a_gap(reading: str, issue: tuple[str, str]) -> None:
    """A gap and a remark, never an invented index."""
    meter = await one_meter(reading, record("Releve", RELEVE))

    told = DataQualityIssue(DataQualityCode(issue[0]), "readings", issue[1])
    assert meter == replace(METER, issues=(told,))


async def test_a_reading_without_an_index_leaves_a_gap() -> None:
    """Nothing was read that day."""
    assert await one_meter(releve("20260131", ""), record("Releve", RELEVE)) == METER


@pytest.mark.parametrize(
    ("changes", "meter"),
    [
        ({"FLUIDE": "EC"}, replace(METER, kind=WaterKind.HOT)),
        ({"EMPLACEMENT": ""}, replace(METER, location=None)),
        ({"TELERELEVE": "N"}, replace(METER, remotely_read=False)),
        ({"NB_CHIFFRES": " "}, replace(METER, digits=None)),
        (
            {"NB_CHIFFRES": "0"},
            replace(METER, digits=None, issues=(DataQualityIssue(DataQualityCode.UNKNOWN_CODE, "digits", "0"),)),
        ),
        (
            {"TELERELEVE": ""},
            replace(
                METER,
                remotely_read=False,
                issues=(DataQualityIssue(DataQualityCode.MISSING_VALUE, "remotely_read"),),
            ),
        ),
        (
            {"DAT_POSE": "19000101"},
            replace(
                METER,
                installed_on=None,
                issues=(DataQualityIssue(DataQualityCode.SENTINEL_DATE, "installed_on", "19000101"),),
            ),
        ),
    ],
)
async def test_fields_of_a_meter(changes: dict[str, str], meter: WaterMeter) -> None:
    """What is not known is none and told."""
    assert await one_meter(**changes) == meter


async def test_a_meter_of_an_unknown_fluid_fails_its_lease() -> None:
    """It may not be a water meter at all."""
    found = await meters_of(compteur(FLUIDE="GZ"))

    assert isinstance(found, Failed)
    assert str(found.error) == "METERING.meters: cannot read FLUIDE"
