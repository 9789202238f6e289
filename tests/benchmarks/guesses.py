"""What the others notice while somebody guesses at one account: waiting times over HTTP, before and meanwhile."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median, quantiles

import orjson

from tests.benchmarks.wire import Connection
from tests.support.client import document_of, question
from tests.support.gateway import RunningGateway, credentials_of

ATTACKED, READER, ARRIVING = "plain", "dwelling-and-garage", "works-late-entry"
_NAME = "{ viewer { account { accountReference } } }"
_JSON = "Content-Type: application/json\r\n"
_READING_EVERY_SECONDS, _ARRIVING_EVERY_SECONDS = 0.02, 0.1
_READERS, _GUESSERS = 4, 32


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long others waited, in milliseconds: the 99th percentile of readers, the median of those who signed in."""

    read_p99_ms: float
    sign_in_p50_ms: float


@dataclass(frozen=True, slots=True)
class Guessed:
    """Others' waiting without guesses and under them; how often the guesses had which answer, and in what time."""

    calm: Waiting
    meanwhile: Waiting
    answers: Mapping[str, int]
    seconds: float


async def measure_guesses(gateway: RunningGateway, *, guesses: int, calm_seconds: float) -> Guessed:
    """`guesses` at one account, 32 at a time, from an address that no limit holds back, after `calm_seconds`."""
    url, token = f"{gateway.url}/graphql", gateway.tenant(READER).token or ""
    calm_until = time.perf_counter() + calm_seconds
    calm = await _others(url, token, until=lambda: time.perf_counter() > calm_until)
    answers = Counter[str]()
    started = time.perf_counter()
    guessing = asyncio.create_task(_guess(url, answers, guesses))
    meanwhile = await _others(url, token, until=guessing.done)
    await guessing
    return Guessed(calm, meanwhile, answers, time.perf_counter() - started)


async def _guess(url: str, answers: Counter[str], guesses: int) -> None:
    left = iter(range(guesses))
    reference, _ = credentials_of(ATTACKED)

    async def keep_guessing() -> None:
        connection = await Connection.open(url)
        for number in left:
            answers[await _sign_in(connection, reference, f"Wrong-password-{number}")] += 1
        connection.close()

    await asyncio.gather(*(keep_guessing() for _ in range(_GUESSERS)))


async def _others(url: str, token: str, *, until: Callable[[], bool]) -> Waiting:
    """Readers at a steady pace, and one after the other who signs in, until there are enough of both."""
    reads, sign_ins = list[float](), list[float]()
    headers, body = f"{_JSON}Authorization: Bearer {token}\r\n", orjson.dumps(question(_NAME, {}))

    async def keep_reading() -> None:
        connection = await Connection.open(url)
        while not until() or len(reads) < 100:
            started = time.perf_counter()
            answer = await connection.post("/graphql", body, headers)
            reads.append((time.perf_counter() - started) * 1000)
            if b'"errors"' in answer:
                raise RuntimeError(answer.decode())
            await asyncio.sleep(_READING_EVERY_SECONDS)
        connection.close()

    async def keep_signing_in() -> None:
        connection = await Connection.open(url)
        while not until() or len(sign_ins) < 2:
            started = time.perf_counter()
            outcome = await _sign_in(connection, *credentials_of(ARRIVING))
            sign_ins.append((time.perf_counter() - started) * 1000)
            if outcome != "SignInSuccess":
                raise RuntimeError(outcome)
            await asyncio.sleep(_ARRIVING_EVERY_SECONDS)
        connection.close()

    await asyncio.gather(*(keep_reading() for _ in range(_READERS)), keep_signing_in())
    return Waiting(quantiles(reads, n=100)[98], median(sign_ins))


async def _sign_in(connection: Connection, reference: str, password: str) -> str:
    """How a sign-in ended: the type of the outcome."""
    given = {"accountReference": reference, "password": password, "channel": "MOBILE"}
    body = orjson.dumps(question(document_of("sign_in"), {"input": given}))
    outcome: str = orjson.loads(await connection.post("/graphql", body, _JSON))["data"]["signIn"]["__typename"]
    return outcome
