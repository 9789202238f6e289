"""The nightly window: from 02:00 to 04:00 in Paris nobody is served."""

import pytest

from tests.demo.control.simulator import Simulator
from tests.demo.erp.clients import PASSWORD, USER, Caller

pytestmark = pytest.mark.servers


def _codes(caller: Caller) -> tuple[str, str]:
    opened = caller.raw("OuvrirSession", Utilisateur=USER, MotDePasse=PASSWORD)
    read = caller.raw("LireAgences", Jeton=opened.Jeton or "none")
    return opened.CodeRetour, read.CodeRetour


@pytest.mark.parametrize(
    ("instant", "code"),
    [
        ("2026-03-17T01:59:50+01:00", "OK"),
        ("2026-03-17T02:00:00+01:00", "BATCH_EN_COURS"),
        ("2026-03-17T03:59:50+01:00", "BATCH_EN_COURS"),
        ("2026-03-17T04:00:00+01:00", "OK"),
        ("2026-07-01T00:30:00+00:00", "BATCH_EN_COURS"),
        ("2026-07-01T02:30:00+00:00", "OK"),
    ],
)
def test_the_window_follows_the_clock_of_paris(erp: Simulator, caller: Caller, instant: str, code: str) -> None:
    """In winter and in summer; opening a session is refused too."""
    erp.set_clock(instant)

    assert _codes(caller) == (code, code)


def test_the_window_can_be_shut_off(erp: Simulator, caller: Caller) -> None:
    """For a demonstration at night."""
    erp.set_clock("2026-03-17T03:00:00+01:00")

    erp.post("batch", mode="off").raise_for_status()

    assert _codes(caller) == ("OK", "OK")


def test_the_batch_can_run_all_day(erp: Simulator, caller: Caller) -> None:
    """For a test of what the tenant then sees."""
    erp.post("batch", mode="on").raise_for_status()

    refused = caller.ask("LireAgences")

    assert (refused.CodeRetour, refused.Agence) == ("BATCH_EN_COURS", [])
    assert refused.LibErreur == "Traitement de nuit en cours, service fermé de 2 h à 4 h"


def test_another_mode_is_refused(erp: Simulator) -> None:
    """With a sentence."""
    answer = erp.post("batch", mode="sometimes")

    assert (answer.status_code, answer.json()["error"]) == (400, "Invalid enum value 'sometimes' - at `$.mode`")
