"""The formats of the interface note, against naive models of them."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.erp_soap import native
from gateway.domain.money import Money
from gateway.domain.period import PARIS, YearMonth

# What may come where a figure is due: near misses more often than noise.
FIGURES = st.one_of(
    st.text("0123456789,.- ()+", max_size=14),
    st.from_regex(r"\A[0-9]{6,14}\Z"),
    st.text(max_size=14),
)


@given(st.integers(min_value=0, max_value=10**10 - 1))
def test_ten_digits_are_cents(cents: int) -> None:
    """`0000041237` is 412.37 €, whatever its size."""
    assert native.read_cents(f"{cents:010d}") == Money(cents)


@given(FIGURES)
def test_anything_but_ten_digits_is_no_amount(text: str) -> None:
    """An amount is read exactly or not at all."""
    if len(text) == 10 and all(character in "0123456789" for character in text):
        assert native.read_cents(text).cents == int(text)
    else:
        with pytest.raises(ValueError, match="ten digits"):
            native.read_cents(text)


@pytest.mark.parametrize(
    "text",
    ["1.234", "12,345", "1 234,56", "123,45-", "00012345-", "(12,30)", "", "٠٠٠٠٠٤١٢٣٧", "+000041237", "1e10"],
)
def test_amounts_of_other_systems_are_refused_here(text: str) -> None:
    """One grammar for one source: another one's amounts are not guessed at."""
    with pytest.raises(ValueError, match="ten digits"):
        native.read_cents(text)


@given(st.integers(min_value=0, max_value=10**10 - 1), st.sampled_from("DC"))
def test_the_side_gives_the_sign(cents: int, side: str) -> None:
    """A debit is owed by the tenant, a credit to them."""
    assert native.read_signed(f"{cents:010d}", sense=side) == Money(cents if side == "D" else -cents)


@pytest.mark.parametrize("side", ["", "d", "X", "DC"])
def test_an_amount_without_a_known_side_is_refused(side: str) -> None:
    """Without its side an amount could be a debt or a credit."""
    with pytest.raises(ValueError, match="debit"):
        native.read_signed("0000041237", sense=side)


@given(st.dates())
def test_a_day_is_written_and_read_alike(day: date) -> None:
    """`AAAAMMJJ`, four digits of year also before the year 1000."""
    assert native.write_day(day) == f"{day.year:04d}{day.month:02d}{day.day:02d}"
    assert native.read_day(native.write_day(day)) == day


@given(FIGURES)
def test_anything_else_is_no_day(text: str) -> None:
    """`14/04/2021`, `210414` and the 30th of February are no days."""
    try:
        day = native.read_day(text)
    except ValueError:
        return
    assert native.write_day(day) == text


@pytest.mark.parametrize("text", ["14/04/2021", "210414", "14.04.21", "20210230", "00000000", "2021041", "2021-04-14"])
def test_days_in_other_formats_are_refused(text: str) -> None:
    """One format for one source."""
    with pytest.raises(ValueError):  # noqa: PT011 - the calendar's own message is as good as ours
        native.read_day(text)


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2099, 12, 31)))  # noqa: DTZ001 - Paris wall time
def test_a_stamp_is_paris_wall_time(wall: datetime) -> None:
    """The same wall time in Paris, as an instant; the first of the two hours in October."""
    instant = native.read_stamp(wall.strftime("%Y%m%d%H%M%S"))

    assert instant == wall.replace(microsecond=0, tzinfo=PARIS, fold=0).astimezone(UTC)
    assert instant.utcoffset() == timedelta()


def test_the_hour_that_october_has_twice_is_the_first() -> None:
    """On 25 October 2026 at 02:30 it is summer time the first time."""
    assert native.read_stamp("20261025023000") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert native.read_minute("2026-10-25 02:30") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["00010101000000", "20210414", "20210414250000", "2021041402300", "aaaammjjhhmmss"])
def test_stamps_that_are_none_are_refused(text: str) -> None:
    """Also the first day of the calendar, which has no instant in UTC."""
    with pytest.raises(ValueError):  # noqa: PT011 - the calendar's own message is as good as ours
        native.read_stamp(text)


def test_a_minute_needs_its_own_format() -> None:
    """`AAAA-MM-JJ HH:MM` and nothing else."""
    with pytest.raises(ValueError, match="interface note"):
        native.read_minute("20210414023000")


@given(st.integers(min_value=0, max_value=999_999_999))
def test_cubic_metres_are_litres(litres: int) -> None:
    """Three decimals of a cubic metre are litres, exactly."""
    assert native.read_litres(f"{litres // 1000:05d},{litres % 1000:03d}") == litres


@given(FIGURES)
def test_anything_else_is_no_volume(text: str) -> None:
    """Neither a point nor fewer digits."""
    if re.fullmatch(r"[0-9]{5,6},[0-9]{3}", text):
        assert native.read_litres(text) == int(text.replace(",", ""))
    else:
        with pytest.raises(ValueError, match="interface note"):
            native.read_litres(text)


def test_months_and_surfaces() -> None:
    """A month of `AAAAMM`; hundredths of a square metre are square decimetres."""
    assert native.read_month("202103") == YearMonth(2021, 3)
    assert native.read_surface("006520") == 6520
    with pytest.raises(ValueError, match="calendar month"):
        native.read_month("202113")
    with pytest.raises(ValueError, match="six digits"):
        native.read_surface("65,20")


@given(st.from_regex(r"\A[0-9A-Z][0-9A-Z/.-]{0,13}\Z"), st.text(" \t", max_size=3), st.text(" ", max_size=5))
def test_padding_of_a_key_does_not_matter(key: str, before: str, after: str) -> None:
    """A padded number is the number, in capitals."""
    assert native.read_key(f"{before}{key.lower()}{after}") == key


@pytest.mark.parametrize("text", ["", "   ", "012345/01<x>", "é", "../12345", "0" * 15, "12345\x00", "12;34"])
def test_what_is_outside_the_grammar_is_no_key(text: str) -> None:
    """Such a number is never sent."""
    assert native.read_key(text) is None


@given(st.integers(min_value=0, max_value=9_999_999), st.sampled_from(["{}", "L{}", "L {}", " {}  ", "l{}"]))
def test_one_account_has_one_reference(number: int, spelling: str) -> None:
    """`0012345`, `12345 ` and `L 12345` are one account."""
    assert native.read_account(spelling.format(number)) == f"{number:07d}"
    assert native.read_account(spelling.format(f"{number:07d}")) == f"{number:07d}"


@pytest.mark.parametrize(("text", "key"), [("123456789", "123456789"), ("AB12", "AB12"), ("", None), ("L<", None)])
def test_other_references_are_kept_as_they_are(text: str, key: str | None) -> None:
    """Longer numbers and other letters are somebody's reference too."""
    assert native.read_account(text) == key
