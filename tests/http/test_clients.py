"""A client is known by the name that it sends, if the landlord knows it, and never by anything longer."""

import pytest
from starlette.requests import Request

from gateway.http.clients import Clients
from gateway.schema.context import Client

CLIENTS = Clients(frozenset({"web", "ios"}))


@pytest.mark.parametrize(
    ("name", "version", "client"),
    [
        (None, None, Client("none", None)),
        ("", "1.0", Client("none", None)),
        (" web ", " 4.2.0 ", Client("web", "4.2.0")),
        ("ios", "123456.1.2.3", Client("ios", "123456.1.2.3")),
        ("ios", "4.2.0-beta+77", Client("ios", None)),
        ("web", None, Client("web", None)),
        ("web", "", Client("web", None)),
        ("web", "0601020304", Client("web", None)),
        ("web", "1234567.1", Client("web", None)),
        ("web", "1.2.3.4.5", Client("web", None)),
        ("web", "4.2 of Camille", Client("web", None)),
        ("web", "é", Client("web", None)),
        ("web", "-1", Client("web", None)),
        ("WEB", "1.0", Client("other", "1.0")),
        ("w" * 10_000, "1.0", Client("other", "1.0")),
    ],
)
def test_a_client_is_one_of_few(name: str | None, version: str | None, client: Client) -> None:
    """What anybody may send ends in figures and logs: so the names are those in the settings, and versions short."""
    sent = {"apollographql-client-name": name, "apollographql-client-version": version}
    headers = [(header.encode(), text.encode("latin-1")) for header, text in sent.items() if text is not None]

    assert CLIENTS.of(Request({"type": "http", "headers": headers})) == client
