"""Blocked: three wrong passwords, then three failed re-creations; ten minutes later it opens by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain.lockout import GuardRecord, Phase
from tests.rules.answers import (
    DENIED,
    LINK_SENT_IF_MATCH,
    RECREATE_OFFERED,
    ROUTES,
    SUSPENDED,
    ready,
    recreate_offered,
    rejected,
    suspended,
    told,
)
from tests.rules.house import House
from tests.rules.people import ALIX, CAMILLE, CAMILLE_EMAIL, NOBODY, Details
from tests.rules.someone import NEW, WRONG, Someone
from tests.support.household import NOW

pytestmark = pytest.mark.thorough

WARNING = "Trois mots de passe erronés sur votre compte"
BLOCKED = "L’accès à votre compte est suspendu"
LINK = "Choisissez un nouveau mot de passe"


async def test_three_wrong_passwords_then_three_failed_recreations_block_the_account(
    house: House, camille: Someone
) -> None:
    """I forget my password three times, then choose three that are not allowed: the sixth failure blocks (R7)."""
    token = await house.link_for(CAMILLE)
    # The request for the link was one attempt to re-create; it belongs to an earlier day here.
    house.doors.execute("DELETE FROM guard")

    signed_in = await camille.give_wrong_passwords(CAMILLE, 3)
    chosen = [await camille.choose(token, password) for password in ("abc", "12345678", "SANS-CHIFFRE")]

    assert signed_in == [DENIED, DENIED, RECREATE_OFFERED]
    assert chosen == [
        rejected("TOO_SHORT", "NO_DIGIT", "NO_UPPERCASE", "NO_SPECIAL", "TOO_COMMON"),
        rejected("NO_UPPERCASE", "NO_SPECIAL", "TOO_PREDICTABLE", "TOO_COMMON", "CONTAINS_PERSONAL_WORD"),
        told(SUSPENDED),
    ]
    assert await camille.sign_in(CAMILLE) == SUSPENDED
    assert house.hasher.verifications == 3


async def test_three_wrong_passwords_alone_do_not_block(house: House, camille: Someone) -> None:
    """After three wrong passwords I am offered a new one, and am not blocked (R7, A1)."""
    await camille.give_wrong_passwords(CAMILLE, 3)

    asked = await camille.ask_for_link(CAMILLE)

    assert asked == LINK_SENT_IF_MATCH
    guard = await house.guard_of(CAMILLE)
    assert (guard.phase, guard.failures, guard.recreations) == (Phase.RECREATE, 3, 1)


async def test_after_three_wrong_passwords_none_is_looked_at(house: House, camille: Someone) -> None:
    """After three errors I remember the right one: it is not even looked at (A1, G4)."""
    await camille.give_wrong_passwords(CAMILLE, 3)

    outcomes = [await camille.sign_in(CAMILLE, password) for password in ("correct horse battery staple", WRONG, "")]

    assert outcomes == [RECREATE_OFFERED] * 3
    assert house.hasher.verifications == 3
    assert not await camille.is_signed_in()


async def test_waiting_ten_minutes_after_three_wrong_passwords_opens_it_again(house: House, camille: Someone) -> None:
    """I do nothing for ten minutes: it opens by itself, and I have three tries again (A2)."""
    await camille.give_wrong_passwords(CAMILLE, 3)

    house.clock.forward(seconds=599)
    assert await camille.sign_in(CAMILLE) == recreate_offered(1, "1 min")
    house.clock.forward(seconds=1)

    assert await camille.give_wrong_passwords(CAMILLE, 3) == [DENIED, DENIED, RECREATE_OFFERED]


async def test_knocking_does_not_keep_the_door_closed(house: House, stranger: Someone) -> None:
    """A stranger goes on guessing while I wait: it opens ten minutes after the third error all the same (A2, G7)."""
    await stranger.give_wrong_passwords(CAMILLE, 3)
    written = house.doors.execute("SELECT * FROM guard")

    for _ in range(50):
        await stranger.sign_in(CAMILLE, WRONG)
        house.clock.forward(seconds=12)
    camille = await house.somebody()

    assert house.doors.execute("SELECT * FROM guard") == written
    assert house.hasher.verifications == 3
    assert (await camille.sign_in(CAMILLE))["__typename"] == "SignInSuccess"


async def test_five_hundred_denials_change_nothing_and_send_nothing(house: House, stranger: Someone) -> None:
    """A stranger is refused five hundred times: nothing is written, and there is one letter (G7, A19)."""
    await stranger.give_wrong_passwords(CAMILLE, 3)
    assert await house.mail_to(CAMILLE_EMAIL) == [WARNING]
    await stranger.ask_for_links(NOBODY_AT_CAMILLES, 3)
    mail, rows = await house.mail_to(CAMILLE_EMAIL), house.doors.execute("SELECT * FROM guard")
    lines = house.count("audit")

    outcomes = [await stranger.sign_in(CAMILLE, WRONG) for _ in range(500)]

    assert outcomes == [SUSPENDED] * 500
    assert house.doors.execute("SELECT * FROM guard") == rows
    assert (house.count("audit"), house.count("outbox")) == (lines, 0)
    assert await house.mail_to(CAMILLE_EMAIL) == mail
    assert mail == [WARNING]


NOBODY_AT_CAMILLES = Details(CAMILLE.reference, NOBODY.first_name, NOBODY.last_name, NOBODY.birth_date)


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_a_message_tells_that_it_is_blocked_and_what_helps(language: str, house: House) -> None:
    """I am told in my language that it is blocked, for how long, and all that I can do (R8, R12)."""
    somebody = await house.somebody(**{"Accept-Language": language})
    await somebody.ask_for_links(CAMILLE, 3)

    outcome = await somebody.sign_in(CAMILLE)

    assert (outcome["code"], outcome["retryAfterSeconds"], outcome["routes"]) == ("SUSPENDED", 600, ROUTES)
    assert outcome["routes"][-1] == "CALL"
    expected = {
        "fr": SUSPENDED["message"],
        "en": "For security, access is suspended. If you already have an account, try again in 10 min or use the "
        "link we e-mailed. If you never created one, fill in the assistance form.",
    }
    assert outcome["message"] == expected[language]


async def test_a_blocked_account_opens_by_itself_after_ten_minutes(house: House, camille: Someone) -> None:
    """I am blocked: after 9 min 59 s the right password is refused, after 10 min it opens (R9, A18, G6)."""
    await camille.give_wrong_passwords(CAMILLE, 3)
    await camille.ask_for_links(CAMILLE, 3)
    verified = house.hasher.verifications

    house.clock.forward(seconds=599.999)
    early = await camille.sign_in(CAMILLE)
    house.clock.forward(seconds=0.001)
    in_time = await camille.sign_in(CAMILLE)

    assert early == suspended(1, "1 min")
    assert in_time["__typename"] == "SignInSuccess"
    assert house.hasher.verifications == verified + 1


async def test_two_failed_recreations_do_not_block(house: House, camille: Someone) -> None:
    """Three wrong passwords and two failed re-creations, then ten minutes: all is as if nothing had been (R7, G5)."""
    await camille.give_wrong_passwords(CAMILLE, 3)
    assert await camille.ask_for_links(NOBODY_AT_CAMILLES, 2) == [LINK_SENT_IF_MATCH] * 2
    house.clock.forward(minutes=10)

    outcome = await camille.sign_in(CAMILLE)

    assert outcome["__typename"] == "SignInSuccess"
    guard = await house.guard_of(CAMILLE)
    assert (guard.phase, guard.failures, guard.recreations) == (Phase.OPEN, 0, 0)


async def test_failed_attempts_to_create_block_without_any_wrong_password(house: House, stranger: Someone) -> None:
    """Somebody only tries to create my account, three times: that blocks too (A5)."""
    asked = await stranger.ask_for_links(NOBODY_AT_CAMILLES, 4)

    assert asked == [LINK_SENT_IF_MATCH] * 3 + [SUSPENDED]
    assert await stranger.sign_in(CAMILLE) == SUSPENDED
    assert house.hasher.verifications == 0


async def test_requests_count_whether_or_not_the_details_are_right(house: House, stranger: Someone) -> None:
    """Three requests block, right or wrong: nobody learns from it whether they had my birthday right (A27)."""
    right = [*await house.letters_asked_for(CAMILLE, 3), await stranger.ask_for_link(CAMILLE)]
    wrong = [*await stranger.ask_for_links(NOBODY, 3), await stranger.ask_for_link(NOBODY)]

    assert right == wrong == [LINK_SENT_IF_MATCH] * 3 + [SUSPENDED]
    assert sorted(await house.mail_to(CAMILLE_EMAIL)) == [LINK, LINK, LINK, BLOCKED]


async def test_the_third_request_is_still_dealt_with(house: House, camille: Someone) -> None:
    """My third request is the one that blocks, and the link it sends lets me in although it is blocked (A27, A17)."""
    await camille.ask_for_links(NOBODY_AT_CAMILLES, 2)
    await camille.ask_for_link(CAMILLE)
    await house.doors.run_errands()
    assert await camille.sign_in(CAMILLE) == SUSPENDED

    chosen = await camille.choose(house.letterbox.link_token())

    assert chosen == ready("2027-02-01")
    assert (await camille.sign_in(CAMILLE, NEW))["__typename"] == "SignInSuccess"
    assert (await house.guard_of(CAMILLE)).phase is Phase.OPEN


async def test_failures_are_forgotten_after_a_day(house: House, camille: Someone) -> None:
    """Two errors yesterday and one today are not three (A3)."""
    await camille.give_wrong_passwords(CAMILLE, 2)
    house.clock.forward(hours=24, seconds=-1)
    assert await camille.sign_in(CAMILLE, WRONG) == RECREATE_OFFERED
    house.clock.forward(minutes=10)
    await camille.give_wrong_passwords(CAMILLE, 2)
    house.clock.forward(hours=24)

    outcomes = await camille.give_wrong_passwords(CAMILLE, 2)

    assert outcomes == [DENIED, DENIED]


async def test_signing_in_clears_the_errors_before_it(house: House, camille: Someone) -> None:
    """Two errors, then the right password: the next error is the first again (A3, A23)."""
    await camille.give_wrong_passwords(CAMILLE, 2)
    await camille.ask_for_links(NOBODY_AT_CAMILLES, 2)
    await camille.sign_in(CAMILLE)

    guard = await house.guard_of(CAMILLE)

    assert (guard.failures, guard.recreations, guard.spent) == (0, 0, (NOW, NOW))


async def test_six_errors_never_cost_less_time_than_three(house: House, camille: Someone) -> None:
    """Three errors close it for ten minutes, and so do six: from the last one that counted (A2)."""
    await camille.give_wrong_passwords(CAMILLE, 3)
    house.clock.forward(minutes=9)

    await camille.ask_for_links(NOBODY_AT_CAMILLES, 3)

    assert await camille.sign_in(CAMILLE) == SUSPENDED
    house.clock.forward(minutes=10)
    assert (await camille.sign_in(CAMILLE))["__typename"] == "SignInSuccess"


async def test_a_session_that_is_open_stays_open_while_the_account_is_blocked(house: House, camille: Someone) -> None:
    """Somebody blocks my account: I stay signed in where I am, and get one letter a day about it (A19)."""
    await camille.sign_in(CAMILLE, channel="MOBILE")
    stranger = await house.somebody()
    for _ in range(3):
        await stranger.give_wrong_passwords(CAMILLE, 3)
        await house.doors.run_errands()
        await stranger.ask_for_links(NOBODY_AT_CAMILLES, 3)
        await house.doors.run_errands()
        assert await camille.is_signed_in()
        house.clock.forward(minutes=10)
        await camille.refresh()

    assert await house.mail_to(CAMILLE_EMAIL) == [WARNING]
    house.clock.forward(hours=24)
    await stranger.give_wrong_passwords(CAMILLE, 3)
    assert await house.mail_to(CAMILLE_EMAIL) == [WARNING, WARNING]


async def test_every_way_to_a_password_is_closed_while_it_is_blocked(house: House, camille: Someone) -> None:
    """While it is blocked no page looks at a password from where it was blocked, right or wrong (A18)."""
    await camille.sign_in(CAMILLE, channel="MOBILE")
    house.doors.execute("DELETE FROM known_device")  # so that Camille's telephone is a stranger to us, too
    stranger = await house.somebody()
    await house.letters_asked_for(CAMILLE, 3)
    verified = house.hasher.verifications

    outcomes = [
        await stranger.sign_in(CAMILLE),
        await stranger.sign_in(CAMILLE, channel="MOBILE"),
        await stranger.ask_for_link(CAMILLE),
        await camille.change_password(),
    ]

    assert outcomes == [SUSPENDED] * 4
    assert house.hasher.verifications == verified
    assert sorted(await house.mail_to(CAMILLE_EMAIL)) == [LINK, LINK, LINK, BLOCKED]


async def test_blocking_one_account_blocks_no_other(house: House, stranger: Someone) -> None:
    """Somebody blocks my neighbour's account from where I live: mine stays as it was (A16, G16)."""
    await stranger.give_wrong_passwords(ALIX, 3)
    await stranger.ask_for_links(ALIX, 3)

    outcome = await stranger.sign_in(CAMILLE)

    assert outcome["__typename"] == "SignInSuccess"
    assert await house.guard_of(CAMILLE) == GuardRecord(last=NOW)


