"""The `gateway` command: each does one thing, and says in one sentence why it does not."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.schema.build import build_schema, sdl
from gateway.settings import manual
from tests.support.logs import restored_logging
from tests.support.processes import ROOT
from tests.unit.test_settings import DEMO

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
    """The second time it finds the newest revision and changes nothing."""
    assert (main(["migrate"]), main(["migrate"])) == (0, 0)

    first, second = (json.loads(line) for line in told(capsys)[0].splitlines())
    assert first == {"found": None}
    assert second["found"] is not None
    assert (tmp_path / "gateway.db").is_file()


def test_seed_creates_accounts_and_opens_sessions_for_staff(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The launcher of the demo learns the bearers of the staff; a second time the accounts stay as they are."""
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(SEED))
    main(["migrate"])
    told(capsys)

    assert (main(["seed", str(file)]), main(["seed", str(file)])) == (0, 0)

    first, second = (json.loads(line)["staff"] for line in told(capsys)[0].splitlines())
    assert [(one["name"], one["role"], len(one["bearer"])) for one in first] == [("Camille Roth", "OPERATOR", 43)]
    assert first[0]["bearer"] != second[0]["bearer"]


@pytest.mark.parametrize(
    ("arguments", "name", "value", "sentence"),
    [
        (
            ["serve"],
            "GATEWAY_MODE",
            "production",
            (
                "GATEWAY_MODE=production cannot be served yet: the lockout that stops guessing of passwords is "
                "not built; GATEWAY_MODE=demo serves invented tenants"
            ),
        ),
        (["serve"], "GATEWAY_POTR", "8000", "GATEWAY_POTR is not a setting; did you mean GATEWAY_PORT?"),
        (["migrate"], "GATEWAY_PORT", "0", "GATEWAY_PORT must be a whole number from 1 to 65535"),
        (
            ["seed", "seed.json"],
            "GATEWAY_MODE",
            "production",
            "GATEWAY_MODE=production takes no seeded accounts; GATEWAY_MODE=demo does",
        ),
    ],
)
def test_a_command_is_refused_with_one_sentence(
    arguments: list[str],
    name: str,
    value: str,
    sentence: str,
    environ: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 2; the sentence names the setting, and nothing was started."""
    monkeypatch.setenv(name, value)

    assert main(arguments) == 2

    assert told(capsys) == ("", f"gateway: {sentence}\n")


@pytest.mark.parametrize("command", [["serve"], ["seed", "FILE"]])
def test_a_database_that_nobody_has_migrated_is_refused(
    command: list[str], environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The gateway never starts on an empty database; the sentence tells what to run."""
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(SEED))

    assert main([str(file) if argument == "FILE" else argument for argument in command]) == 2

    out, err = told(capsys)
    assert out == ""
    assert err.startswith(f"gateway: {tmp_path / 'gateway.db'} does not exist: run `gateway ")


def test_a_seed_that_is_none_is_refused_without_its_passwords(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sentence names the field."""
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(SEED).replace("OPERATOR", "BOSS"))

    assert main(["seed", str(file)]) == 2

    out, err = told(capsys)
    assert (out, "$.staff[0].role" in err, "Mirabelle" in err) == ("", True, False)


@pytest.mark.parametrize("arguments", [[], ["sevre"], ["schema", "--chekc"], ["seed"], ["migrate", "now"]])
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
