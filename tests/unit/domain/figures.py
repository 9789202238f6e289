"""Water figures as tests compare them."""

from gateway.domain.water import WaterKind, WaterMeter
from gateway.domain.water_consumption import ConsumptionQuality, Remark, RemarkKind
from gateway.domain.water_series import ConsumptionPoint, Granularity, series
from tests.unit.domain.samples import month, on

TODAY = on("2026-06-15")
MEASURED, ESTIMATED = ConsumptionQuality.MEASURED, ConsumptionQuality.ESTIMATED
INTERPOLATED, UNAVAILABLE = ConsumptionQuality.INTERPOLATED, ConsumptionQuality.UNAVAILABLE
MISSING = Remark(RemarkKind.READING_MISSING)

Figure = tuple[int | None, ConsumptionQuality, Remark | None]


def by_month(
    *meters: WaterMeter, first: str = "2026-01", last: str = "2026-03", today: str = "2026-06-15"
) -> list[Figure]:
    """Litres, quality and remark of each month's cold water."""
    found = series(
        meters,
        kind=WaterKind.COLD,
        granularity=Granularity.MONTH,
        months=(month(first), month(last)),
        today=on(today),
    )
    return [figure(point) for point in found]


def figure(point: ConsumptionPoint) -> Figure:
    """What a point says."""
    return point.litres, point.quality, point.remark
