"""One process, two ports: the legacy port and the control port, both up before the ready line is printed."""

import asyncio
import json
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
import uvloop
from starlette.types import ASGIApp

from gateway.demo.control.transport import TransportProtocol

_SHUTDOWN_SECONDS = 1
"""Requests that hang on order are cut after this, so that SIGTERM always ends the process."""


Door = Callable[[], Awaitable[Mapping[str, str]]]
"""Opens what listens beside the two ports, in the same loop; gives addresses for the ready line, by name."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 takes a free one. `beside` is for what is not HTTP."""

    host: str
    port: int
    control_port: int
    beside: Door | None = None


class _Server(uvicorn.Server):
    """A uvicorn server that says when it is up and leaves signals to whoever runs two of them."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=TransportProtocol,
                lifespan="off",
                log_level="critical",
                access_log=False,
                timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            )
        )
        self.up = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


def serve(legacy: ASGIApp, control: ASGIApp, *, name: str, address: Address) -> None:
    """Serve both applications until SIGTERM or SIGINT; print the ready line when both ports answer.

    {"name": "erp", "url": "http://127.0.0.1:PORT", "control": "http://127.0.0.1:CONTROL_PORT"}, and what was opened
    beside them.
    """
    uvloop.run(_serve(legacy, control, name=name, address=address))


async def _serve(legacy: ASGIApp, control: ASGIApp, *, name: str, address: Address) -> None:
    sockets = [socket.create_server((address.host, port)) for port in (address.port, address.control_port)]
    servers = [_Server(legacy), _Server(control)]
    _stop_on_signals(servers)
    running = [
        asyncio.create_task(server.serve(sockets=[listener])) for server, listener in zip(servers, sockets, strict=True)
    ]
    for server in servers:
        await server.up.wait()
    further = await address.beside() if address.beside else {}
    urls = [f"http://{address.host}:{listener.getsockname()[1]}" for listener in sockets]
    print(json.dumps({"name": name, "url": urls[0], "control": urls[1], **further}), flush=True)
    await asyncio.gather(*running)


def _stop_on_signals(servers: list[_Server]) -> None:
    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
