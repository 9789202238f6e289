"""What people read: every sentence in both languages, French as the French write it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest

from gateway.domain.identifiers import LeaseId, MeterId
from gateway.domain.ledger import ChargeKind
from gateway.domain.money import Money
from gateway.domain.notices import NoticeTitle
from gateway.domain.opening import WeekdayGroup
from gateway.domain.password import LANDLORD, NIST, PasswordRules
from gateway.domain.period import YearMonth
from gateway.domain.source import DataQualityCode, Origin, SourceSystem, StaleReason
from gateway.domain.water import MeterReading, ReadingOrigin, WaterKind, WaterMeter
from gateway.domain.water_alerts import AbnormalVolume, Evidence, IndexWentBack, ReadingOverdue, WaterAlertKind
from gateway.domain.water_consumption import Remark, RemarkKind
from gateway.schema.watch import SourceHealth
from gateway.schema.wording import Language, Wording, wording_for
from tests.unit.domain.samples import AFTERNOON, MORNING, span

FRENCH, ENGLISH = wording_for(Language.FRENCH), wording_for(Language.ENGLISH)

both = pytest.mark.parametrize("wording", [FRENCH, ENGLISH], ids=["fr", "en"])


@both
def test_a_language_has_a_sentence_for_everything(wording: Wording) -> None:
    """No code, system, oddity, health, remark or alert leaves a tenant without a sentence."""
    sentences: list[tuple[type[StrEnum], Mapping[Any, Sequence[str]]]] = [
        (SourceSystem, wording.sources),
        (DataQualityCode, wording.issues),
        (SourceHealth, wording.health),
        (RemarkKind, wording.remarks),
        (WaterAlertKind, wording.alert_advice),
    ]

    for kinds, told in sentences:
        assert set(told) == set(kinds)
        assert all(told.values())
    assert set(wording.sentences) == set(FRENCH.sentences)
    assert all(wording.sentences.values())
    assert set(wording.helps) == set(FRENCH.helps)


def test_the_two_languages_never_say_the_same() -> None:
    """No sentence was left untranslated; the French and English words for « Documents » are one."""
    same = [
        sentence
        for name in ("sentences", "sources", "issues", "health", "remarks", "helps", "alert_advice")
        for key, sentence in getattr(FRENCH, name).items()
        if getattr(ENGLISH, name)[key] == sentence
    ]

    assert same == ["Documents"]


@pytest.mark.parametrize(
    ("cents", "french", "english"),
    [
        (0, "0,00\N{NO-BREAK SPACE}€", "€0.00"),
        (5, "0,05\N{NO-BREAK SPACE}€", "€0.05"),
        (43210, "432,10\N{NO-BREAK SPACE}€", "€432.10"),
        (-123456, "-1\N{NARROW NO-BREAK SPACE}234,56\N{NO-BREAK SPACE}€", "-€1,234.56"),
        (123456789, "1\u202f234\u202f567,89\u00a0€", "€1,234,567.89"),
    ],
)
def test_an_amount_never_breaks_across_lines(cents: int, french: str, english: str) -> None:
    """Thousands are parted by a narrow no-break space, the euro sign by a no-break space."""
    assert (FRENCH.money(Money(cents)), ENGLISH.money(Money(cents))) == (french, english)


@pytest.mark.parametrize(
    ("day", "french", "english"),
    [
        (date(2026, 5, 1), "1er mai 2026", "1 May 2026"),
        (date(2026, 8, 2), "2 août 2026", "2 August 2026"),
        (date(2026, 12, 21), "21 décembre 2026", "21 December 2026"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_in_french(day: date, french: str, english: str) -> None:
    """« 1er mai », but « 2 mai »."""
    assert (FRENCH.day(day), ENGLISH.day(day)) == (french, english)


@pytest.mark.parametrize(
    ("month", "french"),
    [
        (1, "Avis de janvier 2026"),
        (2, "Avis de février 2026"),
        (3, "Avis de mars 2026"),
        (4, "Avis d'avril 2026"),
        (5, "Avis de mai 2026"),
        (6, "Avis de juin 2026"),
        (7, "Avis de juillet 2026"),
        (8, "Avis d'août 2026"),
        (9, "Avis de septembre 2026"),
        (10, "Avis d'octobre 2026"),
        (11, "Avis de novembre 2026"),
        (12, "Avis de décembre 2026"),
    ],
)
def test_a_month_that_begins_with_a_vowel_is_elided(month: int, french: str) -> None:
    """« d'avril », « d'août », « d'octobre »."""
    title = NoticeTitle(YearMonth(2026, month), corrected=False)

    assert FRENCH.notice_title(title) == french
    assert ENGLISH.notice_title(title) == f"Notice for {ENGLISH.month(title.period)}"


