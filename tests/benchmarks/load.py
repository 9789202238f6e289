"""A closed loop of clients that ask one operation again and again."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from statistics import median, quantiles

import orjson

from tests.benchmarks.demo import TINY, Bench
from tests.benchmarks.wire import Connection
from tests.support.client import document_of, question

_CLIENTS = 8
_VARIABLES: Mapping[str, Mapping[str, object]] = {"mobile_home": {"version": "4.2.0"}}


@dataclass(frozen=True, slots=True)
class Operation:
    """What is asked, one body after the other, by the holder of `token`."""

    name: str
    token: str
    bodies: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one operation: requests answered in each second, the gateway's processor time for one, and waiting times."""

    per_second: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float

    @classmethod
    def median(cls, rounds: Sequence["Measured"]) -> "Measured":
        """The median of each figure over the rounds."""
        return cls(
            median(one.per_second for one in rounds),
            median(one.cpu_ms for one in rounds),
            median(one.p50_ms for one in rounds),
            median(one.p99_ms for one in rounds),
        )


def text_of(name: str) -> str:
    """The document of an operation of our clients, or the tiny one."""
    return TINY if name == "tiny" else document_of(name)


def variables_of(name: str) -> Mapping[str, object]:
    """What is sent with it."""
    return _VARIABLES.get(name, {})


def by_text(name: str, bench: Bench) -> Operation:
    """An operation of our clients, or the tiny one, whose text is sent each time."""
    return Operation(name, bench.token(), repeat(orjson.dumps(question(text_of(name), variables_of(name)))))


async def drive(bench: Bench, operation: Operation, *, requests: int) -> Measured:
    """Asks `operation` `requests` times, two at least, from eight connections; every answer must be whole."""
    waits, clients = list[float](), min(_CLIENTS, requests)
    connections = [await Connection.open(bench.graphql) for _ in range(clients)]
    await asyncio.gather(*(_ask(one, operation, 2) for one in connections))
    before, started = bench.usage(), time.perf_counter()
    shares = [requests // clients] * clients
    for times in await asyncio.gather(
        *(_ask(one, operation, share) for one, share in zip(connections, shares, strict=True))
    ):
        waits += times
    took, used = time.perf_counter() - started, bench.usage().cpu_ms - before.cpu_ms
    for one in connections:
        one.close()
    return Measured(len(waits) / took, used / len(waits), *_percentiles(waits))


async def ask_once(bench: Bench, operation: Operation) -> None:
    """One request, its answer whole."""
    connection = await Connection.open(bench.graphql)
    await _ask(connection, operation, 1)
    connection.close()


async def _ask(connection: Connection, operation: Operation, times: int) -> list[float]:
    headers = f"Content-Type: application/json\r\nAuthorization: Bearer {operation.token}\r\n"
    waits = []
    for _ in range(times):
        body = next(operation.bodies)
        started = time.perf_counter()
        answer = await connection.post("/graphql", body, headers)
        waits.append((time.perf_counter() - started) * 1000)
        if b'"errors"' in answer:
            raise RuntimeError(answer.decode()[-500:])
    return waits


def _percentiles(waits: Sequence[float]) -> tuple[float, float]:
    hundredths = quantiles(waits, n=100)
    return hundredths[49], hundredths[98]
