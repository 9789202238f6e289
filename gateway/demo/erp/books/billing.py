"""The monthly billing run (quittancement): the next notice of every running account, with its entries."""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from gateway.demo.erp.books.chart import counterpart
from gateway.demo.erp.books.posting import Leg, Line, Voucher, post
from gateway.demo.erp.formats import day_number
from gateway.demo.erp.store.transaction import transaction

_EVERY_MONTH = frozenset({"LOY", "CHG", "CHF", "EFR", "ECH", "GAR", "ANX", "ASS", "SLS", "RLS", "APL", "TVA"})
"""Codes of the lines that come back; the others belong to one month."""

_IN_ADVANCE = "A"
_LATEST = """
    SELECT a.compte, max(a.periode), a.numero, a.lignes, a.dat_prelevement, c.terme
    FROM avis a JOIN contrat c ON c.compte = a.compte
    WHERE a.etat = 'E' AND c.etat IN ('EC', 'PR')
    GROUP BY a.compte ORDER BY a.compte
"""
_BALANCE = "SELECT coalesce(sum(cents), 0) FROM ecriture WHERE compte = ?"


@dataclass(frozen=True, slots=True)
class _Latest:
    """The latest notice in force of one account."""

    account: int
    period: int
    number: str
    lines: list[Any]
    """As in the column avis.lignes."""

    is_collected: bool
    term: str


def bill_next_month(database: sqlite3.Connection, *, today: date, stamp: int) -> dict[str, int]:
    """Issue the notice after the latest of each account with a running lease, dated `today`.

    The lines that come back every month are billed at the same amounts. Answers how many notices were issued, and the
    latest of their periods.
    """
    latest = [_latest(*row) for row in database.execute(_LATEST).fetchall()]
    with transaction(database):
        for notice in latest:
            _issue(database, notice, today=today, stamp=stamp)
    return {"notices": len(latest), "period": max((_next(notice.period) for notice in latest), default=0)}


def _latest(*row: Any) -> _Latest:
    account, period, number, lines, collected_on, term = row
    kept = [line for line in msgspec.json.decode(lines) if line[0] in _EVERY_MONTH]
    return _Latest(account, period, number, kept, bool(collected_on), term)


def _issue(database: sqlite3.Connection, latest: _Latest, *, today: date, stamp: int) -> None:
    period, day = _next(latest.period), day_number(today)
    due_on = _due_on(period, latest.term)
    (before,) = database.execute(_BALANCE, (latest.account,)).fetchone()
    voucher = _voucher(latest, value_on=day, due_on=due_on)
    post(database, voucher, stamp=stamp)
    total = sum(line.cents for line in voucher.lines)
    number = f"{latest.number[:8]}{period % 10_000:04d}01"
    collected_on = due_on if latest.is_collected and before + total > 0 else 0
    head = (latest.account, period, number, day, due_on, "E", "")
    amounts = (before, total, before + total, collected_on)
    lines = msgspec.json.encode(latest.lines)
    database.execute("INSERT INTO avis VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*head, *amounts, lines))


def _voucher(latest: _Latest, *, value_on: int, due_on: int) -> Voucher:
    period = _next(latest.period)
    legs: defaultdict[str, int] = defaultdict(int)
    lines = []
    for code, label, cents, lease, _volume, _price in latest.lines:
        lines.append(Line(latest.account, cents, value_on, code, label, period, lease, due_on=due_on))
        legs[counterpart(code, "")] -= cents
    return Voucher(tuple(lines), tuple(Leg(general, cents) for general, cents in legs.items()))


def _next(period: int) -> int:
    """The month after AAAAMM."""
    return period + (89 if period % 100 == 12 else 1)


def _due_on(period: int, term: str) -> int:
    """In advance: the 5th of the month; in arrears: the 10th of the next."""
    return period * 100 + 5 if term == _IN_ADVANCE else _next(period) * 100 + 10
