"""Is this process alive, and can it serve? About ourselves only: a silent ERP takes nobody out of service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.ports.store import Store, StoreError

_NOBODY = bytes(32)


async def alive(_: Request) -> Response:
    """200 while the process can answer at all."""
    return JSONResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})


@dataclass(frozen=True, slots=True)
class ReadyDoor:
    """200 when the store answers, 503 with the reason otherwise."""

    store: Store
    clock: Callable[[], datetime]

    async def __call__(self, _: Request) -> Response:
        """Asks the store for a session that nobody has."""
        try:
            await self.store.session(_NOBODY, now=self.clock())
        except StoreError:
            return JSONResponse({"status": "unready", "reason": "STORE"}, 503, headers={"Cache-Control": "no-store"})
        return JSONResponse({"status": "ready"}, headers={"Cache-Control": "no-store"})
