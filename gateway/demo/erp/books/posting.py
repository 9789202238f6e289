"""Double entry: a voucher goes into the books balanced, or not at all."""

import sqlite3
from dataclasses import dataclass

from gateway.demo.erp.store.database import parameter, set_parameter


class UnbalancedError(ValueError):
    """The legs of a voucher do not add up to zero."""


@dataclass(frozen=True, slots=True)
class Line:
    """The tenant's leg: one line of the account, as LireEcritures shows it."""

    account: int
    cents: int
    """Signed, positive: debit."""
    value_on: int
    code: str
    label: str
    period: int = 0
    lease: str = ""
    method: str = ""
    due_on: int = 0


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg on another general account."""

    general: str
    cents: int
    """Signed, positive: debit."""


@dataclass(frozen=True, slots=True)
class Voucher:
    """A whole entry; cannot exist unbalanced."""

    lines: tuple[Line, ...]
    legs: tuple[Leg, ...]

    def __post_init__(self) -> None:
        total = sum(line.cents for line in self.lines) + sum(leg.cents for leg in self.legs)
        if total:
            raise UnbalancedError(f"debits and credits differ by {total} cents")


def post(database: sqlite3.Connection, voucher: Voucher, *, stamp: int) -> int:
    """Write the voucher, inside the caller's transaction; the number of the voucher, which its first line has too."""
    piece = _draw_numbers(database, len(voucher.lines))
    for number, line in enumerate(voucher.lines, start=piece):
        content = (line.code, line.label, line.period, line.lease, line.method, "", line.due_on)
        row = (line.account, line.value_on, number, piece, stamp, line.cents, *content)
        database.execute("INSERT INTO ecriture VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        database.execute("INSERT INTO a_arreter VALUES (?, ?)", (line.account, stamp))
    for leg in voucher.legs:
        values = (piece, leg.general, leg.cents)
        database.execute("INSERT INTO mouvement (piece, compte_general, cents) VALUES (?, ?, ?)", values)
    return piece


def _draw_numbers(database: sqlite3.Connection, count: int) -> int:
    first = int(parameter(database, "numero_suivant"))
    set_parameter(database, "numero_suivant", first + count)
    return first
