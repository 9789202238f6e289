"""Prints what a request costs by how its document comes: by its hash, as a text seen before, as a text never seen."""

import asyncio
from collections.abc import Iterator, Mapping
from itertools import count, repeat

import orjson

from gateway.schema.reading import sha256_of
from tests.benchmarks.demo import Bench
from tests.benchmarks.load import Measured, Operation, drive, text_of
from tests.support.client import question

NAMES = ("web_home", "tiny")
_KERNEL_MS = 10.0
"""The kernel counts processor time in steps of this."""


def measure_documents(bench: Bench, *, rounds: int, requests: int) -> None:
    """Rounds alternate between the ways: what changes meanwhile on the machine changes all of them."""
    print(f"{'document':<12}" + "".join(f"{way:>14}" for way in ("by hash, ms", "remembered, ms", "new, ms")))
    for name in NAMES:
        ways = [Operation(way, bench.token(), bodies) for way, bodies in _ways(text_of(name)).items()]
        measured: list[list[Measured]] = [[] for _ in ways]
        for _ in range(rounds):
            for found, operation in zip(measured, ways, strict=True):
                found.append(asyncio.run(drive(bench, operation, requests=requests)))
        costs = [Measured.median(found).cpu_ms for found in measured]
        least = max(costs[0], _KERNEL_MS / requests)
        told = "".join(f"{cost:>14.2f}" for cost in costs)
        print(f"{name:<12}{told}   1 : {costs[1] / least:.2f} : {costs[2] / least:.2f}", flush=True)


def _ways(text: str) -> Mapping[str, Iterator[bytes]]:
    """Bodies by how the document comes. With a comment before it, a text is not the one that is registered."""
    return {
        "by hash": repeat(orjson.dumps({"documentId": f"sha256:{sha256_of(text)}"})),
        "remembered": repeat(orjson.dumps(question(f"# remembered\n{text}", {}))),
        "new": (orjson.dumps(question(f"# new {number}\n{text}", {})) for number in count()),
    }
