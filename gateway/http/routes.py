"""Every address the gateway answers at."""

from starlette.routing import BaseRoute, Route, WebSocketRoute

from gateway.http.documents import DocumentsDoor
from gateway.http.graphiql import GraphiqlDoor
from gateway.http.graphql import GraphQLDoor
from gateway.http.health import Readiness, alive
from gateway.http.staff import StaffDoor
from gateway.http.streaming.websocket import SocketDoor


def routes(
    *, graphql: GraphQLDoor, documents: DocumentsDoor, ready: Readiness, staff: StaffDoor | None = None
) -> list[BaseRoute]:
    """The doors at their addresses, exact and few; `staff` where they sign in at a provider."""
    return [
        Route("/graphql", graphql.__call__, methods=["GET", "POST"]),
        WebSocketRoute("/graphql", SocketDoor(graphql.streams).__call__),
        Route("/documents/{token}", documents.__call__, methods=["GET"]),
        Route("/livez", alive, methods=["GET"]),
        Route("/readyz", ready.__call__, methods=["GET"]),
        *(staff_routes(staff) if staff else ()),
    ]


def graphiql_routes(graphiql: GraphiqlDoor) -> list[BaseRoute]:
    """The page on which analysts ask, its files and its queries."""
    return [
        Route("/graphiql", graphiql.page, methods=["GET"]),
        Route("/graphiql/assets/{name}", graphiql.asset, methods=["GET"]),
        Route("/graphiql/saved-queries.json", graphiql.saved_queries, methods=["GET"]),
    ]


def staff_routes(staff: StaffDoor) -> list[BaseRoute]:
    """Where staff come in and go out."""
    return [
        Route("/staff/sign-in", staff.leave, methods=["GET"]),
        Route("/staff/callback", staff.arrive, methods=["GET"]),
        Route("/staff/backchannel-logout", staff.log_out, methods=["POST"]),
    ]
