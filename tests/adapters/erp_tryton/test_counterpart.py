"""The real Tryton of the tests: its books are the invented ones, and it leaves nothing behind."""

import re
import sys
from decimal import Decimal
from pathlib import Path

import httpx

from tests.support import processes
from tests.support.tryton import Tryton
from tests.support.tryton_books import Booked, books
from tests.support.tryton_world import BARE_COUNT, TENANTS, TODAY, bare_code, notices_in_order

_PIDS = re.compile(r"^pids (\d+) (\d+)\n", re.MULTILINE)
_PARENT = """
import sys, time
from pathlib import Path
from tests.support.tryton import running_tryton
with running_tryton(Path(sys.argv[1])) as tryton:
    print("pids", *tryton.pids(), flush=True)
    time.sleep(600)
"""


def test_its_books_hold_what_the_invented_tenants_owe(tryton: Tryton) -> None:
    """The figures that the adapter is compared with, read by SQL from Tryton's own tables."""
    found = books(tryton, today=TODAY)

    assert {code: (str(it.total), str(it.due)) for code, it in found.items()} == {
        "4120001": ("525.07", "0"),
        "4120002": ("386.81", "0"),
        "4120004": ("-100.00", "-100.00"),
        "4120005": ("1081.56", "1081.56"),
        "4120006": ("0.00", "-437.60"),
        "4120007": ("312.34", "312.34"),
        "4120008": ("412.37", "412.37"),
        "4120009": ("687.51", "52.13"),
        "4120010": ("513.32", "513.32"),
        "4120011": ("1200.00", "1200.00"),
        "4120012": ("0.00", "0"),
        "4120014": ("450.04", "0"),
        "4120015": ("800.02", "400.01"),
        "4120019": ("350.50", "0"),
        "4120020": ("315.00", "15.00"),
    }
    assert found["4120011"] == Booked(Decimal("1200.00"), Decimal("1200.00"), Decimal("600.00"))


def test_tryton_itself_counts_drafts_as_owed(tryton: Tryton) -> None:
    """A draft payment of 7 € lowers Tryton's `receivable`, although nothing is posted: we must not read that."""
    with tryton.rpc() as rpc:
        answer = rpc.call("model.party.party.search_read", [["code", "=", "4120008"]], 0, None, None, ["receivable"])

    assert answer[0]["receivable"] == {"__class__": "Decimal", "decimal": "405.37"}
    assert books(tryton, today=TODAY)["4120008"].total == Decimal("412.37")


def test_it_is_the_tryton_that_the_lock_names_on_a_real_postgresql(tryton: Tryton) -> None:
    """No stand-in: the server says its version, and so does its database."""
    version = httpx.post(f"{tryton.url}/rpc/", json={"id": 1, "method": "common.server.version", "params": []}).json()

    assert version["result"] == "8.2"
    assert str(tryton.ask("SHOW server_version_num"))[:2] in {"15", "16", "17", "18"}


def test_everything_invented_is_in_it(tryton: Tryton) -> None:
    """Twenty-odd tenants with their notices, and a thousand without any."""
    codes = [*(tenant.code for tenant in TENANTS), *(bare_code(number) for number in range(1, BARE_COUNT + 1))]

    with tryton.rpc() as rpc:
        found = rpc.ids_by("party.party", "code")

    assert found.keys() == {*codes, "BAILLEUR"}
    issued = tryton.ask("SELECT count(*) FROM account_invoice WHERE reference <> ''")
    assert issued == len(notices_in_order())


def test_it_answers_at_the_same_address_after_a_restart(tryton: Tryton) -> None:
    """A client that knew it before need not look for it."""
    before = tryton.url

    tryton.restart()

    assert tryton.url == before
    with tryton.rpc() as rpc:
        assert rpc.find("party.party", ["code", "=", "4120001"])


def test_it_dies_with_a_killed_test_run(tryton: Tryton, tmp_path: Path) -> None:
    """SIGKILL of the test run leaves neither Tryton nor its PostgreSQL behind."""
    parent = processes.start([sys.executable, "-c", _PARENT, str(tmp_path)], log=tmp_path / "log")
    parent.wait_until(lambda: _PIDS.search(parent.log.read_text()) is not None, seconds=60)
    found = _PIDS.search(parent.log.read_text())
    assert found
    pids = [int(pid) for pid in found.groups()]
    assert [processes.is_running(pid) for pid in pids] == [True, True]

    parent.process.kill()
    parent.process.wait()

    processes.wait_until(lambda: not any(map(processes.is_running, pids)), seconds=10)
