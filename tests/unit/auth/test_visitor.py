"""Who knocks: the network around them, and the device they come with."""

from dataclasses import replace

import pytest

from gateway.auth.knocking import source_at
from gateway.auth.visitor import Visitor, bucket_of
from gateway.domain.access import OnlineAccountId
from gateway.domain.lockout import UNKNOWN_DEVICES, Bucket
from tests.support.account_world import STRANGER, AccountWorld


@pytest.mark.parametrize(
    ("address", "neighbours"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8::7", "2001:db8::/64"),
        ("127.0.0.1", None),
        ("127.3.2.1", None),
        ("::1", None),
    ],
)
def test_neighbours_share_what_is_scarce(address: str, neighbours: str | None) -> None:
    """On this machine they are everybody behind a proxy, which tells nothing."""
    assert Visitor(source_at(address)).neighbours == neighbours


def test_the_token_of_an_application_stands_for_the_cookie() -> None:
    """Where it gives one."""
    browser = replace(STRANGER, device_token="cookie")

    assert browser.with_device("token").device_token == "token"
    assert browser.with_device(None) is browser
    assert browser.with_device("") is browser


def test_a_visitor_shows_no_token() -> None:
    """It ends up in a traceback one day."""
    assert "s3cret" not in repr(STRANGER.with_device("s3cret"))


async def test_a_device_is_known_to_its_own_account(world: AccountWorld) -> None:
    """And to no other, nor to none."""
    visitor = STRANGER.with_device((await world.signed_in()).device_token)
    camille = await world.account()

    device = await visitor.device_for(camille, world.memory)

    assert device is not None
    assert bucket_of(device) == Bucket(device.id)
    assert await visitor.device_for(replace(camille, id=OnlineAccountId("other")), world.memory) is None
    assert await visitor.device_for(None, world.memory) is None


@pytest.mark.parametrize("token", [None, "", "\ud800", "\x00", "x" * 1_000_000])
async def test_any_token_may_be_that_of_no_device(world: AccountWorld, token: str | None) -> None:
    """Guesses are counted with those of all unknown devices."""
    device = await STRANGER.with_device(token).device_for(await world.account(), world.memory)

    assert device is None
    assert bucket_of(device) == UNKNOWN_DEVICES
