"""Exact scalars. Results carry them as text already in its final form, so nothing is rounded on the way out."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from gateway.domain.period import YearMonth

DecimalText = NewType("DecimalText", str)
CubicMetres = NewType("CubicMetres", str)
LocalTime = NewType("LocalTime", str)
PhoneNumber = NewType("PhoneNumber", str)
EmailAddress = NewType("EmailAddress", str)
URL = NewType("URL", str)
Secret = NewType("Secret", str)
ContextToken = NewType("ContextToken", str)

MAX_SECRET_CHARACTERS = 4096

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})", re.ASCII)


def cubic_metres(litres: int) -> CubicMetres:
    """Volume in cubic metres with three digits, for example `3.412`."""
    return CubicMetres(str(Decimal(litres).scaleb(-3)))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise GraphQLError("a string is expected")
    return value


def _decimal(value: object) -> str:
    text = _text(value)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise GraphQLError("a decimal number in a string is expected") from None
    if not number.is_finite() or len(text) > 32:
        raise GraphQLError("a decimal number in a string is expected")
    return text


def _date(value: object) -> date:
    text = _text(value)
    if _DATE.fullmatch(text) is None:
        raise GraphQLError("a date is written YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise GraphQLError("the date does not exist") from None


def _instant(value: object) -> datetime:
    text = _text(value)
    if _INSTANT.fullmatch(text) is None:
        raise GraphQLError("an instant is written in RFC 3339 with an offset")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise GraphQLError("the instant does not exist") from None


def _month(value: object) -> YearMonth:
    try:
        return YearMonth.parse(_text(value))
    except ValueError:
        raise GraphQLError("a month is written YYYY-MM") from None


def _secret(value: object) -> str:
    """Never echoed: the messages name no value."""
    text = _text(value)
    if len(text) > MAX_SECRET_CHARACTERS:
        raise GraphQLError("a secret is too long")
    return text


def _scalar(
    name: str,
    description: str,
    url: str,
    parse: Callable[[object], Any] = _text,
    serialize: Callable[[Any], str] = str,
) -> ScalarDefinition:
    return strawberry.scalar(
        name=name, description=description, specified_by_url=url, parse_value=parse, serialize=serialize
    )


def _refuse_output(_: object) -> str:
    raise GraphQLError("a secret is never returned")


SCALARS: dict[object, ScalarDefinition] = {
    DecimalText: _scalar(
        "Decimal",
        'Exact decimal number as a string, for example `"432.10"`. Never a JSON number.',
        "https://example.org/scalars/decimal",
        _decimal,
    ),
    CubicMetres: _scalar(
        "CubicMetres",
        'Volume in cubic metres as a decimal string with three digits, for example `"3.412"`.',
        "https://example.org/scalars/cubic-metres",
        _decimal,
    ),
    date: _scalar(
        "Date",
        "Calendar date in Europe/Paris, `YYYY-MM-DD`.",
        "https://scalars.graphql.org/andimarek/local-date",
        _date,
        date.isoformat,
    ),
    datetime: _scalar(
        "DateTime",
        "Instant, RFC 3339 with offset, for example `2021-04-14T18:02:11+02:00`.",
        "https://scalars.graphql.org/andimarek/date-time",
        _instant,
        datetime.isoformat,
    ),
    LocalTime: _scalar(
        "LocalTime",
        "Wall-clock time in Europe/Paris, `HH:MM`.",
        "https://example.org/scalars/local-time-hh-mm",
    ),
    YearMonth: _scalar(
        "YearMonth",
        "Month, `YYYY-MM`; the unit of rent periods.",
        "https://example.org/scalars/year-month",
        _month,
    ),
    PhoneNumber: _scalar(
        "PhoneNumber",
        "Telephone number in E.164, for example `+33199001234`.",
        "https://www.itu.int/rec/T-REC-E.164",
    ),
    EmailAddress: _scalar(
        "EmailAddress",
        "E-mail address.",
        "https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address",
    ),
    URL: _scalar("URL", "Absolute https URL.", "https://url.spec.whatwg.org/"),
    Secret: _scalar(
        "Secret",
        "Secret given by the user (password, one-time code). Never logged, never returned.",
        "https://example.org/scalars/secret",
        _secret,
        _refuse_output,
    ),
    ContextToken: _scalar(
        "ContextToken",
        "Sealed, opaque proof of what the gateway showed: who saw which value of which field, from which source, as of "
        "when.\nGiven back in a report, it lets the advisor see exactly the same figure without the tenant's password.",
        "https://example.org/scalars/context-token",
    ),
}
