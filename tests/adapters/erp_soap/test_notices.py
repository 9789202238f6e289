"""Rent notices: the ERP's own figures, or none; reissued ones linked."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.adapters.erp_soap.notices import SoapNotices
from gateway.domain.identifiers import AccountId, LeaseId, NoticeId
from gateway.domain.ledger import ChargeKind, Direction
from gateway.domain.money import Money
from gateway.domain.notice import NoticeLine, NoticeState, RentNotice
from gateway.domain.period import YearMonth
from gateway.domain.source import DataQualityCode, DataQualityIssue, SourceSystem
from gateway.ports.answers import MISSING, Answer, Failed, Seen
from tests.adapters.erp_soap.sheets import AVIS, LIGNE, answer, erp_saying, origin, record, sent, soon

ACCOUNT = AccountId("0012345")
ORIGIN = origin(SourceSystem.RENT_ERP)
LINE = NoticeLine(
    kind=ChargeKind.RENT,
    label="Loyer",
    direction=Direction.DEBIT,
    amount=Money(41237),
    lease_id=LeaseId("012345/01"),
)
NOTICE = RentNotice(
    id=NoticeId("AE000345260201"),
    account_id=ACCOUNT,
    number="AE000345260201",
    period=YearMonth(2026, 2),
    state=NoticeState.ISSUED,
    issued_on=date(2026, 2, 25),
    due_on=date(2026, 3, 10),
    brought_forward=Money(-1000),
    lines=(LINE,),
    period_total=Money(41237),
    amount_due=Money(40237),
)


def avis(*lines: str, **changes: str) -> str:
    """A notice, with one line unless others are given."""
    return record("Avis", AVIS, *(lines or (record("Ligne", LIGNE),)), **changes)


def compte(*notices: str) -> str:
    """The account with its notices."""
    return record("CompteAvis", {"NUM_COMPTE": "0012345    "}, *notices)


async def notices_of(*rows: str) -> Answer[tuple[RentNotice, ...]]:
    """What is answered for the account when these rows come."""
    async with erp_saying(answer("LireAvis", *rows)) as (erp, _):
        batch = await SoapNotices(erp).notices([ACCOUNT], latest_months=3, deadline=soon())
    return batch[ACCOUNT]


async def one_notice(*lines: str, **changes: str) -> RentNotice:
    """The only notice of the account."""
    found = await notices_of(compte(avis(*lines, **changes)))
    assert isinstance(found, Seen)
    (notice,) = found.value
    return notice


async def test_a_notice_is_read_whole() -> None:
    """A credit brought forward is negative; nothing to remark."""
    assert await notices_of(compte(avis())) == Seen((NOTICE,), ORIGIN)


async def test_an_account_without_notices_is_known() -> None:
    """None yet is an answer, an unknown account is missing."""
    assert await notices_of(compte()) == Seen((), ORIGIN)
    assert await notices_of() == MISSING


@pytest.mark.parametrize(("months", "asked"), [(3, "3"), (60, "60"), (240, "60")])
async def test_at_most_sixty_months_are_asked_for(months: int, asked: str) -> None:
    """More would be refused."""
    async with erp_saying(answer("LireAvis")) as (erp, server):
        await SoapNotices(erp).notices([ACCOUNT], latest_months=months, deadline=soon())

    (body,) = sent(server)
    assert f"<NbMois>{asked}</NbMois>" in body


@pytest.mark.parametrize(
    ("field", "attribute"),
    [("SOLDE_ANTERIEUR", "brought_forward"), ("TOTAL_MOIS", "period_total"), ("NET_A_PAYER", "amount_due")],
)
async def test_a_total_that_cannot_be_read_is_none(field: str, attribute: str) -> None:
    """The rest of the notice, and its PDF, are still there."""
    notice = await one_notice(**{field: "1.234"})

    assert getattr(notice, attribute) is None
    assert notice.lines == (LINE,)
    assert notice.issues == (DataQualityIssue(DataQualityCode.UNREADABLE_AMOUNT, attribute, "1.234"),)


async def test_a_total_without_a_side_is_none() -> None:
    """It could be a debt or a credit."""
    notice = await one_notice(SENS_NET=" ")

    assert notice.amount_due is None


async def test_a_total_that_is_not_given_is_none_without_remark() -> None:
    """Spaces are the note's own way to write none."""
    assert await one_notice(SOLDE_ANTERIEUR="          ") == replace(NOTICE, brought_forward=None)


