"""Load that does not wait for answers: requests are sent when they are due, and their time counts from then.

A generator that sends the next request when the last was answered slows down with the server it measures, and so
never sees what people behind it would wait (“coordinated omission”).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Call:
    """A kind of request: its bytes, and how many of a hundred requests are of it."""

    name: str
    written: bytes
    share: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One request: its status, 0 for none; its code, if it was refused with one; seconds from when it was due."""

    name: str
    status: int
    code: str
    seconds: float


@dataclass(slots=True)
class Tally:
    """All outcomes of a run."""

    outcomes: list[Outcome] = field(default_factory=list)

    def of(self, name: str) -> list[Outcome]:
        """Those of one kind."""
        return [one for one in self.outcomes if one.name == name]

    def share_of_successes(self, name: str) -> float:
        """How many of that kind were answered with 200, from 0 to 1."""
        chosen = self.of(name)
        return sum(one.status == 200 for one in chosen) / len(chosen)

    def percentile(self, percent: float, *, status: int = 200) -> float:
        """Seconds within which so many percent of the answers with that status came; 0 if there are none."""
        seconds = sorted(one.seconds for one in self.outcomes if one.status == status)
        return seconds[min(len(seconds) - 1, int(len(seconds) * percent / 100))] if seconds else 0.0


def post(body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """A POST to /graphql that ends its connection."""
    fields = {
        "Host": "127.0.0.1",
        "Connection": "close",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **(headers or {}),
    }
    lines = ["POST /graphql HTTP/1.1", *(f"{name}: {text}" for name, text in fields.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def drive(port: int, calls: Sequence[Call], *, per_second: float, seconds: float) -> Tally:
    """Sends at an even rate to 127.0.0.1:`port`, each request on a connection of its own."""
    tally, tasks = Tally(), set[asyncio.Task[None]]()
    mix = [call for call in calls for _ in range(call.share)]
    began = time.monotonic()
    for number in range(int(per_second * seconds)):
        due_at = began + number / per_second
        await asyncio.sleep(max(0.0, due_at - time.monotonic()))
        # Kinds are spread evenly: 37 has no divisor in common with the hundred.
        task = asyncio.create_task(_send(port, mix[number * 37 % len(mix)], due_at=due_at, tally=tally))
        tasks.add(task)
    await asyncio.gather(*tasks)
    return tally


async def _send(port: int, call: Call, *, due_at: float, tally: Tally) -> None:
    status, code = await _within(PATIENCE_SECONDS, lambda: _exchange(port, call.written))
    tally.outcomes.append(Outcome(call.name, status, code, time.monotonic() - due_at))


async def _within(seconds: float, ask: Callable[[], Awaitable[tuple[int, str]]]) -> tuple[int, str]:
    try:
        async with asyncio.timeout(seconds):
            return await ask()
    except (TimeoutError, OSError, asyncio.IncompleteReadError):
        return 0, ""


async def _exchange(port: int, written: bytes) -> tuple[int, str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(written)
        answer = await reader.read()
    finally:
        writer.close()
    status = int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0
    return status, answer.partition(b'"code":"')[2].partition(b'"')[0].decode()
