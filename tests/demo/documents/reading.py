"""Reads a notice's PDF with a library that had no part in drawing it."""

import re
from collections import defaultdict
from io import BytesIO
from typing import Any

from pypdf import PdfReader

_POINTS_PER_MM = 72 / 25.4
_DEBIT_FROM_MM, _CREDIT_FROM_MM = 128, 162
_AMOUNT = re.compile(r"([0-9\xa0]+),([0-9]{2})\xa0€")


def text_of(pdf: bytes) -> str:
    """All text of the only page."""
    (page,) = PdfReader(BytesIO(pdf)).pages
    return page.extract_text()


def table_of(pdf: bytes) -> list[tuple[str, int]]:
    """The rows of the table: label and signed cents, positive in the debit column."""
    rows: defaultdict[float, dict[str, str]] = defaultdict(dict)

    def visit(text: str, _: Any, place: list[float], *__: Any) -> None:
        if text.strip():
            rows[round(place[5], 1)][_column(place[4] / _POINTS_PER_MM)] = text.strip()

    (page,) = PdfReader(BytesIO(pdf)).pages
    page.extract_text(visitor_text=visit)
    return [_row(cells) for cells in rows.values() if _AMOUNT.fullmatch(cells.get("debit", cells.get("credit", "")))]


def _column(left_mm: float) -> str:
    if left_mm < _DEBIT_FROM_MM:
        return "label"
    return "debit" if left_mm < _CREDIT_FROM_MM else "credit"


def _row(cells: dict[str, str]) -> tuple[str, int]:
    if "debit" in cells:
        return cells["label"], _cents(cells["debit"])
    return cells["label"], -_cents(cells["credit"])


def _cents(amount: str) -> int:
    found = _AMOUNT.fullmatch(amount)
    assert found is not None, amount
    return int(found[1].replace("\xa0", "")) * 100 + int(found[2])
