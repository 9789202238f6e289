"""A legacy system of the plainest kind, to try the control plane on: `python -m tests.demo.control.plain`."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from gateway.demo.control import Address, Control, Incoming, Operation, serve

PAGE = b'<?xml version="1.0" encoding="windows-1252"?><page>' + "dû ".encode("cp1252") * 300 + b"</page>"
HANDLED = {"requests": 0}


async def page(_: Request) -> Response:
    """The page, in one piece."""
    HANDLED["requests"] += 1
    return Response(PAGE, headers={"content-type": "text/xml; charset=windows-1252", "etag": '"1"'})


async def stream(_: Request) -> Response:
    """The page without its length, in pieces."""
    return StreamingResponse(iter([PAGE[:100], PAGE[100:]]), media_type="application/pdf")


async def echo(request: Request) -> Response:
    """The body that was sent."""
    return Response(await request.body(), headers={"content-type": "text/plain"})


async def handled(_: Request) -> Response:
    """How many pages were made."""
    return Response(str(HANDLED["requests"]))


def operation_of(incoming: Incoming) -> Operation:
    """The path, and as many keys as the body has commas."""
    return Operation(incoming.path.strip("/"), incoming.body.count(b","))


def main() -> None:
    """Serve until SIGTERM."""
    control = Control("plain", seed=7, households=3)
    routes = [Route("/page", page), Route("/stream", stream), Route("/echo", echo, methods=["POST"])]
    app = Starlette(routes=[*routes, Route("/handled", handled)])
    plane = Starlette(routes=control.routes())
    serve(control.wrap(app, operation_of, delay_ms=2), plane, name="plain", address=Address("127.0.0.1", 0, 0))


if __name__ == "__main__":
    main()
