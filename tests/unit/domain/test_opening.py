"""When the office is open: the usual week, special periods, the public holidays of Moselle, the nights of the clock.

March 2026: the 2nd is a Monday, winter time (UTC+1) until the 29th. Good Friday is 3 April.
"""

from datetime import date, datetime

import pytest

from gateway.domain.directory import OpeningHours, OpeningSpan, Phone, UsefulContact, UsefulContactKind
from gateway.domain.opening import (
    WeekdayGroup,
    is_open,
    next_opening,
    public_holidays,
    reachable_now,
    spans_on,
    special_with_holidays,
    weekly_groups,
)
from tests.unit.domain.samples import AFTERNOON, MORNING, at, hours, on, span, special

NEVER = hours([()] * 7)
ALWAYS_NIGHT = hours([(span("02:15", "02:45"),)] * 7)


def test_moselle_has_thirteen_public_holidays() -> None:
    """Good Friday and 26 December are holidays of local law."""
    days = public_holidays(2026)

    assert len(days) == 13
    assert days[on("2026-04-03")] == "Vendredi saint"
    assert days[on("2026-12-26")] == "Saint-Étienne"


def test_public_holidays_have_english_names() -> None:
    """For those who read English."""
    assert public_holidays(2026, "en_US")[on("2026-04-03")] == "Good Friday"


@pytest.mark.parametrize(
    ("instant", "opened"),
    [
        ("2026-03-02T07:29", False),
        ("2026-03-02T07:30", True),
        ("2026-03-02T10:59", True),
        ("2026-03-02T11:00", False),
        ("2026-03-02T12:30", True),
        ("2026-03-07T09:00", False),
        ("2026-04-03T09:00", False),
        ("2026-06-01T06:30", True),
    ],
)
def test_the_office_is_open_in_its_hours(instant: str, *, opened: bool) -> None:
    """Half past eight is open, noon is closed; so are Saturday and Good Friday; summer time is an hour earlier."""
    assert is_open(hours(), at(instant)) is opened


def test_a_special_period_replaces_the_usual_week() -> None:
    """« Horaires adaptés » for two weeks, the weekend included."""
    adapted = hours(special=(special("2026-03-02", "2026-03-15", span("11:00", "12:00")),))

    assert spans_on(adapted, on("2026-03-07")) == (span("11:00", "12:00"),)
    assert spans_on(adapted, on("2026-03-16")) == (MORNING, AFTERNOON)


def test_a_special_period_says_what_happens_on_a_holiday() -> None:
    """An office that announces hours for Good Friday is open on Good Friday."""
    assert spans_on(hours(special=(special("2026-04-03", "2026-04-03", MORNING),)), on("2026-04-03")) == (MORNING,)


def test_the_shortest_of_several_special_periods_holds() -> None:
    """A closed day within the summer timetable is closed."""
    summer, closed = special("2026-07-01", "2026-08-31", MORNING), special("2026-07-20", "2026-07-20")

    assert spans_on(hours(special=(summer, closed)), on("2026-07-20")) == ()
    assert spans_on(hours(special=(closed, summer)), on("2026-07-20")) == ()


def test_of_two_special_periods_as_long_the_later_holds() -> None:
    """The week of Easter begins before the week that was announced last."""
    first, second = special("2026-03-30", "2026-04-05", MORNING), special("2026-04-02", "2026-04-08", AFTERNOON)

    assert spans_on(hours(special=(first, second)), on("2026-04-04")) == (AFTERNOON,)
    assert spans_on(hours(special=(second, first)), on("2026-04-04")) == (AFTERNOON,)


def test_spans_are_told_in_the_order_of_the_day() -> None:
    """However the directory lists them."""
    assert spans_on(hours([(AFTERNOON, MORNING)] * 7), on("2026-03-02")) == (MORNING, AFTERNOON)


@pytest.mark.parametrize(
    ("after", "opening"),
    [
        ("2026-03-02T06:00", "2026-03-02T07:30"),
        ("2026-03-02T07:30", "2026-03-02T12:30"),
        ("2026-03-02T09:00", "2026-03-02T12:30"),
        ("2026-03-06T16:00", "2026-03-09T07:30"),
        ("2026-04-02T16:00", "2026-04-07T06:30"),
    ],
)
def test_the_next_opening_is_found(after: str, opening: str) -> None:
    """The same day, after the weekend, after Easter: Good Friday, the weekend, Easter Monday."""
    assert next_opening(hours(), at(after)) == at(opening)


def test_an_office_that_never_opens_has_no_next_opening() -> None:
    """The search ends."""
    assert next_opening(NEVER, at("2026-03-02T09:00")) is None


def test_an_opening_is_looked_for_up_to_a_year_ahead() -> None:
    """A single day in eleven months is found, one in thirteen is not."""
    once = hours([()] * 7, special=(special("2027-02-01", "2027-02-01", MORNING),))
    later = hours([()] * 7, special=(special("2027-04-01", "2027-04-01", MORNING),))

    assert next_opening(once, at("2026-03-02T09:00")) == at("2027-02-01T07:30")
    assert next_opening(later, at("2026-03-02T09:00")) is None


def test_a_span_that_the_clock_skips_is_an_hour_later_that_night() -> None:
    """On 29 March 2026 two o'clock is three o'clock."""
    assert next_opening(ALWAYS_NIGHT, at("2026-03-28T12:00")) == at("2026-03-29T01:15")
    assert is_open(ALWAYS_NIGHT, at("2026-03-29T01:20"))


