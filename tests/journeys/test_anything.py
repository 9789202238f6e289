"""A thousand requests that nobody thought of, sent to a gateway that serves: each is answered, and none is felt."""

import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

from tests.support.gateway import RunningGateway
from tests.support.sendings import QUESTIONS, SENDINGS, Sending
from tests.support.usage import usage_of

pytestmark = pytest.mark.servers

REQUESTS = 1_000
MANY = settings(
    max_examples=REQUESTS // 2, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
MAX_CPU_MS = 250
"""Of one request: the loop is held up for no longer than the processor works on it."""
MAX_GROWTH_MIB = 64
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")


@pytest.fixture
def bearers(gateway: RunningGateway) -> Mapping[str, str | None]:
    """What each sender shows."""
    return {"STRANGER": None, "TENANT": gateway.tenant("plain").token, "ANALYST": gateway.staff["ANALYST"]}


def answer(gateway: RunningGateway, sent: bytes) -> bytes:
    """All that is answered to one request, until the gateway closes the connection."""
    address = urlsplit(gateway.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before all of it was sent, and answered
            connection.sendall(sent)
        received = b""
        with suppress(ConnectionResetError):  # it did not want the rest
            while chunk := connection.recv(65_536):
                received += chunk
        return received


def check(gateway: RunningGateway, bearers: Mapping[str, str | None], sending: Sending) -> None:
    """One request gets one answer, which is no failure of ours, and costs little."""
    before = usage_of(gateway.part.process.pid)

    received = answer(gateway, sending.framed(urlsplit(gateway.url).netloc, bearer=bearers[sending.sender]))

    status = _STATUS.match(received)
    assert status is not None, received
    assert int(status[1]) < 500, received
    assert b"Traceback" not in received
    assert usage_of(gateway.part.process.pid).cpu_ms - before.cpu_ms < MAX_CPU_MS


@pytest.mark.parametrize("sendings", [pytest.param(QUESTIONS, id="documents"), pytest.param(SENDINGS, id="requests")])
def test_whatever_is_sent_is_answered_and_holds_nobody_up(
    sendings: SearchStrategy[Sending], gateway: RunningGateway, bearers: Mapping[str, str | None]
) -> None:
    """Bodies, heads and documents from nearly right to absurd: no failure of ours, no traceback, no memory kept."""
    gateway.stranger().ask("{ offices { name } }").whole()
    before, logged = usage_of(gateway.part.process.pid), gateway.part.log.stat().st_size

    MANY(given(sending=sendings)(check))(gateway, bearers)

    assert usage_of(gateway.part.process.pid).resident_mib - before.resident_mib < MAX_GROWTH_MIB
    log = gateway.part.log.read_bytes()[logged:]
    assert log.count(b'"level": "error"') == 0, log[-3_000:]
    assert b"Traceback" not in log
    gateway.stranger().ask("{ offices { name } }").whole()
