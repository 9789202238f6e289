"""Dates, amounts, volumes and names as IMMO-GEST writes them."""

from datetime import UTC, date, datetime

import pytest

from gateway.demo.erp import formats
from gateway.demo.erp.refusal import RefusalError


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (None, 0),
        (date(2026, 3, 16), 20260316),
        (date(1, 1, 1), 10101),
        (date(9999, 12, 31), 99991231),
    ],
)
def test_days_are_numbers(day: date | None, number: int) -> None:
    """Those that stand for none too."""
    assert formats.day_number(day) == number


def test_instants_are_told_in_paris() -> None:
    """In summer and in winter, and the hour that comes twice is told twice."""
    summer, first, second = (
        datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )

    assert formats.stamp_number(summer) == 20260702003000
    assert formats.stamp_number(first) == formats.stamp_number(second) == 20261025023000
    assert formats.minute_text(summer) == "2026-07-02 00:30"
    assert formats.minute_text(None) == "9999-12-31 23:59"


@pytest.mark.parametrize(
    ("name", "capitals"),
    [
        ("Dupont-Le Gall", "DUPONT-LE GALL"),
        ("Lebœuf", "LEBOEUF"),
        ("Ægidius", "AEGIDIUS"),
        ("L’Hôte", "L'HOTE"),
        ("Müller-Noël", "MULLER-NOEL"),
    ],
)
def test_names_lose_case_and_accents(name: str, capitals: str) -> None:
    """What is left is ASCII."""
    assert formats.capitals(name) == capitals


def test_volumes_are_cubic_metres_with_a_comma() -> None:
    """Five digits at least, and three decimals."""
    assert [formats.volume_text(litres) for litres in (None, 0, 12_345, 123_456_789)] == [
        "",
        "00000,000",
        "00012,345",
        "123456,789",
    ]


def test_months_are_numbers() -> None:
    """Zero stands for none."""
    assert (formats.period_number("2026-03"), formats.period_number(None)) == (202603, 0)


def test_a_zero_amount_is_a_debit() -> None:
    """So that it has a side at all."""
    assert [formats.side(cents) for cents in (-1, 0, 1)] == ["C", "D", "D"]


@pytest.mark.parametrize("text", ["", "2026316", "202603160", "20260229", "00000000", "2026-3-6", "２０２６０３１６"])
def test_what_is_no_day_is_refused(text: str) -> None:
    """The label names the field."""
    with pytest.raises(RefusalError) as refused:
        formats.read_day(text, field="DateDebut")

    assert (refused.value.code, refused.value.label) == (
        "PARAMETRE_INVALIDE",
        "DateDebut : date AAAAMMJJ attendue",
    )


@pytest.mark.parametrize("text", ["", "41237", "00000412,37", "-000041237", "0000000000", "００００００００４２"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    """Ten ASCII digits, not all zero."""
    with pytest.raises(RefusalError) as refused:
        formats.read_cents(text, field="MONTANT")

    assert refused.value.label == "MONTANT : 10 chiffres attendus, non nuls"


def test_days_and_amounts_are_read() -> None:
    """As numbers."""
    assert formats.read_day("20280229", field="DateFin") == 20280229
    assert formats.read_cents("0000041237", field="MONTANT") == 41_237
