"""Every address the gateway answers at."""

from starlette.routing import BaseRoute, Route

from gateway.http.documents import DocumentsDoor
from gateway.http.graphql import GraphQLDoor
from gateway.http.health import ReadyDoor, alive


def routes(*, graphql: GraphQLDoor, documents: DocumentsDoor, ready: ReadyDoor) -> list[BaseRoute]:
    """The doors at their addresses, exact and few."""
    return [
        Route("/graphql", graphql.__call__, methods=["POST"]),
        Route("/documents/{token}", documents.__call__, methods=["GET"]),
        Route("/livez", alive, methods=["GET"]),
        Route("/readyz", ready.__call__, methods=["GET"]),
    ]
