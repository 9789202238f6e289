"""`python -m gateway.demo.erp`: serve IMMO-GEST until SIGTERM."""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import get_args

from starlette.applications import Starlette

from gateway.demo.control import Address, Control, VirtualClock, serve
from gateway.demo.erp.dialect import ImmoGest, operation_of
from gateway.demo.erp.plane import Plane
from gateway.demo.erp.service import Service
from gateway.demo.erp.store.database import OtherBooksError, open_database
from gateway.demo.erp.store.loading import Origin
from gateway.demo.erp.window import BatchWindow, Mode


def main() -> None:
    """Open or make the books, then serve both ports."""
    options = _options()
    clock = VirtualClock.starting_on(options.today)
    origin = Origin(options.seed, options.households, options.today)
    try:
        database = open_database(options.data, origin)
    except OtherBooksError as error:
        sys.exit(str(error))
    control = Control("erp", origin.seed, origin.households, clock, ImmoGest(clock))
    service = Service(database, clock, BatchWindow(options.batch))
    legacy = control.wrap(Starlette(routes=service.routes()), operation_of, delay_ms=options.delay_ms)
    plane = Starlette(routes=[*control.routes(), *Plane(service).routes()])
    address = Address(options.host, options.port, options.control_port)
    serve(legacy, plane, name=control.name, address=address)
    database.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m gateway.demo.erp", description="IMMO-GEST (simulateur)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="legacy port; 0 takes a free one")
    parser.add_argument("--control-port", type=int, default=0, help="port of the control plane; 0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder of the books, filled on the first start")
    parser.add_argument("--seed", type=int, default=57)
    parser.add_argument("--households", type=int, default=50)
    parser.add_argument("--today", type=date.fromisoformat, required=True, help="the Paris day the clock starts on")
    parser.add_argument("--delay-ms", type=float, default=0, help="added to every answer of the legacy port")
    parser.add_argument("--batch", choices=get_args(Mode), default="auto", help="the nightly window")
    return parser.parse_args()


main()
