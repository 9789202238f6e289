"""Balances and entries, compared with Tryton's own tables."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from gateway.domain.identifiers import AccountId, EntryId
from gateway.domain.ledger import ChargeKind, Direction, LedgerEntry, LedgerExtract, PaymentMethod, StoredBalance
from gateway.domain.money import ZERO, Money, total
from gateway.domain.period import YearMonth
from gateway.domain.source import DataQualityCode, DataQualityIssue, Origin, SourceSystem
from gateway.ports.answers import MISSING, Failed, Seen
from tests.adapters.erp_tryton.conftest import NOW, Erp, connected, soon, values
from tests.adapters.erp_tryton.scripted import SIGNED_IN, day, entry_line, money, open_line, result
from tests.support.chaos import chaos
from tests.support.tryton import Tryton
from tests.support.tryton_books import Booked, books
from tests.support.tryton_world import TENANTS, TODAY

_NOTHING = Booked(Decimal(0), Decimal(0), Decimal(0))
_EVERYBODY = [AccountId(tenant.code) for tenant in TENANTS if tenant.role]


def _cents(amount: Decimal) -> Money:
    return Money(int(amount * 100))


async def test_every_balance_equals_the_books_of_tryton(erp: Erp, tryton: Tryton) -> None:
    """What the tenant reads is what Tryton's posted lines add up to, drafts left out, to the cent."""
    booked = books(tryton, today=TODAY)

    balances = values(await erp.ledger.balances(_EVERYBODY, deadline=soon()))

    for account in _EVERYBODY:
        truth, balance = booked.get(account, _NOTHING), balances[account]
        assert balance.total == _cents(truth.total)
        assert balance.overdue == _cents(max(truth.due, Decimal(0)))
        assert balance.disputed == _cents(truth.disputed)


async def test_a_balance_says_what_is_late_and_when_the_rest_falls_due(erp: Erp) -> None:
    """One tenant is late with the garage only; the notice of October is due on 10 November."""
    account = AccountId("4120009")

    answer = await erp.ledger.balances([account], deadline=soon())

    expected = StoredBalance(account, Money(68751), Money(5213), date(2026, 11, 10), disputed=ZERO)
    assert answer == {account: Seen(expected, Origin(SourceSystem.RENT_ERP, as_of=None, fetched_at=NOW))}


async def test_who_paid_before_the_due_date_owes_nothing_and_is_not_in_credit(erp: Erp) -> None:
    """Tryton's « due today » is -437.60 €, since the payment is there and the debt is not due; the total is zero."""
    account = AccountId("4120006")

    balances = values(await erp.ledger.balances([account], deadline=soon()))

    assert balances == {account: StoredBalance(account, ZERO, ZERO, None, disputed=ZERO)}


async def test_the_entries_add_up_to_the_books_of_tryton(erp: Erp, tryton: Tryton) -> None:
    """Opening balance and entries lead to the total, wherever the extract begins."""
    booked = books(tryton, today=TODAY)
    for since in (None, date(2026, 9, 1), date(2027, 1, 1)):
        extracts = values(await erp.ledger.entries(_EVERYBODY, since=since, until=None, deadline=soon()))

        for account in _EVERYBODY:
            closing = extracts[account].opening + total(entry.signed for entry in extracts[account].entries)
            assert closing == _cents(booked.get(account, _NOTHING).total)


async def test_a_ledger_tells_notices_payments_and_corrections_apart(erp: Erp) -> None:
    """Charged, paid, bounced: oldest first, each with its sign, its label and what it is."""
    account = AccountId("4120005")

    extract = values(
        await erp.ledger.entries([account], since=date(2026, 8, 1), until=date(2026, 9, 14), deadline=soon())
    )[account]

    assert extract.opening == Money(54078)
    assert [
        (entry.value_on, entry.direction, entry.amount, entry.kind, entry.period, entry.method, entry.label)
        for entry in extract.entries
    ] == [
        _paid(date(2026, 8, 10)),
        _charged(date(2026, 8, 25), "Avis d'échéance n° 8 [000105/01]"),
        _paid(date(2026, 9, 10)),
        (
            date(2026, 9, 14),
            Direction.DEBIT,
            Money(54078),
            ChargeKind.PAYMENT_RETURNED,
            None,
            PaymentMethod.SEPA_DIRECT_DEBIT,
            "Prélèvements",
        ),
    ]


def _paid(on: date) -> tuple[object, ...]:
    method = PaymentMethod.SEPA_DIRECT_DEBIT
    return (on, Direction.CREDIT, Money(54078), ChargeKind.PAYMENT, None, method, "Prélèvements")


def _charged(on: date, label: str) -> tuple[object, ...]:
    return (on, Direction.DEBIT, Money(54078), ChargeKind.OTHER, YearMonth.of(on), None, label)


async def test_housing_benefit_and_unknown_means_of_payment_are_told(erp: Erp) -> None:
    """Money from the CAF is housing benefit, also when it is taken back; a journal we do not know says so."""
    account = AccountId("4120020")

    extract = values(
        await erp.ledger.entries([account], since=date(2026, 10, 1), until=date(2026, 10, 24), deadline=soon())
    )[account]

    unknown = DataQualityIssue(DataQualityCode.UNKNOWN_CODE, "method", "MDT")
    assert [(entry.kind, entry.method, entry.issues) for entry in extract.entries] == [
        (ChargeKind.HOUSING_BENEFIT, PaymentMethod.THIRD_PARTY, ()),
        (ChargeKind.HOUSING_BENEFIT_CORRECTION, PaymentMethod.THIRD_PARTY, ()),
        (ChargeKind.PAYMENT, PaymentMethod.UNKNOWN, (unknown,)),
    ]


