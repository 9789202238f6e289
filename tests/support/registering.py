"""The doors of a landlord whose clients have registered documents."""

from dataclasses import replace
from typing import Any

from gateway.app import Entrance, application
from gateway.schema.build import build_schema
from gateway.schema.manifests import Listed
from gateway.schema.operations import Operations
from gateway.schema.reading import sha256_of
from gateway.schema.registered import read_registered
from tests.support.doors import Doors


def with_registered(doors: Doors, *sources: str, **entrance: Any) -> Doors:
    """The same doors, with these documents registered by their SHA-256; `entrance` is changed as told."""
    operations = Operations(build_schema())
    listed = [Listed(sha256_of(source), f"document {place}", source) for place, source in enumerate(sources)]
    registered = read_registered(listed, operations.documents.reader)
    assert registered.unfit == ()
    operations.documents.register(registered)
    opened = Entrance(clock=doors.clock, deadline_seconds=8, operations=operations, **entrance)
    return replace(doors, app=application(doors.parts, doors.ports, opened))
