"""What the control plane of the ERP has beside that of every simulator: its batches, its sessions, its truth."""

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.demo.control import orderly
from gateway.demo.erp.books.billing import bill_next_month
from gateway.demo.erp.books.striking import strike
from gateway.demo.erp.formats import stamp_number
from gateway.demo.erp.service import Service
from gateway.demo.erp.truth import TABLES, truth
from gateway.demo.erp.window import Mode


class BatchOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the nightly batch runs by the clock, never or always."""

    mode: Mode


@dataclass(frozen=True, slots=True)
class Plane:
    """The routes that only the ERP has."""

    service: Service

    def routes(self) -> list[Route]:
        """POST batch, arrete, quittancement, restart-sessions; GET truth/{table}."""
        return [
            Route("/__sim/batch", orderly(self._set_batch), methods=["POST"]),
            Route("/__sim/arrete", self._strike, methods=["POST"]),
            Route("/__sim/quittancement", self._bill, methods=["POST"]),
            Route("/__sim/restart-sessions", self._forget_sessions, methods=["POST"]),
            Route("/__sim/truth/{table}", self._truth, methods=["GET"]),
        ]

    async def _set_batch(self, request: Request) -> Response:
        order = msgspec.json.decode(await request.body(), type=BatchOrder)
        self.service.window.mode = order.mode
        return JSONResponse({"mode": order.mode})

    async def _strike(self, _: Request) -> Response:
        stamp = stamp_number(self.service.clock.now())
        strike(self.service.database, stamp=stamp)
        return JSONResponse({"arrete": stamp})

    async def _bill(self, _: Request) -> Response:
        clock = self.service.clock
        today, stamp = clock.paris_now().date(), stamp_number(clock.now())
        return JSONResponse(bill_next_month(self.service.database, today=today, stamp=stamp))

    async def _forget_sessions(self, _: Request) -> Response:
        self.service.sessions.forget_all()
        return Response(status_code=204)

    async def _truth(self, request: Request) -> Response:
        table = request.path_params["table"]
        if table not in TABLES:
            return JSONResponse({"error": f"one of {', '.join(TABLES)}"}, status_code=404)
        key = request.query_params.get("key")
        return JSONResponse(truth(self.service.database, table, key=key))
