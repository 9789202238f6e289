"""Receipts: two steps, double entry, no idempotency whatever."""

from typing import Any

import pytest

from tests.demo.control.simulator import Simulator
from tests.demo.erp.clients import Caller
from tests.demo.erp.entries import ACCOUNT, create, line, receipt, validate

pytestmark = pytest.mark.servers


def _lines(erp: Simulator) -> int:
    (account,) = erp.get(f"truth/comptes?key={ACCOUNT}")
    return int(account["lignes"])


def test_a_provisional_voucher_has_no_effect(books: Simulator, clerk: Caller) -> None:
    """Neither on the balance nor on the lines."""
    before = books.get(f"truth/ecritures?key={ACCOUNT}")

    create(clerk)

    assert books.get(f"truth/ecritures?key={ACCOUNT}") == before


def test_a_validated_receipt_is_a_line_at_once(books: Simulator, clerk: Caller) -> None:
    """With the voucher's number, the reference in its label, and the money on the other side."""
    before, bank_before = _lines(books), _balance(books, "512100")

    piece = validate(clerk, create(clerk))

    (account,) = clerk.rows("LireEcritures", NumCompte=[ACCOUNT], NbMax=1)
    (newest,) = account.ecriture
    assert (newest.num_ecr.strip(), newest.sens, newest.montant) == (piece, "C", "0000041237")
    assert (newest.code, newest.mode, newest.dat_valeur) == ("ENC", "CB   ", "20260316")
    assert (newest.lib, newest.horodatage_saisie[:12]) == ("Encaissement PAY-1", "202603161020")
    assert (_lines(books), _balance(books, "512100")) == (before - 41_237, bank_before + 41_237)


def _balance(erp: Simulator, general: str) -> int:
    (account,) = erp.get(f"truth/balance?key={general}")
    return int(account["cents"])


def test_the_same_receipt_twice_is_two_receipts(books: Simulator, clerk: Caller) -> None:
    """IMMO-GEST does not look at the reference: the money is credited twice."""
    before = _lines(books)

    first, second = create(clerk), create(clerk)
    pieces = [validate(clerk, first), validate(clerk, second)]

    assert first != second
    assert len(set(pieces)) == 2
    assert _lines(books) == before - 2 * 41_237


def test_a_delivery_repeated_on_the_way_is_two_receipts(books: Simulator, clerk: Caller) -> None:
    """One request of the caller, two vouchers in the books."""
    books.order("duplicate_delivery", operation="CreerEncaissement", times=1)

    answered = create(clerk, Reference="ONCE")

    found = [row.num_piece_provisoire.strip() for row in clerk.rows("RechercherEncaissement", Reference=["ONCE"])]
    assert len(found) == 2
    assert found[1] == answered


def test_a_second_validation_is_refused_and_tells_the_number(books: Simulator, clerk: Caller) -> None:
    """Nothing is posted again."""
    provisional = create(clerk)
    piece = validate(clerk, provisional)
    before = _lines(books)

    again = clerk.ask("ValiderEncaissement", NumPieceProvisoire=provisional)

    assert (again.CodeRetour, again.NumPiece) == ("PIECE_DEJA_VALIDEE", piece)
    assert _lines(books) == before


def test_a_cancelled_voucher_can_be_neither_validated_nor_cancelled(books: Simulator, clerk: Caller) -> None:
    """And a validated one cannot be cancelled."""
    given_up, kept = create(clerk), create(clerk)
    before = _lines(books)
    assert clerk.ask("AnnulerEncaissement", NumPieceProvisoire=given_up).CodeRetour == "OK"
    validate(clerk, kept)

    def code(operation: str, number: str) -> str:
        return str(clerk.ask(operation, NumPieceProvisoire=number).CodeRetour)

    assert code("ValiderEncaissement", given_up) == "PIECE_ANNULEE"
    assert code("AnnulerEncaissement", given_up) == "PIECE_ANNULEE"
    assert code("AnnulerEncaissement", kept) == "PIECE_DEJA_VALIDEE"
    assert _lines(books) == before - 41_237


@pytest.mark.parametrize("number", ["P0000000099", "0000000001", "P1", ""])
def test_an_unknown_voucher_is_refused(erp: Simulator, caller: Caller, number: str) -> None:
    """Whatever is asked of it."""
    for operation in ("ValiderEncaissement", "AnnulerEncaissement"):
        assert caller.ask(operation, NumPieceProvisoire=number).CodeRetour == "PIECE_INCONNUE"


