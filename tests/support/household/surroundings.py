"""Water and works: three cubic metres a month, fourteen in February 2026; new windows, and a lift to be renewed."""

from datetime import UTC, date, datetime

from gateway.domain.identifiers import (
    LeaseId,
    MeterId,
    WorksId,
)
from gateway.domain.period import YearMonth
from gateway.domain.water import MeterReading, ReadingOrigin, WaterKind, WaterMeter
from gateway.domain.works import (
    Contractor,
    WorksImpact,
    WorksOperation,
    WorksScope,
    WorksState,
    WorksUpdate,
)
from tests.support.household.names import (
    DWELLING,
    FOREIGN_LEASE,
    GARAGE,
)


def meters(lease: LeaseId, suffix: str) -> tuple[WaterMeter, ...]:
    """A cold meter read every month and a hot one read once."""
    months = [YearMonth(2025, 1).plus(count) for count in range(14)]
    cold = [MeterReading(month.last_day, 100_000 + 3000 * n, ReadingOrigin.REMOTE) for n, month in enumerate(months)]
    cold[-1] = MeterReading(months[-1].last_day, 100_000 + 3000 * 12 + 14_000, ReadingOrigin.REMOTE)
    hot = (MeterReading(date(2026, 2, 28), 12_345, ReadingOrigin.MANUAL),)
    return (
        _meter(f"M-COLD{suffix}", lease, WaterKind.COLD, tuple(cold)),
        _meter(f"M-HOT{suffix}", lease, WaterKind.HOT, hot),
    )


def _meter(name: str, lease: LeaseId, kind: WaterKind, readings: tuple[MeterReading, ...]) -> WaterMeter:
    return WaterMeter(
        id=MeterId(name),
        lease_id=lease,
        serial_number=f"26-{name}",
        kind=kind,
        location="cuisine",
        remotely_read=kind is WaterKind.COLD,
        installed_on=date(2019, 6, 1),
        removed_on=None,
        digits=5,
        readings=readings,
    )


def _works(name: str, leases: tuple[LeaseId, ...], title: str, state: WorksState) -> WorksOperation:
    return WorksOperation(
        id=WorksId(name),
        lease_ids=leases,
        title=title,
        description=None,
        state=state,
        scope=WorksScope.DWELLING if len(leases) == 1 else WorksScope.COMMON_PARTS,
        impacts=(WorksImpact.NOISE,),
        starts_on=date(2026, 3, 2),
        expected_end_on=date(2026, 4, 30),
        ended_on=None,
        contractor=Contractor("Menuiserie du Saulcy", "+33353010042"),
        access_required=len(leases) == 1,
        updates=(
            WorksUpdate(
                at=datetime(2026, 3, 10, 7, 0, tzinfo=UTC),
                recorded_at=datetime(2026, 3, 14, 15, 0, tzinfo=UTC),
                message="Pose commencée au troisième étage.",
            ),
        ),
    )


def windows() -> WorksOperation:
    """Under way in the dwelling."""
    return _works("W-WINDOWS", (DWELLING,), "Remplacement des fenêtres", WorksState.IN_PROGRESS)


def lift() -> WorksOperation:
    """Announced for everybody in the building."""
    return _works("W-LIFT", (DWELLING, GARAGE), "Rénovation de l'ascenseur", WorksState.ANNOUNCED)


def painting() -> WorksOperation:
    """At Noor's."""
    return _works("W-HADDAD", (FOREIGN_LEASE,), "Peinture de la cage d'escalier", WorksState.IN_PROGRESS)
