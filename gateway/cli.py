"""The `gateway` command: parses arguments, calls the composition root, prints. Nothing else."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import uvloop

from gateway import app, log
from gateway.ports.store import StoreError
from gateway.settings import Mode, Settings, SettingsError, load, manual

REFUSED = 2
"""Exit code when settings or arguments stop the command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. 0: done; 1: the outcome asked about is negative; 2: refused, with one sentence."""
    parser = _parser()
    parsed, options = parser.parse_known_args(arguments)
    if options and parsed.command is not _demo:
        parser.error(f"unrecognized arguments: {' '.join(options)}")
    parsed.options = options
    command: Callable[[argparse.Namespace], int] = parsed.command
    try:
        return command(parsed)
    except (SettingsError, StoreError, ValueError, OSError) as error:
        print(f"gateway: {error}", file=sys.stderr)
        return REFUSED


def _serve(_: argparse.Namespace) -> int:
    settings = load(os.environ)
    log.configure(settings.log_level)
    with suppress(KeyboardInterrupt):  # Ctrl-C has been obeyed already
        uvloop.run(app.serve(settings))
    return 0


def _demo(parsed: argparse.Namespace) -> int:
    """The simulated world starts in a process of its own, which starts this gateway like any other."""
    os.execv(sys.executable, [sys.executable, "-m", "gateway.demo", *parsed.options])  # noqa: S606 - our own interpreter


def _migrate(_: argparse.Namespace) -> int:
    found = app.migrate(load(os.environ))
    print(json.dumps({"found": found}))
    return 0


def _seed(parsed: argparse.Namespace) -> int:
    settings = load(os.environ)
    _require_demo(settings)
    bearers = asyncio.run(app.seed(settings, parsed.file.read_bytes()))
    print(json.dumps({"staff": bearers}))
    return 0


def _require_demo(settings: Settings) -> None:
    if settings.mode is not Mode.DEMO:
        raise SettingsError(f"GATEWAY_MODE={settings.mode} takes no seeded accounts; GATEWAY_MODE=demo does")


def _schema(parsed: argparse.Namespace) -> int:
    printed = app.printed_schema()
    if parsed.check is None:
        print(printed, end="")
        return 0
    if parsed.check.read_text(encoding="utf-8") == printed:
        return 0
    print(
        f"gateway: {parsed.check} is not the schema; write it with `gateway schema > {parsed.check}`", file=sys.stderr
    )
    return 1


def _settings(_: argparse.Namespace) -> int:
    print(manual(), end="")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gateway", description="GraphQL gateway for tenants' online accounts.")
    commands = parser.add_subparsers(required=True)
    _add(commands, "serve", _serve, "serve GraphQL; settings come from the environment")
    _add(commands, "demo", _demo, "start the simulated world and a gateway over it; its --help lists more options")
    _add(commands, "migrate", _migrate, "bring the gateway's own database to the newest revision")
    seed = _add(commands, "seed", _seed, "create the accounts of a demo")
    seed.add_argument("file", type=Path, help="JSON with tenants and staff")
    schema = _add(commands, "schema", _schema, "print the schema")
    schema.add_argument("--check", type=Path, nargs="?", const=Path("schema.graphql"), help="compare with this file")
    _add(commands, "settings", _settings, "print the list of settings")
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    command: Callable[[argparse.Namespace], int],
    summary: str,
) -> argparse.ArgumentParser:
    # The options of the demo are its own, --help among them.
    parser = commands.add_parser(name, help=summary, description=summary, add_help=command is not _demo)
    parser.set_defaults(command=command)
    return parser
