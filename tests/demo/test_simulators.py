"""Where the simulators of a demo are, as the gateway is told."""

from pathlib import Path

import pytest

from gateway.demo.parts import Part, start
from gateway.demo.simulators import Simulator, addresses

pytestmark = pytest.mark.servers


def test_the_door_for_letters_has_a_name_of_its_own(tmp_path: Path) -> None:
    """Beside the address of each simulator's page."""
    part: Part = start("stand-in", ["tests.demo.part", "ready"], log=tmp_path / "log")
    found = {
        "erp": Simulator(part, "http://127.0.0.1:1", "http://127.0.0.1:2"),
        "mail": Simulator(part, "http://127.0.0.1:3", "http://127.0.0.1:4", "127.0.0.1:25"),
    }

    part.stop()

    assert addresses(found) == {"erp": "http://127.0.0.1:1", "mail": "http://127.0.0.1:3", "smtp": "127.0.0.1:25"}
