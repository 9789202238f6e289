"""Which program asks, by the two headers in which clients tell it: for figures and logs, and to catch a wrong build.

Anybody can send any name, so it opens nothing, and only names that the landlord knows are told on.
"""

import re
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from gateway.schema.context import NAMELESS, Client

NAME, VERSION = "apollographql-client-name", "apollographql-client-version"
OTHER = "other"

_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){1,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Clients:
    """The names that clients of this landlord have."""

    known: frozenset[str] = frozenset()

    def of(self, connection: HTTPConnection) -> Client:
        """The client by its headers: `other` for a name that is not known, no version for what cannot be one."""
        name = connection.headers.get(NAME, "").strip()
        if not name:
            return NAMELESS
        version = connection.headers.get(VERSION, "").strip()
        return Client(name if name in self.known else OTHER, version if _VERSION.fullmatch(version) else None)
