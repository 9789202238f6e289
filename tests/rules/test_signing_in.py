"""Signing in: title and password, in the browser or the application, and three tries."""

import asyncio
import json
from itertools import cycle, islice
from pathlib import Path

import pytest

from gateway.auth.knocking import rules
from gateway.domain.lockout import Phase
from tests.rules.answers import BUSY, DENIED, RECREATE_OFFERED, ready, suspended
from tests.rules.house import House, opened_house
from tests.rules.people import CAMILLE, CAMILLE_EMAIL, NOBODY
from tests.rules.someone import NEW, WRONG, Someone
from tests.support.client import document_of
from tests.support.doors import PASSWORD
from tests.support.legible import legible

pytestmark = pytest.mark.thorough

SPELLINGS = [
    "12345",
    "0012345",
    "012 345",
    "L-12345",
    "l 12345",
    "１２３４５",
    "12\u200b345",
    "12‑345",
    " 00 12345 ",
    "L12345",
]


async def test_the_browser_and_the_application_share_one_count(house: House, camille: Someone) -> None:
    """I try in the browser and on my telephone: it is the same account, and three tries in all (R1)."""
    first = await camille.sign_in(CAMILLE, WRONG, channel="WEB")
    second = await camille.sign_in(CAMILLE, WRONG, channel="MOBILE")
    third = await camille.sign_in(CAMILLE, WRONG, channel="WEB")

    assert [first, second, third] == [DENIED, DENIED, RECREATE_OFFERED]
    assert (await house.guard_of(CAMILLE)).failures == 3
    assert await house.mail_to(CAMILLE_EMAIL) == ["Trois mots de passe erronés sur votre compte"]


SUCCESS = {
    "__typename": "SignInSuccess",
    "viewer": {
        "roles": ["TENANT"],
        "account": {
            "id": "OnlineAccount | account-T-CAMILLE",
            "accountReference": "12345",
            "renewal": {"due": False, "dueOn": "2027-02-01", "mode": "INVITE"},
        },
    },
}


async def test_the_right_password_opens_the_account_in_the_browser(house: House, camille: Someone) -> None:
    """I sign in at MON COMPTE: I am who I am, and my browser keeps the session out of sight (R1, R6)."""
    outcome = await camille.sign_in(CAMILLE)

    assert legible(outcome, house.doors.parts.seals) == {**SUCCESS, "tokens": None}
    assert set(camille.http.cookies) == {"__Host-gw_sid", "__Host-gw_did"}
    assert await camille.is_signed_in()


async def test_the_right_password_opens_the_account_in_the_application(house: House, camille: Someone) -> None:
    """I sign in in the application: it gets tokens for ten minutes, and no cookie (R1, R6)."""
    outcome = legible(await camille.sign_in(CAMILLE, channel="MOBILE"), house.doors.parts.seals)

    tokens = outcome.pop("tokens")
    assert outcome == SUCCESS
    assert tokens.pop("accessExpiresAt") == "2026-03-17T09:40:00+00:00"
    assert [len(tokens["accessToken"]), tokens["refreshToken"].count(".")] == [43, 2]
    assert dict(camille.http.cookies) == {}
    assert await camille.is_signed_in()


@pytest.mark.parametrize(
    ("reference", "password"),
    [("12345", ""), ("", PASSWORD), ("", ""), ("12345", "12345"), (PASSWORD, "12345"), ("67890", "12345")],
)
async def test_title_and_password_are_both_indispensable(
    reference: str, password: str, house: House, stranger: Someone
) -> None:
    """I have only my title, or only my password: neither alone opens anything (R6)."""
    outcome = await stranger.sign_in(reference, password)

    assert outcome == DENIED
    assert not await stranger.is_signed_in()
    assert house.count("session", "account_id IS NOT NULL") == 2


@pytest.mark.parametrize("password", [None, 12345, ["a"], {"a": "b"}])
async def test_a_password_that_is_no_text_is_refused_and_not_repeated(
    password: object, house: House, stranger: Someone
) -> None:
    """Anything but a text is no password: nothing is checked, nothing is counted (R6)."""
    response = await stranger.send(
        document_of("sign_in"), input={"accountReference": CAMILLE.reference, "password": password}
    )

    assert "data" not in response.json()
    assert "12345" not in json.dumps(response.json()["errors"])
    assert (house.hasher.verifications, house.count("guard")) == (0, 0)


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_the_title_may_be_written_in_any_way(spelling: str, camille: Someone) -> None:
    """I write my title with or without zeros, spaces, hyphens or the letter: it is my account (A15)."""
    outcome = await camille.sign_in(spelling)

    assert outcome["viewer"]["account"]["accountReference"] == "12345"


