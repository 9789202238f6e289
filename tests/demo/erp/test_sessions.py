"""Tokens live twenty minutes of the simulator's own time, and die with it."""

import pytest

from tests.demo.control.simulator import Simulator
from tests.demo.erp.clients import PASSWORD, USER, Caller

pytestmark = pytest.mark.servers


def _code(caller: Caller, token: str | None = None) -> str:
    return str(caller.raw("LireSoldes", Jeton=token or caller.token, NumCompte=["0012000"]).CodeRetour)


def test_a_token_is_good_for_twenty_minutes(erp: Simulator, caller: Caller) -> None:
    """Not one second longer, however much it was used; using it does not prolong it."""
    answer = caller.raw("OuvrirSession", Utilisateur=USER, MotDePasse=PASSWORD)

    erp.set_clock("2026-03-16T10:39:50+01:00")
    before = _code(caller, answer.Jeton)
    erp.set_clock("2026-03-16T10:40:30+01:00")

    assert (answer.DureeMinutes, before, _code(caller, answer.Jeton)) == (20, "OK", "SESSION_INVALIDE")


def test_a_dead_token_stays_dead(erp: Simulator, caller: Caller) -> None:
    """Even if the clock goes back."""
    erp.set_clock("2026-03-16T10:59:00+01:00")
    assert _code(caller) == "SESSION_INVALIDE"

    erp.set_clock("2026-03-16T10:21:00+01:00")

    assert _code(caller) == "SESSION_INVALIDE"


def test_a_restart_forgets_every_token(erp: Simulator, caller: Caller) -> None:
    """New ones can be had at once."""
    erp.client.post(f"{erp.control}/__sim/restart-sessions").raise_for_status()
    refused = caller.ask("LireSoldes", NumCompte=["0012000"])
    caller.open_session()

    assert (refused.CodeRetour, refused.LibErreur) == ("SESSION_INVALIDE", "Session inconnue ou expirée")
    assert (refused.Horodatage[:8], refused.Solde) == ("20260316", [])
    assert _code(caller) == "OK"


def test_a_closed_session_is_closed(caller: Caller) -> None:
    """The token is good for nothing any more, not even for closing it again."""
    assert caller.ask("FermerSession").CodeRetour == "OK"

    assert caller.ask("FermerSession").CodeRetour == "SESSION_INVALIDE"


def test_many_tokens_may_be_open(caller: Caller) -> None:
    """One does not replace the other."""
    first = caller.token
    caller.open_session()

    assert (_code(caller, first), _code(caller)) == ("OK", "OK")


@pytest.mark.parametrize(("user", "password"), [(USER, "wrong"), ("WRONG", PASSWORD), ("", "")])
def test_a_wrong_password_opens_nothing(caller: Caller, user: str, password: str) -> None:
    """Refused in band, without a token."""
    answer = caller.raw("OuvrirSession", Utilisateur=user, MotDePasse=password)

    assert (answer.CodeRetour, answer.Jeton) == ("IDENTIFIANTS_INVALIDES", None)


def test_every_operation_but_one_needs_a_token(caller: Caller) -> None:
    """An invented one is refused."""
    assert _code(caller, "0" * 32) == "SESSION_INVALIDE"
