"""The doors of the store, on its legacy port and on its control port."""

from dataclasses import asdict

from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.demo.control import VirtualClock
from gateway.demo.documents.archive import Archive
from gateway.demo.documents.delivery import Delivery
from gateway.demo.documents.dialect import DOCUMENT_PATH, INDEX_PATH
from gateway.demo.documents.holdings import Holdings
from gateway.demo.documents.index import Index


class Service:
    """One archive served; drawing and disk happen in one thread beside the event loop."""

    def __init__(self, archive: Archive, clock: VirtualClock) -> None:
        self._archive = archive
        self._holdings = Holdings(archive, clock)
        self._one_thread = CapacityLimiter(1)

    def routes(self) -> list[Route]:
        """The legacy port."""
        index = Index(self._holdings, self._one_thread)
        delivery = Delivery(self._holdings, self._one_thread)
        return [
            Route(INDEX_PATH, index.answer, methods=["POST"]),
            Route(f"{DOCUMENT_PATH}{{identifier}}", delivery.answer, methods=["GET", "HEAD"]),
        ]

    def control_routes(self) -> list[Route]:
        """What the control port has beside the usual routes."""
        return [Route("/__sim/downloads", self._downloads)]

    async def _downloads(self, _: Request) -> Response:
        return JSONResponse([asdict(download) for download in self._archive.downloads()])
