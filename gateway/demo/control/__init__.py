"""What every simulator has beside its legacy port: a virtual clock, faults to order, a journal of requests.

A simulator builds one `Control`, wraps its legacy application in it and hands both to `serving.serve`:

    control = Control("documents", seed=57, households=50, clock=VirtualClock.starting_on(today))
    legacy = control.wrap(application, operation_of)
    serve(legacy, Starlette(routes=control.routes()), name="documents", address=Address("127.0.0.1", 0, 0))

Invariant: without an ordered fault the wrapped application answers byte for byte what it would alone.
"""

from gateway.demo.control.clock import PARIS, VirtualClock
from gateway.demo.control.dialect import Dialect, PlainHttp
from gateway.demo.control.exchange import Incoming, Operation, Reply
from gateway.demo.control.plane import Control, orderly
from gateway.demo.control.serving import Address, serve
from gateway.demo.control.tampering import OperationOf

__all__ = [
    "PARIS",
    "Address",
    "Control",
    "Dialect",
    "Incoming",
    "Operation",
    "OperationOf",
    "PlainHttp",
    "Reply",
    "VirtualClock",
    "orderly",
    "serve",
]
