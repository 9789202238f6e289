"""Devices the holder has signed in on: what strangers do elsewhere does not keep them out."""

from tests.rules.answers import DENIED, RECREATE_OFFERED, SUSPENDED, recreate_offered
from tests.rules.house import House
from tests.rules.people import CAMILLE
from tests.rules.someone import NEW, WRONG, Someone

DEVICES = "{ viewer { account { sessions { id current device } knownDevices { label } } } }"
REVOKE = """
mutation($input: RevokeSessionInput!) { revokeSession(input: $input) { __typename } }
"""


async def test_my_own_browser_gets_in_while_a_stranger_blocks_my_account(house: House, camille: Someone) -> None:
    """A stranger blocks my account on purpose: the browser I always use lets me in all the same (A17, A16, G18)."""
    await camille.sign_in(CAMILLE)
    stranger = await house.somebody()
    await stranger.give_wrong_passwords(CAMILLE, 3)
    await stranger.ask_for_links(CAMILLE, 3)

    outcomes = [await stranger.sign_in(CAMILLE), await camille.sign_in(CAMILLE)]

    assert outcomes[0] == SUSPENDED
    assert outcomes[1]["viewer"]["account"]["accountReference"] == "12345"
    assert await stranger.sign_in(CAMILLE) == SUSPENDED  # my success opens nothing for them


async def test_my_own_telephone_gets_in_while_a_stranger_blocks_my_account(house: House, camille: Someone) -> None:
    """The application shows what it was given at the first sign-in, and is let in (A17, G18)."""
    data = await camille.ask(
        "mutation($input: SignInInput!) { signIn(input: $input) { ... on SignInSuccess { tokens { deviceToken } } } }",
        input={"accountReference": CAMILLE.reference, "password": "correct horse battery staple", "channel": "MOBILE"},
    )
    token = data["signIn"]["tokens"]["deviceToken"]
    await (await house.somebody()).give_wrong_passwords(CAMILLE, 3)

    without = await camille.sign_in(CAMILLE, channel="MOBILE")
    within = await camille.sign_in(CAMILLE, channel="MOBILE", deviceToken=token)

    assert (without, within["__typename"]) == (RECREATE_OFFERED, "SignInSuccess")
    assert house.count("known_device") == 1


async def test_a_known_device_has_three_tries_of_its_own(house: House, camille: Someone) -> None:
    """My own browser is no way around: three errors there close it there, and not elsewhere (A17, A16)."""
    await camille.sign_in(CAMILLE)

    outcomes = await camille.give_wrong_passwords(CAMILLE, 4)
    elsewhere = await (await house.somebody()).sign_in(CAMILLE)

    assert outcomes == [DENIED, DENIED, RECREATE_OFFERED, RECREATE_OFFERED]
    assert elsewhere["__typename"] == "SignInSuccess"
    house.clock.forward(seconds=599)
    assert await camille.sign_in(CAMILLE) == recreate_offered(1, "1 min")
    house.clock.forward(seconds=1)
    assert (await camille.sign_in(CAMILLE))["__typename"] == "SignInSuccess"


async def test_a_device_is_known_for_one_account_only(house: House, stranger: Someone) -> None:
    """My neighbour's browser is known for their account: for mine it is a stranger's (G20, A17)."""
    await stranger.sign_in("67890")
    for somebody in (stranger, await house.somebody()):
        await somebody.sign_in(CAMILLE, WRONG)

    guard = await house.guard_of(CAMILLE)

    assert guard.failures == 2
    assert house.count("guard", "bucket <> '*'") == 0


async def test_an_invented_device_is_no_device(house: House, stranger: Someone) -> None:
    """A stranger makes devices up to get three tries for each: they are all one stranger (A17)."""
    outcomes = [
        await stranger.sign_in(CAMILLE, WRONG, channel="MOBILE", deviceToken=f"{number}" * 43) for number in range(5)
    ]

    assert outcomes == [DENIED, DENIED, RECREATE_OFFERED, RECREATE_OFFERED, RECREATE_OFFERED]
    assert house.hasher.verifications == 3


async def test_the_same_device_is_known_once(house: House, camille: Someone) -> None:
    """I sign in every day with the same browser: it is one device, and another browser is another (A17)."""
    for _ in range(3):
        await camille.sign_in(CAMILLE, device="Firefox sur Linux")
    await (await house.somebody()).sign_in(CAMILLE, device="Pixel 9")

    [account] = [(await camille.ask(DEVICES))["viewer"]["account"]]

    assert sorted(device["label"] for device in account["knownDevices"]) == ["Firefox sur Linux", "Pixel 9"]


async def test_a_device_that_i_throw_out_is_a_strangers_again(house: House, camille: Someone) -> None:
    """I end the session of a telephone I lost: it is out, and has no tries of its own any more (A17, S7)."""
    lost = await house.somebody()
    await lost.sign_in(CAMILLE, device="Pixel 9")
    await camille.sign_in(CAMILLE, device="Firefox sur Linux")
    sessions = (await camille.ask(DEVICES))["viewer"]["account"]["sessions"]
    [found] = [session["id"] for session in sessions if session["device"] == "Pixel 9"]

    outcome = await camille.act(REVOKE, {"sessionId": found})

    assert outcome == {"__typename": "RevokeSessionSuccess"}
    assert not await lost.is_signed_in()
    await lost.sign_in(CAMILLE, WRONG)
    assert (await house.guard_of(CAMILLE)).failures == 1


async def test_a_new_password_makes_every_device_a_strangers(house: House, camille: Someone) -> None:
    """I re-create my account: devices of before are not known any more (A9, A17, S8)."""
    await camille.sign_in(CAMILLE)
    await (await house.somebody()).choose(await house.link_for(CAMILLE))
    await (await house.somebody()).give_wrong_passwords(CAMILLE, 3)

    assert await camille.sign_in(CAMILLE, NEW) == RECREATE_OFFERED