def test_a_corrected_notice_says_so() -> None:
    """The tenant sees which notice replaces another."""
    title = NoticeTitle(YearMonth(2021, 3), corrected=True)

    assert FRENCH.notice_title(title) == "Avis de mars 2021 (rectifié)"
    assert ENGLISH.notice_title(title) == "Notice for March 2021 (corrected)"


READ = datetime(2021, 4, 14, 16, 2, tzinfo=UTC)
CLOSED = datetime(2021, 1, 14, 16, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("as_of", "stale", "french", "english"),
    [
        (CLOSED, None, "Situation au 14 janvier 2021 à 17 h 02", "Position on 14 January 2021 at 17:02"),
        (None, None, "Lu le 14 avril 2021 à 18 h 02", "Read on 14 April 2021 at 18:02"),
        (
            CLOSED,
            StaleReason.TIMEOUT,
            "Dernière situation connue, au 14 janvier 2021 à 17 h 02",
            "Last known position, on 14 January 2021 at 17:02",
        ),
    ],
)
def test_a_figure_says_from_when_it_is_in_paris_time(
    as_of: datetime | None, stale: StaleReason | None, french: str, english: str
) -> None:
    """In winter Paris is one hour ahead of UTC, in summer two."""
    origin = Origin(SourceSystem.RENT_ERP, as_of, READ, stale)

    assert FRENCH.provenance(origin).replace("\N{NO-BREAK SPACE}", " ") == french
    assert ENGLISH.provenance(origin) == english


METER = WaterMeter(MeterId("M"), LeaseId("L"), "26-1", WaterKind.COLD, None, True, None, None, None, ())


def read(day: date, litres: int) -> MeterReading:
    """A remote reading."""
    return MeterReading(day, litres, ReadingOrigin.REMOTE)


EVIDENCE: list[tuple[Evidence, str, str]] = [
    (
        AbnormalVolume(YearMonth(2026, 2), 14_000, 3_250, 12),
        "14 m³ en février 2026, contre 3,25 m³ d'habitude (12 mois comparés).",
        "14 m³ in February 2026, against the usual 3.25 m³ (12 months compared).",
    ),
    (
        AbnormalVolume(YearMonth(2026, 2), 1_234_567, 3, 4),
        "1 234,567 m³ en février 2026, contre 0,003 m³ d'habitude (4 mois comparés).",
        "1,234.567 m³ in February 2026, against the usual 0.003 m³ (4 months compared).",
    ),
    (ReadingOverdue(None, 60), "Aucun relevé de ce compteur.", "No reading of this meter."),
    (
        ReadingOverdue(date(2026, 1, 1), 60),
        "Dernier relevé le 1er janvier 2026, il y a 60 jours.",
        "Last reading on 1 January 2026, 60 days ago.",
    ),
    (
        IndexWentBack(read(date(2026, 1, 1), 12_500), read(date(2026, 2, 1), 12_000)),
        "Index 12,5 m³ le 1er janvier 2026, puis 12 m³ le 1er février 2026.",
        "Index 12.5 m³ on 1 January 2026, then 12 m³ on 1 February 2026.",
    ),
]


@pytest.mark.parametrize(("evidence", "french", "english"), EVIDENCE)
def test_an_alert_tells_what_was_measured(evidence: Evidence, french: str, english: str) -> None:
    """The tenant sees the figures behind an alert."""
    spaces = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "  ")

    assert FRENCH.water_evidence(evidence).translate(spaces) == french
    assert ENGLISH.water_evidence(evidence).translate(spaces) == english


def test_a_remark_names_its_day_where_it_has_one() -> None:
    """A meter was replaced on a day; a period is simply not over yet."""
    replaced, running = Remark(RemarkKind.METER_REPLACED, date(2026, 3, 1)), Remark(RemarkKind.NOT_OVER_YET)

    assert (FRENCH.water_remark(replaced), FRENCH.water_remark(running)) == (
        "Compteur remplacé le 1er mars 2026.",
        "Période en cours.",
    )
    assert (ENGLISH.water_remark(replaced), ENGLISH.water_remark(running)) == (
        "Meter replaced on 1 March 2026.",
        "Period not over yet.",
    )


@pytest.mark.parametrize(
    ("groups", "french", "english"),
    [
        ([], "Fermé au public", "Closed to the public"),
        (
            [WeekdayGroup(2, 2, (MORNING,))],
            "Ouvert le mercredi de 8h30 à 12h00",
            "Open on Wednesday from 08:30 to 12:00",
        ),
        (
            [WeekdayGroup(0, 1, (span("09:05", "10:00"),))],
            "Ouvert le lundi et le mardi de 9h05 à 10h00",
            "Open on Monday and Tuesday from 09:05 to 10:00",
        ),
        (
            [WeekdayGroup(0, 3, (MORNING, AFTERNOON)), WeekdayGroup(4, 4, (MORNING,))],
            "Ouvert du lundi au jeudi de 8h30 à 12h00 et de 13h30 à 17h00, le vendredi de 8h30 à 12h00",
            "Open Monday to Thursday from 08:30 to 12:00 and from 13:30 to 17:00, on Friday from 08:30 to 12:00",
        ),
    ],
)
def test_the_week_of_an_office_is_one_sentence(groups: list[WeekdayGroup], french: str, english: str) -> None:
    """As people say it: « du lundi au jeudi », « le lundi et le mardi »."""
    assert (FRENCH.opening(groups), ENGLISH.opening(groups)) == (french, english)