async def test_every_spelling_is_counted_as_one_account(house: House, stranger: Someone) -> None:
    """A stranger spells my title in ten ways: that makes three tries, not thirty (A15)."""
    outcomes = [await stranger.sign_in(spelling, WRONG) for spelling in SPELLINGS]

    assert outcomes == [DENIED, DENIED, *[RECREATE_OFFERED] * (len(SPELLINGS) - 2)]
    assert house.hasher.verifications == 3
    assert house.count("guard") == 1


async def test_a_title_that_no_account_can_have_is_counted_too(house: House, stranger: Someone) -> None:
    """Somebody types anything at all for a title: it looks like an account nobody told us of (A14, A15)."""
    outcomes = [await stranger.sign_in(title, WRONG) for title in ("§ 12.", "§12.", "§\u200b12.", "§ 1 2 .")]

    assert outcomes == [DENIED, DENIED, RECREATE_OFFERED, RECREATE_OFFERED]
    assert (house.hasher.verifications, house.count("guard")) == (3, 1)


async def test_two_hundred_wrong_passwords_at_once_are_three_tries(house: House, stranger: Someone) -> None:
    """A stranger fires two hundred guesses at once, the title spelled in all ways: three are looked at (A15, R7)."""
    spelled = islice(cycle(SPELLINGS), 200)

    outcomes = await asyncio.gather(
        *(stranger.sign_in(reference, f"{WRONG}{number}") for number, reference in enumerate(spelled))
    )

    assert house.hasher.verifications == 3
    assert outcomes.count(DENIED) == 2
    # Who has waited two seconds in line is told to come back: on a slow machine that is some of them.
    assert {outcome["code"] for outcome in outcomes if outcome != DENIED} <= {"RECREATE_OFFERED", "BUSY"}
    assert (await house.guard_of(CAMILLE)).failures == 3
    assert await house.mail_to(CAMILLE_EMAIL) == ["Trois mots de passe erronés sur votre compte"]


async def test_guesses_by_alias_or_batch_are_not_looked_at(house: House, stranger: Someone) -> None:
    """A stranger packs many guesses into one request: none is looked at, none is counted (A15, R7)."""
    two, fifteen = (
        " ".join(f"a{number}: signIn(input: $input) {{ __typename }}" for number in range(count)) for count in (2, 15)
    )
    given = {"accountReference": CAMILLE.reference, "password": WRONG}
    sign_in = {"query": document_of("sign_in"), "variables": {"input": given}}

    twice, often = [
        await stranger.send(f"mutation($input: SignInInput!) {{ {fields} }}", input=given) for fields in (two, fifteen)
    ]
    batched = await stranger.http.post("/graphql", json=[sign_in] * 10)

    assert [error["extensions"]["code"] for error in twice.json()["errors"]] == ["ONE_CREDENTIAL_PER_DOCUMENT"]
    assert {error["extensions"]["code"] for error in often.json()["errors"]} == {"GRAPHQL_DOCUMENT_TOO_COMPLEX"}
    assert batched.status_code == 400
    assert (house.hasher.verifications, house.count("guard")) == (0, 0)


async def test_one_address_that_knocks_too_often_is_put_off_and_nobody_is_charged(tmp_path: Path) -> None:
    """A stranger's address is put off: that changes nothing at my account, which counts for itself (A16)."""
    async with opened_house(tmp_path, knocking_rules=rules(sign_ins=2, requests=1)) as house:
        stranger = await house.somebody()

        outcomes = await stranger.give_wrong_passwords(CAMILLE, 4)
        asked = await stranger.ask_for_links(CAMILLE, 2)

        assert outcomes[:2] == [DENIED, DENIED]
        assert [outcome["code"] for outcome in (*outcomes[2:], asked[1])] == ["BUSY"] * 3
        guard = await house.guard_of(CAMILLE)
        assert (guard.phase, guard.failures, guard.recreations) == (Phase.OPEN, 2, 1)
        assert house.hasher.verifications == 2


