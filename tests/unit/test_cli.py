"""The `gateway` command: each does one thing, and says in one sentence why it does not."""

import importlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.schema.build import build_schema, sdl
from gateway.settings import manual
from tests.support.logs import restored_logging
from tests.support.processes import ROOT
from tests.unit.test_settings import DEMO

pytestmark = pytest.mark.thorough

SEED = {
    "tenants": [{"reference": "0012345", "tenant": "T1", "password": "Mirabelle-57!"}],
    "staff": [{"name": "Camille Roth", "role": "OPERATOR"}],
}


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A command configures the log of its process, which here goes on."""
    with restored_logging():
        yield


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The settings of a demo with a database of its own, as the environment of this process."""
    settings = DEMO | {"GATEWAY_DATABASE_URL": f"sqlite:///{tmp_path / 'gateway.db'}"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return settings


@pytest.fixture
def seeded(environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A database in which 12345 has an account."""
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(SEED | {"staff": []}))
    assert (main(["db", "migrate"]), main(["seed", str(file)])) == (0, 0)
    told(capsys)
    return tmp_path / "gateway.db"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Standard input is a terminal; what is written to this end of it is typed there."""
    ours, theirs = os.openpty()
    with os.fdopen(theirs, encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield ours
    os.close(ours)


def trail(database: Path) -> list[tuple[str, str, str, str | None]]:
    """Action, outcome, actor and reason of each line that a command has left, oldest first."""
    statement = "SELECT action, outcome, actor, reason FROM audit WHERE action <> 'DATABASE_MIGRATED' ORDER BY number"
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(statement).fetchall()


def accounts(database: Path) -> int:
    """How many online accounts there are."""
    with closing(sqlite3.connect(database)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM online_account").fetchone()
        return int(count)


def told(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """What stands on standard output and on standard error."""
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_schema_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    """`gateway schema > schema.graphql` writes the published file; no setting is needed."""
    assert main(["schema"]) == 0

    assert told(capsys) == (sdl(build_schema()), "")


def test_schema_check_is_silent_when_the_file_is_right(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the root of the repository it needs no name."""
    monkeypatch.chdir(ROOT)

    assert main(["schema", "--check"]) == 0
    assert told(capsys) == ("", "")


def test_schema_check_names_a_file_that_is_out_of_date(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """And tells how to write it."""
    file = tmp_path / "old.graphql"
    file.write_text(sdl(build_schema()).replace("type Tenant ", "type Renter "), encoding="utf-8")

    assert main(["schema", "--check", str(file)]) == 1

    remedy = f"gateway: {file} is not the schema; write it with `gateway schema > {file}`\n"
    assert told(capsys) == ("", remedy)


def test_schema_check_without_the_file_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """One sentence that names the file, and no traceback."""
    file = tmp_path / "none.graphql"

    assert main(["schema", "--check", str(file)]) == 2

    out, err = told(capsys)
    assert (out, err.count("\n"), str(file) in err) == ("", 1, True)


def test_settings_prints_the_manual(capsys: pytest.CaptureFixture[str]) -> None:
    """No setting is needed to read about settings."""
    assert main(["settings"]) == 0

    assert told(capsys) == (manual(), "")


def test_migrate_makes_the_database_and_tells_what_was_there(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second time it finds the newest revision and changes nothing; both are in the trail."""
    assert (main(["db", "migrate", "--json"]), main(["db", "migrate", "--json"]), main(["db", "migrate"])) == (0, 0, 0)

    first, second, *third = told(capsys)[0].splitlines()
    newest = json.loads(first)["now"]
    assert json.loads(first) == {"found": None, "now": newest}
    assert json.loads(second) == {"found": newest, "now": newest}
    assert third == [f"found: {newest}", f"now: {newest}"]
    with closing(sqlite3.connect(tmp_path / "gateway.db")) as connection:
        lines = connection.execute("SELECT action, outcome, actor, subject FROM audit").fetchall()
    assert lines == 3 * [("DATABASE_MIGRATED", newest, "operator", None)]


def test_seed_creates_accounts_and_opens_sessions_for_staff(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The launcher of the demo learns the bearers of the staff; a second time the accounts stay as they are."""
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(SEED))
    main(["db", "migrate"])
    told(capsys)

    assert (main(["seed", str(file)]), main(["seed", str(file)])) == (0, 0)

    first, second = (json.loads(line)["staff"] for line in told(capsys)[0].splitlines())
    assert [(one["name"], one["role"], len(one["bearer"])) for one in first] == [("Camille Roth", "OPERATOR", 43)]
    assert first[0]["bearer"] != second[0]["bearer"]
    assert accounts(tmp_path / "gateway.db") == 1


def test_account_show_tells_people_how_the_account_stands(seeded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One fact a line; the reference may be spelled as the tenant does on the telephone."""
    assert main(["account", "show", "L-12 345", "--reason", "INC-1"]) == 0
    assert main(["account", "show", "12345", "--reason", "INC-2"]) == 0

    _, second = told(capsys)[0].split("reference: 12345\n")[1:]
    lines = second.splitlines()
    assert lines[0] == "exists: yes"
    assert lines[1].startswith("credential: created at 20")
    assert lines[1].endswith("disabled at none, consecutive failures 0, has address no")
    assert lines[2:7] == [
        "held for assistance: no",
        "guards:",
        "  device none, phase OPEN, failures 0, recreations 0, failures today 0, until none",
        "sessions: none",
        "trail:",
    ]
    assert lines[7].startswith("  at 20")
    assert lines[7].endswith(", action ACCOUNT_SHOWN, outcome Done, by operator")
    assert trail(seeded) == [
        ("ACCOUNT_SHOWN", "Done", "operator", "INC-1"),
        ("ACCOUNT_SHOWN", "Done", "operator", "INC-2"),
    ]


@pytest.mark.parametrize(
    ("command", "action", "outcome"),
    [
        (["account", "unlock"], "ACCOUNT_UNLOCKED", {"was_blocked": False, "was_held": False}),
        (["sessions", "revoke"], "SESSION_REVOKED", {"sessions_ended": 0}),
        (["account", "close", "--yes"], "ACCOUNT_CLOSED", {"sessions_ended": 0}),
    ],
)
def test_an_act_on_an_account_prints_json_for_scripts(
    command: list[str],
    action: str,
    outcome: dict[str, object],
    seeded: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One object on standard output, and one line in the trail."""
    assert main([*command, "0012345", "--reason", "INC-1", "--json"]) == 0

    out, err = told(capsys)
    assert (json.loads(out), err) == ({"reference": "12345", "exists": True, **outcome}, "")
    assert trail(seeded) == [(action, "Done", "operator", "INC-1")]
    assert accounts(seeded) == (0 if action == "ACCOUNT_CLOSED" else 1)


@pytest.mark.parametrize(
    ("command", "action"),
    [
        (["account", "show"], "ACCOUNT_SHOWN"),
        (["account", "unlock"], "ACCOUNT_UNLOCKED"),
        (["account", "close", "--yes"], "ACCOUNT_CLOSED"),
        (["sessions", "revoke"], "SESSION_REVOKED"),
    ],
)
@pytest.mark.parametrize("reference", ["97531", "n/a?"])
def test_an_account_that_does_not_exist_is_a_negative_outcome(
    command: list[str], action: str, reference: str, seeded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1, and told in the trail all the same."""
    assert main([*command, reference, "--reason", "INC-1", "--json"]) == 1

    assert json.loads(told(capsys)[0])["exists"] is False
    assert trail(seeded) == [(action, "NoAccount", "operator", "INC-1")]
    assert accounts(seeded) == 1


def test_a_reason_is_a_ticket(seeded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A story is refused, and nothing done: the trail would hold the names in it."""
    assert main(["account", "close", "12345", "--yes", "--reason", "Mme Dupont a appelé"]) == 2

    out, err = told(capsys)
    assert (out, err.startswith("gateway: a reason is the number of a ticket")) == ("", True)
    assert (accounts(seeded), trail(seeded)) == (1, [])


@pytest.mark.parametrize(("typed", "code", "left"), [("y\n", 0, 0), ("YES\n", 0, 0), ("n\n", 2, 1), ("\n", 2, 1)])
def test_closing_an_account_asks_first(
    typed: str, code: int, left: int, seeded: Path, terminal: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a terminal; the question is not part of the outcome. No is the answer unless somebody says yes."""
    os.write(terminal, typed.encode())

    assert main(["account", "close", "0012345", "--reason", "INC-1", "--json"]) == code

    out, err = told(capsys)
    assert err.startswith("Close the online account 0012345? [y/N] ")
    assert accounts(seeded) == left
    if code == 2:
        assert (out, err.endswith("gateway: nothing was closed\n"), trail(seeded)) == ("", True, [])


def test_without_a_terminal_closing_wants_a_yes(
    seeded: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script that forgot it closes nothing."""
    with Path(os.devnull).open(encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)

        assert main(["account", "close", "12345", "--reason", "INC-1"]) == 2

    sentence = "gateway: closing an account wants to be confirmed: on a terminal, or by --yes\n"
    assert told(capsys) == ("", sentence)
    assert (accounts(seeded), trail(seeded)) == (1, [])


@pytest.mark.parametrize("role", ["advisor", "analyst", "operator"])
def test_staff_add_prints_a_bearer_once(role: str, seeded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The database has its hash only; the trail a pseudonym of the name."""
    assert main(["staff", "add", "Camille Roth", "--role", role, "--json"]) == 0
    assert main(["staff", "add", "Camille Roth", "--role", role]) == 0

    first, *second = told(capsys)[0].splitlines()
    added = json.loads(first)
    assert (added["name"], added["role"], len(added["bearer"])) == ("Camille Roth", role.upper(), 43)
    assert second[:2] == ["name: Camille Roth", f"role: {role.upper()}"]
    assert second[3].startswith("bearer: ")
    kept = b"".join(path.read_bytes() for path in seeded.parent.glob("gateway.db*"))
    assert added["bearer"].encode() not in kept
    assert trail(seeded) == 2 * [("STAFF_ADDED", role.upper(), "operator", None)]


@pytest.mark.parametrize(
    ("arguments", "name", "value", "sentence"),
    [
        (["serve"], "GATEWAY_POTR", "8000", "GATEWAY_POTR is not a setting; did you mean GATEWAY_PORT?"),
        (["db", "migrate"], "GATEWAY_PORT", "0", "GATEWAY_PORT must be a whole number from 1 to 65535"),
        (
            ["seed", "seed.json"],
            "GATEWAY_MODE",
            "production",
            "GATEWAY_MODE=production takes no seeded accounts; GATEWAY_MODE=demo does",
        ),
        (
            ["staff", "add", "Camille Roth", "--role", "operator"],
            "GATEWAY_MODE",
            "production",
            (
                "GATEWAY_MODE=production has no staff of its own: they sign in at GATEWAY_OIDC_ISSUER; "
                "GATEWAY_MODE=demo has"
            ),
        ),
        (
            ["staff", "add", " ", "--role", "operator"],
            "GATEWAY_MODE",
            "demo",
            "a member of staff has a name of one line and is advisor, analyst or operator",
        ),
    ],
)
def test_a_command_is_refused_with_one_sentence(
    arguments: list[str],
    name: str,
    value: str,
    sentence: str,
    environ: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 2; the sentence names the setting, and nothing was started."""
    main(["db", "migrate"])
    told(capsys)
    monkeypatch.chdir(tmp_path)
    Path("seed.json").write_text(json.dumps(SEED))
    monkeypatch.setenv(name, value)

    assert main(arguments) == 2

    assert told(capsys) == ("", f"gateway: {sentence}\n")


@pytest.mark.parametrize(
    "command",
    [
        ["serve"],
        ["seed", "FILE"],
        ["account", "show", "12345", "--reason", "INC-1"],
        ["sessions", "revoke", "12345", "--reason", "INC-1"],
        ["staff", "add", "Camille Roth", "--role", "operator"],
    ],
)
def test_a_database_that_nobody_has_migrated_is_refused(
    command: list[str], environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The gateway never starts on an empty database; the sentence tells what to run."""
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(SEED))

    assert main([str(file) if argument == "FILE" else argument for argument in command]) == 2

    out, err = told(capsys)
    assert out == ""
    assert err.startswith(f"gateway: {tmp_path / 'gateway.db'} does not exist: run `gateway db migrate` first\n")


def test_a_seed_that_is_none_is_refused_without_its_passwords(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sentence names the field."""
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(SEED).replace("OPERATOR", "BOSS"))

    assert main(["seed", str(file)]) == 2

    out, err = told(capsys)
    assert (out, "$.staff[0].role" in err, "Mirabelle" in err) == ("", True, False)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["sevre"],
        ["schema", "--chekc"],
        ["seed"],
        ["migrate"],
        ["db"],
        ["db", "migrate", "now"],
        ["account"],
        ["account", "show", "12345"],
        ["account", "show", "--reason", "INC-1"],
        ["staff", "add", "Camille Roth"],
        ["staff", "add", "Camille Roth", "--role", "tenant"],
    ],
)
def test_a_command_that_does_not_exist_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 with the usage."""
    with pytest.raises(SystemExit) as stop:
        main(arguments)

    assert stop.value.code == 2
    assert told(capsys)[1].startswith("usage: gateway")


def test_the_module_is_the_command() -> None:
    """`python -m gateway` runs the same, and hands its exit code on."""
    command = [sys.executable, "-m", "gateway", "schema", "--check", "LICENSE"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "gateway: LICENSE is not the schema; write it with `gateway schema > LICENSE`\n"


def test_importing_the_module_runs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever looks at it with a tool starts no gateway."""
    importlib.import_module("gateway.__main__")

    assert told(capsys) == ("", "")


def test_demo_hands_over_to_the_simulated_world() -> None:
    """Its options are those of `gateway.demo`, --help among them."""
    command = [sys.executable, "-m", "gateway", "demo", "--help"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "--households" in done.stdout
