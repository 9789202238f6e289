"""IMMO-GEST as a separate process: six hundred invented households, the same for every run."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.demo.control.simulator import Simulator, running_simulator
from tests.support.processes import unmeasured

SEED, HOUSEHOLDS, TODAY = 57, 600, "2026-03-17"
MORNING = f"{TODAY}T10:30:00+01:00"
USER, PASSWORD = "PASSERELLE", "demo-immogest"


@pytest.fixture(scope="session")
def _immo_gest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    folder = tmp_path_factory.mktemp("immo-gest")
    numbers = ("--seed", str(SEED), "--households", str(HOUSEHOLDS), "--today", TODAY, "--batch", "off")
    command = ("--data", str(folder / "data"), *numbers)
    with ExitStack() as running:
        with unmeasured():
            simulator = running.enter_context(running_simulator("gateway.demo.erp", *command, log=folder / "log"))
        yield simulator


@pytest.fixture
def immo_gest(_immo_gest: Simulator) -> Simulator:
    """The ERP on a Tuesday morning, without faults, its journal empty."""
    _immo_gest.calm(MORNING)
    _immo_gest.post("batch", mode="off").raise_for_status()
    return _immo_gest


def truth(erp: Simulator, table: str) -> list[dict[str, Any]]:
    """Rows straight from the ERP's own books; amounts are signed cents."""
    rows: list[dict[str, Any]] = erp.get(f"truth/{table}")
    return rows


def book_receipts(erp: Simulator, account: str, *, count: int) -> None:
    """Give `account` that many receipts of one euro each, on different days of this month and the last one."""
    session = {"Utilisateur": USER, "MotDePasse": PASSWORD}
    token = _call(erp, "OuvrirSession", _fields(session), answer="Jeton")
    for number in range(count):
        day = f"20260{2 + number % 2}{1 + number // 2 % 16:02d}"
        head = {"Jeton": token, "NumCompte": account, "DateValeur": day, "Mode": "CB", "Reference": f"TEST-{number}"}
        legs = "".join(
            f"<Ligne>{_fields({'COMPTE_GENERAL': general, 'SENS': side, 'MONTANT': '0000000100'})}</Ligne>"
            for general, side in (("512100", "D"), ("411000", "C"))
        )
        draft = _call(erp, "CreerEncaissement", _fields(head) + legs, answer="NumPieceProvisoire")
        confirmed = _fields({"Jeton": token, "NumPieceProvisoire": draft})
        _call(erp, "ValiderEncaissement", confirmed, answer="NumPiece")


def _call(erp: Simulator, operation: str, content: str, *, answer: str) -> str:
    """The text of the field `answer` in what the ERP answers; it must not refuse."""
    body = f'<{operation} xmlns="urn:immo-gest:services:3">{content}</{operation}>'
    envelope = f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{body}</s:Body></s:Envelope>'
    reply = erp.client.post(f"{erp.url}/immogest/services", content=envelope, headers={"Content-Type": "text/xml"}).text
    assert "<CodeRetour>OK</CodeRetour>" in reply, reply
    return reply.partition(f"<{answer}>")[2].partition(f"</{answer}>")[0]


def _fields(values: dict[str, str]) -> str:
    return "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