def test_a_span_that_the_clock_turns_upside_down_is_left_out() -> None:
    """From 2:30, which does not exist that night, to 3:00, which comes before it."""
    half_skipped = hours([(span("02:30", "03:00"),)] * 7)

    assert next_opening(half_skipped, at("2026-03-28T12:00")) == at("2026-03-30T00:30")


def test_a_span_that_comes_twice_is_open_the_first_time() -> None:
    """On 25 October 2026 half past two comes twice."""
    assert is_open(ALWAYS_NIGHT, at("2026-10-25T00:30"))
    assert not is_open(ALWAYS_NIGHT, at("2026-10-25T01:30"))


def test_overlapping_spans_open_at_the_first_of_them_whatever_the_clock_does() -> None:
    """On the night of 29 March 2:30 comes after 3:10."""
    overlapping = hours([(span("02:30", "05:00"), span("03:10", "04:00"))] * 7)

    assert next_opening(overlapping, at("2026-03-28T12:00")) == at("2026-03-29T01:10")


@pytest.mark.parametrize(
    ("week", "groups"),
    [
        (hours(), (WeekdayGroup(0, 4, (MORNING, AFTERNOON)),)),
        (NEVER, ()),
        (
            hours([(MORNING,), (AFTERNOON, MORNING), (MORNING, AFTERNOON), (), (MORNING,), (MORNING,), ()]),
            (
                WeekdayGroup(0, 0, (MORNING,)),
                WeekdayGroup(1, 2, (MORNING, AFTERNOON)),
                WeekdayGroup(4, 5, (MORNING,)),
            ),
        ),
    ],
)
def test_equal_neighbouring_days_are_told_together(week: OpeningHours, groups: tuple[WeekdayGroup, ...]) -> None:
    """« Du lundi au vendredi », never across a closed day."""
    assert weekly_groups(week) == groups


def test_exceptions_are_special_periods_and_the_holidays_outside_them() -> None:
    """Easter Monday is within the special period, Good Friday is not."""
    easter = special("2026-04-04", "2026-04-10", MORNING, label="Vacances")
    past, later = special("2026-01-05", "2026-01-09"), special("2026-06-01", "2026-06-05")

    found = special_with_holidays(
        hours(special=(later, easter, past)), first_day=on("2026-04-01"), last_day=on("2026-05-01")
    )

    assert [(one.label, one.first_day, one.last_day, one.spans) for one in found] == [
        ("Vendredi saint", on("2026-04-03"), on("2026-04-03"), ()),
        ("Vacances", on("2026-04-04"), on("2026-04-10"), (MORNING,)),
        ("Fête du Travail", on("2026-05-01"), on("2026-05-01"), ()),
    ]


def test_exceptions_span_the_turn_of_the_year() -> None:
    """Both holidays of Christmas, and the first of January."""
    found = special_with_holidays(hours(), first_day=on("2026-12-20"), last_day=on("2027-01-10"), language="en_US")

    assert [one.label for one in found] == ["Christmas Day", "Saint Stephen's Day", "New Year's Day"]


OPEN, CLOSED = at("2026-03-02T09:00"), at("2026-03-02T20:00")
NUMBER = Phone(e164="+33199001234", display="01 99 00 12 34")


@pytest.mark.parametrize(
    ("kind", "office_hours", "now", "right"),
    [
        (UsefulContactKind.EMERGENCY_LINE, hours(), OPEN, False),
        (UsefulContactKind.EMERGENCY_LINE, hours(), CLOSED, True),
        (UsefulContactKind.EMERGENCY_LINE, None, OPEN, True),
        (UsefulContactKind.CARETAKER, hours(), OPEN, True),
        (UsefulContactKind.CARETAKER, hours(), CLOSED, False),
        (UsefulContactKind.CARETAKER, None, OPEN, False),
    ],
)
def test_the_emergency_line_is_right_when_the_office_is_closed(
    kind: UsefulContactKind, office_hours: OpeningHours | None, now: datetime, *, right: bool
) -> None:
    """By day the caretaker, at night the emergency line; never nobody at all."""
    assert reachable_now(contact(kind, NUMBER), office_hours, now=now) is right


def test_a_contact_without_a_number_is_never_right() -> None:
    """Nobody is sent to a telephone that does not ring."""
    assert not reachable_now(contact(UsefulContactKind.CARETAKER, None), hours(), now=OPEN)


def contact(kind: UsefulContactKind, phone: Phone | None) -> UsefulContact:
    """A useful contact of a lease."""
    return UsefulContact(kind, name="Contact", phone=phone, purpose=None, availability=None)


def test_nothing_fails_at_the_ends_of_the_calendar() -> None:
    """A client may ask for any moment that can be written."""
    assert not is_open(hours(), at("0001-01-01T00:00"))
    assert next_opening(hours([(span("00:00", "00:05"),)] * 7), at("0001-01-01T00:00")) is not None
    assert next_opening(NEVER, at("9999-12-31T23:59")) is None
    assert spans_on(hours(), date.max) == (MORNING, AFTERNOON)


def test_spans_close_after_they_open() -> None:
    """A span from noon to noon is refused where it is made."""
    with pytest.raises(ValueError, match="closes after it opens"):
        OpeningSpan(MORNING.closes, MORNING.closes)


def test_a_week_has_seven_days() -> None:
    """Hours for five days do not say what happens on Sunday."""
    with pytest.raises(ValueError, match="seven days"):
        hours([()] * 5)