async def test_guessing_between_ones_own_sign_ins_wins_nothing(house: House, stranger: Someone) -> None:
    """A stranger signs in to their own account between guesses at mine: that clears nothing (G16, A23)."""
    outcomes = []
    for _ in range(4):
        outcomes.append(await stranger.sign_in(CAMILLE, WRONG))
        await stranger.sign_in("67890")

    assert outcomes == [DENIED, DENIED, RECREATE_OFFERED, RECREATE_OFFERED]
    assert (await house.guard_of(CAMILLE)).spent == (NOW, NOW, NOW)


@pytest.mark.parametrize("night", [datetime(2026, 3, 29, 0, 55, tzinfo=UTC), datetime(2026, 10, 25, 0, 55, tzinfo=UTC)])
async def test_ten_minutes_are_ten_minutes_when_the_clocks_change(night: datetime, house: House) -> None:
    """I am blocked in the night the clocks change: ten minutes are six hundred seconds (R9)."""
    house.clock.now = night
    camille = await house.somebody()
    await camille.ask_for_links(CAMILLE, 3)

    house.clock.forward(seconds=599)
    assert await camille.sign_in(CAMILLE) == suspended(1, "1 min")
    house.clock.forward(seconds=1)

    assert (await camille.sign_in(CAMILLE))["__typename"] == "SignInSuccess"
    assert house.clock.now - night == timedelta(seconds=600)


