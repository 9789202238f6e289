"""The monthly billing run: the next notice of every running account."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.demo.control.simulator import Simulator, running_simulator
from tests.demo.erp import wire
from tests.demo.erp.clients import Caller
from tests.demo.erp.conftest import MORNING, Starter, caller_of, options
from tests.demo.erp.entries import create, line, validate

pytestmark = pytest.mark.servers

PLAIN, ENDED = "0012000", "0012008"


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """An ERP whose months go by from test to test."""
    folder = tmp_path_factory.mktemp("billed")
    command = options(folder / "data", households=120)
    with running_simulator("gateway.demo.erp", *command, log=folder / "log") as simulator:
        simulator.calm(MORNING)
        yield simulator


@pytest.fixture(scope="module")
def reader(billed: Simulator) -> Iterator[Caller]:
    """A foreign client of that ERP."""
    caller = caller_of(billed)
    yield caller
    caller.client.transport.session.close()


def _notices(erp: Simulator) -> Counter[str]:
    return Counter(row["numero_compte"] for row in erp.get("truth/avis"))


def _next(period: str) -> str:
    year, month = int(period[:4]), int(period[4:])
    return f"{year + month // 12}{month % 12 + 1:02d}"


def test_it_issues_one_notice_for_each_running_account(billed: Simulator) -> None:
    """Ended and upcoming leases are left alone, and so are those whose state nobody knows."""
    before = _notices(billed)
    running = {row["compte"] for row in billed.get("truth/contrats") if row["etat"] in {"EC", "PR"}}

    answer = billed.post("quittancement").json()

    issued = _notices(billed) - before
    assert set(issued) == running & set(before)
    assert (set(issued.values()), answer["notices"]) == ({1}, len(issued))
    assert ENDED not in issued


def test_the_new_notice_continues_the_account(billed: Simulator, reader: Caller) -> None:
    """It brings the balance forward, adds the month up and falls due on the tenth of the next month."""
    (account,) = reader.rows("LireEcritures", NumCompte=[PLAIN])
    balance = wire.cents(account.solde_cloture, account.sens_cloture)

    billed.post("quittancement").raise_for_status()

    (notices,) = reader.rows("LireAvis", NumCompte=[PLAIN], NbMois=2)
    new, last = notices.avis
    due_on = f"{_next(new.periode)}10"
    assert new.periode == _next(last.periode)
    assert (new.num_avis, new.etat) == (f"AE000000{new.periode[2:]}01", "E")
    assert (new.dat_emission, new.dat_echeance, new.dat_prelevement) == ("20260316", due_on, due_on)
    assert wire.cents(new.solde_anterieur, new.sens_anterieur) == balance
    total = sum(wire.cents(one.montant, one.sens) for one in new.ligne)
    assert wire.cents(new.total_mois, new.sens_total) == total > 0
    assert wire.cents(new.net_a_payer, new.sens_net) == balance + total


def test_its_lines_are_in_the_account_and_not_due_yet(billed: Simulator, reader: Caller) -> None:
    """The balance counts them after the arrêté, the due part does not."""
    billed.post("quittancement").raise_for_status()
    billed.post("arrete").raise_for_status()

    (account,) = reader.rows("LireEcritures", NumCompte=[PLAIN], DateDebut="20260316")
    (balance,) = reader.rows("LireSoldes", NumCompte=[PLAIN])

    movement = sum(wire.cents(row.montant, row.sens) for row in account.ecriture)
    stored = wire.cents(balance.solde_stocke, balance.sens_stocke)
    due = wire.cents(balance.solde_exigible, balance.sens_exigible)
    assert {row.dat_valeur for row in account.ecriture} == {"20260316"}
    assert stored - due == movement > 0
    assert balance.dat_echeance == f"{_next(min(row.periode for row in account.ecriture))}10"


def test_a_notice_is_due_the_day_after_its_due_date(billed: Simulator, reader: Caller) -> None:
    """On the day itself it can still be paid in time."""
    billed.post("quittancement").raise_for_status()
    billed.post("arrete").raise_for_status()
    (notices,) = reader.rows("LireAvis", NumCompte=[PLAIN], NbMois=1)
    (newest,) = notices.avis
    due_on = f"{newest.dat_echeance[:4]}-{newest.dat_echeance[4:6]}-{newest.dat_echeance[6:]}"

    billed.set_clock(f"{due_on}T10:00:00+02:00")
    reader.open_session()
    (on_the_day,) = reader.rows("LireSoldes", NumCompte=[PLAIN])
    billed.set_clock(f"{due_on[:-2]}{int(due_on[-2:]) + 1}T10:00:00+02:00")
    reader.open_session()
    (the_day_after,) = reader.rows("LireSoldes", NumCompte=[PLAIN])
    billed.calm(MORNING)
    reader.open_session()

    month = wire.cents(newest.total_mois, newest.sens_total)
    due = [wire.cents(row.solde_exigible, row.sens_exigible) for row in (on_the_day, the_day_after)]
    assert due[1] - due[0] == month > 0
    assert (on_the_day.dat_echeance, the_day_after.dat_echeance) == (newest.dat_echeance, "00000000")


def test_who_has_paid_ahead_has_no_next_due_date(billed: Simulator, reader: Caller) -> None:
    """The notice is not due yet, and nothing will be."""
    billed.post("quittancement").raise_for_status()
    entry = [line("512100", "D", 9_000_000), line("411000", "C", 9_000_000)]
    validate(reader, create(reader, Ligne=entry))
    billed.post("arrete").raise_for_status()

    (balance,) = reader.rows("LireSoldes", NumCompte=[PLAIN])

    assert (balance.sens_stocke, balance.sens_exigible, balance.dat_echeance) == ("C", "C", "00000000")
    assert int(balance.solde_exigible) > int(balance.solde_stocke)


def test_a_year_of_billing_goes_over_its_end(billed: Simulator, reader: Caller) -> None:
    """December is followed by January."""
    for _ in range(12):
        billed.post("quittancement").raise_for_status()

    (notices,) = reader.rows("LireAvis", NumCompte=[PLAIN], NbMois=13)

    periods = [row.periode for row in reversed(notices.avis)]
    assert periods[1:] == [_next(period) for period in periods[:-1]]
    assert {"202612", "202701"} <= set(periods)


def test_a_lease_in_advance_falls_due_on_the_fifth_of_its_month(billed: Simulator) -> None:
    """The others on the tenth of the next."""
    billed.post("quittancement").raise_for_status()
    newest = {row["numero_compte"]: row for row in billed.get("truth/avis") if row["dat_emission"] == 20260316}

    in_advance = {number for number, row in newest.items() if row["dat_echeance"] == row["periode"] * 100 + 5}
    in_arrears = {
        number for number, row in newest.items() if row["dat_echeance"] == int(_next(str(row["periode"]))) * 100 + 10
    }

    assert in_advance | in_arrears == set(newest)
    assert 1 <= len(in_advance) < len(in_arrears)


def test_without_running_leases_nothing_is_billed(start: Starter) -> None:
    """Books without any household."""
    assert start(households=0).post("quittancement").json() == {"notices": 0, "period": 0}
