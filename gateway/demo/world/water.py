"""The water of a dwelling: how much flows, and the meters that tell it.

A meter is read on the first of the month by radio, or twice a year by a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate, pairwise
from math import cos, tau
from random import Random

from gateway.demo.world.account import Account
from gateway.demo.world.meters import Flow, tell
from gateway.demo.world.model import Meter, Reading, ReadingOrigin, WaterKind
from gateway.demo.world.months import month_start
from gateway.demo.world.numbers import meter_number

READINGS_KEPT = 26
"""Two years and two months, so that the last thirteen months can be compared with those before."""

_LITRES_A_DAY, _SIZE_EXPONENT = 126 * 1.18, -0.18
"""One person's use at Metz; each further person adds less."""
_SEASON = 0.08
_HOT_SHARE = 0.35
_BY_HAND_EVERY = 6
_LOCATIONS: Mapping[WaterKind, tuple[str, ...]] = {
    "FROIDE": ("Cuisine", "Salle de bains", "Gaine palière", "Cave"),
    "CHAUDE": ("Salle de bains", "Gaine palière"),
}


@dataclass(frozen=True, slots=True)
class Water:
    """The meters, and the metered cold water by the month (YYYY-MM) that bills it, where it is billed."""

    meters: tuple[Meter, ...]
    billed_litres: Mapping[str, int]


def draw_water(rng: Random, *, account: Account) -> Water:
    """The meters of the dwelling with what they showed while the lease ran."""
    profile = account.profile.water
    if not profile.cold:
        return Water((), {})
    days = [month_start(account.last_night, back=back) for back in reversed(range(READINGS_KEPT))]
    litres = _litres_by_month(rng, account=account, days=days)
    hot_share = _HOT_SHARE if profile.hot else 0.0
    cold = _flow(rng, days=days, litres=[round(each * (1 - hot_share)) for each in litres])
    meters = _meters(rng, account=account, kind="FROIDE", flow=cold)
    if profile.hot:
        hot = _flow(rng, days=days, litres=[round(each * hot_share) for each in litres])
        meters += _meters(rng, account=account, kind="CHAUDE", flow=hot)
    return Water(_seen_by_tenant(meters, account=account), _billed(cold, account=account))


def _litres_by_month(rng: Random, *, account: Account, days: Sequence[date]) -> list[int]:
    """What flows between each day and the next: habits, seasons, and the leak that is open now."""
    persons, water = account.profile.home.persons, account.profile.water
    habit = _LITRES_A_DAY * persons ** (1 + _SIZE_EXPONENT) * rng.lognormvariate(-0.08, 0.40)
    leaking_since = account.last_night - timedelta(days=water.leak_days)
    return [
        round(habit * _season(since) * rng.gauss(1, 0.06) * (until - since).days)
        + water.leak_litres_a_day * max((until - max(since, leaking_since)).days, 0)
        for since, until in pairwise(days)
    ]


def _season(day: date) -> float:
    """Highest in July."""
    return 1 + _SEASON * cos(tau * (day.month - 7) / 12)


def _flow(rng: Random, *, days: Sequence[date], litres: Sequence[int]) -> Flow:
    return Flow(days, tuple(accumulate(litres, initial=rng.randrange(100_000, 900_000))))


def _meters(rng: Random, *, account: Account, kind: WaterKind, flow: Flow) -> tuple[Meter, ...]:
    water = account.profile.water
    meter = Meter(
        serial_number=meter_number(account.index, rank=1 if kind == "FROIDE" else 3),
        lease_number=account.main_lease,
        kind=kind,
        location=rng.choice(_LOCATIONS[kind]),
        remotely_read=water.remote,
        digits=5,
        installed_on=flow.days[0] - timedelta(days=rng.randint(100, 4000)),
        removed_on=None,
        readings=(),
    )
    if not water.remote:
        return (_read_by_hand(meter, flow=flow, last="AUTORELEVE" if rng.random() < 0.2 else "MANUEL"),)
    story = water.story if kind == "FROIDE" else "STEADY"
    return tell(story, meter=meter, flow=flow, at=len(flow.days) - 1 - water.story_months_ago)


def _read_by_hand(meter: Meter, *, flow: Flow, last: ReadingOrigin) -> Meter:
    """Twice a year; the tenant may have sent the last index in."""
    pairs = list(zip(flow.days, flow.litres, strict=True))[-1::-_BY_HAND_EVERY]
    readings = [Reading(day, litres, "MANUEL" if place else last) for place, (day, litres) in enumerate(pairs)]
    return replace(meter, readings=tuple(reversed(readings)))


def _seen_by_tenant(meters: tuple[Meter, ...], *, account: Account) -> tuple[Meter, ...]:
    """Only what was read while the lease ran; a meter never read in that time is none of the tenant's."""
    since, until = account.tenure.starts_on, account.tenure.ends_on or date.max
    own = (
        replace(meter, readings=tuple(reading for reading in meter.readings if since <= reading.on <= until))
        for meter in meters
    )
    return tuple(meter for meter in own if meter.readings)


def _billed(cold: Flow, *, account: Account) -> Mapping[str, int]:
    """Each month bills what flowed in the month before, if the lease ran then."""
    if not account.profile.water.billed:
        return {}
    spans = zip(pairwise(cold.days), pairwise(cold.litres), strict=True)
    return {
        f"{until.year:04d}-{until.month:02d}": after - before
        for (since, until), (before, after) in spans
        if since >= account.tenure.starts_on
    }
