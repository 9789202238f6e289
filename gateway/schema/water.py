"""Water of a dwelling: consumption by step, year to date, alerts."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import strawberry

from gateway.auth.scopes import LeaseScope
from gateway.domain import water as domain
from gateway.domain import water_alerts, water_series
from gateway.domain.period import YearMonth
from gateway.domain.source import DataQualityIssue, Origin
from gateway.domain.water import WaterKind
from gateway.domain.water_alerts import WaterAlertKind
from gateway.domain.water_consumption import ConsumptionQuality
from gateway.domain.water_series import Granularity
from gateway.schema.context import Info
from gateway.schema.directives import BEHAVIOURAL, TENANTS, sized
from gateway.schema.inputs import MonthRange
from gateway.schema.meter import WaterMeter
from gateway.schema.node import Node, Sourced
from gateway.schema.scalars import CubicMetres, cubic_metres

READ_MONTHS = 26
"""Months of readings asked of the port: two years to compare, and the two months around them."""

LONGEST_SERIES_MONTHS = {Granularity.DAY: 3, Granularity.MONTH: READ_MONTHS, Granularity.YEAR: READ_MONTHS}


def _volume(litres: int | None) -> CubicMetres | None:
    return None if litres is None else cubic_metres(litres)


@strawberry.type(description="Consumption of one step.")
class ConsumptionPoint:
    """GraphQL face of `gateway.domain.water_series.ConsumptionPoint`."""

    point: strawberry.Private[water_series.ConsumptionPoint]

    @strawberry.field(name="from", description="First day.", directives=[TENANTS])
    def from_(self) -> date:
        return self.point.from_

    @strawberry.field(description="Last day.", directives=[TENANTS])
    def to(self) -> date:
        return self.point.to

    @strawberry.field(description="Volume; null when not computable, never a negative figure.", directives=[TENANTS])
    def volume(self) -> CubicMetres | None:
        return _volume(self.point.litres)

    @strawberry.field(description="Trust.", directives=[TENANTS])
    def quality(self) -> ConsumptionQuality:
        return self.point.quality

    @strawberry.field(
        description="Sentence when something needs explaining, for example a meter change; null otherwise.",
        directives=[TENANTS],
    )
    def remark(self, info: Info) -> str | None:
        return info.context.wording.water_remark(self.point.remark) if self.point.remark else None


@strawberry.type(description="Consumption since 1 January and what it compares with.")
class YearToDateConsumption:
    """GraphQL face of `gateway.domain.water_series.YearToDate`."""

    volume: CubicMetres | None = strawberry.field(description="Volume; null when not computable.", directives=[TENANTS])
    previous_year: CubicMetres | None = strawberry.field(
        description="Same span of the year before; null when not computable.", directives=[TENANTS]
    )
    building_average: CubicMetres | None = strawberry.field(
        description="Average of comparable dwellings of the building; null when fewer than ten, or not known.",
        directives=[TENANTS],
    )


@strawberry.type(description="Alert on water.")
class WaterAlert(Node):
    """GraphQL face of `gateway.domain.water_alerts.WaterAlert`."""

    alert: strawberry.Private[water_alerts.WaterAlert]
    origin: strawberry.Private[Origin]

    @classmethod
    def from_domain(cls, alert: water_alerts.WaterAlert, origin: Origin) -> "WaterAlert":
        key = (alert.meter.lease_id, alert.meter.id, alert.kind.value, alert.since.isoformat())
        return cls(key=key, alert=alert, origin=origin)

    @strawberry.field(description="Kind.", directives=[TENANTS])
    def kind(self) -> WaterAlertKind:
        return self.alert.kind

    @strawberry.field(description="Meter.", directives=[TENANTS])
    def meter(self) -> WaterMeter:
        return WaterMeter.from_domain(self.alert.meter, self.origin)

    @strawberry.field(description="Since.", directives=[TENANTS])
    def since(self) -> date:
        return self.alert.since

    @strawberry.field(description="What was measured against what.", directives=[TENANTS])
    def evidence(self, info: Info) -> str:
        return info.context.wording.water_evidence(self.alert.evidence)

    @strawberry.field(
        description="Volume above the usual so far; null when the alert is not about a volume.", directives=[TENANTS]
    )
    def excess(self) -> CubicMetres | None:
        return _volume(self.alert.excess_litres)

    @strawberry.field(description="What to do, in order.", directives=[TENANTS, sized(10)])
    def advice(self, info: Info) -> list[str]:
        return list(info.context.wording.water_advice(self.alert.kind))

    @strawberry.field(description="Day it was resolved; null while it is open.", directives=[TENANTS])
    def resolved_on(self) -> date | None:
        return self.alert.resolved_on


@strawberry.type(description="Water of a dwelling.")
class WaterConsumption(Sourced):
    """The meters of one dwelling and what follows from their readings."""

    found: strawberry.Private[tuple[domain.WaterMeter, ...]]

    @strawberry.field(
        description="Meters, including those taken away in the last two years.", directives=[TENANTS, sized(4)]
    )
    def meters(self) -> list[WaterMeter]:
        return [WaterMeter.from_domain(meter, self.origin) for meter in self.found]

    @strawberry.field(
        description="Consumption by step, all meters of a kind together; empty when there is no meter of that kind.",
        directives=[TENANTS, BEHAVIOURAL, sized(13)],
    )
    def series(
        self,
        info: Info,
        kind: Annotated[WaterKind, strawberry.argument(description="Cold or hot.")],
        granularity: Annotated[Granularity, strawberry.argument(description="Step.")] = Granularity.MONTH,
        range: Annotated[  # noqa: A002 - the contract's name
            MonthRange | None, strawberry.argument(description="Months; the last thirteen when absent.")
        ] = None,
    ) -> list[ConsumptionPoint]:
        months = range.checked(longest_months=LONGEST_SERIES_MONTHS[granularity]) if range else None
        points = water_series.series(
            self.found, kind=kind, granularity=granularity, months=months, today=info.context.today
        )
        return [ConsumptionPoint(point=point) for point in points]

    @strawberry.field(
        description="Since 1 January, with the last known comparison (loi 89-462, art. 6-2; code de l'énergie R241-13 "
        "s.); null when there is no meter of that kind.",
        directives=[TENANTS],
    )
    def year_to_date(
        self, info: Info, kind: Annotated[WaterKind, strawberry.argument(description="Cold or hot.")]
    ) -> YearToDateConsumption | None:
        if not any(meter.kind is kind for meter in self.found):
            return None
        year = water_series.year_to_date(self.found, kind=kind, today=info.context.today)
        return YearToDateConsumption(
            volume=_volume(year.litres),
            previous_year=_volume(year.previous_year_litres),
            building_average=_volume(year.building_average_litres),
        )

    @strawberry.field(description="Open and recent alerts.", directives=[TENANTS, sized(5)])
    def alerts(
        self,
        info: Info,
        open_only: Annotated[bool, strawberry.argument(description="Only open ones.")] = True,
    ) -> list[WaterAlert]:
        return [one for one in self.every_alert(info) if one.alert.resolved_on is None or not open_only]

    def every_alert(self, info: Info) -> list[WaterAlert]:
        """Open and resolved alerts."""
        found = water_alerts.alerts(self.found, today=info.context.today)
        return [WaterAlert.from_domain(alert, self.origin) for alert in found]

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        return tuple(issue for meter in self.found for issue in meter.issues)

    def exhibit(self) -> Mapping[str, str]:
        latest = {meter.serial_number: meter.readings[-1] for meter in self.found if meter.readings}
        return {
            serial: f"{cubic_metres(reading.index_litres)} {reading.on.isoformat()}"
            for serial, reading in latest.items()
        }


async def water_of(info: Info, scope: LeaseScope) -> WaterConsumption | None:
    """Water of a lease's dwelling; None when there is no individual meter."""
    since = YearMonth.of(info.context.today).plus(-READ_MONTHS).first_day
    seen = await info.context.loaders.meters(since).need(scope)
    return WaterConsumption(origin=seen.origin, found=seen.value) if seen and seen.value else None
