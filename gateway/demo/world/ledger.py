"""The running account while it is being written: entries in order, and the balance after the last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gateway.demo.world.model import Direction, Entry, NoticeLine
from gateway.demo.world.months import bank_run, billing_run
from gateway.demo.world.numbers import entry_number
from gateway.demo.world.profile import Method


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came or went, or a correction: what belongs to no notice."""

    code: str
    label: str
    direction: Direction
    cents: int
    method: Method | None = None
    reverses: str | None = None


class Ledger:
    """Writes entries in the order they are posted; never corrects one."""

    def __init__(self, index: int) -> None:
        self._index = index
        self.entries: list[Entry] = []
        self.balance_cents = 0
        """Positive: owed by the tenant."""

    def charge(self, lines: Sequence[NoticeLine], *, period: str, on: date) -> None:
        """Post lines of a notice in the billing run of a day."""
        posted_at = billing_run(on)
        first = len(self.entries) + 1
        self.entries.extend(
            Entry(
                number=entry_number(self._index, rank=rank),
                value_on=on,
                posted_at=posted_at,
                direction=line.direction,
                cents=line.cents,
                code=line.code,
                label=line.label,
                period=period,
                lease_number=line.lease_number,
                method=None,
                reverses=None,
            )
            for rank, line in enumerate(lines, start=first)
        )
        self.balance_cents += signed_cents(lines)

    def move(self, movement: Movement, *, value_on: date, posted_on: date) -> Entry:
        """Post a movement; the entry made is answered, for the next one may reverse it."""
        entry = Entry(
            number=entry_number(self._index, rank=len(self.entries) + 1),
            value_on=value_on,
            posted_at=bank_run(posted_on),
            direction=movement.direction,
            cents=movement.cents,
            code=movement.code,
            label=movement.label,
            period=None,
            lease_number=None,
            method=movement.method,
            reverses=movement.reverses,
        )
        self.entries.append(entry)
        self.balance_cents += entry.cents if entry.direction == "D" else -entry.cents
        return entry


def signed_cents(lines: Sequence[NoticeLine]) -> int:
    """Debits less credits."""
    return sum(line.cents if line.direction == "D" else -line.cents for line in lines)
