"""The database file: filled from the invented world on the first start, the same books ever after."""

import sqlite3
from importlib.resources import files
from pathlib import Path

from gateway.demo.erp.formats import day_number
from gateway.demo.erp.store.loading import Origin, load

_HERE = files(__name__.rpartition(".")[0])
_NAME = "immo-gest.sqlite3"
_FIRST_NUMBER = 90_000_000_000
"""Vouchers that IMMO-GEST writes itself are numbered above all those it was filled with."""


class OtherBooksError(Exception):
    """The folder holds books made from another seed or number of households."""


def open_database(folder: Path, origin: Origin) -> sqlite3.Connection:
    """The books in `folder`, made from `origin` when there are none; raises OtherBooksError if they are others.

    Every statement commits by itself.
    """
    path = folder / _NAME
    if not path.exists():
        _make(path, origin)
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;")
    found = (int(parameter(database, "seed")), int(parameter(database, "households")))
    if found != (origin.seed, origin.households):
        raise OtherBooksError(
            f"{path} holds {found[1]} households of seed {found[0]}, not {origin.households} of seed "
            f"{origin.seed}: give another --data or remove it"
        )
    return database


def parameter(database: sqlite3.Connection, name: str) -> str:
    """A setting kept in the books themselves."""
    (value,) = database.execute("SELECT valeur FROM parametre WHERE nom = ?", (name,)).fetchone()
    return str(value)


def set_parameter(database: sqlite3.Connection, name: str, value: str | int) -> None:
    """Keep a setting in the books."""
    database.execute("INSERT OR REPLACE INTO parametre VALUES (?, ?)", (name, str(value)))


def _make(path: Path, origin: Origin) -> None:
    """Fill a new file beside and move it into place, so that a broken start leaves no half-filled books."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".loading")
    beside.unlink(missing_ok=True)
    database = sqlite3.connect(beside, isolation_level=None)
    database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192;")
    database.executescript(_script("schema.sql"))
    database.execute("BEGIN")
    load(database, origin)
    for name, value in _first_parameters(origin).items():
        set_parameter(database, name, value)
    database.execute("COMMIT")
    database.executescript(_script("indexes.sql"))
    database.close()
    beside.replace(path)


def _script(name: str) -> str:
    return _HERE.joinpath(name).read_text("utf-8")


def _first_parameters(origin: Origin) -> dict[str, int]:
    """The balances are struck at the first minute of the day: the world is told as it stands in the morning."""
    return {
        "seed": origin.seed,
        "households": origin.households,
        "arrete": day_number(origin.today) * 1_000_000,
        "numero_suivant": _FIRST_NUMBER,
    }
