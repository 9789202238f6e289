"""What the store has once told stays true: after a restart, on another day, for good."""

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gateway.demo.documents.archive import Archive
from gateway.demo.documents.catalogue import Catalogue, Origin
from tests.demo.control.simulator import running_simulator
from tests.demo.documents.conftest import options
from tests.demo.documents.store import NOON, Store, plain_identifier, plain_notice
from tests.demo.world.strategies import TODAY
from tests.support.processes import start

ORIGIN = Origin(seed=57, households=40, today=TODAY)


@pytest.mark.servers
def test_files_index_and_log_survive_a_restart(tmp_path: Path) -> None:
    """The same bytes, the same entry, and the downloads of before."""
    command = options(tmp_path / "data", households=40)
    with running_simulator("gateway.demo.documents", *command, log=tmp_path / "first") as simulator:
        simulator.calm(NOON)
        before = Store(simulator)
        entry, file = before.entry(plain_notice().number), before.get(plain_identifier())
        log = before.downloads()

    with running_simulator("gateway.demo.documents", *command, log=tmp_path / "second") as simulator:
        after = Store(simulator)
        assert after.entry(plain_notice().number) == entry
        assert after.downloads() == log
        again = after.get(plain_identifier())

    assert (again.content, again.headers["etag"]) == (file.content, file.headers["etag"])
    assert len(log) == 1


def test_a_file_is_drawn_once_and_kept(tmp_path: Path) -> None:
    """Whatever stands on the disk is given; a file is not drawn again."""
    archive = Archive.open(tmp_path, ORIGIN)
    filed = Catalogue(ORIGIN).find(plain_notice().number)
    assert filed is not None
    archive.file(filed)
    (kept,) = (tmp_path / "files").rglob("*.*")
    kept.write_bytes(b"%PDF-1.3 replaced")

    content = archive.content(filed)
    archive.close()

    assert content == b"%PDF-1.3 replaced"


def test_an_archive_of_another_day_keeps_its_day(tmp_path: Path) -> None:
    """Opened a month later, the folder still belongs to the world of the day it was made."""
    Archive.open(tmp_path, ORIGIN).close()

    archive = Archive.open(tmp_path, replace(ORIGIN, today=date(2026, 12, 28)))
    archive.close()

    assert archive.origin == ORIGIN


@pytest.mark.servers
def test_an_archive_of_another_world_is_refused(tmp_path: Path) -> None:
    """A folder made for another number of households is left alone, and the process says why it stops."""
    Archive.open(tmp_path / "data", ORIGIN).close()

    command = [sys.executable, "-m", "gateway.demo.documents", *options(tmp_path / "data", households=41)]
    refused = start(command, log=tmp_path / "log")

    assert refused.process.wait(60) == 1
    assert (tmp_path / "log").read_text() == (
        f"{tmp_path / 'data'} holds documents of 40 households of seed 57, not 41 of seed 57: "
        "give another --data or remove it\n"
    )
