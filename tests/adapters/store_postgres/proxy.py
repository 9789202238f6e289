"""A cable between the gateway and its database that can be cut and mended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(slots=True)
class Cable:
    """`url` opens the database through it. While `is_whole` is not set, nothing passes and nothing breaks."""

    url: str
    is_whole: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def cable(url: str) -> AsyncIterator[Cable]:
    """A whole cable to the database at `url`."""
    address = urlsplit(url)
    laid = Cable("")
    laid.is_whole.set()
    plugged: set[asyncio.Task[None]] = set()

    async def plug(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(address.hostname, address.port)
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(_carry(source, sink, laid.is_whole))
            plugged.add(task)
            task.add_done_callback(plugged.discard)

    server = await asyncio.start_server(plug, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    laid.url = address._replace(netloc=f"{address.username}:{address.password}@127.0.0.1:{port}").geturl()
    try:
        yield laid
    finally:
        server.close()
        laid.is_whole.set()
        for task in plugged:
            task.cancel()
        await asyncio.gather(*plugged, return_exceptions=True)


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter, is_whole: asyncio.Event) -> None:
    try:
        while data := await source.read(65536):
            await is_whole.wait()
            sink.write(data)
            await sink.drain()
    finally:
        sink.close()
        with suppress(ConnectionError):
            await sink.wait_closed()