async def test_titles_that_nobody_has_leave_nothing_behind(house: House, stranger: Someone) -> None:
    """A stranger blocks invented titles: what is remembered of them goes after two days, like all else (A14)."""
    await stranger.give_wrong_passwords(NOBODY, 3)
    await stranger.ask_for_links(NOBODY, 3)
    await stranger.give_wrong_passwords(CAMILLE, 3)
    await house.doors.run_errands()
    upkeep = house.doors.parts.desk.upkeep()
    assert (house.count("hold"), house.count("outbox")) == (0, 0)

    house.clock.forward(hours=48, seconds=-1)
    await upkeep.run_once()
    assert house.count("guard") == 2
    house.clock.forward(seconds=1)
    await upkeep.run_once()

    assert house.count("guard") == 0


async def test_after_the_unlock_a_forgotten_password_is_chosen_anew(house: House, camille: Someone) -> None:
    """It opened by itself and I still do not remember: « J'ai oublié mon mot de passe » works (R10)."""
    await camille.give_wrong_passwords(CAMILLE, 3)
    await camille.ask_for_links(NOBODY_AT_CAMILLES, 3)
    house.clock.forward(minutes=10)

    chosen = await camille.choose(await house.link_for(CAMILLE))

    assert chosen == ready("2027-02-01")
    assert (await camille.sign_in(CAMILLE, NEW))["__typename"] == "SignInSuccess"
