"""Balances and entries: exact, complete, or not answered."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.erp_soap.entries import EntryPage
from gateway.adapters.erp_soap.ledger import SoapLedger
from gateway.domain.identifiers import AccountId, EntryId, LeaseId
from gateway.domain.ledger import ChargeKind, Direction, LedgerEntry, LedgerExtract, PaymentMethod, StoredBalance
from gateway.domain.money import Money
from gateway.domain.period import YearMonth
from gateway.domain.source import DataQualityCode, DataQualityIssue, SourceSystem
from gateway.ports.answers import MISSING, Answer, Failed, Seen
from gateway.ports.errors import UpstreamAmountError, UpstreamGarbledError, UpstreamUnavailableError
from tests.adapters.erp_soap.sheets import (
    COMPTE_ECRITURES,
    ECRITURE,
    SOLDE,
    answer,
    erp_doing,
    erp_saying,
    origin,
    record,
    sent,
    session,
    soon,
)
from tests.support.chaos import http, reply, say

ACCOUNT = AccountId("0012345")
ORIGIN = origin(SourceSystem.RENT_ERP)
STRUCK = origin(SourceSystem.RENT_ERP, as_of=datetime(2026, 3, 14, 8, 0, tzinfo=UTC))

BALANCE = StoredBalance(
    account_id=ACCOUNT,
    total=Money(41237),
    overdue=Money(10000),
    next_due_on=date(2026, 4, 10),
    disputed=Money(0),
)
ENTRY = LedgerEntry(
    id=EntryId("01234500001"),
    value_on=date(2026, 2, 28),
    posted_at=datetime(2026, 2, 28, 7, 30, tzinfo=UTC),
    direction=Direction.DEBIT,
    kind=ChargeKind.RENT,
    label="Loyer février 2026",
    amount=Money(41237),
    period=YearMonth(2026, 2),
    lease_id=LeaseId("012345/01"),
)


async def balance_of(*rows: str) -> Answer[StoredBalance]:
    """What is answered for the account when these rows come."""
    async with erp_saying(answer("LireSoldes", *rows)) as (erp, _):
        batch = await SoapLedger(erp).balances([ACCOUNT], deadline=soon())
    return batch[ACCOUNT]


async def test_a_balance_is_true_at_its_closing() -> None:
    """412.37 € as struck at 9 o'clock, whenever it was read."""
    assert await balance_of(record("Solde", SOLDE)) == Seen(BALANCE, STRUCK)


async def test_a_credit_is_negative_and_never_overdue() -> None:
    """Who paid ahead owes nothing, not less than nothing."""
    found = await balance_of(record("Solde", SOLDE, SENS_STOCKE="C", SENS_EXIGIBLE="C"))

    assert found == Seen(replace(BALANCE, total=Money(-41237), overdue=Money(0)), STRUCK)


@pytest.mark.parametrize(("written", "disputed"), [("0000005000", Money(5000)), ("          ", None)])
async def test_the_disputed_part_is_none_when_it_is_not_told(written: str, disputed: Money | None) -> None:
    """Not told is not zero."""
    found = await balance_of(record("Solde", SOLDE, CONTENTIEUX=written))

    assert found == Seen(replace(BALANCE, disputed=disputed), STRUCK)


async def test_a_closing_that_cannot_be_read_is_left_out() -> None:
    """The balance stands; from when it is, is not known."""
    found = await balance_of(record("Solde", SOLDE, DAT_ARRETE="?"))

    issue = DataQualityIssue(DataQualityCode.INVALID_DATE, "as_of", "?")
    assert found == Seen(replace(BALANCE, issues=(issue,)), replace(STRUCK, as_of=None))


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("SOLDE_STOCKE", "1.234"),
        ("SOLDE_STOCKE", "          "),
        ("SOLDE_STOCKE", "-"),
        ("SOLDE_STOCKE", "000041237"),
        ("SENS_STOCKE", " "),
        ("SENS_STOCKE", "X"),
        ("SOLDE_EXIGIBLE", "12,345"),
        ("SENS_EXIGIBLE", "d"),
        ("CONTENTIEUX", "00012345-"),
    ],
)
async def test_a_balance_that_cannot_be_read_exactly_fails(field: str, written: str) -> None:
    """It never becomes zero, and its value is in no message."""
    found = await balance_of(record("Solde", SOLDE, **{field: written}))

    assert isinstance(found, Failed)
    assert str(found.error) == f"RENT_ERP.balances: cannot read {field}"
    is_an_amount = written != "-" and not field.startswith("SENS")
    assert type(found.error) is (UpstreamAmountError if is_an_amount else UpstreamGarbledError)


