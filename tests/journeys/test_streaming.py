"""A file of fifty megabytes passes through; the gateway holds a small part of it at any time."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.schema.seals import Purpose, Seals
from tests.journeys.conftest import Cast
from tests.support.chaos import Exchange, chaos
from tests.support.gateway import RunningGateway, Systems, copied, running_gateway

pytestmark = pytest.mark.servers

MEBIBYTE = 1024 * 1024
BLOCK, BLOCKS = b"%PDF-1.7\n".ljust(MEBIBYTE, b"."), 50


@dataclass(slots=True)
class LargeStore:
    """A document store with one file, of fifty blocks; `sent` counts those that have left."""

    sent: int = 0

    def __call__(self, at: Exchange) -> None:
        """Answer any request with the file, as fast as it is taken."""
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: {BLOCKS * MEBIBYTE}\r\n\r\n"
        at.peer.sendall(head.encode())
        for _ in range(BLOCKS):
            at.peer.sendall(BLOCK)
            self.sent += 1

    def settled(self) -> int:
        """How many blocks had left when none had for half a second."""
        seen, since = self.sent, time.monotonic()
        while time.monotonic() - since < 0.5:
            time.sleep(0.02)
            if self.sent != seen:
                seen, since = self.sent, time.monotonic()
        return seen


@pytest.fixture
def store() -> LargeStore:
    """A store that counts what it sends."""
    return LargeStore()


@pytest.fixture
def beside_it(store: LargeStore, systems: Systems, cast: Cast, tmp_path: Path) -> Iterator[RunningGateway]:
    """A gateway whose document store it is."""
    folder, staff = cast
    with (
        chaos(store) as server,
        running_gateway(
            systems, copied(folder, to=tmp_path / "data"), staff=staff, GATEWAY_DOCUMENTS_URL=server.url
        ) as running,
    ):
        yield running


def peak_memory(pid: int) -> int:
    """The most that the process has held in memory since its peak was reset, in bytes (Linux)."""
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def reset_peak(pid: int) -> None:
    """Count the peak from now on."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def test_a_large_file_is_never_held_whole(beside_it: RunningGateway, store: LargeStore) -> None:
    """A reader who pauses makes the store pause; in the end every byte has come, and memory has hardly grown."""
    seals = Seals(bytes.fromhex((beside_it.folder / "secret.key").read_text()))
    ((session_id,), *_) = beside_it.query("SELECT id FROM session WHERE staff_name IS NOT NULL")
    token = seals.seal(Purpose.DOWNLOAD, str(session_id), "large", "Avis.pdf", str(int(time.time()) + 60))
    pid = beside_it.part.process.pid
    reset_peak(pid)
    before = peak_memory(pid)

    with beside_it.http.stream("GET", f"{beside_it.url}/documents/{token}") as response:
        chunks = response.iter_bytes()
        received = len(next(chunks))
        left_while_pausing = store.settled()
        received += sum(map(len, chunks))

    assert left_while_pausing < BLOCKS * 0.6
    assert received == BLOCKS * MEBIBYTE
    assert peak_memory(pid) - before < 20 * MEBIBYTE