async def test_what_accountants_move_or_take_back_is_a_correction(erp: Erp) -> None:
    """A doubtful debt changes its account, and a cancelled notice is credited: neither is a payment."""
    doubtful, cancelled = AccountId("4120011"), AccountId("4120010")

    extracts = values(
        await erp.ledger.entries([doubtful, cancelled], since=date(2026, 10, 1), until=None, deadline=soon())
    )

    moved, credited = extracts[doubtful].entries, extracts[cancelled].entries
    assert [(entry.kind, entry.signed) for entry in moved] == [
        (ChargeKind.CORRECTION, Money(60000)),
        (ChargeKind.CORRECTION, Money(-60000)),
    ]
    assert [(entry.kind, entry.signed, entry.period) for entry in credited] == [
        (ChargeKind.CORRECTION, Money(-53332), None)
    ]


async def test_an_account_is_missing_only_when_tryton_has_no_such_tenant(erp: Erp) -> None:
    """A new tenant has a balance of zero and no entries; strangers, and the landlord itself, have none."""
    new, stranger, landlord, nonsense = (AccountId(code) for code in ("4120013", "4129999", "BAILLEUR", "x y"))
    asked = [new, stranger, landlord, nonsense]

    balances = await erp.ledger.balances(asked, deadline=soon())
    entries = await erp.ledger.entries(asked, since=None, until=None, deadline=soon())

    origin = Origin(SourceSystem.RENT_ERP, as_of=None, fetched_at=NOW)
    nothing = dict.fromkeys((stranger, landlord, nonsense), MISSING)
    assert balances == {new: Seen(StoredBalance(new, ZERO, ZERO, None, disputed=ZERO), origin), **nothing}
    assert entries == {new: Seen(LedgerExtract(new, None, None, ZERO, ()), origin), **nothing}


async def test_a_debt_is_late_from_the_day_after_its_due_date() -> None:
    """On the due date itself nothing is overdue yet; money counts on the very day it comes in."""
    lines = [
        open_line("1", maturity_date=day(2026, 10, 28)),
        open_line(
            "1", debit=money("0"), credit=money("30.50"), maturity_date=None, **{"move.": {"date": day(2026, 10, 28)}}
        ),
        open_line("2", maturity_date=day(2026, 10, 27)),
    ]
    with chaos(SIGNED_IN, result(lines)) as server:
        async with connected(server.url) as erp:
            balances = values(await erp.ledger.balances([AccountId("1"), AccountId("2")], deadline=soon()))

    assert balances[AccountId("1")] == StoredBalance(
        AccountId("1"), Money(6950), ZERO, date(2026, 10, 28), disputed=ZERO
    )
    assert balances[AccountId("2")].overdue == Money(10000)


@pytest.mark.parametrize("amount", ["12.345", "1E+2", "NaN", "", "12,30", " 1.00", "1_000"])
async def test_an_amount_that_is_not_exact_fails_its_account_alone(amount: str) -> None:
    """It never becomes zero, and the neighbour's balance is still there."""
    lines = [open_line("1"), open_line("1", debit=money(amount)), open_line("2")]
    with chaos(SIGNED_IN, result(lines)) as server:
        async with connected(server.url) as erp:
            balances = await erp.ledger.balances([AccountId("1"), AccountId("2")], deadline=soon())

    failed = balances[AccountId("1")]
    assert isinstance(failed, Failed)
    assert str(failed.error) == "RENT_ERP.balances: cannot read debit.decimal"
    assert isinstance(balances[AccountId("2")], Seen)


@pytest.mark.parametrize(("text", "cents"), [("12.30", 1230), ("-0.05", -5), ("7", 700), ("1.5", 150), ("2.3000", 230)])
async def test_amounts_are_exact_to_the_cent(text: str, cents: int) -> None:
    """However many digits Tryton writes."""
    with chaos(SIGNED_IN, result([open_line("1", debit=money(text))])) as server:
        async with connected(server.url) as erp:
            balances = values(await erp.ledger.balances([AccountId("1")], deadline=soon()))

    assert balances[AccountId("1")].total == Money(cents)


async def test_an_entry_of_an_unknown_nature_says_so() -> None:
    """A journal that tells nothing gives no kind; the label is the best that there is, the day of posting unknown."""
    nameless = entry_line("1", **{"journal.": {"code": None, "type": "situation"}})
    with chaos(SIGNED_IN, result([nameless])) as server:
        async with connected(server.url) as erp:
            extract = values(await erp.ledger.entries([AccountId("1")], since=None, until=None, deadline=soon()))[
                AccountId("1")
            ]

    issue = DataQualityIssue(DataQualityCode.UNKNOWN_CODE, "kind", None)
    expected = LedgerEntry(
        EntryId("1"), date(2026, 9, 25), None, Direction.DEBIT, ChargeKind.OTHER, "", Money(10000), issues=(issue,)
    )
    assert extract.entries == (expected,)


async def test_the_day_of_posting_begins_at_midnight_in_paris() -> None:
    """Tryton keeps no hour; a notice without a name still says its journal."""
    posted = entry_line("1", post_date=day(2026, 9, 26), origin="account.invoice,7")
    with chaos(SIGNED_IN, result([posted])) as server:
        async with connected(server.url) as erp:
            extract = values(await erp.ledger.entries([AccountId("1")], since=None, until=None, deadline=soon()))[
                AccountId("1")
            ]

    (entry,) = extract.entries
    assert entry.posted_at == datetime(2026, 9, 25, 22, 0, tzinfo=UTC)
    assert (entry.kind, entry.period, entry.label) == (ChargeKind.OTHER, YearMonth(2026, 9), "REV")
