"""Water meters and their readings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated

import strawberry

from gateway.domain import water as domain
from gateway.domain.source import DataQualityIssue, Origin
from gateway.domain.water import ReadingOrigin, WaterKind
from gateway.schema.context import Info
from gateway.schema.directives import BEHAVIOURAL, PAGED, TENANTS
from gateway.schema.node import Node, Sourced
from gateway.schema.paging import PageInfo, cursor, opened_cursor, page_info, page_size
from gateway.schema.scalars import CubicMetres, cubic_metres


@strawberry.type(description="Reading of a meter.")
class MeterReading:
    """GraphQL face of `gateway.domain.water.MeterReading`."""

    on: date = strawberry.field(description="Day.", directives=[TENANTS])
    index: CubicMetres = strawberry.field(description="Index.", directives=[TENANTS])
    origin: ReadingOrigin = strawberry.field(description="How it was obtained.", directives=[TENANTS])

    @classmethod
    def from_domain(cls, reading: domain.MeterReading) -> "MeterReading":
        return cls(on=reading.on, index=cubic_metres(reading.index_litres), origin=reading.origin)


@strawberry.type(description="Edge of a page of readings.")
class MeterReadingEdge:
    """One reading with its place."""

    cursor: str = strawberry.field(description="Cursor.", directives=[TENANTS])
    node: MeterReading = strawberry.field(description="Reading.", directives=[TENANTS])


@strawberry.type(description="Page of readings.")
class MeterReadingConnection:
    """Most recent reading first."""

    edges: list[MeterReadingEdge] = strawberry.field(description="Edges.", directives=[TENANTS])
    page_info: PageInfo = strawberry.field(description="Position.", directives=[TENANTS])


@strawberry.type(description="Water meter.")
class WaterMeter(Node, Sourced):
    """GraphQL face of `gateway.domain.water.WaterMeter`, of a lease the viewer holds."""

    meter: strawberry.Private[domain.WaterMeter]

    @classmethod
    def from_domain(cls, meter: domain.WaterMeter, origin: Origin) -> "WaterMeter":
        return cls(key=(meter.lease_id, meter.id), origin=origin, meter=meter)

    @strawberry.field(description="Number engraved on the meter.", directives=[TENANTS])
    def serial_number(self) -> str:
        return self.meter.serial_number

    @strawberry.field(description="Cold or hot.", directives=[TENANTS])
    def kind(self) -> WaterKind:
        return self.meter.kind

    @strawberry.field(description="Where it is, for example « cuisine ».", directives=[TENANTS])
    def location(self) -> str | None:
        return self.meter.location

    @strawberry.field(description="Whether it is read remotely.", directives=[TENANTS])
    def remotely_read(self) -> bool:
        return self.meter.remotely_read

    @strawberry.field(description="Installed on; null when not known.", directives=[TENANTS])
    def installed_on(self) -> date | None:
        return self.meter.installed_on

    @strawberry.field(description="Taken away on; null while in service.", directives=[TENANTS])
    def removed_on(self) -> date | None:
        return self.meter.removed_on

    @strawberry.field(
        description="Digits of the totaliser, needed to recognise a rollover; null when not known.",
        directives=[TENANTS],
    )
    def digits(self) -> int | None:
        return self.meter.digits

    @strawberry.field(description="Last reading; null when there is none.", directives=[TENANTS, BEHAVIOURAL])
    def last_reading(self) -> MeterReading | None:
        return MeterReading.from_domain(self.meter.readings[-1]) if self.meter.readings else None

    @strawberry.field(
        description="Readings of the last two years, most recent first.", directives=[TENANTS, BEHAVIOURAL, PAGED]
    )
    def readings(
        self,
        info: Info,
        first: Annotated[int, strawberry.argument(description="How many.")] = 13,
        after: Annotated[str | None, strawberry.argument(description="Continue after this cursor.")] = None,
    ) -> MeterReadingConnection:
        size = page_size(first)
        connection = f"readings/{self.meter.lease_id}/{self.meter.id}"
        newest_first = self.meter.readings[::-1]
        keys = _keys(newest_first)
        start = _start(keys, opened_cursor(info, connection, after)[0] if after is not None else None)
        page = list(zip(keys, newest_first, strict=True))[start : start + size]
        edges = [
            MeterReadingEdge(cursor=cursor(info, connection, key), node=MeterReading.from_domain(reading))
            for key, reading in page
        ]
        return MeterReadingConnection(
            edges=edges,
            page_info=page_info(
                [edge.cursor for edge in edges], has_next=start + size < len(keys), has_previous=start > 0
            ),
        )

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        return self.meter.issues

    def exhibit(self) -> Mapping[str, str]:
        shown = {"serialNumber": self.meter.serial_number}
        if self.meter.readings:
            last = self.meter.readings[-1]
            shown["lastReading"] = f"{cubic_metres(last.index_litres)} {last.on.isoformat()}"
        return shown


def _keys(readings: Sequence[domain.MeterReading]) -> list[str]:
    """A key for each reading; several of one day and origin, which sources do give, are numbered."""
    seen: Counter[str] = Counter()
    keys = []
    for reading in readings:
        key = f"{reading.on.isoformat()}/{reading.origin}"
        keys.append(f"{key}/{seen[key]}")
        seen[key] += 1
    return keys


def _start(keys: list[str], place: str | None) -> int:
    """Index after `place`; when that very reading is gone, of the first one of an earlier day."""
    if place is None:
        return 0
    if place in keys:
        return keys.index(place) + 1
    day = place.split("/")[0]
    return next((index for index, key in enumerate(keys) if key.split("/")[0] < day), len(keys))
