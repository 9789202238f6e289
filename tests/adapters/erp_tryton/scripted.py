"""Answers of a Tryton that nobody would set up on purpose, for a server of raw bytes."""

from typing import Any

import msgspec

from tests.support.chaos import Answer, http, say

JSON = "Content-Type: application/json"
PLAIN = "Content-Type: text/plain; charset=utf-8\r\nWWW-Authenticate: Basic"

SIGNED_IN = say(http(b'{"id":1,"result":[1,"a-token","/bus"]}', headers=JSON))
FORGOTTEN = say(http(b"", status="401 Unauthorized", headers=PLAIN))


def result(value: object) -> Answer:
    """An accepted answer."""
    return say(http(msgspec.json.encode({"id": 1, "result": value}), headers=JSON))


def error(*parts: object) -> Answer:
    """An error of Tryton's, which comes with status 200."""
    return say(http(msgspec.json.encode({"id": 1, "error": parts}), headers=JSON))


def money(text: str) -> dict[str, str]:
    """An amount as Tryton writes it."""
    return {"__class__": "Decimal", "decimal": text}


def day(year: int, month: int, day_of_month: int) -> dict[str, Any]:
    """A date as Tryton writes it."""
    return {"__class__": "date", "year": year, "month": month, "day": day_of_month}


def open_line(code: str, **changes: object) -> dict[str, Any]:
    """An unmatched line of 100 € on the account `code`, due on 10 October."""
    record: dict[str, Any] = {
        "id": 1,
        "debit": money("100.00"),
        "credit": money("0"),
        "maturity_date": day(2026, 10, 10),
        "account.": {"id": 1, "code": "4111"},
        "move.": {"id": 1, "date": day(2026, 9, 25)},
        "party.": {"id": 1, "code": code},
    }
    return record | changes


def entry_line(code: str, **move: object) -> dict[str, Any]:
    """A posted line of 100 € on the account `code`; `move` changes its move."""
    record = open_line(code)
    record["description"] = None
    record["move."] |= {
        "post_date": None,
        "description": None,
        "origin": None,
        "origin.": None,
        "journal.": {"id": 1, "code": "REV", "type": "revenue"},
    }
    record["move."] |= move
    return record


def binding(code: str, reference: str, *, role: str) -> dict[str, Any]:
    """An identifier that binds the party `code` to a lease."""
    party = {"id": 1, "code": code, "name": "Inès Seule", "categories.": [{"id": 1, "name": role}]}
    return {"id": 1, "code": reference, "party.": party, "address.": None}


def invoice(code: str, **changes: object) -> dict[str, Any]:
    """A posted customer invoice of 100 € for the account `code`, with one line of rent."""
    record: dict[str, Any] = {
        "id": 7,
        "number": "7",
        "reference": "000101/01",
        "state": "posted",
        "invoice_date": day(2026, 9, 25),
        "total_amount": money("100.00"),
        "lines.": [invoice_line()],
        "lines_to_pay.": [{"id": 1, "maturity_date": day(2026, 10, 10)}],
        "origin_invoices.": [],
        "party.": {"id": 1, "code": code},
    }
    return record | changes


def invoice_line(**changes: object) -> dict[str, Any]:
    """A line of 100 € of rent."""
    record: dict[str, Any] = {
        "id": 1,
        "type": "line",
        "amount": money("100.00"),
        "description": "Loyer principal",
        "note": None,
        "product.": {"id": 1, "code": "LOYER"},
    }
    return record | changes


def attachment(**changes: object) -> dict[str, Any]:
    """A PDF of ten bytes attached to the invoice 7."""
    moment = {"year": 2026, "month": 9, "day": 25, "hour": 23, "minute": 30, "second": 0, "microsecond": 5}
    record: dict[str, Any] = {
        "id": 3,
        "resource": "account.invoice,7",
        "name": "avis.pdf",
        "data_size": 10,
        "create_date": {"__class__": "datetime", **moment},
        "write_date": None,
    }
    return record | changes
