"""The stored balance lags behind the lines until the hourly arrêté."""

import pytest

from tests.demo.control.simulator import Simulator
from tests.demo.erp import wire
from tests.demo.erp.clients import Caller
from tests.demo.erp.entries import ACCOUNT, create, validate

pytestmark = pytest.mark.servers


def _stored(caller: Caller) -> tuple[int, str]:
    caller.open_session()
    (row,) = caller.rows("LireSoldes", NumCompte=[ACCOUNT])
    return wire.cents(row.solde_stocke, row.sens_stocke), row.dat_arrete


def _of_lines(caller: Caller) -> int:
    (account,) = caller.rows("LireEcritures", NumCompte=[ACCOUNT])
    return wire.cents(account.solde_cloture, account.sens_cloture)


def test_the_stored_balance_lags_until_the_next_full_hour(own: Simulator, own_caller: Caller) -> None:
    """The lines show the receipt at once, the balance at eleven."""
    before = _stored(own_caller)
    validate(own_caller, create(own_caller))
    lines = _of_lines(own_caller)
    own.set_clock("2026-03-16T10:59:30+01:00")
    still = _stored(own_caller)
    own.set_clock("2026-03-16T11:00:00+01:00")

    assert before == still == (lines + 41_237, "20260316100000")
    assert _stored(own_caller) == (lines, "20260316110000")


def test_lines_entered_after_the_hour_wait_for_the_next(own: Simulator, own_caller: Caller) -> None:
    """Even if nobody asked for a balance in between."""
    before, _ = _stored(own_caller)
    own.set_clock("2026-03-16T10:59:00+01:00")
    own_caller.open_session()
    validate(own_caller, create(own_caller))
    own.set_clock("2026-03-16T11:01:00+01:00")
    own_caller.open_session()
    validate(own_caller, create(own_caller))

    at_eleven = _stored(own_caller)
    own.set_clock("2026-03-16T12:10:00+01:00")

    assert at_eleven == (before - 41_237, "20260316110000")
    assert _stored(own_caller) == (before - 2 * 41_237, "20260316120000")


def test_the_control_plane_strikes_when_asked(own: Simulator, own_caller: Caller) -> None:
    """At the minute, not at the hour."""
    before, _ = _stored(own_caller)
    validate(own_caller, create(own_caller))

    struck = own.post("arrete").json()["arrete"]

    assert _stored(own_caller) == (before - 41_237, str(struck))
    assert str(struck).startswith("202603161020")


def test_an_arrete_keeps_what_no_line_explains(own: Simulator, own_caller: Caller) -> None:
    """The difference of that household is still there afterwards."""
    (account,) = own.get("truth/comptes")[9:10]
    number = account["numero"]
    validate(own_caller, create(own_caller, NumCompte=number))

    own.post("arrete").raise_for_status()

    (after,) = own.get(f"truth/comptes?key={number}")
    assert account["cas"] == "unexplained-difference"
    assert after["solde_stocke"] - after["lignes"] == account["ecart"] != 0
    assert after["lignes"] == account["lignes"] - 41_237
