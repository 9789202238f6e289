"""HTTPS for good: a browser that has been here once never comes back over plain http."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ONE_YEAR = "max-age=31536000"


class StrictTransport:
    """`app`, every answer of which carries `Strict-Transport-Security` (RFC 6797) for one year.

    Only for a gateway whose public address is https; it goes around the whole application, so that the answer to a
    crash has the header too. Subdomains are not ours to speak for.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Strict-Transport-Security"] = _ONE_YEAR
            await send(message)

        await self._app(scope, receive, marked)
