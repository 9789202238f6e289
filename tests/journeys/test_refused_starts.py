"""A gateway that must not run does not start, and says why in one sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

from gateway.demo import gateway as demo
from tests.journeys.conftest import Cast
from tests.support.processes import unmeasured

pytestmark = pytest.mark.servers

SECRET = "f00d" * 16


def start(folder: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    """`gateway serve` with the settings of the demo, some of them changed; an empty one is absent."""
    with unmeasured():
        environment = demo.environment(folder, port=1) | {"GATEWAY_SECRET_KEY": SECRET} | changed
    command = [sys.executable, "-m", "gateway", "serve"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param(
            {"GATEWAY_ERP_URL": ""},
            "GATEWAY_ERP_URL is missing: it is an http or https address without user, query or fragment",
            id="missing",
        ),
        pytest.param(
            {"GATEWAY_DOCUMENTS_KEY": ""},
            "GATEWAY_DOCUMENTS_URL and GATEWAY_DOCUMENTS_KEY are set together or not at all",
            id="contradictory",
        ),
        pytest.param(
            {"GATEWAY_ERP_PASWORD": "demo-immogest"},
            "GATEWAY_ERP_PASWORD is not a setting; did you mean GATEWAY_ERP_PASSWORD?",
            id="unknown",
        ),
        pytest.param(
            {"GATEWAY_SECRET_KEY": SECRET[:60]},
            "GATEWAY_SECRET_KEY must be at least 32 random bytes in base64 or hexadecimal",
            id="unreadable",
        ),
    ],
)
def test_a_wrong_setting_stops_the_start(cast: Cast, changed: dict[str, str], sentence: str) -> None:
    """Exit code 2 and one sentence that names the setting, never its value when that is secret."""
    folder, _ = cast

    outcome = start(folder, **changed)

    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert outcome.stderr == f"gateway: {sentence}\n"
    assert SECRET[:20] not in outcome.stderr


def test_a_database_that_nobody_prepared_stops_the_start(tmp_path: Path) -> None:
    """The sentence names the file and the remedy."""
    outcome = start(tmp_path)

    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(
        f"gateway: {tmp_path / 'gateway.sqlite3'} does not exist: run `gateway db migrate` first"
    )
    assert outcome.stderr.count("\n") == 1
