"""What a water meter says about the water that flowed: the truth, or one of the stories every landlord knows.

An index is what the totaliser shows, in litres here; it can only be compared with another of the same meter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import assert_never

from gateway.demo.world.model import Meter, Reading
from gateway.demo.world.profile import MeterStory

_SWAPPED_AFTER_DAYS = 12
_WENT_BACK_LITRES = 13_000
_OVERESTIMATED = 2.2


@dataclass(frozen=True, slots=True)
class Flow:
    """The index, in litres, that a meter which never fails shows on each of the days."""

    days: Sequence[date]
    litres: Sequence[int]


def tell(story: MeterStory, *, meter: Meter, flow: Flow, at: int) -> tuple[Meter, ...]:
    """The meter with its readings, or both meters when it was replaced.

    `at` is the place in `flow` where it happened; neither the first nor the last.
    """
    match story:
        case "STEADY":
            return (_read(meter, flow=flow),)
        case "REPLACED":
            return _replaced(meter, flow=flow, at=at)
        case "REPLACED_UNREAD":
            old, new = _replaced(meter, flow=flow, at=at)
            return (replace(old, readings=old.readings[:-1]), new)
        case "WENT_BACK":
            return (_read(meter, flow=_gone_back(flow, at=at)),)
        case "ESTIMATED":
            return (_estimated(meter, flow=flow, at=at),)
        case "ROLLED_OVER":
            return (_read(meter, flow=_rolled_over(flow, at=at, digits=meter.digits)),)
        case _:
            assert_never(story)


def _read(meter: Meter, *, flow: Flow) -> Meter:
    readings = (Reading(day, litres, "TELERELEVE") for day, litres in zip(flow.days, flow.litres, strict=True))
    return replace(meter, readings=tuple(readings))


def _gone_back(flow: Flow, *, at: int) -> Flow:
    """From `at` on the index is a little below the one before."""
    drop = flow.litres[at] - flow.litres[at - 1] + _WENT_BACK_LITRES
    return Flow(flow.days, (*flow.litres[:at], *(litres - drop for litres in flow.litres[at:])))


def _rolled_over(flow: Flow, *, at: int, digits: int) -> Flow:
    """The totaliser reaches its last figure halfway to `at` and starts again at zero."""
    turn = 1000 * 10**digits
    halfway = (flow.litres[at - 1] + flow.litres[at]) // 2
    return Flow(flow.days, [(litres - halfway) % turn for litres in flow.litres])


def _estimated(meter: Meter, *, flow: Flow, at: int) -> Meter:
    """Two months guessed too high; the real index that follows is below the guess."""
    readings = list(_read(meter, flow=flow).readings)
    for place in (at, at + 1):
        guessed = round(_OVERESTIMATED * (flow.litres[place] - flow.litres[place - 1]))
        readings[place] = Reading(flow.days[place], readings[place - 1].litres + guessed, "ESTIME")
    return replace(meter, readings=tuple(readings))


def _replaced(meter: Meter, *, flow: Flow, at: int) -> tuple[Meter, Meter]:
    """The old meter up to its removal, some days after the reading `at`, and the new one from zero."""
    swapped_on = flow.days[at] + timedelta(days=_SWAPPED_AFTER_DAYS)
    days_between = (flow.days[at + 1] - flow.days[at]).days
    removal = flow.litres[at] + (flow.litres[at + 1] - flow.litres[at]) * _SWAPPED_AFTER_DAYS // days_between
    before = _read(meter, flow=Flow(flow.days[: at + 1], flow.litres[: at + 1]))
    after = _read(meter, flow=Flow(flow.days[at + 1 :], [litres - removal for litres in flow.litres[at + 1 :]]))
    return (
        replace(before, removed_on=swapped_on, readings=(*before.readings, Reading(swapped_on, removal, "DEPOSE"))),
        replace(
            after,
            serial_number=_next_serial(meter.serial_number),
            installed_on=swapped_on,
            readings=(Reading(swapped_on, 0, "POSE"), *after.readings),
        ),
    )


def _next_serial(serial: str) -> str:
    return f"{serial[:-1]}{int(serial[-1]) + 1}"
