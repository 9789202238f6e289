"""A closed loop of clients that ask one operation again and again."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

import orjson

from tests.benchmarks.demo import Bench
from tests.benchmarks.wire import Connection
from tests.support.client import question


@dataclass(frozen=True, slots=True)
class Operation:
    """What is asked: a document with its variables, by the holder of `token`."""

    name: str
    document: str
    token: str
    variables: dict[str, object]


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one operation: requests answered in each second, the gateway's processor time for one, and waiting times."""

    per_second: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float


async def drive(bench: Bench, operation: Operation, *, requests: int, clients: int = 8) -> Measured:
    """Asks `operation` `requests` times from `clients` connections; every answer must be whole."""
    waits: list[float] = []
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
    body = orjson.dumps(question(operation.document, operation.variables))
    headers = f"Content-Type: application/json\r\nAuthorization: Bearer {operation.token}\r\n"
    waits = []
    for _ in range(times):
        started = time.perf_counter()
        answer = await connection.post("/graphql", body, headers)
        waits.append((time.perf_counter() - started) * 1000)
        if b'"errors"' in answer:
            raise RuntimeError(answer.decode()[-500:])
    return waits


def _percentiles(waits: Sequence[float]) -> tuple[float, float]:
    hundredths = quantiles(waits, n=100)
    return hundredths[49], hundredths[98]
