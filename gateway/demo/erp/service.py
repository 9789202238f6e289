"""The one endpoint: the contract on GET, the operations on POST."""

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.demo.control import Reply, VirtualClock
from gateway.demo.erp import soap
from gateway.demo.erp.call import Call
from gateway.demo.erp.contract import PATH, served_schema, served_wsdl
from gateway.demo.erp.formats import stamp_number
from gateway.demo.erp.operations import OPENING, OPERATIONS
from gateway.demo.erp.refusal import FaultError, RefusalError
from gateway.demo.erp.sessions import Sessions
from gateway.demo.erp.window import BatchWindow


@dataclass(frozen=True, slots=True)
class Service:
    """IMMO-GEST as its callers see it, and what the control plane may touch."""

    database: sqlite3.Connection
    clock: VirtualClock
    window: BatchWindow
    sessions: Sessions = field(default_factory=Sessions)

    def routes(self) -> list[Route]:
        """The routes of the legacy port."""
        return [
            Route(PATH, self._publish, methods=["GET"]),
            Route(PATH, self._serve, methods=["POST"]),
        ]

    async def _publish(self, request: Request) -> Response:
        address = str(request.url.replace(query=""))
        match request.url.query.lower():
            case "wsdl":
                return Response(served_wsdl(address), headers={"content-type": soap.CONTENT_TYPE})
            case "xsd":
                return Response(served_schema(), headers={"content-type": soap.CONTENT_TYPE})
            case _:
                return Response(status_code=404)

    async def _serve(self, request: Request) -> Response:
        reply = self._answer(await request.body(), now=self.clock.now())
        return Response(reply.body, reply.status, {"content-type": soap.CONTENT_TYPE})

    def _answer(self, body: bytes, *, now: datetime) -> Reply:
        try:
            request = soap.read_request(body)
        except FaultError as error:
            return soap.fault(error)
        stamp = stamp_number(now)
        try:
            content = self._run(Call(request, self.database, self.sessions, now))
        except RefusalError as error:
            return soap.refusal(request.operation, error, stamp=stamp)
        return soap.answer(request.operation, content, stamp=stamp)

    def _run(self, call: Call) -> str:
        self.window.refuse_during_batch(call.now)
        operation = call.request.operation
        if operation != OPENING:
            self.sessions.check(call.request.required("Jeton"), now=call.now)
        return OPERATIONS[operation](call)
