"""Receipts as the tests ask for them."""

from typing import Any

from tests.demo.erp.clients import Caller

ACCOUNT = "0012000"
"""The plain household."""


def line(general: str, sens: str, cents: int) -> dict[str, str]:
    """One line of an entry."""
    return {"COMPTE_GENERAL": general, "SENS": sens, "MONTANT": f"{cents:010d}"}


def receipt(**changed: Any) -> dict[str, Any]:
    """The parameters of CreerEncaissement for 412.37 € by card, with what is `changed`."""
    entry = [line("512100", "D", 41_237), line("411000", "C", 41_237)]
    usual = {"NumCompte": ACCOUNT, "DateValeur": "20260316", "Mode": "CB", "Reference": "PAY-1", "Ligne": entry}
    return usual | changed


def create(caller: Caller, **changed: Any) -> str:
    """The number of a new provisional voucher."""
    answer = caller.ask("CreerEncaissement", **receipt(**changed))
    assert answer.CodeRetour == "OK", answer.LibErreur
    return str(answer.NumPieceProvisoire)


def validate(caller: Caller, provisional: str) -> str:
    """The number of the voucher once it is in the books."""
    answer = caller.ask("ValiderEncaissement", NumPieceProvisoire=provisional)
    assert answer.CodeRetour == "OK", answer.LibErreur
    return str(answer.NumPiece)
