"""MeteringPort over IMMO-GEST: `LireConsommations`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from gateway.adapters.batches import Chunks, in_chunks
from gateway.adapters.erp_soap import native
from gateway.adapters.erp_soap.client import KEYS_PER_CALL, ErpClient
from gateway.adapters.erp_soap.record import Record
from gateway.adapters.erp_soap.wire import Question, Sheet, answered, grouped, sole
from gateway.domain.identifiers import LeaseId, MeterId
from gateway.domain.source import DataQualityCode, SourceSystem
from gateway.domain.water import MeterReading, ReadingOrigin, WaterKind, WaterMeter
from gateway.ports.answers import Answer, Batch, Seen
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call

_METERS = Call(SourceSystem.METERING, "meters")
_CHUNKS: Chunks[LeaseId] = Chunks(KEYS_PER_CALL, native.read_key)

# A meter read by hand is read once a year: so far back lies the last reading before a date, with some delay.
_BETWEEN_READINGS = timedelta(days=400)
_REMOVED_SHOWN = timedelta(days=730)
_EARLIEST = date(1900, 1, 1)
_KINDS = {"EF": WaterKind.COLD, "EC": WaterKind.HOT}
_ORIGINS = {
    "T": ReadingOrigin.REMOTE,
    "M": ReadingOrigin.MANUAL,
    "A": ReadingOrigin.SELF_READING,
    "E": ReadingOrigin.ESTIMATED,
    "D": ReadingOrigin.REMOVAL,
    "P": ReadingOrigin.INSTALLATION,
}
_DIGITS = {str(digits): digits for digits in range(1, 10)}


class SoapMetering:
    """Individual meters of dwellings."""

    def __init__(self, erp: ErpClient) -> None:
        self._erp = erp

    async def meters(
        self, leases: Sequence[LeaseId], *, since: date, deadline: Deadline
    ) -> Batch[LeaseId, tuple[WaterMeter, ...]]:
        """As the port says; one call for every 200 leases."""
        # Meters removed before the day asked for are left out of the answer, so the day is early enough for them.
        recently = self._erp.today() - _REMOVED_SHOWN
        asked_from = native.write_day(min(max(since, _EARLIEST) - _BETWEEN_READINGS, recently))

        def read(sheet: Sheet) -> Mapping[str, Answer[tuple[WaterMeter, ...]]]:
            return _read_meters(sheet, since=since)

        async def ask(keys: Sequence[str]) -> Mapping[str, Answer[tuple[WaterMeter, ...]]]:
            question = Question.about("LireConsommations", "NumContrat", keys).plus(DepuisLe=asked_from)
            return await self._erp.ask(_METERS, question, read=read, deadline=deadline)

        return await in_chunks(leases, chunks=_CHUNKS, ask=ask)


def _read_meters(sheet: Sheet, *, since: date) -> Mapping[str, Answer[tuple[WaterMeter, ...]]]:
    def read(rows: list[Record]) -> Seen[tuple[WaterMeter, ...]]:
        numbered = grouped(rows, lambda row: row.key("NUM_COMPTEUR"))
        meters = (_meter(sole(same, key="NUM_COMPTEUR"), since=since) for same in numbered.values())
        return Seen(tuple(it for it in meters if _is_shown(it, today=sheet.today)), sheet.origin)

    found = answered(grouped(sheet.body.records("Compteur"), lambda row: row.key("NUM_CONTRAT")), read)
    return {lease: answer for lease, answer in found.items() if not isinstance(answer, Seen) or answer.value}


def _is_shown(meter: WaterMeter, *, today: date) -> bool:
    return meter.removed_on is None or meter.removed_on > today - _REMOVED_SHOWN


def _meter(record: Record, *, since: date) -> WaterMeter:
    kind = record.choice("FLUIDE", "kind", _KINDS)
    if kind is None:
        raise record.garbled("FLUIDE")
    remotely_read = record.flag("TELERELEVE", "remotely_read")
    if remotely_read is None:
        record.note(DataQualityCode.MISSING_VALUE, "remotely_read")
    readings = sorted(_readings(record), key=lambda reading: reading.on)
    return WaterMeter(
        id=MeterId(record.key("NUM_COMPTEUR")),
        lease_id=LeaseId(record.key("NUM_CONTRAT")),
        serial_number=record.code("NUM_COMPTEUR"),
        kind=kind,
        location=record.optional_text("EMPLACEMENT", "location"),
        remotely_read=bool(remotely_read),
        installed_on=record.day("DAT_POSE", "installed_on"),
        removed_on=record.day("DAT_DEPOSE", "removed_on"),
        digits=record.choice("NB_CHIFFRES", "digits", _DIGITS),
        readings=_from_last_before(since, readings),
        issues=record.issues,
    )


def _readings(record: Record) -> Iterator[MeterReading]:
    """The readings that can be read; one that cannot leaves a gap and an issue, never a figure."""
    for part in record.parts("Releve"):
        on = part.moment("DAT_RELEVE", "readings", read=native.read_day)
        index = part.optional("INDEX", "readings", read=native.read_litres)
        origin = part.choice("ORIGINE", "readings", _ORIGINS)
        if on is not None and index is not None and origin is not None:
            yield MeterReading(on, index_litres=index, origin=origin)


def _from_last_before(since: date, readings: Sequence[MeterReading]) -> tuple[MeterReading, ...]:
    earlier = sum(reading.on < since for reading in readings)
    return tuple(readings[max(earlier - 1, 0) :])
