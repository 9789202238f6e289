"""Notices: posted customer invoices, without drafts and without what takes them back."""

from datetime import date

from gateway.domain.identifiers import AccountId, LeaseId
from gateway.domain.ledger import ChargeKind, Direction
from gateway.domain.money import Money
from gateway.domain.notice import NoticeLine, NoticeState, RentNotice
from gateway.domain.period import YearMonth
from gateway.domain.source import DataQualityCode, DataQualityIssue, Origin, SourceSystem
from gateway.ports.answers import MISSING, Failed, Seen
from tests.adapters.erp_tryton.conftest import NOW, Erp, connected, soon, values
from tests.adapters.erp_tryton.scripted import SIGNED_IN, invoice, invoice_line, money, result
from tests.support.chaos import chaos
from tests.support.tryton import Tryton
from tests.support.tryton_world import TENANTS

_POSTED = """
SELECT sum(total_amount_cache * 100)::int FROM account_invoice
WHERE state IN ('posted', 'paid') AND type = 'out' AND total_amount_cache > 0
"""


async def _notices(erp: Erp, code: str, *, latest_months: int = 3) -> tuple[RentNotice, ...]:
    answer = await erp.notices.notices([AccountId(code)], latest_months=latest_months, deadline=soon())
    return values(answer)[AccountId(code)]


async def test_a_notice_says_what_it_asks_for_and_for_which_lease(erp: Erp) -> None:
    """Rent and charges of the dwelling, rent of the garage on its own lease, due on the 10th."""
    notice, *_ = await _notices(erp, "4120009")

    home, garage = LeaseId("000109/01"), LeaseId("000109/02")
    rent, advance, parking = ChargeKind.RENT, ChargeKind.SERVICE_CHARGE_ADVANCE, ChargeKind.PARKING
    assert notice == RentNotice(
        id=notice.id,
        account_id=AccountId("4120009"),
        number=notice.number,
        period=YearMonth(2026, 10),
        state=NoticeState.ISSUED,
        issued_on=date(2026, 10, 25),
        due_on=date(2026, 11, 10),
        brought_forward=None,
        lines=(
            NoticeLine(rent, "Loyer principal", Direction.DEBIT, Money(47825), home),
            NoticeLine(advance, "Provision pour charges", Direction.DEBIT, Money(10500), home),
            NoticeLine(parking, "Loyer garage", Direction.DEBIT, Money(5213), garage),
        ),
        period_total=Money(63538),
        amount_due=Money(63538),
    )


async def test_what_lowers_a_notice_is_a_credit_of_its_own(erp: Erp) -> None:
    """Housing benefit and the rent reduction are never netted in the rent."""
    notice, *_ = await _notices(erp, "4120002")

    assert [(line.kind, line.signed) for line in notice.lines] == [
        (ChargeKind.RENT, Money(50500)),
        (ChargeKind.SERVICE_CHARGE_ADVANCE, Money(12105)),
        (ChargeKind.HOUSING_BENEFIT, Money(-18700)),
        (ChargeKind.RENT_REDUCTION, Money(-5224)),
    ]
    assert notice.period_total == Money(38681)


async def test_notices_come_newest_first_as_many_months_as_asked(erp: Erp) -> None:
    """Paid ones too: a notice is no receipt, and stays a notice."""
    for months, expected in ((2, [10, 9]), (3, [10, 9, 8]), (36, [10, 9, 8, 7])):
        notices = await _notices(erp, "4120001", latest_months=months)

        assert [notice.period.month for notice in notices] == expected


async def test_old_notices_are_found_when_there_are_no_recent_ones(erp: Erp) -> None:
    """Who moved out in summer still has the last notice."""
    notices = await _notices(erp, "4120012", latest_months=1)

    assert [(notice.period, notice.due_on) for notice in notices] == [(YearMonth(2026, 7), date(2026, 8, 10))]


async def test_a_notice_that_was_taken_back_is_cancelled_behind_the_one_in_force(erp: Erp) -> None:
    """The credit note by which Tryton takes it back is no notice."""
    notices = await _notices(erp, "4120010")

    assert [(notice.state, notice.period_total) for notice in notices] == [
        (NoticeState.ISSUED, Money(51332)),
        (NoticeState.CANCELLED, Money(53332)),
    ]


async def test_a_product_that_we_do_not_know_is_told(erp: Erp) -> None:
    """Its line is shown all the same, and the total still adds up."""
    notice, *_ = await _notices(erp, "4120015")

    assert [(line.kind, line.amount.cents) for line in notice.lines][-1] == (ChargeKind.OTHER, 1)
    assert notice.issues == (DataQualityIssue(DataQualityCode.UNKNOWN_CODE, "lines", "DIVERS"),)


async def test_a_tenant_without_notices_has_none_and_a_stranger_is_missing(erp: Erp) -> None:
    """Both are answers."""
    new, stranger = AccountId("4120013"), AccountId("4129999")

    answer = await erp.notices.notices([new, stranger], latest_months=3, deadline=soon())

    origin = Origin(SourceSystem.RENT_ERP, as_of=None, fetched_at=NOW)
    assert answer == {new: Seen((), origin), stranger: MISSING}


async def test_notices_add_up_to_what_tryton_posted(erp: Erp, tryton: Tryton) -> None:
    """All notices in force, over all tenants, are the invoices of Tryton's own table."""
    accounts = [AccountId(tenant.code) for tenant in TENANTS if tenant.role]

    notices = values(await erp.notices.notices(accounts, latest_months=36, deadline=soon()))

    asked = sum(
        notice.period_total.cents
        for those in notices.values()
        for notice in those
        if notice.state is NoticeState.ISSUED and notice.period_total
    )
    assert tryton.ask(_POSTED) == asked


async def test_titles_and_sums_on_an_invoice_charge_nothing() -> None:
    """Nor do they disturb the total; a due date that is not there is not invented."""
    lines = [
        invoice_line(type="title", amount=None, description="Logement", **{"product.": None}),
        invoice_line(),
        invoice_line(type="subtotal", **{"product.": None}),
    ]
    record = invoice("1", **{"lines.": lines, "lines_to_pay.": [{"maturity_date": None}]})
    with chaos(SIGNED_IN, result([record])) as server:
        async with connected(server.url) as erp:
            (notice,) = await _notices(erp, "1", latest_months=1)

    assert [line.label for line in notice.lines] == ["Loyer principal"]
    assert (notice.issues, notice.due_on) == ((), None)


async def test_a_total_that_its_lines_do_not_explain_is_told() -> None:
    """The source's own total is shown, with the doubt."""
    record = invoice("1", total_amount=money("100.01"), **{"lines.": [invoice_line(**{"product.": None})]})
    with chaos(SIGNED_IN, result([record])) as server:
        async with connected(server.url) as erp:
            (notice,) = await _notices(erp, "1", latest_months=1)

    assert notice.period_total == Money(10001)
    assert notice.issues == (
        DataQualityIssue(DataQualityCode.UNKNOWN_CODE, "lines", None),
        DataQualityIssue(DataQualityCode.TOTAL_MISMATCH, "period_total", "100.01"),
    )


async def test_a_charge_without_an_amount_fails_its_account() -> None:
    """It is not left out, and it is not zero."""
    with chaos(SIGNED_IN, result([invoice("1", **{"lines.": [invoice_line(amount=None)]})])) as server:
        async with connected(server.url) as erp:
            answer = await erp.notices.notices([AccountId("1")], latest_months=3, deadline=soon())

    failed = answer[AccountId("1")]
    assert isinstance(failed, Failed)
    assert failed.error.code == "SOURCE_UNREADABLE"