async def test_an_unreadable_balance_leaves_the_others_alone() -> None:
    """Each account fails by itself; one that is not in the answer is missing."""
    rows = (record("Solde", SOLDE), record("Solde", SOLDE, NUM_COMPTE=" 0012346", SOLDE_STOCKE="1.234"))
    accounts = [ACCOUNT, AccountId("12346"), AccountId("0012347")]
    async with erp_saying(answer("LireSoldes", *rows)) as (erp, _):
        batch = await SoapLedger(erp).balances(accounts, deadline=soon())

    assert batch[ACCOUNT] == Seen(BALANCE, STRUCK)
    assert isinstance(batch[AccountId("12346")], Failed)
    assert batch[AccountId("0012347")] == MISSING


def ecriture(number: int, **changes: str) -> str:
    """An entry with a number of its own."""
    return record("Ecriture", ECRITURE, **{"NUM_ECR": f"{number:011d}  ", **changes})


def compte(*entries: str, **changes: str) -> str:
    """An account with its entries, newest first."""
    return record("CompteEcritures", COMPTE_ECRITURES, *entries, **changes)


async def entries_of(*rows: str, since: date | None = None, until: date | None = None) -> Answer[LedgerExtract]:
    """What is answered for the account when these rows come."""
    async with erp_saying(answer("LireEcritures", *rows)) as (erp, _):
        batch = await SoapLedger(erp).entries([ACCOUNT], since=since, until=until, deadline=soon())
    return batch[ACCOUNT]


async def one_entry(**changes: str) -> LedgerEntry:
    """The only entry of an account, with some fields changed."""
    side = changes.get("SENS", "D")
    found = await entries_of(compte(record("Ecriture", ECRITURE, **changes), SENS_CLOTURE=side))
    assert isinstance(found, Seen)
    (entry,) = found.value.entries
    return entry


async def test_entries_come_oldest_first_with_their_opening() -> None:
    """The ERP gives them newest first; within a day its order is kept."""
    rows = compte(
        ecriture(3),
        ecriture(2, SENS="C"),
        ecriture(1, DAT_VALEUR="20260131"),
        SOLDE_OUVERTURE="0000000100",
        SENS_OUVERTURE="C",
        SOLDE_CLOTURE="0000041137",
    )

    found = await entries_of(rows, since=date(2026, 1, 1), until=date(2026, 2, 28))

    assert isinstance(found, Seen)
    assert found.origin == ORIGIN
    assert found.value == LedgerExtract(
        account_id=ACCOUNT,
        since=date(2026, 1, 1),
        until=date(2026, 2, 28),
        opening=Money(-100),
        entries=(
            replace(ENTRY, id=EntryId("00000000001"), value_on=date(2026, 1, 31)),
            replace(ENTRY, id=EntryId("00000000002"), direction=Direction.CREDIT),
            replace(ENTRY, id=EntryId("00000000003")),
        ),
    )


