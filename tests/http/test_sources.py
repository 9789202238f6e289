"""A source is who spoke to us, or to a proxy of ours; what anybody else writes about it counts for nothing."""

import ipaddress

import pytest
from starlette.requests import Request

from gateway.auth.knocking import Source
from gateway.http.sources import Sources

PROXIES = tuple(map(ipaddress.ip_network, ("10.0.0.0/24", "2001:db8:ff::/64", "127.0.0.1/32")))
ATTACKER, PROXY = "203.0.113.9", "10.0.0.7"


def request(peer: str | None, *forwarded: str) -> Request:
    """A request of `peer` with these X-Forwarded-For headers."""
    headers = [(b"x-forwarded-for", text.encode("latin-1")) for text in forwarded]
    return Request({"type": "http", "headers": headers, "client": (peer, 4711) if peer is not None else None})


CASES: dict[str, tuple[str | None, tuple[str, ...], str]] = {
    "no proxy": ("203.0.113.9", (), "203.0.113.9"),
    "a client that forwards for itself": (ATTACKER, ("198.51.100.1",), ATTACKER),
    "a client that names our proxy": (ATTACKER, (f"198.51.100.1, {PROXY}",), ATTACKER),
    "a proxy of ours": (PROXY, ("203.0.113.9",), "203.0.113.9"),
    "a proxy of ours that says nothing": (PROXY, (), PROXY),
    "what the client wrote stands first": (PROXY, (f"198.51.100.1, {ATTACKER}",), ATTACKER),
    "what the client wrote in a header of its own": (PROXY, ("198.51.100.1", ATTACKER), ATTACKER),
    "two proxies of ours": (PROXY, (f"198.51.100.1, {ATTACKER}, 10.0.0.8",), ATTACKER),
    "a client that pretends to be a proxy of ours": (PROXY, (f"198.51.100.1, 10.0.0.8, {ATTACKER}",), ATTACKER),
    "proxies all the way": (PROXY, ("10.0.0.8, 10.0.0.9",), "10.0.0.8"),
    "a malformed hop": (PROXY, ("198.51.100.1, unknown",), PROXY),
    "a malformed hop behind two proxies": (PROXY, ("198.51.100.1, x, 10.0.0.8",), "10.0.0.8"),
    "a hop with a port": (PROXY, (f"{ATTACKER}:443",), PROXY),
    "an empty hop": (PROXY, (f"{ATTACKER},",), PROXY),
    "an empty header": (PROXY, ("",), PROXY),
    "bytes that are no text": (PROXY, ("\xff\xfe",), PROXY),
    "a thousand hops": (PROXY, (", ".join(["198.51.100.1"] * 1000 + [ATTACKER]),), ATTACKER),
    "IPv4 written as IPv6": ("::ffff:10.0.0.7", (f"::ffff:{ATTACKER}",), ATTACKER),
    "a Unix socket": (None, (ATTACKER,), "local"),
    "a peer without address": ("testclient", (ATTACKER,), "local"),
}


@pytest.mark.parametrize(("peer", "forwarded", "address"), CASES.values(), ids=CASES)
def test_the_source_is_the_last_hop_that_is_no_proxy_of_ours(
    peer: str | None, forwarded: tuple[str, ...], address: str
) -> None:
    """An attacker cannot choose whom he is taken for."""
    assert Sources(PROXIES).of(request(peer, *forwarded)).address == address


def test_without_proxies_nothing_is_forwarded() -> None:
    """As long as the settings name no proxy, the header is a client's own words."""
    assert Sources().of(request("127.0.0.1", ATTACKER)) == Source("127.0.0.1", "127.0.0.0/24")


@pytest.mark.parametrize(
    ("peer", "source"),
    [
        ("203.0.113.9", Source("203.0.113.9", "203.0.113.0/24")),
        ("2001:db8:1:2:3:4:5:6", Source("2001:db8:1:2::/64", "2001:db8:1:2::/64")),
        ("fe80::1%eth0", Source("fe80::/64", "fe80::/64")),
        ("::ffff:203.0.113.9", Source("203.0.113.9", "203.0.113.0/24")),
    ],
)
def test_a_connection_of_ipv6_is_one_source(peer: str, source: Source) -> None:
    """Whoever has a /64 has addresses without end, so they are one; of IPv4 each address is one, in its network."""
    assert Sources().of(request(peer)) == source
