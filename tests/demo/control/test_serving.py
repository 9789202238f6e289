"""The process: its ready line, its two ports, its end."""

import json
import signal
import socket
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.demo.control.simulator import Simulator, running_simulator

pytestmark = pytest.mark.servers


def test_the_ready_line_is_all_it_prints(plain: Simulator) -> None:
    """One line of JSON with both addresses."""
    printed = plain.child.log.read_text()

    assert json.loads(printed) == {"name": "plain", "url": plain.url, "control": plain.control}
    assert plain.url.startswith("http://127.0.0.1:")


def test_the_control_plane_is_not_on_the_legacy_port(plain: Simulator) -> None:
    """Nor the legacy system on the port of the control plane."""
    assert plain.fetch("/__sim/health").status_code == 404
    assert plain.client.get(f"{plain.control}/page").status_code == 404


@pytest.mark.parametrize("polite", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_and_in_good_order(tmp_path: Path, polite: signal.Signals) -> None:
    """Even while a request hangs, by order, on an open connection."""
    with running_simulator("tests.demo.control.plain", log=tmp_path / "log") as simulator:
        simulator.order("hang")
        address = urlsplit(simulator.url)
        with closing(socket.create_connection((address.hostname, address.port))) as peer:
            peer.sendall(b"GET /page HTTP/1.1\r\nHost: plain\r\n\r\n")

            assert simulator.child.stop(polite_signal=polite, patience_seconds=5) == 0
