"""`python -m gateway.demo.mail`: take letters and show them until SIGTERM."""

import argparse
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

from starlette.applications import Starlette

from gateway.demo.control import Address, Control, VirtualClock, serve
from gateway.demo.mail.frontend import Frontend
from gateway.demo.mail.mailbox import Mailbox
from gateway.demo.mail.reading import ReadingRoom
from gateway.demo.mail.relay import Relay


def main() -> None:
    """Open or make the mailbox, then serve the relay, the pages and the control plane."""
    options = _options()
    clock = VirtualClock.starting_on(options.today)
    control = Control("mail", options.seed, options.households, clock)
    mailbox = Mailbox.open(options.data)
    relay = Relay(mailbox, control, delay_ms=options.delay_ms)
    pages = Starlette(routes=[*ReadingRoom(mailbox).routes(), *Frontend(options.gateway).routes()])
    beside = partial(_open_relay, relay, options)
    address = Address(options.host, options.port, options.control_port, beside)
    serve(pages, Starlette(routes=control.routes()), name=control.name, address=address)
    mailbox.close()


async def _open_relay(relay: Relay, options: argparse.Namespace) -> Mapping[str, str]:
    port = await relay.listen(options.host, options.smtp_port)
    return {"smtp": f"{options.host}:{port}"}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m gateway.demo.mail", description="Messagerie (simulateur)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="port of the pages; 0 takes a free one")
    parser.add_argument("--smtp-port", type=int, default=0, help="port of the relay; 0 takes a free one")
    parser.add_argument("--control-port", type=int, default=0, help="port of the control plane; 0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder of the letters, made on the first start")
    parser.add_argument("--gateway", required=True, help="address of the gateway that the pages speak to")
    parser.add_argument("--seed", type=int, default=57, help="seed of the draw of faults")
    parser.add_argument("--households", type=int, default=50)
    parser.add_argument("--today", type=date.fromisoformat, required=True, help="the Paris day the clock starts on")
    parser.add_argument("--delay-ms", type=float, default=0, help="added to every answer of the relay")
    return parser.parse_args()


main()