async def test_the_range_is_asked_for_in_the_erps_own_words() -> None:
    """Open ends are left out."""
    async with erp_saying(answer("LireEcritures")) as (erp, server):
        ledger = SoapLedger(erp)
        await ledger.entries([ACCOUNT], since=date(2026, 1, 1), until=date(2026, 2, 28), deadline=soon())
        await ledger.entries([ACCOUNT], since=None, until=None, deadline=soon())

    bounded, unbounded = sent(server)
    assert "<DateDebut>20260101</DateDebut><DateFin>20260228</DateFin>" in bounded
    assert "Date" not in unbounded


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ENTRY),
        ({"PERIODE": "000000"}, replace(ENTRY, period=None)),
        ({"NUM_CONTRAT": "            "}, replace(ENTRY, lease_id=None)),
        ({"MODE": "CB   "}, replace(ENTRY, method=PaymentMethod.CARD)),
        ({"MODE": "TIERS"}, replace(ENTRY, method=PaymentMethod.THIRD_PARTY)),
        ({"NUM_ECR_ANNULEE": "00000000009  "}, replace(ENTRY, reverses=EntryId("00000000009"))),
        ({"SENS": "C"}, replace(ENTRY, direction=Direction.CREDIT)),
        ({"CODE": "OD "}, replace(ENTRY, kind=ChargeKind.CORRECTION)),
        ({"CODE": "   "}, replace(ENTRY, kind=ChargeKind.OTHER)),
        ({"CODE": "EFR"}, replace(ENTRY, kind=ChargeKind.COLD_WATER_ADVANCE)),
    ],
)
async def test_fields_of_an_entry(changes: dict[str, str], expected: LedgerEntry) -> None:
    """What is written as none is none."""
    assert await one_entry(**changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected", "issue"),
    [
        ({"CODE": "X9 "}, replace(ENTRY, kind=ChargeKind.OTHER), ("UNKNOWN_CODE", "kind", "X9")),
        ({"MODE": "BTC  "}, replace(ENTRY, method=PaymentMethod.UNKNOWN), ("UNKNOWN_CODE", "method", "BTC")),
        ({"PERIODE": "202613"}, replace(ENTRY, period=None), ("INVALID_DATE", "period", "202613")),
        ({"HORODATAGE_SAISIE": "?"}, replace(ENTRY, posted_at=None), ("INVALID_DATE", "posted_at", "?")),
        ({"LIB": "DÃ©pÃ´t"}, replace(ENTRY, label="Dépôt"), ("ENCODING_REPAIRED", "label", "DÃ©pÃ´t")),
    ],
)
async def test_oddities_of_an_entry_are_told(
    changes: dict[str, str], expected: LedgerEntry, issue: tuple[str, str, str]
) -> None:
    """A figure explains itself, repairs included."""
    code, field, raw = issue

    entry = await one_entry(**changes)

    told = DataQualityIssue(DataQualityCode(code), field, raw)
    assert entry == replace(expected, issues=(told,))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"MONTANT": "1.234"}, "MONTANT"),
        ({"MONTANT": "          "}, "MONTANT"),
        ({"SENS": " "}, "SENS"),
        ({"SENS": "X"}, "SENS"),
        ({"DAT_VALEUR": "00000000"}, "DAT_VALEUR"),
        ({"DAT_VALEUR": "28/02/2026"}, "DAT_VALEUR"),
        ({"NUM_ECR": "   "}, "NUM_ECR"),
        ({"LIB": "-"}, "LIB"),
    ],
)
async def test_an_entry_that_cannot_be_read_fails_the_account(changes: dict[str, str], field: str) -> None:
    """A ledger without one of its entries would be a wrong ledger."""
    found = await entries_of(compte(record("Ecriture", ECRITURE, **changes)))

    assert isinstance(found, Failed)
    assert str(found.error) == f"RENT_ERP.entries: cannot read {field}"
    assert type(found.error) is (UpstreamAmountError if field == "MONTANT" else UpstreamGarbledError)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"SOLDE_CLOTURE": "0000041236"}, "SOLDE_CLOTURE"),
        ({"SENS_CLOTURE": "C"}, "SOLDE_CLOTURE"),
        ({"SOLDE_OUVERTURE": "1.234"}, "SOLDE_OUVERTURE"),
        ({"SUITE": " "}, "SUITE"),
        ({"SUITE": "X"}, "SUITE"),
    ],
)
async def test_an_account_that_does_not_add_up_fails(changes: dict[str, str], field: str) -> None:
    """Entries that do not lead from opening to closing are not all there."""
    found = await entries_of(compte(record("Ecriture", ECRITURE), **changes))

    assert isinstance(found, Failed)
    assert str(found.error) == f"RENT_ERP.entries: cannot read {field}"


async def test_an_account_without_entries_is_known() -> None:
    """An empty ledger is an answer, an absent account is another."""
    found = await entries_of(compte(SOLDE_CLOTURE="0000000000"))

    assert found == Seen(LedgerExtract(ACCOUNT, None, None, opening=Money(0), entries=()), ORIGIN)
    assert await entries_of() == MISSING


def cut_ledger(request: bytes, *, days: list[date], page: int) -> bytes:
    """An ERP that gives one entry of 1 € for each of `days`, `page` of them at a time, newest first."""
    if b"OuvrirSession" in request:
        return http(session())
    limit = request.partition(b"<DateFin>")[2][:8].decode() or "99991231"
    numbered = [(n, day.strftime("%Y%m%d")) for n, day in enumerate(days, start=1)]
    known = sorted(((day, n) for n, day in numbered if day <= limit), reverse=True)
    shown = [ecriture(n, DAT_VALEUR=day, MONTANT="0000000100") for day, n in known[:page]]
    closing, suite = f"{len(known) * 100:010d}", "O" if len(known) > page else "N"
    return http(answer("LireEcritures", compte(*shown, SOLDE_CLOTURE=closing, SUITE=suite)))


