"""The yearly renewal of the password, on the anniversary of the account's creation."""

from datetime import datetime, timedelta

import pytest

from gateway.domain.renewal import RenewalMode, anniversary, due_on, renewal_due
from tests.unit.domain.samples import at, on

GRACE = timedelta(days=30)
CREATED = at("2025-11-22T10:00")


@pytest.mark.parametrize(
    ("years", "expected"),
    [(0, "2024-02-29"), (1, "2025-02-28"), (2, "2026-02-28"), (3, "2027-02-28"), (4, "2028-02-29"), (76, "2100-02-28")],
)
def test_an_account_of_29_february_has_its_day_on_the_28th_in_common_years(years: int, expected: str) -> None:
    """And on the 29th again in leap years, of which 2100 is none."""
    assert anniversary(at("2024-02-29T12:00"), years=years) == on(expected)


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        ("2025-12-31T23:30", "2027-01-01"),
        ("2025-12-31T22:59", "2026-12-31"),
        ("2026-03-28T23:30", "2027-03-29"),
        ("2026-03-29T21:59", "2027-03-29"),
        ("2026-03-29T22:00", "2027-03-30"),
        ("2026-10-24T22:00", "2027-10-25"),
        ("2026-10-25T23:00", "2027-10-26"),
        ("2024-02-28T23:00", "2025-02-28"),
        ("2024-02-29T23:00", "2025-03-01"),
    ],
)
def test_the_day_of_creation_is_that_of_paris(created: str, expected: str) -> None:
    """Late in the evening, and in the nights when the clocks change."""
    assert anniversary(at(created), years=1) == on(expected)


@pytest.mark.parametrize(("now", "due"), [("2026-11-21T22:59:59.999999", False), ("2026-11-21T23:00:00", True)])
def test_the_password_is_due_from_midnight_in_paris(now: str, due: bool) -> None:
    """Not a microsecond before."""
    assert renewal_due(CREATED, credential_set_at=CREATED, now=at(now), grace=GRACE) is due


@pytest.mark.parametrize("now", ["2025-11-22T10:00", "2025-11-22T22:59", "2026-01-01T00:00", "2024-01-01T00:00"])
def test_nobody_is_asked_in_the_first_year(now: str) -> None:
    """Not on the day of creation, not for a password older than the account, nor by a clock that went back."""
    old = at("2023-01-01T00:00")

    assert renewal_due(CREATED, credential_set_at=old, now=at(now), grace=GRACE) is False
    assert due_on(CREATED, credential_set_at=old, now=at(now), grace=GRACE) == on("2026-11-22")


@pytest.mark.parametrize(
    ("credential_set", "due"),
    [
        ("2026-10-22T21:59:59.999999", True),
        ("2026-10-22T22:00", False),
        ("2026-11-16T23:00", False),
        ("2026-11-21T23:00", False),
        ("2026-11-22T23:00", False),
    ],
)
def test_who_changed_the_password_in_the_thirty_days_before_is_not_asked_again(credential_set: str, due: bool) -> None:
    """Nor who changed it since."""
    later = at("2026-12-24T12:00")

    assert renewal_due(CREATED, credential_set_at=at(credential_set), now=later, grace=GRACE) is due


def test_thirty_days_are_days_of_the_paris_calendar() -> None:
    """The clocks change in between: the thirtieth day before 1 April begins 719 hours before it."""
    created, now = at("2025-04-01T08:00"), at("2026-04-01T08:00")
    thirty_days_before = at("2026-03-01T23:00")

    assert renewal_due(created, credential_set_at=thirty_days_before, now=now, grace=GRACE) is False
    assert (
        renewal_due(created, credential_set_at=thirty_days_before - timedelta(seconds=1), now=now, grace=GRACE) is True
    )


def test_a_password_renewed_late_does_not_move_the_day() -> None:
    """Renewed in February, it is due again in November."""
    february = at("2027-02-10T18:00")

    assert not renewal_due(CREATED, credential_set_at=february, now=at("2027-11-21T22:59"), grace=GRACE)
    assert due_on(CREATED, credential_set_at=february, now=february, grace=GRACE) == on("2027-11-22")
    assert renewal_due(CREATED, credential_set_at=february, now=at("2027-11-21T23:00"), grace=GRACE)


@pytest.mark.parametrize(
    ("credential_set", "now", "expected"),
    [
        ("2025-11-22T10:00", "2025-11-22T10:00", "2026-11-22"),
        ("2025-11-22T10:00", "2026-11-21T22:59", "2026-11-22"),
        ("2025-11-22T10:00", "2026-11-21T23:00", "2026-11-22"),
        ("2025-11-22T10:00", "2027-11-21T22:59", "2026-11-22"),
        ("2025-11-22T10:00", "2027-11-21T23:00", "2027-11-22"),
        ("2026-11-17T10:00", "2026-11-17T10:00", "2027-11-22"),
        ("2026-11-17T10:00", "2026-11-22T10:00", "2027-11-22"),
        ("2026-11-22T10:00", "2026-11-22T10:00", "2027-11-22"),
    ],
    ids=["created", "eve", "day", "a year late, eve", "a year late", "five days before", "then the day", "renewed"],
)
def test_the_day_shown_is_the_one_that_counts(credential_set: str, now: str, expected: str) -> None:
    """The latest anniversary while the password is due, else the next one on which it will be."""
    shown = due_on(CREATED, credential_set_at=at(credential_set), now=at(now), grace=GRACE)

    assert shown == on(expected)


def test_who_created_an_account_on_29_february_is_asked_on_the_28th() -> None:
    """From the first minute of the 28th."""
    created = datetime.fromisoformat("2024-02-29T09:00:00+01:00")

    assert due_on(created, credential_set_at=created, now=at("2025-02-01T09:00"), grace=GRACE) == on("2025-02-28")
    assert not renewal_due(created, credential_set_at=created, now=at("2025-02-27T22:59"), grace=GRACE)
    assert renewal_due(created, credential_set_at=created, now=at("2025-02-27T23:00"), grace=GRACE)


def test_an_invitation_may_be_put_off_an_obligation_not() -> None:
    """The names that clients and settings use."""
    assert [mode.value for mode in RenewalMode] == ["INVITE", "REQUIRE"]
