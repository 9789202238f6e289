"""One visit of an analyst to GraphiQL, in a real browser, at a real gateway over simulators."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support import node, processes
from tests.support.gateway import RunningGateway, prepared, running_gateway, running_systems

FOLDER = Path(__file__).parent
SCREENSHOT = processes.ROOT / ".cache" / "graphiql.png"
SAVED_QUERY = "Health of the sources"
_SECONDS = 90


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """The gateway as the demo runs it."""
    home = tmp_path_factory.mktemp("gateway")
    with (
        running_systems(tmp_path_factory.mktemp("systems")) as systems,
        running_gateway(systems, home, staff=prepared(home)) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def visit(gateway: RunningGateway, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What was seen; the browser unpacks itself below `.cache`, once."""
    scratch = tmp_path_factory.mktemp("visit")
    unpacked = processes.ROOT / ".cache" / "chromium"
    unpacked.mkdir(parents=True, exist_ok=True)
    facts = {
        "url": gateway.url,
        "bearer": gateway.staff["ANALYST"],
        "query": SAVED_QUERY,
        "screenshot": str(SCREENSHOT),
    }
    environment = {"FACTS": json.dumps(facts), "TMPDIR": str(unpacked)}
    script = node.workplace(FOLDER, scratch=scratch) / "visit.mjs"
    log = scratch / "visit.log"
    with processes.running([node.find().program, script], log=log, environment=environment) as child:
        status = child.process.wait(_SECONDS)
    said = log.read_text(encoding="utf-8")
    assert status == 0, said[-4000:]
    seen: Mapping[str, Any] = json.loads(said.splitlines()[-1])
    return seen
