"""Prints what a thousand accounts' balances cost through the port, beside one call for each account."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gateway.adapters.erp_soap.client import Credentials, ErpClient
from gateway.adapters.erp_soap.ledger import SoapLedger
from gateway.adapters.upstream import Upstream
from gateway.demo.world.numbers import account_number
from gateway.domain.identifiers import AccountId
from gateway.ports.answers import Seen
from gateway.ports.deadline import Deadline
from tests.demo.control.simulator import Simulator, running_simulator

ACCOUNTS = 1_000


@dataclass(frozen=True, slots=True)
class Balances:
    """Calls and milliseconds for ACCOUNTS balances in one batch, and milliseconds for as many one by one (scaled)."""

    calls: int
    batch_ms: float
    one_by_one_ms: float


def measure_balances(folder: Path, *, alone: int) -> None:
    """Asks the ERP of a world of that many households; `alone` of them are read one by one."""
    command = ("--data", str(folder / "big"), "--households", str(ACCOUNTS), "--today", "2026-03-17", "--batch", "off")
    with running_simulator("gateway.demo.erp", *command, log=folder / "big.log") as erp:
        found = asyncio.run(_read_balances(erp, alone))
    ratio = found.one_by_one_ms / found.batch_ms
    print(
        f"{ACCOUNTS} balances through the port: {found.calls} calls, {found.batch_ms:.0f} ms; "
        f"one by one {ratio:.0f} times that"
    )


async def _read_balances(simulator: Simulator, alone: int) -> Balances:
    accounts = [AccountId(account_number(index)) for index in range(ACCOUNTS)]
    async with AsyncExitStack() as owned:
        erp = Upstream(simulator.url)
        owned.push_async_callback(erp.aclose)
        credentials = Credentials("PASSERELLE", "demo-immogest")
        ledger = SoapLedger(ErpClient(erp, credentials=credentials, now=lambda: datetime.now(UTC)))
        await _timed(ledger, accounts[:1])
        simulator.delete("journal")
        batch_ms = await _timed(ledger, accounts)
        calls = len(simulator.journal())
        alone_ms = [await _timed(ledger, [account]) for account in accounts[100 : 100 + alone]]
    return Balances(calls, batch_ms, sum(alone_ms) * ACCOUNTS / alone)


async def _timed(ledger: SoapLedger, accounts: list[AccountId]) -> float:
    started = time.perf_counter()
    answers = await ledger.balances(accounts, deadline=Deadline.after(60))
    took = (time.perf_counter() - started) * 1000
    read = sum(isinstance(answer, Seen) for answer in answers.values())
    if read < len(accounts) * 0.98:  # some amounts of this world cannot be read, on purpose
        raise RuntimeError(f"{read} of {len(accounts)} balances were read")
    return took
