"""The ledger port: balances and entries, to the cent, none left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from gateway.adapters.erp_soap.ledger import SoapLedger
from gateway.adapters.erp_tryton.ledger import TrytonLedger
from gateway.domain.identifiers import AccountId
from gateway.domain.ledger import LedgerExtract
from gateway.domain.money import total
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Failed, Seen
from gateway.ports.deadline import Deadline
from gateway.ports.errors import UpstreamGarbledError
from gateway.ports.ledger import LedgerPort
from tests.ports.contract import BatchCase, BatchContract, Batched, soon
from tests.ports.peers import SOAP, TRYTON, SoapPeer, TrytonPeer
from tests.support.erp_simulator import book_receipts
from tests.support.tryton_books import books
from tests.support.tryton_world import BARE_COUNT, TENANTS, TODAY, bare_code


@dataclass(frozen=True, slots=True)
class LedgerCase:
    """A ledger with what its peer's own books say of each account, in signed cents.

    `stored` is the balance as it was struck; `booked` the sum of all entries, for a hundred or so; `recently` is a
    day before which most entries lie.
    """

    batch: BatchCase
    ledger: LedgerPort
    stored: Mapping[str, int]
    booked: Mapping[str, int]
    recently: date


def soap_ledger(soap: SoapPeer) -> LedgerCase:
    """The ledger of IMMO-GEST, without the accounts whose balance it cannot write."""
    rows = [row for row in soap.truth("comptes") if row["cas"] != "unreadable-amount"]
    batch = BatchCase(
        peer=soap.peer,
        source=SourceSystem.RENT_ERP,
        ask=_no_question,
        known=[row["numero"] for row in rows],
        unknown=lambda number: f"{9_000_000 + number}",
        keys_per_call=200,
    )
    return LedgerCase(
        batch,
        SoapLedger(soap.erp),
        stored={row["numero"]: row["solde_stocke"] for row in rows},
        booked={row["numero"]: row["lignes"] for row in rows[:100]},
        recently=date(2025, 9, 1),
    )


def tryton_ledger(over_tryton: TrytonPeer) -> LedgerCase:
    """The ledger of Tryton, of the tenants with a story and of those without a single line.

    Who is party to a lease without holding it has no account.
    """
    told = {tenant.code: 0 for tenant in TENANTS if tenant.role}
    bare = {bare_code(number): 0 for number in range(1, BARE_COUNT + 1)}
    booked = {code: int(it.total * 100) for code, it in books(over_tryton.tryton, today=TODAY).items()}
    totals = {**told, **bare, **booked}
    batch = BatchCase(
        peer=over_tryton.peer,
        source=SourceSystem.RENT_ERP,
        ask=_no_question,
        known=list(totals),
        unknown=lambda number: f"{9_000_000 + number}",
        keys_per_call=500,
        calls_per_chunk=2,  # accounts without a line have to be asked for among the parties
    )
    return LedgerCase(
        batch,
        TrytonLedger(over_tryton.client),
        stored=totals,
        booked={code: totals[code] for code in told},
        recently=date(2026, 9, 26),
    )


async def _no_question(keys: Sequence[str], deadline: Deadline) -> Batched:
    raise NotImplementedError


@pytest.fixture(params=[SOAP, TRYTON])
def of_peer(request: pytest.FixtureRequest) -> LedgerCase:
    """The ledger over each peer."""
    peer = request.getfixturevalue(request.param)
    return soap_ledger(peer) if isinstance(peer, SoapPeer) else tryton_ledger(peer)


class TestBalances(BatchContract):
    """Balances are a batch like any other, and exact."""

    @pytest.fixture
    def case(self, of_peer: LedgerCase) -> BatchCase:
        """The batch of balances."""

        async def ask(keys: Sequence[str], deadline: Deadline) -> Batched:
            return await of_peer.ledger.balances([AccountId(key) for key in keys], deadline=deadline)

        return replace(of_peer.batch, ask=ask)

    async def test_every_balance_is_what_the_books_say(self, of_peer: LedgerCase) -> None:
        """To the cent, for everybody."""
        accounts = [AccountId(key) for key in of_peer.stored]

        found = await of_peer.ledger.balances(accounts, deadline=soon())

        read = {key: answer.value.total.cents for key, answer in found.items() if isinstance(answer, Seen)}
        assert read == of_peer.stored

    async def test_nothing_overdue_is_negative(self, of_peer: LedgerCase) -> None:
        """Who paid ahead owes nothing, not less than nothing."""
        accounts = [AccountId(key) for key in of_peer.stored]

        found = await of_peer.ledger.balances(accounts, deadline=soon())

        overdue = [answer.value.overdue.cents for answer in found.values() if isinstance(answer, Seen)]
        assert len(overdue) == len(accounts)
        assert min(overdue) == 0 < max(overdue)


class TestEntries(BatchContract):
    """Entries are a batch too, and complete."""

    @pytest.fixture
    def case(self, of_peer: LedgerCase) -> BatchCase:
        """The batch of recent entries."""

        async def ask(keys: Sequence[str], deadline: Deadline) -> Batched:
            accounts = [AccountId(key) for key in keys]
            ledger, since = of_peer.ledger, of_peer.recently
            return await ledger.entries(accounts, since=since, until=None, deadline=deadline)

        return replace(of_peer.batch, ask=ask)

    async def test_entries_add_up_to_what_the_books_say(self, of_peer: LedgerCase) -> None:
        """For everybody, from the first entry to the last."""
        extracts = await _extracts(of_peer, since=None, until=None)

        assert {key: total(it.signed for it in of.entries).cents for key, of in extracts.items()} == of_peer.booked
        assert {of.opening.cents for of in extracts.values()} == {0}

    async def test_a_range_holds_the_entries_of_its_days_and_the_balance_before_them(self, of_peer: LedgerCase) -> None:
        """Two ranges that meet are the whole, nothing twice and nothing lost."""
        day = of_peer.recently
        whole = await _extracts(of_peer, since=None, until=None)
        before = await _extracts(of_peer, since=None, until=day - timedelta(days=1))
        after = await _extracts(of_peer, since=day, until=None)

        assert any(of.entries for of in before.values())
        assert any(of.entries for of in after.values())
        for key, of in whole.items():
            assert before[key].entries + after[key].entries == of.entries
            assert after[key].opening == total(entry.signed for entry in before[key].entries)
            assert all(entry.value_on < day for entry in before[key].entries)

    async def test_entries_come_oldest_first_and_once(self, of_peer: LedgerCase) -> None:
        """By their value date."""
        for of in (await _extracts(of_peer, since=None, until=None)).values():
            days = [entry.value_on for entry in of.entries]
            assert days == sorted(days)
            assert len({entry.id for entry in of.entries}) == len(of.entries)

    async def test_a_single_day_is_a_range(self, of_peer: LedgerCase) -> None:
        """Both ends count."""
        whole = await _extracts(of_peer, since=None, until=None)
        key, day = next((key, of.entries[-1].value_on) for key, of in whole.items() if of.entries)

        one = (await _extracts(of_peer, since=day, until=day))[key]

        assert one.entries == tuple(entry for entry in whole[key].entries if entry.value_on == day)

    async def test_a_range_without_entries_has_the_whole_balance_before_it(self, of_peer: LedgerCase) -> None:
        """An account is known without an entry in the range."""
        extracts = await _extracts(of_peer, since=date(2090, 1, 1), until=None)

        assert {key: of.opening.cents for key, of in extracts.items()} == of_peer.booked
        assert not any(of.entries for of in extracts.values())


async def _extracts(of_peer: LedgerCase, *, since: date | None, until: date | None) -> dict[str, LedgerExtract]:
    accounts = [AccountId(key) for key in of_peer.booked]
    found = await of_peer.ledger.entries(accounts, since=since, until=until, deadline=Deadline.after(60))
    return {key: answer.value for key, answer in found.items() if isinstance(answer, Seen)}


@pytest.mark.servers
@pytest.mark.xdist_group("immo-gest")
async def test_a_balance_that_the_erp_cannot_write_fails_alone(soap: SoapPeer) -> None:
    """The account's neighbours are answered; it is not zero."""
    rows = soap.truth("comptes")
    (bad,) = (AccountId(row["numero"]) for row in rows if row["cas"] == "unreadable-amount")
    accounts = [AccountId(row["numero"]) for row in rows]

    found = await SoapLedger(soap.erp).balances(accounts, deadline=soon())

    failed = found[bad]
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, UpstreamGarbledError)
    assert failed.error.field == "SOLDE_STOCKE"
    assert sum(isinstance(answer, Seen) for answer in found.values()) == len(accounts) - 1


@pytest.mark.servers
@pytest.mark.xdist_group("immo-gest")
async def test_an_account_with_more_entries_than_the_erp_gives_at_once_is_complete(soap: SoapPeer) -> None:
    """Five hundred in a first answer that says « SUITE », the older ones in a second one."""
    oldest = min(soap.truth("contrats"), key=lambda row: (row["dat_effet"], row["numero"]))
    account = AccountId(oldest["compte"])
    book_receipts(soap.simulator, account, count=320)
    (booked,) = (row["lignes"] for row in soap.truth("comptes") if row["numero"] == account)
    before = soap.peer.calls()

    found = await SoapLedger(soap.erp).entries([account], since=None, until=None, deadline=soon())

    extract = found[account]
    assert isinstance(extract, Seen)
    assert 500 < len(extract.value.entries) < 1_000
    assert total(entry.signed for entry in extract.value.entries).cents == booked
    assert soap.peer.calls() - before == 2
