"""The books outlive the process, and are the same for the same seed."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.demo.erp.contract import PATH
from gateway.demo.erp.store.database import open_database
from gateway.demo.erp.store.loading import Origin
from gateway.demo.erp.store.transaction import transaction
from tests.demo.control.simulator import Simulator, running_simulator
from tests.demo.erp.clients import Caller, envelope, send
from tests.demo.erp.conftest import DAY, MORNING, TOWN, Starter, caller_of, options
from tests.demo.erp.entries import ACCOUNT, create, validate
from tests.support import processes


@pytest.mark.servers
def test_what_was_validated_is_there_after_a_restart(tmp_path: Path) -> None:
    """Also what was provisional; tokens are not."""
    command = options(tmp_path / "data", households=3)
    with running_simulator("gateway.demo.erp", *command, log=tmp_path / "first") as erp:
        erp.calm(MORNING)
        first = caller_of(erp)
        provisional, piece = create(first), validate(first, create(first))
        truth = erp.get(f"truth/ecritures?key={ACCOUNT}")
        erp.child.process.kill()
        first.client.transport.session.close()

    with running_simulator("gateway.demo.erp", *command, log=tmp_path / "second") as erp:
        erp.calm(MORNING)
        second = caller_of(erp)
        found = second.rows("RechercherEncaissement", Reference=["PAY-1"])
        old_token = second.raw("LireSoldes", Jeton=first.token, NumCompte=[ACCOUNT]).CodeRetour
        second.client.transport.session.close()

        assert erp.get(f"truth/ecritures?key={ACCOUNT}") == truth
        assert (found[0].num_piece_provisoire.strip(), found[0].num_piece.strip()) == (provisional, "")
        assert found[1].num_piece.strip() == piece
        assert old_token == "SESSION_INVALIDE"


@pytest.mark.servers
def test_the_same_seed_gives_the_same_bytes(start: Starter, own: Simulator, own_caller: Caller) -> None:
    """Two ERPs that never met answer alike, but for the token and the second."""
    other = start(data="other")
    other_caller = caller_of(other)
    accounts = "".join(f"<NumCompte>{12000 + number:07d}</NumCompte>" for number in range(30))

    for operation, parameters in (("LireEcritures", ""), ("LireAvis", "<NbMois>60</NbMois>")):
        answers = [
            send(erp, envelope(operation, f"<Jeton>{caller.token}</Jeton>{accounts}{parameters}")).content
            for erp, caller in ((own, own_caller), (other, other_caller))
        ]
        without_time = [answer.partition(b"</Horodatage>")[2] for answer in answers]
        assert without_time[0] == without_time[1] != b""
    other_caller.client.transport.session.close()


@pytest.mark.servers
def test_other_books_are_not_taken_for_these(tmp_path: Path) -> None:
    """A folder made from another seed stops the start with a sentence."""
    open_database(tmp_path, Origin(seed=58, households=2, today=DAY)).close()

    ended = subprocess.run(
        [sys.executable, "-m", "gateway.demo.erp", *options(tmp_path, households=2)],
        capture_output=True,
        check=False,
        text=True,
        timeout=30,
        cwd=processes.ROOT,
    )

    assert (ended.returncode, ended.stdout) == (1, "")
    assert "holds 2 households of seed 58, not 2 of seed 57: give another --data" in ended.stderr


def test_the_books_are_the_same_on_a_later_day(tmp_path: Path) -> None:
    """They are made once; the next morning they are opened, not made again."""
    made = open_database(tmp_path, Origin(seed=57, households=2, today=DAY))
    before = list(made.iterdump())
    made.close()

    opened = open_database(tmp_path, Origin(seed=57, households=2, today=DAY.replace(day=17)))

    assert list(opened.iterdump()) == before
    opened.close()


def test_an_interrupted_first_start_leaves_no_books(tmp_path: Path) -> None:
    """What it had begun is thrown away by the next one."""
    (tmp_path / "immo-gest.loading").write_bytes(b"half a file")

    database = open_database(tmp_path, Origin(seed=57, households=2, today=DAY))

    assert database.execute("SELECT count(*) FROM compte").fetchone() == (2,)
    assert {path.suffix for path in tmp_path.iterdir()} >= {".sqlite3"}
    assert not (tmp_path / "immo-gest.loading").exists()
    database.close()


def test_a_transaction_is_undone_when_it_fails(tmp_path: Path) -> None:
    """All or nothing."""
    database = open_database(tmp_path, Origin(seed=57, households=1, today=DAY))

    def change_then_fail() -> None:
        with transaction(database):
            database.execute("UPDATE compte SET ecart = 999")
            database.execute("INSERT INTO compte SELECT * FROM compte")

    with pytest.raises(sqlite3.IntegrityError):
        change_then_fail()

    assert database.execute("SELECT ecart FROM compte").fetchone() == (0,)
    database.close()


@pytest.mark.servers
def test_many_households_are_made_by_several_processes(town: Simulator, erp: Simulator) -> None:
    """The same ones in the same order as by a single process."""
    few, many = erp.get("truth/ecritures"), town.get("truth/comptes")

    assert [row["numero"] for row in many] == [f"{12000 + number:07d}" for number in range(TOWN)]
    for number in ("0012000", "0012059"):
        shared = [row for row in few if row["numero_compte"] == number]
        assert town.get(f"truth/ecritures?key={number}") == shared != []


def test_the_endpoint_is_where_the_contract_says() -> None:
    """Callers configure the host, never the path."""
    assert PATH == "/immogest/services"
