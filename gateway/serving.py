"""The process: listens, waits for its database if it must, serves, and ends."""

import asyncio
import resource
import signal
import socket
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress

import structlog

from gateway.app import build
from gateway.http.anteroom import Anteroom
from gateway.http.server.config import Guard, GuardedConfig
from gateway.http.server.crowd import Crowd
from gateway.http.server.protocol import GuardedProtocol
from gateway.http.server.server import FINISH_SECONDS, GuardedServer
from gateway.http.server.terms import Terms
from gateway.http.sources import Sources
from gateway.http.streaming.protocol import OPTIONS, GuardedWebSocket
from gateway.ports.store import StoreUnreachableError
from gateway.settings import Settings
from gateway.shell import Shell, open_shell

RETRY_SECONDS = 1.0
_OTHER_FILES = 256
"""Beside its connections a process has open its database, calls to systems, and what Python itself needs."""

log = structlog.get_logger()


async def serve(settings: Settings) -> None:
    """Serves until a signal ends it; a database that does not answer yet is waited for.

    Raises StoreError for one that cannot be used, OSError for a port that is taken.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # it asks to read documents anew, also while there are none yet
    _allow_files(settings.connections + _OTHER_FILES)
    async with AsyncExitStack() as owned:
        listener = owned.enter_context(_listener(settings))
        shell = await owned.enter_async_context(open_shell(settings))
        anteroom = Anteroom(shell.readiness)
        server = _server(settings, shell, anteroom)
        try:
            anteroom.open(await owned.enter_async_context(build(settings, shell)))
        except StoreUnreachableError:
            await _serve_while(_open_later(settings, shell, anteroom, owned), server, listener)
        else:
            await server.serve([listener])


async def _open_later(settings: Settings, shell: Shell, anteroom: Anteroom, owned: AsyncExitStack) -> None:
    """Returns when the database answers and the doors are open."""
    while True:
        log.warning("store.unreachable", retry_after_seconds=RETRY_SECONDS)
        await asyncio.sleep(RETRY_SECONDS)
        try:
            anteroom.open(await owned.enter_async_context(build(settings, shell)))
        except StoreUnreachableError:
            continue
        log.info("store.reached")
        return


async def _serve_while(work: Coroutine[object, object, None], server: GuardedServer, listener: socket.socket) -> None:
    """Serves as long as `work` may still succeed, or has. Raises what it raised."""
    opening, serving = asyncio.create_task(work), asyncio.create_task(server.serve([listener]))
    await asyncio.wait({opening, serving}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit |= opening.done() and opening.exception() is not None
    await serving
    opening.cancel()
    with suppress(asyncio.CancelledError):
        await opening


def _server(settings: Settings, shell: Shell, app: Anteroom) -> GuardedServer:
    sources = Sources(settings.trusted_proxies)
    terms = Terms(
        head_seconds=settings.head_seconds,
        body_seconds=settings.body_stall_seconds,
        write_seconds=settings.write_stall_seconds,
        idle_seconds=settings.idle_connection_seconds,
        connections=settings.connections,
    )
    crowd = Crowd(sources, most=settings.connections_per_address)
    config = GuardedConfig(
        app,
        guard=Guard(terms, crowd, shell.draining, shell.instruments.metrics),
        http=GuardedProtocol,
        ws=GuardedWebSocket,
        **OPTIONS,
        lifespan="off",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=FINISH_SECONDS,
    )
    return GuardedServer(config, drain_seconds=settings.drain_seconds)


def _listener(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family, backlog=2_048)


def _allow_files(wanted: int) -> None:
    """As many open files as connections need, as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
