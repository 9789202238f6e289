"""Scalars take exactly what they say, and a secret never comes back."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from graphql import GraphQLError, GraphQLScalarType

from gateway.domain.period import YearMonth
from gateway.schema.build import build_schema
from gateway.schema.scalars import cubic_metres

TYPES = build_schema()._schema.type_map  # noqa: SLF001 - Strawberry has no public way to its own schema


def scalar(name: str) -> GraphQLScalarType:
    """The scalar as clients meet it."""
    found = TYPES[name]
    assert isinstance(found, GraphQLScalarType)
    return found


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("Decimal", "432.10", "432.10"),
        ("Decimal", "-0.5", "-0.5"),
        ("CubicMetres", "3.412", "3.412"),
        ("Date", "2026-02-28", date(2026, 2, 28)),
        (
            "DateTime",
            "2021-04-14T18:02:11+02:00",
            datetime(2021, 4, 14, 18, 2, 11, tzinfo=timezone(timedelta(hours=2))),
        ),
        ("DateTime", "2021-04-14T18:02:11.5Z", datetime(2021, 4, 14, 18, 2, 11, 500000, tzinfo=UTC)),
        ("YearMonth", "2026-02", YearMonth(2026, 2)),
        ("LocalTime", "08:30", "08:30"),
        ("PhoneNumber", "+33199001234", "+33199001234"),
        ("EmailAddress", "a@example.org", "a@example.org"),
        ("URL", "https://example.org/", "https://example.org/"),
        ("ContextToken", "abc", "abc"),
        ("Secret", "hunter2", "hunter2"),
        ("Secret", "é" * 4096, "é" * 4096),
    ],
)
def test_a_scalar_reads_what_it_promises(name: str, text: str, value: object) -> None:
    """One text, one value."""
    assert scalar(name).parse_value(text) == value


DECIMAL = "a decimal number in a string is expected"
INSTANT = "an instant is written in RFC 3339 with an offset"
REFUSED = [
    ("Decimal", 1.5, "a string is expected"),
    ("Decimal", "1,5", DECIMAL),
    ("Decimal", "", DECIMAL),
    ("Decimal", "NaN", DECIMAL),
    ("Decimal", "Infinity", DECIMAL),
    ("Decimal", "1" * 33, DECIMAL),
    ("CubicMetres", "three", DECIMAL),
    ("Date", 20260228, "a string is expected"),
    ("Date", "2026-2-28", "a date is written YYYY-MM-DD"),
    ("Date", "20260228", "a date is written YYYY-MM-DD"),
    ("Date", "2026-02-30", "the date does not exist"),
    ("Date", "٢٠٢٦-02-28", "a date is written YYYY-MM-DD"),
    ("DateTime", "2021-04-14T18:02:11", INSTANT),
    ("DateTime", "2021-04-14", INSTANT),
    ("DateTime", "2021-W15-3T18:02:11Z", INSTANT),
    ("DateTime", "20210414T180211Z", INSTANT),
    ("DateTime", "2021-02-30T18:02:11Z", "the instant does not exist"),
    ("DateTime", "2021-04-14T18:02:61Z", "the instant does not exist"),
    ("DateTime", None, "a string is expected"),
    ("YearMonth", "2026-13", "a month is written YYYY-MM"),
    ("YearMonth", "0000-01", "a month is written YYYY-MM"),
    ("YearMonth", "2026-1", "a month is written YYYY-MM"),
    ("YearMonth", ["2026-01"], "a string is expected"),
    ("LocalTime", 830, "a string is expected"),
    ("Secret", 1234, "a string is expected"),
    ("Secret", "x" * 4097, "a secret is too long"),
]


@pytest.mark.parametrize(("name", "value", "message"), REFUSED, ids=range(len(REFUSED)))
def test_a_scalar_refuses_everything_else(name: str, value: object, message: str) -> None:
    """The refusal says what is expected, and repeats nothing."""
    with pytest.raises(GraphQLError) as refusal:
        scalar(name).parse_value(value)

    assert refusal.value.message == message


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("Date", date(2026, 2, 28), "2026-02-28"),
        ("DateTime", datetime(2026, 2, 28, 9, 30, tzinfo=UTC), "2026-02-28T09:30:00+00:00"),
        ("YearMonth", YearMonth(987, 1), "0987-01"),
        ("Decimal", "432.10", "432.10"),
    ],
)
def test_a_scalar_is_written_as_it_is_read(name: str, value: object, text: str) -> None:
    """What the gateway gives can be given back."""
    assert scalar(name).serialize(value) == text
    assert scalar(name).serialize(scalar(name).parse_value(text)) == text


def test_a_secret_is_never_returned() -> None:
    """No field can give a password back, whoever adds one by mistake."""
    with pytest.raises(GraphQLError, match="a secret is never returned"):
        scalar("Secret").serialize("hunter2")


@pytest.mark.parametrize(("litres", "text"), [(0, "0.000"), (3412, "3.412"), (14_000, "14.000"), (-5, "-0.005")])
def test_a_volume_has_three_decimals(litres: int, text: str) -> None:
    """A litre is a thousandth of a cubic metre, exactly."""
    assert cubic_metres(litres) == text
