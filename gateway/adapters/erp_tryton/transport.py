"""HTTP to Tryton, which announces compression that it does not do."""

import httpx


class TrytonTransport(httpx.AsyncBaseTransport):
    """`inner` without a header that lies.

    Tryton 8.2.1 announces gzip for every answer over 1,400 bytes and compresses those alone whose question allows
    it (trytond/protocols/jsonrpc.py). Ours never does. Bytes that are compressed after all are no JSON.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of `inner`, said to be as plain as it is."""
        response = await self._inner.handle_async_request(request)
        response.headers.pop("Content-Encoding", None)
        return response

    async def aclose(self) -> None:
        """Close `inner`."""
        await self._inner.aclose()
