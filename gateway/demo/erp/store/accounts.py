"""The account, its lines with their counterparts, and its notices."""

from collections import defaultdict
from functools import cache
from itertools import groupby

import msgspec

from gateway.demo.erp import formats
from gateway.demo.erp.books.chart import DISPUTED, TENANTS, counterpart
from gateway.demo.erp.store.blemishes import Blemishes
from gateway.demo.erp.store.homes import account_id
from gateway.demo.erp.store.rows import Rows
from gateway.demo.world.model import Direction, Entry, Household, Notice, NoticeLine

_NOTICE_STATES = {"EMIS": "E", "REMPLACE": "R", "ANNULE": "A"}
_TRANSFER = 99_999
"""Rank of the voucher that moves the disputed part from 411 to 416, after all those of the account's lines."""

# The same days and billing runs come back for every household.
day_number = cache(formats.day_number)
stamp_number = cache(formats.stamp_number)


def add_account(rows: Rows, household: Household, blemishes: Blemishes) -> None:
    """The account with its lines; its stored balance counts them all."""
    account, gap = account_id(household), household.stored_difference_cents
    balance = sum(signed(entry.cents, entry.direction) for entry in household.entries)
    unreadable = blemishes.unreadable_amount()
    rows.add("compte", account, household.account_number, household.case, balance + gap, gap, unreadable)
    due = {notice.period: notice.due_on for notice in household.notices if notice.state == "EMIS"}
    for _, run in groupby(household.entries, key=lambda entry: entry.posted_at):
        entries = list(run)
        piece = int(entries[0].number)
        for entry in entries:
            falls_due = day_number(due.get(entry.period)) if entry.period else 0
            rows.add("ecriture", account, *_line(entry, piece=piece, blemishes=blemishes), falls_due)
        _add_counterparts(rows, entries, piece=piece)
    if household.disputed_cents:
        _add_transfer(rows, household, piece=int(household.account_number) * 100_000 + _TRANSFER)


def add_notices(rows: Rows, household: Household, blemishes: Blemishes) -> None:
    """The account's notices in every state."""
    for notice in household.notices:
        rows.add(
            "avis",
            account_id(household),
            formats.period_number(notice.period),
            notice.number,
            day_number(notice.issued_on),
            day_number(notice.due_on),
            _NOTICE_STATES[notice.state],
            notice.replaced_by or "",
            notice.brought_forward_cents,
            notice.period_total_cents,
            notice.amount_due_cents,
            day_number(notice.collection_on),
            _notice_lines(notice, blemishes),
        )


def signed(cents: int, direction: Direction) -> int:
    """The amount as IMMO-GEST keeps it: positive for a debit."""
    return cents if direction == "D" else -cents


def _line(entry: Entry, *, piece: int, blemishes: Blemishes) -> tuple[int | str, ...]:
    return (
        day_number(entry.value_on),
        int(entry.number),
        piece,
        stamp_number(entry.posted_at),
        signed(entry.cents, entry.direction),
        entry.code,
        blemishes.label(entry.label),
        formats.period_number(entry.period),
        entry.lease_number or "",
        entry.method or "",
        entry.reverses or "",
    )


def _add_counterparts(rows: Rows, entries: list[Entry], *, piece: int) -> None:
    """The other side of one voucher, one leg for each general account."""
    legs: defaultdict[str, int] = defaultdict(int)
    for entry in entries:
        legs[counterpart(entry.code, entry.method or "")] -= signed(entry.cents, entry.direction)
    for general, cents in legs.items():
        rows.add("mouvement", None, piece, general, None, cents)


def _add_transfer(rows: Rows, household: Household, *, piece: int) -> None:
    account, cents = account_id(household), household.disputed_cents
    rows.add("mouvement", None, piece, TENANTS, account, -cents)
    rows.add("mouvement", None, piece, DISPUTED, account, cents)


def _notice_lines(notice: Notice, blemishes: Blemishes) -> bytes:
    return msgspec.json.encode([_notice_line(line, blemishes) for line in notice.lines])


def _notice_line(line: NoticeLine, blemishes: Blemishes) -> list[str | int]:
    price = "" if line.unit_price_cents is None else f"{line.unit_price_cents:010d}"
    cents, volume = signed(line.cents, line.direction), formats.volume_text(line.litres)
    return [line.code, blemishes.label(line.label), cents, line.lease_number or "", volume, price]