async def test_lines_of_which_one_cannot_be_read_are_not_shown_in_part() -> None:
    """Some of the lines would look like all of them."""
    good, bad = record("Ligne", LIGNE), record("Ligne", LIGNE, MONTANT="12,345")

    notice = await one_notice(good, bad)

    assert notice == replace(NOTICE, lines=(), issues=(DataQualityIssue(DataQualityCode.UNREADABLE_AMOUNT, "lines"),))
    assert (await one_notice(good, record("Ligne", LIGNE, SENS=" "))).lines == ()


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"CODE": "APL", "SENS": "C"}, replace(LINE, kind=ChargeKind.HOUSING_BENEFIT, direction=Direction.CREDIT)),
        ({"NUM_CONTRAT": ""}, replace(LINE, lease_id=None)),
        ({"CODE": "   "}, replace(LINE, kind=ChargeKind.OTHER)),
        ({"CODE": "EFR"}, replace(LINE, kind=ChargeKind.COLD_WATER_ADVANCE)),
        (
            {"CODE": "EFR", "QUANTITE": "00012,345", "PRIX_UNITAIRE": "0000000309"},
            replace(LINE, kind=ChargeKind.WATER_ACTUAL, quantity_litres=12345, unit_price=Money(309)),
        ),
        ({"CODE": "ECH", "QUANTITE": "00000,000"}, replace(LINE, kind=ChargeKind.WATER_ACTUAL, quantity_litres=0)),
        ({"QUANTITE": "00001,000"}, replace(LINE, quantity_litres=1000)),
    ],
)
async def test_lines_of_a_notice(changes: dict[str, str], line: NoticeLine) -> None:
    """Water with a quantity was measured, without one it is an advance."""
    notice = await one_notice(record("Ligne", LIGNE, **changes))

    assert notice.lines == (line,)


@pytest.mark.parametrize(
    ("changes", "code", "raw"),
    [
        ({"CODE": "ZZZ"}, "UNKNOWN_CODE", "ZZZ"),
        ({"QUANTITE": "12,3"}, "UNREADABLE_AMOUNT", "12,3"),
        ({"PRIX_UNITAIRE": "3,09"}, "UNREADABLE_AMOUNT", "3,09"),
        ({"LIB": "LoyÃ©"}, "ENCODING_REPAIRED", "LoyÃ©"),
    ],
)
async def test_oddities_of_a_line_are_told_by_its_notice(changes: dict[str, str], code: str, raw: str) -> None:
    """Once, however many lines have them."""
    odd = record("Ligne", LIGNE, **changes)

    notice = await one_notice(odd, odd, TOTAL_MOIS="0000082474", NET_A_PAYER="0000081474")

    assert notice.issues == (DataQualityIssue(DataQualityCode(code), "lines", raw),)


async def test_figures_that_do_not_add_up_are_both_shown_and_told() -> None:
    """One cent is enough."""
    total = await one_notice(TOTAL_MOIS="0000041238", NET_A_PAYER="0000040238")
    due = await one_notice(NET_A_PAYER="0000040238")

    assert (total.period_total, total.issues) == (
        Money(41238),
        (DataQualityIssue(DataQualityCode.TOTAL_MISMATCH, "period_total"),),
    )
    assert (due.amount_due, due.issues) == (
        Money(40238),
        (DataQualityIssue(DataQualityCode.TOTAL_MISMATCH, "amount_due"),),
    )


async def test_a_reissued_notice_replaces_the_first_one() -> None:
    """Both are there, linked, the one in force first."""
    found = await notices_of(
        compte(
            avis(NUM_AVIS="AE000345260202", DAT_EMISSION="20260228"),
            avis(ETAT="R", NUM_AVIS_REMPLACANT="AE000345260202"),
        )
    )

    first, second = NoticeId("AE000345260201"), NoticeId("AE000345260202")
    assert isinstance(found, Seen)
    assert [(it.id, it.state, it.replaced_by, it.corrects) for it in found.value] == [
        (second, NoticeState.ISSUED, None, first),
        (first, NoticeState.REPLACED, second, None),
    ]


async def test_of_two_notices_in_force_for_one_month_the_last_is() -> None:
    """« Avis de février 2021 » twice in a tile is not trusted."""
    found = await notices_of(compte(avis(), avis(NUM_AVIS="AE000345260202", DAT_EMISSION="20260228")))

    assert isinstance(found, Seen)
    assert [(it.number, it.state) for it in found.value] == [
        ("AE000345260202", NoticeState.ISSUED),
        ("AE000345260201", NoticeState.REPLACED),
    ]


async def test_notices_come_newest_first() -> None:
    """Whatever the order of the answer; a cancelled one is there."""
    found = await notices_of(compte(avis(NUM_AVIS="1", PERIODE="202601"), avis(NUM_AVIS="2", ETAT="A")))

    assert isinstance(found, Seen)
    assert [(it.number, it.state) for it in found.value] == [
        ("2", NoticeState.CANCELLED),
        ("1", NoticeState.ISSUED),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ETAT": "X"}, "ETAT"),
        ({"ETAT": " "}, "ETAT"),
        ({"PERIODE": "000000"}, "PERIODE"),
        ({"NUM_AVIS": ""}, "NUM_AVIS"),
    ],
)
async def test_a_notice_without_number_month_or_state_fails_the_account(changes: dict[str, str], field: str) -> None:
    """Nobody could say whether it is in force, and for when."""
    found = await notices_of(compte(avis(**changes)))

    assert isinstance(found, Failed)
    assert str(found.error) == f"RENT_ERP.notices: cannot read {field}"


async def test_dates_that_are_none() -> None:
    """No collection without a mandate; a due date is never computed."""
    notice = await one_notice(DAT_ECHEANCE="19000101", DAT_PRELEVEMENT="20260310")

    assert (notice.due_on, notice.collection_on) == (None, date(2026, 3, 10))
    assert notice.issues == (DataQualityIssue(DataQualityCode.SENTINEL_DATE, "due_on", "19000101"),)
