"""Sessions: what opens them, how long they last, and everything that ends them."""

import asyncio
from http.cookies import SimpleCookie

import pytest

from tests.rules.house import House
from tests.rules.people import CAMILLE, CAMILLE_EMAIL
from tests.rules.someone import NEW, WHO_AM_I, Someone
from tests.support.client import document_of
from tests.support.doors import PASSWORD

COOKIE, DEVICE = "__Host-gw_sid", "__Host-gw_did"
SIGN_OUT = "mutation { signOut { __typename } }"
ENDED = {
    "__typename": "SessionEndedProblem",
    "code": "SESSION_ENDED",
    "message": "Votre session est terminée. Reconnectez-vous.",
}


async def test_the_cookie_of_a_session_is_for_this_house_alone(stranger: Someone) -> None:
    """My browser keeps the session for my landlord's host only, out of reach of scripts and other pages (S16)."""
    given = {"accountReference": CAMILLE.reference, "password": PASSWORD}

    response = await stranger.send(document_of("sign_in"), input=given)

    cookies = {line.partition("=")[0]: line.lower() for line in response.headers.get_list("set-cookie")}
    assert set(cookies) == {COOKIE, DEVICE}
    for cookie in cookies.values():
        assert {"path=/", "secure", "httponly", "samesite=strict"} <= set(cookie.split("; "))
        assert "domain" not in cookie
    assert SimpleCookie(cookies[COOKIE])[COOKIE.lower()]["max-age"] == ""
    assert stranger.http.cookies[COOKIE] not in response.text


async def test_signing_in_opens_a_new_session_whatever_cookie_was_there(house: House, camille: Someone) -> None:
    """Somebody planted a cookie in my browser: the session I open is another one, which they do not know (S1)."""
    await camille.sign_in(CAMILLE)
    planted = camille.http.cookies[COOKIE]

    await camille.sign_in(CAMILLE)

    assert camille.http.cookies[COOKIE] != planted
    assert house.count("session", "account_id = 'account-T-CAMILLE' AND closed_at IS NULL") == 3


@pytest.mark.parametrize("channel", ["WEB", "MOBILE"])
async def test_signing_out_ends_the_session_at_once(channel: str, house: House, camille: Someone) -> None:
    """I sign out: whoever kept my cookie or my tokens opens nothing with them (S2)."""
    await camille.sign_in(CAMILLE, channel=channel)
    copy = await house.somebody()
    copy.tokens = camille.tokens
    copy.http.cookies.update(camille.http.cookies)

    await camille.ask(SIGN_OUT)

    assert COOKIE not in camille.http.cookies
    assert not await copy.is_signed_in()
    if channel == "MOBILE":
        assert await copy.refresh() == ENDED
        assert (await camille.send(WHO_AM_I)).status_code == 401


async def test_twenty_requests_for_new_tokens_at_once_get_one_pair(house: House, camille: Someone) -> None:
    """My application renews its session from twenty places at once: they all go on with the same tokens (S3)."""
    await camille.sign_in(CAMILLE, channel="MOBILE")
    before = dict(camille.tokens or {})

    outcomes = await asyncio.gather(*(camille.refresh(before["refreshToken"]) for _ in range(20)))

    assert len({outcome["tokens"]["accessToken"] for outcome in outcomes}) == 1
    assert outcomes[0]["tokens"]["accessToken"] != before["accessToken"]
    assert house.doors.execute("SELECT refresh_counter FROM session WHERE channel = 'MOBILE' ORDER BY 1 DESC")[0] == (
        1,
    )
    assert await camille.is_signed_in()


async def test_a_stolen_token_signs_thief_and_owner_out(house: House, camille: Someone) -> None:
    """A thief renewed with my token before me: when I come, we are both out, and I get a letter (S6)."""
    await camille.sign_in(CAMILLE, channel="MOBILE")
    stolen = (camille.tokens or {})["refreshToken"]
    thief = await house.somebody()
    assert (await thief.refresh(stolen))["__typename"] == "RefreshSessionSuccess"
    house.clock.forward(seconds=11)

    outcome = await camille.refresh(stolen)

    assert outcome == ENDED
    assert [await thief.is_signed_in(), await camille.is_signed_in()] == [False, False]
    assert await house.mail_to(CAMILLE_EMAIL) == ["L’application a été déconnectée par sécurité"]


@pytest.mark.parametrize(("seconds", "is_good"), [(10, True), (10.001, False)])
async def test_an_answer_that_was_lost_may_be_asked_for_again(
    seconds: float, is_good: bool, house: House, camille: Someone
) -> None:
    """The answer with my new tokens was lost in a tunnel: within ten seconds I get them again (S3, S6)."""
    await camille.sign_in(CAMILLE, channel="MOBILE")
    old = (camille.tokens or {})["refreshToken"]
    await camille.refresh()
    house.clock.forward(seconds=seconds)

    outcome = await camille.refresh(old)

    assert (outcome["__typename"] == "RefreshSessionSuccess") == is_good
    assert house.count("outbox") == (0 if is_good else 1)


