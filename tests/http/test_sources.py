"""A source is who spoke to us, or to a proxy of ours; what anybody else writes about it counts for nothing."""

import ipaddress
from dataclasses import replace

import pytest
from starlette.requests import Request

from gateway.app import Entrance, application
from gateway.auth.knocking import Action, Knocking, Rule, Source
from gateway.http.sources import Sources
from tests.support.doors import Doors

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


SIGN_IN = "mutation($input: SignInInput!) { signIn(input: $input) { __typename } }"


async def knocks(doors: Doors, entrance: Entrance) -> list[str]:
    """What six guesses are answered, each of which says that it comes from elsewhere; three a minute are admitted."""
    desk = doors.parts.desk
    foundation = replace(desk.foundation, knocking=Knocking({Action.SIGN_IN: Rule(3, 100, 100)}))
    parts = replace(doors.parts, desk=replace(desk, foundation=foundation))
    limited = replace(doors, app=application(parts, doors.ports, entrance))
    answers = []
    for number in range(6):
        credentials = {"accountReference": f"9999{number}", "password": "wrong"}
        question = {"query": SIGN_IN, "variables": {"input": credentials}}
        response = await limited.post(question, headers={"X-Forwarded-For": f"198.51.100.{number}"})
        answers.append(response.json()["data"]["signIn"]["__typename"])
    return answers


async def test_whoever_writes_another_address_each_time_is_still_one_source(doors: Doors) -> None:
    """The limit counts who is at the door."""
    answers = await knocks(doors, Entrance(clock=doors.clock, deadline_seconds=8))

    assert answers == ["InvalidCredentialsProblem"] * 3 + ["ServiceBusyProblem"] * 3


async def test_behind_a_proxy_of_ours_each_address_is_a_source(doors: Doors) -> None:
    """What our own proxy says of its clients is believed, so that one does not use up what all others have."""
    trusting = Sources((ipaddress.ip_network("127.0.0.0/8"),))

    answers = await knocks(doors, Entrance(clock=doors.clock, deadline_seconds=8, sources=trusting))

    assert answers == ["InvalidCredentialsProblem"] * 6