FIRST_DAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("offsets", "page", "calls"),
    [
        ([0, 1, 2], 3, 1),
        ([0, 1, 2], 2, 2),
        ([0, 0, 1, 1, 2, 2], 3, 3),
        (list(range(20)), 5, 5),
    ],
)
async def test_entries_that_were_cut_are_asked_for_until_none_is_left_out(
    offsets: list[int], page: int, calls: int
) -> None:
    """The ERP says « SUITE », we go on; entries of the day where pages meet come once."""
    days = [FIRST_DAY + timedelta(days=offset) for offset in offsets]
    async with erp_doing(reply(lambda request: cut_ledger(request, days=days, page=page))) as (erp, server):
        batch = await SoapLedger(erp).entries([ACCOUNT], since=FIRST_DAY, until=None, deadline=soon())

    found = batch[ACCOUNT]
    assert isinstance(found, Seen)
    assert [entry.value_on for entry in found.value.entries] == days
    assert len(list(sent(server))) == calls
    assert all("<DateDebut>20260101</DateDebut>" in body for body in sent(server))


@pytest.mark.parametrize("until", [None, FIRST_DAY])
async def test_a_day_with_more_entries_than_a_page_fails_instead_of_losing_some(until: date | None) -> None:
    """Asking again cannot help, so the account has no answer rather than half of one."""
    days = [FIRST_DAY] * 4
    async with erp_doing(reply(lambda request: cut_ledger(request, days=days, page=3))) as (erp, server):
        batch = await SoapLedger(erp).entries([ACCOUNT], since=None, until=until, deadline=soon())

    found = batch[ACCOUNT]
    assert isinstance(found, Failed)
    assert str(found.error) == "RENT_ERP.entries: cannot read SUITE"
    assert len(list(sent(server))) <= 2


CUT = compte(ecriture(2), SOLDE_CLOTURE="0000082474", SUITE="O")


@pytest.mark.parametrize(
    ("then", "text"),
    [
        (answer("LireEcritures"), "cannot read NUM_COMPTE"),
        (answer("LireEcritures", compte(ecriture(1, MONTANT="1.234"))), "cannot read MONTANT"),
        (answer("LireEcritures", code="BATCH_EN_COURS"), "BATCH_EN_COURS"),
        (answer("LireEcritures", compte(SUITE="O")), "cannot read SUITE"),
    ],
)
async def test_an_account_whose_older_entries_cannot_be_had_fails(then: bytes, text: str) -> None:
    """The others of the batch are answered."""
    other = compte(ecriture(3), NUM_COMPTE="0012346")
    async with erp_saying(answer("LireEcritures", CUT, other), then) as (erp, _):
        accounts = [ACCOUNT, AccountId("0012346")]
        batch = await SoapLedger(erp).entries(accounts, since=None, until=None, deadline=soon())

    failed = batch[ACCOUNT]
    assert isinstance(failed, Failed)
    assert str(failed.error) == f"RENT_ERP.entries: {text}"
    assert isinstance(batch[AccountId("0012346")], Seen)


async def test_an_erp_that_is_closed_fails_the_whole_call() -> None:
    """In its nightly batch nothing is answered."""
    async with erp_doing(say(http(answer("OuvrirSession", code="BATCH_EN_COURS")))) as (erp, _):
        with pytest.raises(UpstreamUnavailableError):
            await SoapLedger(erp).balances([ACCOUNT], deadline=soon())


@given(st.lists(st.integers(-(10**6), 10**6)), st.integers(0, 30))
def test_pages_that_overlap_add_up_to_the_whole(cents: list[int], split: int) -> None:
    """Wherever two pages meet, and however much they share, each entry counts once."""
    entries = tuple(
        replace(
            ENTRY,
            id=EntryId(str(number)),
            direction=Direction.DEBIT if amount >= 0 else Direction.CREDIT,
            amount=Money(abs(amount)),
        )
        for number, amount in enumerate(cents)
    )
    newer = EntryPage(Money(7), Money(7 + sum(cents)), is_cut=True, entries=entries[:split])
    older = EntryPage(Money(7), Money(0), is_cut=False, entries=entries[max(split - 2, 0) :])

    whole = newer.followed_by(older)

    assert whole.entries == entries
    assert whole.adds_up
    assert not whole.is_cut
