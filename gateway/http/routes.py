"""Every address the gateway answers at."""

from starlette.routing import BaseRoute, Route

from gateway.http.documents import DocumentsDoor
from gateway.http.graphql import GraphQLDoor
from gateway.http.health import ReadyDoor, alive
from gateway.http.staff import StaffDoor


def routes(
    *, graphql: GraphQLDoor, documents: DocumentsDoor, ready: ReadyDoor, staff: StaffDoor | None = None
) -> list[BaseRoute]:
    """The doors at their addresses, exact and few; `staff` where they sign in at a provider."""
    return [
        Route("/graphql", graphql.__call__, methods=["POST"]),
        Route("/documents/{token}", documents.__call__, methods=["GET"]),
        Route("/livez", alive, methods=["GET"]),
        Route("/readyz", ready.__call__, methods=["GET"]),
        *(staff_routes(staff) if staff else ()),
    ]


def staff_routes(staff: StaffDoor) -> list[BaseRoute]:
    """Where staff come in and go out."""
    return [
        Route("/staff/sign-in", staff.leave, methods=["GET"]),
        Route("/staff/callback", staff.arrive, methods=["GET"]),
        Route("/staff/backchannel-logout", staff.log_out, methods=["POST"]),
    ]
