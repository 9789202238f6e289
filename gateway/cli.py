"""The `gateway` command: parses arguments, calls the composition root, prints. Nothing else."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeAlias

import msgspec
import uvloop

from gateway import app, commands, log, serving
from gateway.auth.administered import AccountShown, Closed, Revoked, Unlocked
from gateway.auth.administration import Administration
from gateway.domain.access import Role
from gateway.ports.store import StoreError
from gateway.settings import Settings, SettingsError, load, manual

Groups: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - its only name
Act: TypeAlias = Callable[..., Awaitable[AccountShown | Unlocked | Closed | Revoked]]

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
        uvloop.run(serving.serve(settings))
    return 0


def _demo(parsed: argparse.Namespace) -> int:
    """The simulated world starts in a process of its own, which starts this gateway like any other."""
    os.execv(sys.executable, [sys.executable, "-m", "gateway.demo", *parsed.options])  # noqa: S606 - our own interpreter


def _migrate(parsed: argparse.Namespace) -> int:
    return _tell(commands.migrate(_quiet_settings()), as_json=parsed.json)


def _seed(parsed: argparse.Namespace) -> int:
    seeded = asyncio.run(commands.seed(_quiet_settings(), parsed.file.read_bytes()))
    return _tell(seeded, as_json=True)


def _add_staff(parsed: argparse.Namespace) -> int:
    added = asyncio.run(commands.add_staff(_quiet_settings(), parsed.name, role=Role(parsed.role.upper())))
    return _tell(added, as_json=parsed.json)


def _administer(parsed: argparse.Namespace) -> int:
    """One act on one account: 1 when there is no such account."""
    act = partial(parsed.act, reference=parsed.reference, reason=parsed.reason)
    outcome = asyncio.run(commands.administer(_quiet_settings(), act))
    _tell(outcome, as_json=parsed.json)
    return 0 if outcome.exists else 1


def _close(parsed: argparse.Namespace) -> int:
    if not parsed.yes and not _confirms(f"Close the online account {parsed.reference}? "):
        raise ValueError("nothing was closed")
    return _administer(parsed)


def _confirms(question: str) -> bool:
    if not sys.stdin.isatty():
        raise ValueError("closing an account wants to be confirmed: on a terminal, or by --yes")
    print(f"{question}[y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _quiet_settings() -> Settings:
    """The settings, with a log that says nothing as long as nothing is wrong: the outcome is on standard output."""
    settings = load(os.environ)
    log.configure(log.Level.WARNING)
    return settings


def _tell(outcome: object, *, as_json: bool) -> int:
    facts = msgspec.to_builtins(outcome)
    print(json.dumps(facts) if as_json else "\n".join(_lines(facts)))
    return 0


def _lines(facts: Mapping[str, object]) -> Iterator[str]:
    """One line for each fact, and under its name one for each member of a list."""
    for name, value in facts.items():
        members = value if isinstance(value, list | tuple) else ()
        yield f"{_label(name)}: {'' if members else _words(value)}".rstrip()
        yield from (f"  {_words(member)}" for member in members)


def _words(value: object) -> str:
    match value:
        case None | ():
            return "none"
        case bool():
            return "yes" if value else "no"
        case dict():
            return ", ".join(f"{_label(name)} {_words(one)}" for name, one in value.items())
        case _:
            return str(value)


def _label(name: str) -> str:
    return name.replace("_", " ")


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


def _check_documents(parsed: argparse.Namespace) -> int:
    """1 when a gateway would refuse the manifests."""
    checked = commands.check_documents(parsed.files)
    _tell(checked, as_json=parsed.json)
    return 1 if checked.faults else 0


def _settings(_: argparse.Namespace) -> int:
    print(manual(), end="")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gateway", description="GraphQL gateway for tenants' online accounts.")
    groups = parser.add_subparsers(required=True)
    _add(groups, "serve", _serve, "serve GraphQL; settings come from the environment")
    _add(groups, "demo", _demo, "start the simulated world and a gateway over it; its --help lists more options")
    _add_operators_tools(groups)
    seed = _add(groups, "seed", _seed, "create the accounts of a demo")
    seed.add_argument("file", type=Path, help="JSON with tenants and staff")
    schema = _add(groups, "schema", _schema, "print the schema")
    schema.add_argument("--check", type=Path, nargs="?", const=Path("schema.graphql"), help="compare with this file")
    _add(groups, "settings", _settings, "print the list of settings")
    documents = _group(groups, "documents", "the documents that clients register")
    check = _add(documents, "check", _check_documents, "tell whether a gateway would take these manifests")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE", help="of Apollo, the client preset or Relay")
    _with_json(check)
    return parser


def _add_operators_tools(groups: Groups) -> None:
    account = _group(groups, "account", "look at one online account, open or close it")
    _add_act(account, "show", Administration.show, "tell how the account and its lockout stand")
    _add_act(account, "unlock", Administration.unlock, "open the account again after wrong passwords")
    close = _add_act(account, "close", Administration.close, "remove the online account; the lease stays")
    close.set_defaults(command=_close)
    close.add_argument("--yes", action="store_true", help="do not ask")
    sessions = _group(groups, "sessions", "sessions of one online account")
    _add_act(sessions, "revoke", Administration.revoke_sessions, "sign the holder out everywhere")
    staff = _add(
        _group(groups, "staff", "staff of a demo"), "add", _add_staff, "open a session; prints its bearer once"
    )
    staff.add_argument("name")
    staff.add_argument("--role", required=True, choices=["advisor", "analyst", "operator"])
    database = _group(groups, "db", "the gateway's own database")
    migrate = _add(database, "migrate", _migrate, "bring the database to the newest revision")
    for parser in (staff, migrate):
        _with_json(parser)


def _add_act(groups: Groups, name: str, act: Act, summary: str) -> argparse.ArgumentParser:
    parser = _add(groups, name, _administer, summary)
    parser.set_defaults(act=act)
    parser.add_argument("reference", help="account reference, in any spelling")
    parser.add_argument("--reason", required=True, metavar="TICKET", help="goes into the audit trail; no names")
    _with_json(parser)
    return parser


def _with_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _group(groups: Groups, name: str, summary: str) -> Groups:
    return groups.add_parser(name, help=summary, description=summary).add_subparsers(required=True)


def _add(
    groups: Groups, name: str, command: Callable[[argparse.Namespace], int], summary: str
) -> argparse.ArgumentParser:
    # The options of the demo are its own, --help among them.
    parser = groups.add_parser(name, help=summary, description=summary, add_help=command is not _demo)
    parser.set_defaults(command=command)
    return parser
