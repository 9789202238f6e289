"""The formats of IMMO-GEST's interface note §2, each read by exactly one grammar: nothing else is taken."""

import re
from datetime import UTC, date, datetime

from gateway.domain.money import Money
from gateway.domain.period import PARIS, YearMonth

# `00000000` is how the note writes « none »; the other two are what clerks and old programs leave behind.
NO_DAY = "00000000"
SENTINEL_DAYS = frozenset({"99991231", "19000101", "00010101"})
NO_PERIOD = "000000"
NO_END = "9999-12-31 23:59"
SENSES = frozenset({"D", "C"})

_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})", re.ASCII)
_MINUTE = re.compile(r"(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})(\d{2})", re.ASCII)
_CENTS = re.compile(r"\d{10}", re.ASCII)
_CUBIC_METRES = re.compile(r"(\d{5,6}),(\d{3})", re.ASCII)
_SURFACE = re.compile(r"\d{6}", re.ASCII)
_KEY = re.compile(r"[0-9A-Z][0-9A-Z/.-]{0,13}", re.ASCII)
_ACCOUNT = re.compile(r"L?(\d{1,11})", re.ASCII)
_ACCOUNT_DIGITS = 7


def read_key(text: str) -> str | None:
    """The canonical form of a number or code: without blanks, in capitals; None outside the grammar."""
    key = "".join(text.split()).upper()
    return key if _KEY.fullmatch(key) else None


def read_account(text: str) -> str | None:
    """The canonical form of an account reference: `0012345` for `12345 `, `L 12345` and `0012345` alike.

    The zeros in front are part of it, but people leave them out, or put an L before it.
    """
    key = read_key(text) or ""
    digits = _ACCOUNT.fullmatch(key)
    return digits[1].zfill(_ACCOUNT_DIGITS) if digits else key or None


def read_day(text: str) -> date:
    """`AAAAMMJJ`. Raises ValueError."""
    return date(*_numbers(_DAY, text))


def write_day(day: date) -> str:
    """`AAAAMMJJ`."""
    return day.isoformat().replace("-", "")


def read_stamp(text: str) -> datetime:
    """`AAAAMMJJHHMMSS`, Paris wall time, as an aware UTC instant. Raises ValueError."""
    return _instant(_numbers(_STAMP, text))


def read_minute(text: str) -> datetime:
    """`AAAA-MM-JJ HH:MM`, Paris wall time, as an aware UTC instant. Raises ValueError."""
    return _instant(_numbers(_MINUTE, text))


def read_month(text: str) -> YearMonth:
    """`AAAAMM`. Raises ValueError."""
    return YearMonth(*_numbers(_MONTH, text))


def read_cents(text: str) -> Money:
    """Ten digits of cents, unsigned: `0000041237` is 412.37 €. Raises ValueError."""
    if not _CENTS.fullmatch(text):
        raise ValueError("an amount is written in ten digits")
    return Money(int(text))


def read_signed(text: str, *, sense: str) -> Money:
    """Ten digits of cents, positive for `D` and negative for `C`. Raises ValueError."""
    if sense not in SENSES:
        raise ValueError("an amount is a debit (D) or a credit (C)")
    return read_cents(text) if sense == "D" else -read_cents(text)


def read_litres(text: str) -> int:
    """Cubic metres with three decimals, `00012,345`, as whole litres. Raises ValueError."""
    cubic_metres, litres = _numbers(_CUBIC_METRES, text)
    return cubic_metres * 1000 + litres


def read_surface(text: str) -> int:
    """Hundredths of a square metre, six digits: square decimetres. Raises ValueError."""
    if not _SURFACE.fullmatch(text):
        raise ValueError("a surface is written in six digits")
    return int(text)


def _numbers(grammar: re.Pattern[str], text: str) -> tuple[int, ...]:
    match = grammar.fullmatch(text)
    if match is None:
        raise ValueError("not in the format of the interface note")
    return tuple(map(int, match.groups()))


def _instant(numbers: tuple[int, ...]) -> datetime:
    year, month, day, hour, minute, second = (*numbers, 0)[:6]
    # In the hour that October has twice the note does not tell which one is meant: the first (fold=0).
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=PARIS).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("beyond the calendar") from error
