"""There are so many places for connections, and so many for each address."""

import ipaddress

import pytest

from gateway.http.server.crowd import Crowd
from gateway.http.server.terms import Terms
from gateway.http.sources import TRUSTING_NOBODY, Sources
from tests.http.server.conftest import opened_line

pytestmark = pytest.mark.servers

CLOSING = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


async def test_a_full_house_says_so_at_once_and_serves_who_is_in() -> None:
    """Whoever is in is not disturbed; once somebody leaves there is a place again."""
    async with opened_line(Terms(connections=2)) as line:
        async with line.connection() as (reader, writer), line.connection():
            await line.until(lambda: len(line.server.server_state.connections) == 2)

            refused = await line.tell()

            assert refused.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
            assert b"Retry-After: 5\r\n" in refused
            assert b'"code":"TOO_MANY_CONNECTIONS"' in refused
            writer.write(CLOSING)
            assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
        await line.until(lambda: not line.server.server_state.connections)
        assert (await line.tell(CLOSING)).startswith(b"HTTP/1.1 200 ")
    assert line.ended("TOO_MANY_CONNECTIONS") == 1


async def test_one_address_does_not_take_all_places() -> None:
    """It is told so, and gets its place back when one of its connections ends."""
    async with opened_line(crowd=Crowd(TRUSTING_NOBODY, most=1)) as line:
        async with line.connection():
            await line.until(lambda: len(line.server.server_state.connections) == 1)
            refused = await line.tell()
        await line.until(lambda: not line.server.server_state.connections)
        served = await line.tell(CLOSING)

    assert refused.startswith(b"HTTP/1.1 503 ")
    assert served.startswith(b"HTTP/1.1 200 ")


def test_a_network_of_one_customer_is_one_address() -> None:
    """IPv6 gives each household more addresses than there are places."""
    crowd = Crowd(TRUSTING_NOBODY, most=1)

    first = crowd.enter("2001:db8:1:2::1")

    assert first == "2001:db8:1:2::/64"
    assert crowd.enter("2001:db8:1:2:ffff::9") is None
    assert crowd.enter("2001:db8:1:3::1") == "2001:db8:1:3::/64"
    crowd.leave(first)
    assert list(crowd._present) == ["2001:db8:1:3::/64"]  # noqa: SLF001 - nothing is kept of those who have left
    assert crowd.enter("2001:db8:1:2::7") == first


def test_a_proxy_of_ours_has_no_bound() -> None:
    """Everybody comes through it."""
    crowd = Crowd(Sources((ipaddress.ip_network("10.0.0.0/8"),)), most=1)

    assert [crowd.enter(host) for host in ("10.1.2.3", "10.1.2.3", "192.0.2.1", "192.0.2.1")] == [
        "10.1.2.3",
        "10.1.2.3",
        "192.0.2.1",
        None,
    ]
