"""The landlord has offices one can go to, advisors for everybody, and something to tell."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings

from gateway.demo.world import household, landlord
from gateway.demo.world.landlord import advisor_code, advisor_rank
from tests.demo.world.strategies import TODAY, Place, days, places

pytestmark = pytest.mark.thorough


def test_each_of_six_towns_has_an_office() -> None:
    """Six offices in Moselle, named after their towns, with real INSEE and postal codes."""
    offices = landlord(TODAY).offices

    assert [(office.code, office.name, office.address.postal_code) for office in offices] == [
        ("AG01", "Accueil de Metz", "57000"),
        ("AG02", "Accueil de Thionville", "57100"),
        ("AG03", "Accueil de Forbach", "57600"),
        ("AG04", "Accueil de Sarreguemines", "57200"),
        ("AG05", "Accueil de Saint-Avold", "57500"),
        ("AG06", "Accueil de Sarrebourg", "57400"),
    ]
    assert {office.address.insee_code[:2] for office in offices} == {"57"}


def test_offices_open_twice_a_day_and_never_on_sunday() -> None:
    """Morning and afternoon, in order; Saturday mornings at Metz only."""
    for office in landlord(TODAY).offices:
        for weekday, spans in office.weekdays:
            assert 1 <= weekday <= 6
            assert len(spans) == (1 if weekday == 6 else 2)
            edges = [edge for span in spans for edge in (span.opens, span.closes)]
            assert edges == sorted(edges)

    assert [len(office.weekdays) for office in landlord(TODAY).offices] == [6, 5, 5, 4, 5, 4]


@settings(deadline=None, max_examples=30)
@given(today=days)
def test_thionville_keeps_other_hours_now(today: date) -> None:
    """On any day the world is looked at, one office is in a special period: two short spans."""
    (adapted, *_) = landlord(today).offices[1].special

    assert adapted.first_day <= today <= adapted.last_day
    assert [(span.opens, span.closes) for span in adapted.spans] == [
        (time(11), time(12)),
        (time(13, 30), time(14, 30)),
    ]


def test_every_office_closes_at_the_end_of_the_year() -> None:
    """From Christmas Eve to New Year's Eve the doors stay shut."""
    closures = [office.special[-1] for office in landlord(TODAY).offices]

    assert {(closed.first_day, closed.last_day, closed.spans) for closed in closures} == {
        (date(2026, 12, 24), date(2026, 12, 31), ())
    }


def test_one_advisor_looks_after_350_dwellings() -> None:
    """Six advisors for a small demo, as many as needed for a large one, and each household has one of them."""
    assert len(landlord(TODAY).advisors) == 6
    assert len(landlord(TODAY, dwellings=2_101).advisors) == 7
    assert len(landlord(TODAY, dwellings=15_000).advisors) == 43

    load = Counter(advisor_rank(index) for index in range(15_000))
    assert sorted(load) == list(range(43))
    assert max(load.values()) == 350


@settings(deadline=None, max_examples=60)
@given(place=places)
def test_a_lease_names_an_advisor_and_the_office_that_exist(place: Place) -> None:
    """Advisor and office of every lease are the landlord's, and the advisor works in that office."""
    ours = landlord(place.today, dwellings=place.index + 1)
    offices = {advisor.code: advisor.office_code for advisor in ours.advisors}

    for lease in place.household().leases:
        assert offices[lease.advisor_code] == lease.office_code


def test_one_advisor_is_away_and_has_a_stand_in() -> None:
    """The colleague of Metz stands in for twelve days."""
    away = [advisor for advisor in landlord(TODAY).advisors if advisor.absent_until is not None]

    assert [(advisor.code, advisor.absent_until, advisor.stand_in_code) for advisor in away] == [
        (advisor_code(1), TODAY + timedelta(days=12), advisor_code(0))
    ]


def test_direct_lines_differ_and_some_are_oddly_spaced() -> None:
    """No two advisors share a telephone; every fourth was typed without its spaces."""
    phones = [advisor.phone for advisor in landlord(TODAY, dwellings=200_000).advisors]

    assert len(set(phones)) == len(phones) == 572
    assert {phone.replace(" ", "")[:8] for phone in phones} == {"03530120", "03530121", "03530122", "03530123"} | {
        "03530124",
        "03530125",
    }
    assert phones[3] == "03 53 012003"


@settings(deadline=None, max_examples=30)
@given(today=days)
def test_one_announcement_has_expired_and_two_are_shown(today: date) -> None:
    """Of three announcements one is over, one informs without end, one warns for some weeks."""
    noon = datetime.combine(today, time(12), UTC)
    shown = [
        (news.severity, news.since < noon and (news.until is None or news.until > noon))
        for news in landlord(today).announcements
    ]

    assert shown == [("INFO", False), ("INFO", True), ("ALERTE", True)]


def test_advice_covers_daily_life() -> None:
    """Six pieces of advice on five topics."""
    topics = [advice.topic for advice in landlord(TODAY).advice]

    assert topics == ["Eau", "Eau", "Chauffage", "Sécurité", "Air et humidité", "Démarches"]


def test_a_dwelling_has_its_caretaker_and_the_emergency_line() -> None:
    """Caretaker, emergency line, firm, association and social worker for the dwelling; none for the garage."""
    dwelling, garage = household(57, 1, TODAY).leases

    assert [contact.kind for contact in dwelling.contacts] == [
        "GARDIEN",
        "ASTREINTE",
        "ENTREPRISE",
        "ASSOCIATION",
        "SOCIAL",
    ]
    assert garage.contacts == ()
