"""`python -m gateway.demo.documents`: serve the document store until SIGTERM."""

import argparse
import sys
from datetime import date
from pathlib import Path

from starlette.applications import Starlette

from gateway.demo.control import Address, Control, VirtualClock, serve
from gateway.demo.documents.archive import Archive, OtherArchiveError
from gateway.demo.documents.catalogue import Origin
from gateway.demo.documents.dialect import Ged, operation_of
from gateway.demo.documents.service import Service


def main() -> None:
    """Open or make the archive, then serve both ports."""
    options = _options()
    origin = Origin(options.seed, options.households, options.today)
    try:
        archive = Archive.open(options.data, origin)
    except OtherArchiveError as error:
        sys.exit(str(error))
    clock = VirtualClock.starting_on(options.today)
    control = Control("documents", origin.seed, origin.households, clock, Ged())
    service = Service(archive, clock)
    legacy = control.wrap(Starlette(routes=service.routes()), operation_of, delay_ms=options.delay_ms)
    plane = Starlette(routes=[*control.routes(), *service.control_routes()])
    address = Address(options.host, options.port, options.control_port)
    serve(legacy, plane, name=control.name, address=address)
    archive.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m gateway.demo.documents", description="GED (simulateur)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="legacy port; 0 takes a free one")
    parser.add_argument("--control-port", type=int, default=0, help="port of the control plane; 0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder of the archive, made on the first start")
    parser.add_argument("--seed", type=int, default=57)
    parser.add_argument("--households", type=int, default=50)
    parser.add_argument("--today", type=date.fromisoformat, required=True, help="the Paris day the clock starts on")
    parser.add_argument("--delay-ms", type=float, default=0, help="added to every answer of the legacy port")
    return parser.parse_args()


main()
