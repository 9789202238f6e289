"""What is answered while the gateway's own database does not: the process lives, nobody is served yet."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.http.health import Readiness, alive
from gateway.http.refusals import HANDLERS, RequestRefusedError, refused


class Anteroom:
    """An ASGI application that hands everything to another as soon as there is one."""

    def __init__(self, readiness: Readiness) -> None:
        routes = [
            Route("/livez", alive, methods=["GET"]),
            Route("/readyz", readiness.__call__, methods=["GET"]),
            Route("/{path:path}", _not_yet, methods=["GET", "POST"]),
        ]
        self._app: ASGIApp = Starlette(routes=routes, exception_handlers=HANDLERS)

    def open(self, app: ASGIApp) -> None:
        """From now on `app` answers."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        await self._app(scope, receive, send)


async def _not_yet(_: Request) -> Response:
    message = "the gateway waits for its database"
    return refused(RequestRefusedError(503, "SERVICE_UNAVAILABLE", message, headers={"Retry-After": "5"}))