async def test_a_token_from_the_future_ends_nothing(house: House, camille: Someone) -> None:
    """Somebody makes a token up for my session: it opens nothing, and I stay signed in (S6)."""
    await camille.sign_in(CAMILLE, channel="MOBILE")
    session, _, signature = (camille.tokens or {})["refreshToken"].split(".")

    for forged in (f"{session}.7.{signature}", f"{session}.0.{'A' * 43}", session, "", "é"):
        stranger = await house.somebody()
        assert await stranger.refresh(forged or ".") == ENDED

    assert await camille.is_signed_in()
    assert await house.mail_to(CAMILLE_EMAIL) == []


async def test_what_was_opened_before_is_over_when_the_account_is_closed(house: House, camille: Someone) -> None:
    """My account is closed: nothing that it opened goes on (S7)."""
    telephone = await house.somebody()
    await telephone.sign_in(CAMILLE, channel="MOBILE")
    await camille.sign_in(CAMILLE)

    await house.doors.parts.desk.administration.close(CAMILLE.reference, reason="TICKET-2")

    assert [await telephone.is_signed_in(), await camille.is_signed_in()] == [False, False]
    assert await telephone.refresh() == ENDED
    assert house.count("session", "account_id = 'account-T-CAMILLE'") == 0


async def test_changing_the_password_ends_every_session_this_one_too(house: House, camille: Someone) -> None:
    """I change my password: every session is over, and I sign in with the new one (S7, S8)."""
    telephone = await house.somebody()
    await telephone.sign_in(CAMILLE, channel="MOBILE")
    await camille.sign_in(CAMILLE)

    assert (await camille.change_password())["__typename"] == "AccountReady"

    assert [await telephone.is_signed_in(), await camille.is_signed_in()] == [False, False]
    assert await telephone.refresh() == ENDED
    assert COOKIE not in camille.http.cookies
    assert (await camille.sign_in(CAMILLE, NEW))["__typename"] == "SignInSuccess"


async def test_a_web_session_ends_after_half_an_hour_without_a_request(house: House, camille: Someone) -> None:
    """I leave my browser alone: at 29 min 59.999 s I am signed in, at 30 min I am not (S9)."""
    other = await house.somebody()
    await camille.sign_in(CAMILLE)
    await other.sign_in(CAMILLE)

    house.clock.forward(minutes=30, seconds=-0.001)
    assert await camille.is_signed_in()
    house.clock.forward(seconds=0.001)

    assert not await other.is_signed_in()
    assert await camille.is_signed_in()  # it was in use a moment ago


async def test_a_web_session_ends_after_twelve_hours_however_busy(house: House, camille: Someone) -> None:
    """I use it all day: after twelve hours I sign in again, to the instant (S9)."""
    await camille.sign_in(CAMILLE)
    for _ in range(35):
        house.clock.forward(minutes=20)
        assert await camille.is_signed_in()
    house.clock.forward(minutes=20, seconds=-0.001)
    assert await camille.is_signed_in()

    house.clock.forward(seconds=0.001)

    assert not await camille.is_signed_in()


async def test_a_mobile_session_lasts_ninety_days_ten_minutes_a_token(house: House, camille: Someone) -> None:
    """My application renews its token every ten minutes, comes back within a month, and signs in each season (S9)."""
    await camille.sign_in(CAMILLE, channel="MOBILE")
    house.clock.forward(minutes=10, seconds=-0.001)
    assert await camille.is_signed_in()
    house.clock.forward(seconds=0.001)
    assert not await camille.is_signed_in()

    for days in (29, 29, 29):
        house.clock.forward(days=days)
        assert (await camille.refresh())["__typename"] == "RefreshSessionSuccess"
    house.clock.forward(days=3, minutes=-10)

    assert await camille.refresh() == ENDED


async def test_a_mobile_session_ends_after_a_month_without_a_request(house: House, camille: Someone) -> None:
    """I do not open my application for thirty days: I sign in again (S9)."""
    await camille.sign_in(CAMILLE, channel="MOBILE")
    house.clock.forward(days=30)

    assert await camille.refresh() == ENDED


async def test_an_eleventh_session_ends_the_one_seen_longest_ago(house: House, camille: Someone) -> None:
    """I am signed in at eleven places: the one I used longest ago is signed out (S7)."""
    house.doors.execute("UPDATE session SET closed_at = started_at WHERE account_id = 'account-T-CAMILLE'")
    everywhere = [await house.somebody() for _ in range(11)]
    for somewhere in everywhere:
        await somewhere.sign_in(CAMILLE)
        house.clock.forward(seconds=1)

    assert [await somewhere.is_signed_in() for somewhere in everywhere] == [False, *[True] * 10]
