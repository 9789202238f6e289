"""`python -m gateway.demo`: the simulated world and a gateway over it, until Ctrl-C."""

import argparse
import os
import sys
from datetime import date, datetime
from pathlib import Path

from gateway.demo.cast import World
from gateway.demo.control import PARIS
from gateway.demo.launcher import Demo
from gateway.demo.parts import StartError


def main() -> int:
    """Runs the demo; 0 after Ctrl-C or SIGTERM, 1 when a part does not start or ends by itself."""
    options = _options()
    world = World(seed=options.seed, households=options.households, today=options.today)
    demo = Demo(world, folder=options.folder, port=options.port, delay_ms=options.delay_ms)
    try:
        return demo.run()
    except (StartError, OSError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="gateway demo", description="A gateway over simulated legacy systems.")
    parser.add_argument("--seed", type=int, default=57, help="seed of the invented world")
    parser.add_argument("--households", type=int, default=50, help="how many households it has")
    parser.add_argument(
        "--today", type=date.fromisoformat, default=datetime.now(PARIS).date(), help="Paris day on which it stands"
    )
    parser.add_argument("--delay-ms", type=float, default=0, help="time the legacy systems add to each answer")
    parser.add_argument(
        "--folder", type=Path, default=os.environ.get("GATEWAY_DEMO_DIR") or ".demo", help="where data is kept"
    )
    parser.add_argument(
        "--port", type=_port, default=os.environ.get("GATEWAY_PORT") or "8000", help="port of the gateway"
    )
    return parser.parse_args()


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdecimal() else 0
    if not 1 <= port <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port, which goes from 1 to 65535")
    return port


sys.exit(main())
