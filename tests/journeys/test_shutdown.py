"""A gateway that is told to end: nobody who asks it at that moment is left without an answer."""

import asyncio
import re
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gateway.demo import gateway as demo
from gateway.demo.parts import Part
from tests.journeys.conftest import Cast
from tests.support.openloop import post
from tests.support.processes import free_port

pytestmark = pytest.mark.servers

RUNS = 10
CLIENTS = 30
QUESTION = post(b'{"query": "{ __typename }"}', {"Connection": "keep-alive"})


@dataclass(slots=True)
class Load:
    """Clients that ask without a pause, each on a connection that it keeps as long as the gateway does."""

    port: int
    answered: int = 0
    lost: list[str] = field(default_factory=list)

    async def client(self) -> None:
        """Asks until nobody takes its connections any more: then it would go to another replica."""
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except (ConnectionRefusedError, ConnectionResetError):
                return  # nothing has been asked on it
            try:
                while await self._is_kept(reader, writer):
                    pass
            finally:
                writer.close()

    async def _is_kept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection goes on after one more question."""
        try:
            writer.write(QUESTION)
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            assert length is not None
            await reader.readexactly(int(length[1]))
        except (OSError, asyncio.IncompleteReadError) as error:
            self.lost.append(repr(error))
            return False
        if not head.startswith(b"HTTP/1.1 200 "):
            self.lost.append(head.decode())
        self.answered += 1
        return re.search(rb"(?i)\r\nconnection: close", head) is None


@asynccontextmanager
async def gateway(home: Path) -> AsyncIterator[tuple[Part, int]]:
    """A gateway over nothing that is ready, and its port."""
    port = free_port()
    settings = demo.environment(home, port=port) | {
        "GATEWAY_DRAIN_SECONDS": "1",
        "GATEWAY_HEALTH_PORT": str(free_port()),
    }
    unmeasured = {name: text for name, text in settings.items() if not name.startswith("COVERAGE_")}
    part = demo.serve(home, settings=unmeasured)
    try:
        await asyncio.to_thread(demo.wait_until_ready, part, port=port)
        yield part, port
    finally:
        await asyncio.to_thread(part.stop)


async def ended_under_load(home: Path) -> tuple[Load, int]:
    """What became of the load on one gateway that was told to end, and its exit code."""
    async with gateway(home) as (part, port):
        load = Load(port)
        clients = [asyncio.create_task(load.client()) for _ in range(CLIENTS)]
        await asyncio.sleep(0.3)
        part.process.send_signal(signal.SIGTERM)
        await asyncio.gather(*clients)
        return load, await asyncio.to_thread(part.process.wait, 15)


async def test_no_request_is_lost_when_a_gateway_ends(cast: Cast, tmp_path: Path) -> None:
    """Ten times, under the questions of thirty clients: each is answered, and the gateway ends without a complaint."""
    folder, _ = cast
    homes = [tmp_path / str(number) for number in range(RUNS)]
    for home in homes:
        home.mkdir()
        for name in ("gateway.sqlite3", "secret.key"):
            shutil.copy(folder / name, home / name)

    at_once = asyncio.Semaphore(2)

    async def run(home: Path) -> tuple[Load, int]:
        async with at_once:
            return await ended_under_load(home)

    ends = await asyncio.gather(*map(run, homes))

    assert [(load.lost, code) for load, code in ends] == [([], 0)] * RUNS
    assert min(load.answered for load, _ in ends) > CLIENTS