async def test_eight_right_passwords_at_once_all_sign_in(house: House, camille: Someone) -> None:
    """I click twice, in several tabs: everybody who has the right password gets in (A24, G15)."""
    outcomes = await asyncio.gather(*(camille.sign_in(CAMILLE, channel="MOBILE") for _ in range(8)))

    assert [outcome["__typename"] for outcome in outcomes] == ["SignInSuccess"] * 8
    assert len({outcome["tokens"]["accessToken"] for outcome in outcomes}) == 8
    assert (await house.guard_of(CAMILLE)).failures == 0


async def test_a_right_password_that_comes_too_late_opens_nothing(house: House, camille: Someone) -> None:
    """I choose a new password while somebody signs in with the old one: the old one opens nothing any more (A20)."""
    old_browser, token = await house.somebody(), await house.link_for(CAMILLE)

    with house.hasher.holding_one_back() as checking:
        late = asyncio.create_task(old_browser.sign_in(CAMILLE))
        await asyncio.to_thread(checking.wait, 5)
        chosen = await camille.choose(token)

    assert chosen == ready("2027-02-01")
    assert await late == BUSY
    assert not await old_browser.is_signed_in()
    assert house.count("session", "account_id = 'account-T-CAMILLE' AND closed_at IS NULL") == 0


async def test_a_success_in_between_does_not_wear_the_day_down(house: House, stranger: Someone) -> None:
    """A stranger guesses between my own sign-ins: mine clear the three, never the day's twenty-four (A23, A4)."""
    known, unknown = await house.somebody(), await house.somebody()
    await known.sign_in(CAMILLE)
    for _ in range(11):
        assert await stranger.give_wrong_passwords(CAMILLE, 2) == [DENIED, DENIED]
        unknown.http.cookies.clear()  # otherwise the device is known, and not counted with the stranger's
        for browser in (unknown, known):
            assert (await browser.sign_in(CAMILLE))["__typename"] == "SignInSuccess"
        house.clock.forward(minutes=1)
    assert await stranger.give_wrong_passwords(CAMILLE, 2) == [DENIED, DENIED]
    unknown.http.cookies.clear()
    verified = house.hasher.verifications

    outcomes = [await stranger.sign_in(CAMILLE, WRONG), await unknown.sign_in(CAMILLE)]

    assert outcomes == [suspended(24 * 3600 - 11 * 60, "24 h")] * 2
    assert house.hasher.verifications == verified
    assert (await known.sign_in(CAMILLE))["__typename"] == "SignInSuccess"


async def test_the_day_of_twenty_four_is_a_rolling_one(house: House, stranger: Someone) -> None:
    """A stranger guesses three times every eleven minutes: the twenty-fifth waits until the first is a day old (A4)."""
    for _ in range(8):
        await stranger.give_wrong_passwords(CAMILLE, 3)
        house.clock.forward(minutes=11)

    assert await stranger.sign_in(CAMILLE, WRONG) == suspended(24 * 3600 - 88 * 60, "23 h")
    house.clock.forward(hours=24, minutes=-88, seconds=-1)
    assert await stranger.sign_in(CAMILLE, WRONG) == suspended(1, "1 min")
    house.clock.forward(seconds=1)
    assert await stranger.sign_in(CAMILLE, WRONG) == DENIED
    assert house.hasher.verifications == 25


async def test_a_hundred_wrong_passwords_in_a_row_disable_the_password(house: House, stranger: Someone) -> None:
    """A stranger guesses for days: my password opens nothing until I choose another, and I am told (A4)."""
    camille = await house.somebody()
    for _ in range(100):
        await stranger.sign_in(CAMILLE, WRONG)
        house.clock.forward(hours=2)

    right_but_disabled = await camille.sign_in(CAMILLE)
    unknown = await camille.sign_in(NOBODY)

    assert right_but_disabled == unknown == DENIED
    assert (await house.mail_to(CAMILLE_EMAIL)).count("Votre mot de passe ne peut plus servir") == 1
    assert await camille.choose(await house.link_for(CAMILLE)) == ready("2027-02-01")
    assert (await camille.sign_in(CAMILLE, NEW))["__typename"] == "SignInSuccess"


async def test_ninety_nine_wrong_passwords_in_a_row_do_not(house: House, stranger: Someone) -> None:
    """After ninety-nine the right password still opens my account, and the count starts anew (A4)."""
    for _ in range(99):
        await stranger.sign_in(CAMILLE, WRONG)
        house.clock.forward(hours=2)

    outcome = await stranger.sign_in(CAMILLE)

    assert outcome["__typename"] == "SignInSuccess"
    assert house.doors.execute("SELECT consecutive_failures FROM online_account WHERE reference = '12345'") == [(0,)]
