"""The process from its first moment: it waits for its database if it must, and ends when it is told."""

import asyncio
import os
import resource
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from gateway.commands import migrate
from gateway.ports.store import StoreError
from gateway.serving import RETRY_SECONDS, serve
from gateway.settings import Settings, load
from tests.support.logs import captured_log
from tests.support.postgres import Postgres
from tests.support.processes import free_port
from tests.unit.test_settings import DEMO

pytestmark = pytest.mark.postgres


def settings_of(url: str, **changes: str) -> Settings:
    """The settings of a gateway over that database, with nobody behind it."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    environment = DEMO | {
        "GATEWAY_PORT": str(free_port()),
        "GATEWAY_HEALTH_PORT": str(free_port()),
        "GATEWAY_DATABASE_URL": url,
        "GATEWAY_ERP_URL": nowhere,
        "GATEWAY_DOCUMENTS_URL": nowhere,
        "GATEWAY_DRAIN_SECONDS": "0",
    }
    return load(environment | changes)


@asynccontextmanager
async def forwarding(port: int, *, to: str) -> AsyncIterator[None]:
    """What comes to `port` of this machine goes to the server of that URL, and back."""
    there = urlsplit(to)

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65_536):
            writer.write(piece)
        writer.close()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_connection(there.hostname, there.port)
        await asyncio.gather(pump(reader, outer), pump(inner, writer), return_exceptions=True)
        outer.close()

    server = await asyncio.start_server(forward, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()


@pytest.fixture(autouse=True)
def _hangups() -> Iterator[None]:
    """What serving makes of SIGHUP is undone."""
    before = signal.getsignal(signal.SIGHUP)
    yield
    signal.signal(signal.SIGHUP, before)


async def state(settings: Settings) -> list[tuple[int, str]]:
    """Whether it lives and is ready: on the public port, then on that for probes."""
    told = []
    async with httpx.AsyncClient() as client:
        for port in (settings.port, settings.health_port):
            for path in ("/livez", "/readyz"):
                answer = await client.get(f"http://127.0.0.1:{port}{path}")
                told.append((answer.status_code, answer.json()["status"]))
    return told


async def until(settings: Settings, expected: list[tuple[int, str]]) -> None:
    """Waits until its state is that one. Raises TimeoutError after 20 seconds."""
    async with asyncio.timeout(20):
        while True:
            try:
                if await state(settings) == expected:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)


LIVES = (200, "alive")
WAITING, READY = [LIVES, (503, "unready")] * 2, [LIVES, (200, "ready")] * 2


async def test_a_gateway_waits_for_its_database_and_serves_as_soon_as_it_answers(postgres: Postgres) -> None:
    """It lives, is not ready, and says so; nobody needs to start it again."""
    with postgres.database() as database, captured_log() as log:
        await asyncio.to_thread(migrate, settings_of(database.url))
        port = free_port()
        there = urlsplit(database.url)
        settings = settings_of(there._replace(netloc=f"{there.netloc.rpartition(':')[0]}:{port}").geturl())
        serving = asyncio.create_task(serve(settings))

        await until(settings, WAITING)
        os.kill(os.getpid(), signal.SIGHUP)  # would end a process that has no use for it
        async with httpx.AsyncClient() as client:
            refused = await client.post(f"http://127.0.0.1:{settings.port}/graphql", json={"query": "{ __typename }"})
        async with forwarding(port, to=database.url):
            await until(settings, READY)
            os.kill(os.getpid(), signal.SIGTERM)
            await serving

    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert refused.headers["retry-after"] == "5"
    assert {"store.unreachable", "store.reached"} <= {event["event"] for event in log.lines}


async def test_a_gateway_that_waits_ends_when_it_is_told() -> None:
    """Also after having tried several times."""
    settings = settings_of(f"postgresql://gateway:secret@127.0.0.1:{free_port()}/gateway")
    serving = asyncio.create_task(serve(settings))
    await until(settings, WAITING)
    await asyncio.sleep(RETRY_SECONDS + 0.2)  # another attempt that fails

    os.kill(os.getpid(), signal.SIGTERM)

    await asyncio.wait_for(serving, 10)


async def test_a_database_that_turns_out_to_be_unusable_ends_the_wait(postgres: Postgres) -> None:
    """Nobody has prepared it: the remedy is told, as it is at a start that need not wait."""
    with postgres.database() as database:
        port = free_port()
        there = urlsplit(database.url)
        settings = settings_of(there._replace(netloc=f"{there.netloc.rpartition(':')[0]}:{port}").geturl())
        serving = asyncio.create_task(serve(settings))
        await until(settings, WAITING)

        async with forwarding(port, to=database.url):
            with pytest.raises(StoreError, match="gateway db migrate"):
                await asyncio.wait_for(serving, 20)


async def test_a_gateway_whose_database_answers_does_not_wait(tmp_path: Path) -> None:
    """It is ready with its first answer, and takes its leave with its last."""
    settings = settings_of(f"sqlite:///{tmp_path / 'gateway.db'}")
    await asyncio.to_thread(migrate, settings)
    serving = asyncio.create_task(serve(settings))
    await until(settings, READY)

    os.kill(os.getpid(), signal.SIGINT)

    await asyncio.wait_for(serving, 10)


async def test_a_port_that_is_taken_stops_the_start(tmp_path: Path) -> None:
    """Before anything else is opened."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = settings_of(f"sqlite:///{tmp_path / 'none.db'}", GATEWAY_PORT=str(taken.getsockname()[1]))

        with pytest.raises(OSError, match="in use"):
            await serve(settings)


async def test_there_are_files_for_all_connections(tmp_path: Path) -> None:
    """As far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    try:
        with pytest.raises(StoreError):
            await serve(settings_of(f"sqlite:///{tmp_path / 'none.db'}", GATEWAY_CONNECTIONS="1000"))
        allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert allowed == min(1_256, hard)
