"""The server's hold on the bare connection: needed to reset it, which ASGI cannot ask for."""

import os
import socket
import struct
from asyncio import Transport
from typing import cast

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_KEY = "gateway.demo.transport"
_NO_LINGER = struct.pack("ii", 1, 0)


class TransportProtocol(HttpToolsProtocol):
    """uvicorn's own HTTP protocol, which also leaves the connection's transport in the scope."""

    def on_message_begin(self) -> None:
        """Start the scope of one more request on this connection."""
        super().on_message_begin()
        self.scope["extensions"] = {_KEY: {"transport": self.transport}}


def reset_connection(scope: Scope) -> None:
    """Close at once with RST: what is unsent is lost and the client sees ECONNRESET."""
    transport = cast(Transport, scope["extensions"][_KEY]["transport"])
    # uvloop's view of the socket refuses options; a duplicate of the descriptor shares them.
    with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