@pytest.mark.parametrize("reference", ["A&B", "a < b", "« é » > œ"])
def test_vouchers_are_found_by_their_reference(books: Simulator, clerk: Caller, reference: str) -> None:
    """All of them, in every state, oldest first; special characters survive."""
    first, second, third = (create(clerk, Reference=reference) for _ in range(3))
    piece = validate(clerk, second)
    clerk.ask("AnnulerEncaissement", NumPieceProvisoire=third)

    rows = clerk.rows("RechercherEncaissement", Reference=[reference, "other"])

    assert [(row.num_piece_provisoire, row.num_piece.strip(), row.etat) for row in rows] == [
        (f"{first:13}", "", "P"),
        (f"{second:13}", piece, "V"),
        (f"{third:13}", "", "X"),
    ]
    assert {(row.reference, row.num_compte, row.montant, row.dat_valeur, row.mode) for row in rows} == {
        (reference, f"{ACCOUNT:11}", "0000041237", "20260316", "CB   ")
    }
    (account,) = clerk.rows("LireEcritures", NumCompte=[ACCOUNT], NbMax=1)
    assert account.ecriture[0].lib == f"Encaissement {reference}"


def test_a_receipt_may_be_split_over_several_lines(books: Simulator, clerk: Caller) -> None:
    """The tenant is credited with the whole."""
    before = _lines(books)
    entry = [line("512100", "D", 30_000), line("530000", "D", 1_000), line("411000", "C", 31_000)]

    validate(clerk, create(clerk, Ligne=entry))

    assert _lines(books) == before - 31_000
    assert books.get("truth/desequilibres") == []


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("COMPTE_INCONNU", {"NumCompte": "12000"}),
    ("ECRITURE_DESEQUILIBREE", {"Ligne": [line("512100", "D", 41_236), line("411000", "C", 41_237)]}),
    ("ECRITURE_DESEQUILIBREE", {"Ligne": [line("411000", "C", 41_237)]}),
    ("ECRITURE_DESEQUILIBREE", {"Ligne": [line("512100", "D", 41_237)]}),
    ("PERIODE_CLOSE", {"DateValeur": "20260131"}),
    ("PERIODE_CLOSE", {"DateValeur": "20260317"}),
    ("PARAMETRE_INVALIDE", {"DateValeur": "20260229"}),
    ("PARAMETRE_INVALIDE", {"Mode": "TROC"}),
    ("PARAMETRE_INVALIDE", {"Reference": ""}),
    ("PARAMETRE_INVALIDE", {"Reference": "x" * 36}),
    ("PARAMETRE_INVALIDE", {"Ligne": [line("512100", "C", 41_237), line("411000", "D", 41_237)]}),
    ("PARAMETRE_INVALIDE", {"Ligne": [line("706100", "D", 41_237), line("411000", "C", 41_237)]}),
    ("PARAMETRE_INVALIDE", {"Ligne": [line("512100", "D", 0), line("411000", "C", 0)]}),
    ("PARAMETRE_INVALIDE", {"Ligne": [{"COMPTE_GENERAL": "411000", "SENS": "C", "MONTANT": "412,37"}]}),
    ("PARAMETRE_INVALIDE", {"Ligne": [{"COMPTE_GENERAL": "411000", "SENS": "C", "MONTANT": "41237"}]}),
]


@pytest.mark.parametrize(("code", "changed"), REFUSED)
def test_an_impossible_receipt_is_refused_in_band(
    erp: Simulator, caller: Caller, code: str, changed: dict[str, Any]
) -> None:
    """And leaves nothing behind."""
    answer = caller.ask("CreerEncaissement", **receipt(**changed))

    assert (answer.CodeRetour, answer.NumPieceProvisoire) == (code, None)
    assert erp.get("truth/encaissements") == []


@pytest.mark.parametrize("day", ["20260201", "20260316"])
def test_last_month_is_still_open(books: Simulator, clerk: Caller, day: str) -> None:
    """From its first day until today."""
    assert validate(clerk, create(clerk, DateValeur=day))


def test_a_period_may_close_before_validation(books: Simulator, clerk: Caller) -> None:
    """What was created in time is refused when it is validated too late."""
    provisional = create(clerk, DateValeur="20260228")
    books.set_clock("2026-04-01T10:00:00+02:00")
    clerk.open_session()
    before = _lines(books)

    refused = clerk.ask("ValiderEncaissement", NumPieceProvisoire=provisional)

    assert (refused.CodeRetour, _lines(books)) == ("PERIODE_CLOSE", before)