@pytest.mark.parametrize(
    ("wording", "again", "unreadable", "absent"),
    [
        (
            FRENCH,
            "Suivi des travaux : information momentanément indisponible. Réessayez dans quelques minutes.",
            "Suivi des travaux : cette information n'a pas pu être lue avec certitude ; elle n'est pas affichée.",
            "Suivi des travaux : cette information n'est pas proposée par votre bailleur.",
        ),
        (
            ENGLISH,
            "Works: not available at the moment. Please try again in a few minutes.",
            "Works: this could not be read with certainty; it is not shown.",
            "Works: your landlord does not offer this information.",
        ),
    ],
    ids=["fr", "en"],
)
def test_a_failing_system_is_named_and_whether_to_try_again(
    wording: Wording, again: str, unreadable: str, absent: str
) -> None:
    """The tenant is told what cannot be seen, and whether waiting helps."""
    system = SourceSystem.WORKS

    assert wording.source_failed(system, retryable=True) == again
    assert wording.source_failed(system, retryable=False) == unreadable
    assert wording.source_absent(system) == absent


@both
def test_a_line_without_help_says_it_all(wording: Wording) -> None:
    """« Loyer » needs no explanation, a rent reduction does."""
    assert wording.charge_help(ChargeKind.RENT) is None
    assert wording.charge_help(ChargeKind.RENT_REDUCTION) == wording.helps[ChargeKind.RENT_REDUCTION]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 min"), (1, "1 min"), (60, "1 min"), (61, "2 min"), (599, "10 min"), (600, "10 min"), (5400, "90 min")],
)
def test_who_comes_back_after_the_minutes_told_is_not_too_early(seconds: int, told: str) -> None:
    """A wait is rounded up, alike in both languages."""
    french, english = (wording.waiting("RECREATE_OFFERED", seconds=seconds) for wording in (FRENCH, ENGLISH))

    assert french.endswith(f"ou réessayer dans {told}.")
    assert english.endswith(f"or try again in {told}.")


@pytest.mark.parametrize(("seconds", "hours"), [(5401, 2), (7200, 2), (7201, 3), (86_400, 24)])
def test_a_long_wait_is_told_in_hours(seconds: int, hours: int) -> None:
    """As after 24 wrong passwords in a day."""
    assert f"dans {hours} h ou" in FRENCH.waiting("SUSPENDED", seconds=seconds)
    assert f"in {hours} h or" in ENGLISH.waiting("SUSPENDED", seconds=seconds)


@pytest.mark.parametrize(
    ("rules", "french", "english"),
    [
        (
            LANDLORD,
            (
                "De 8 à 128 caractères, dont au moins un chiffre, une majuscule, un caractère spécial, "
                "et une minuscule en dessous de 9 caractères ; "
            ),
            (
                "From 8 to 128 characters, with at least one digit, one capital letter, one special character, "
                "and a lower-case letter below 9 characters; "
            ),
        ),
        (NIST, "De 15 à 128 caractères ; ", "From 15 to 128 characters; "),
        (
            PasswordRules(min_length=10, max_length=64, min_digits=2, min_special=3),
            "De 10 à 64 caractères, dont au moins 2 chiffres, 3 caractères spéciaux ; ",
            "From 10 to 64 characters, with at least 2 digits, 3 special characters; ",
        ),
    ],
    ids=["landlord", "NIST", "another"],
)
def test_the_rules_of_passwords_are_one_sentence(rules: PasswordRules, french: str, english: str) -> None:
    """What is required is told with its count, what is not is left out."""
    words = "ni mot de passe courant, ni votre nom, votre référence ou celui du bailleur."
    in_english = "neither a common password nor your name, your reference or your landlord's name."

    assert FRENCH.password_rules(rules) == french + words
    assert ENGLISH.password_rules(rules) == english + in_english


def test_only_waits_have_something_to_fill_in() -> None:
    """Every other sentence can be shown as it stands: no brace is left in it."""
    waits = {code for code, sentence in FRENCH.sentences.items() if "{" in sentence}

    assert waits == {code for code, sentence in ENGLISH.sentences.items() if "{" in sentence}
    assert waits == {"RECREATE_OFFERED", "SUSPENDED"}
