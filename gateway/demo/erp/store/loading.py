"""The first start: every household of the invented world becomes rows.

A few households are made here; many are made by two forked processes while this one writes.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection

from gateway.demo.erp.store.accounts import add_account, add_notices
from gateway.demo.erp.store.blemishes import Blemishes
from gateway.demo.erp.store.directory import add_directory
from gateway.demo.erp.store.homes import add_homes
from gateway.demo.erp.store.premises import add_meters, add_works
from gateway.demo.erp.store.rows import Rows
from gateway.demo.world import household, landlord

_CHUNK = 50
_PROCESSES = 2
_WORTH_FORKING = 8
"""Chunks; fewer are made sooner than processes start."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the books are made from."""

    seed: int
    households: int
    today: date


def load(database: sqlite3.Connection, origin: Origin) -> None:
    """Fill the empty tables; the caller commits."""
    directory = Rows()
    add_directory(directory, landlord(origin.today, dwellings=origin.households))
    directory.write(database)
    for rows in _all_rows(origin):
        rows.write(database)


def _all_rows(origin: Origin) -> Iterable[Rows]:
    chunks = range(0, origin.households, _CHUNK)
    if len(chunks) < _WORTH_FORKING:
        return (_chunk(origin, first) for first in chunks)
    return _made_elsewhere(origin, chunks)


def _chunk(origin: Origin, first: int) -> Rows:
    """The rows of up to fifty households."""
    rows = Rows()
    for index in range(first, min(first + _CHUNK, origin.households)):
        one = household(origin.seed, index, origin.today)
        blemishes = Blemishes(one, seed=origin.seed)
        for add in (add_homes, add_account, add_notices, add_meters, add_works):
            add(rows, one, blemishes)
    return rows


def _made_elsewhere(origin: Origin, chunks: Sequence[int]) -> Iterator[Rows]:
    """The same rows in the same order, each process making every second chunk."""
    forked = get_context("fork")
    readers = []
    for share in range(_PROCESSES):
        reader, writer = forked.Pipe(duplex=False)
        ends = (reader, writer)
        forked.Process(target=_send, args=(origin, chunks[share::_PROCESSES], ends), daemon=True).start()
        writer.close()
        readers.append(reader)
    for position in range(len(chunks)):
        yield readers[position % _PROCESSES].recv()


def _send(
    origin: Origin, chunks: Sequence[int], ends: tuple[Connection, Connection]
) -> None:  # pragma: no cover - runs in forked processes, which the measure does not follow
    """Make `chunks` and send their rows; should the writing process die, the broken pipe ends this one."""
    reader, writer = ends
    reader.close()
    for first in chunks:
        writer.send(_chunk(origin, first))
