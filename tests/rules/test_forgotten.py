"""« J'ai oublié mon mot de passe »: a link to the address on file, and a password that meets the rules."""

import pytest

from tests.rules.answers import (
    DENIED,
    LINK_INVALID,
    LINK_SENT_IF_MATCH,
    RECREATE_OFFERED,
    SUSPENDED,
    Outcome,
    ready,
    rejected,
    told,
)
from tests.rules.house import House
from tests.rules.people import ALIX, CAMILLE, CAMILLE_EMAIL
from tests.rules.someone import NEW, WRONG, Someone
from tests.support.doors import PASSWORD

pytestmark = pytest.mark.thorough

LINK, CHANGED = "Choisissez un nouveau mot de passe", "Votre mot de passe a été changé"
BAD = "abc"
POLICY = "{ passwordPolicy { minLength maxLength minDigits minUppercase minSpecial statement } }"


@pytest.mark.parametrize("errors", [0, 1, 3])
async def test_a_forgotten_password_is_replaced_at_any_time(errors: int, house: House, camille: Someone) -> None:
    """I have forgotten my password, before any error or after three: I choose a new one and sign in (R5, R10)."""
    await camille.give_wrong_passwords(CAMILLE, errors)

    asked = await camille.ask_for_link(CAMILLE)
    await house.doors.run_errands()
    chosen = await camille.choose(house.letterbox.link_token())

    assert (asked, chosen) == (LINK_SENT_IF_MATCH, ready("2027-02-01"))
    assert await camille.sign_in(CAMILLE) == DENIED
    assert (await camille.sign_in(CAMILLE, NEW))["__typename"] == "SignInSuccess"
    assert CHANGED in await house.mail_to(CAMILLE_EMAIL)


async def test_knowing_names_and_birth_date_opens_nothing(house: House, stranger: Someone) -> None:
    """Somebody who knows all about me gets no further than a letter to me: the link proves the mailbox (R17, A7)."""
    before = house.doors.execute("SELECT * FROM online_account")

    asked = await stranger.ask_for_link(CAMILLE)
    guessed = await stranger.choose("A" * 43)

    assert (asked, guessed) == (LINK_SENT_IF_MATCH, LINK_INVALID)
    assert house.doors.execute("SELECT * FROM online_account") == before
    assert not await stranger.is_signed_in()
    await house.doors.run_errands()
    assert {letter.to for letter in house.letterbox.letters} == {CAMILLE_EMAIL}
    assert house.letterbox.link_token() not in str(house.doors.execute("SELECT * FROM account_link"))


async def test_choosing_a_password_signs_nobody_in(house: House, camille: Someone) -> None:
    """I have chosen my password: I sign in with it like every day (R5, R6)."""
    await camille.choose(await house.link_for(CAMILLE))

    assert not await camille.is_signed_in()
    assert dict(camille.http.cookies) == {}


async def test_a_link_works_once(house: House, camille: Someone) -> None:
    """I use the link a second time: it is no longer valid, and my password stays (P6, A6)."""
    token = await house.link_for(CAMILLE)
    await camille.choose(token)

    assert await camille.choose(token, "Autre coquelicot 8") == LINK_INVALID
    assert (await camille.sign_in(CAMILLE, NEW))["__typename"] == "SignInSuccess"


@pytest.mark.parametrize(("seconds", "outcome"), [(1799.999, ready("2027-02-01")), (1800, LINK_INVALID)])
async def test_a_link_lasts_thirty_minutes(seconds: float, outcome: Outcome, house: House, camille: Someone) -> None:
    """Up to half an hour after my letter the link works, then it does not (P8)."""
    token = await house.link_for(CAMILLE)

    house.clock.forward(seconds=seconds)

    assert await camille.choose(token) == outcome


async def test_a_later_link_replaces_an_earlier_one(house: House, camille: Someone) -> None:
    """I asked twice: the link of the second letter is the one (P8)."""
    first, second = await house.link_for(CAMILLE), await house.link_for(CAMILLE)

    assert await camille.choose(first) == LINK_INVALID
    assert await camille.choose(second) == ready("2027-02-01")


async def test_a_link_ends_when_the_password_is_changed(house: House, camille: Someone) -> None:
    """I changed my password meanwhile: the link of before is no longer valid (P8, A9)."""
    token = await house.link_for(CAMILLE)
    await camille.sign_in(CAMILLE)
    assert await camille.change_password() == ready("2027-02-01")

    assert await camille.choose(token, "Autre coquelicot 8") == LINK_INVALID


async def test_a_link_ends_when_the_account_is_closed(house: House, camille: Someone) -> None:
    """My account was closed: the link of before is no longer valid, and creates nothing (P8, S7)."""
    token = await house.link_for(CAMILLE)
    await house.doors.parts.desk.administration.close(CAMILLE.reference, reason="TICKET-1")

    assert await camille.choose(token) == LINK_INVALID
    assert house.count("online_account", "reference = '12345'") == 0


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "é\u0000", "a" * 1_000])
async def test_a_link_that_never_was_is_told_apart_from_nothing(token: str, house: House, stranger: Someone) -> None:
    """Unknown, used, replaced or too old: the same sentence; an invented link touches no account (P8, A6)."""
    assert await stranger.choose(token) == LINK_INVALID
    assert (house.count("guard"), house.hasher.verifications) == (0, 0)


async def test_a_link_that_was_good_once_counts_as_a_failed_attempt(house: House, camille: Someone) -> None:
    """I insist with a used link: after three failed attempts it is blocked (A6, R7)."""
    token = await house.link_for(CAMILLE)
    await camille.choose(token)
    await house.doors.run_errands()

    outcomes = [await camille.choose(token) for _ in range(3)]

    assert outcomes == [LINK_INVALID] * 3
    assert await camille.sign_in(CAMILLE, NEW) == SUSPENDED


async def test_a_refused_password_counts_and_reading_the_rules_does_not(house: House, camille: Someone) -> None:
    """I read the rules as often as I like; each password I send that misses them counts (A6, R7)."""
    token = await house.link_for(CAMILLE)
    for _ in range(10):
        await camille.ask(POLICY)
    assert (await house.guard_of(CAMILLE)).recreations == 1  # the request itself

    outcomes = [await camille.choose(token, BAD) for _ in range(3)]

    reasons = ("TOO_SHORT", "NO_DIGIT", "NO_UPPERCASE", "NO_SPECIAL", "TOO_COMMON")
    assert outcomes == [rejected(*reasons), told(SUSPENDED), rejected(*reasons)]
    assert await camille.sign_in(CAMILLE) == SUSPENDED
    assert await camille.choose(token) == ready("2027-02-01")  # the link outlives the block, and ends it
    assert (await camille.sign_in(CAMILLE, NEW))["__typename"] == "SignInSuccess"


async def test_the_rules_for_passwords_are_told_before_one_is_chosen(camille: Someone) -> None:
    """I am told what my password must be: eight characters, a digit, a capital, a special character (R4)."""
    policy = await camille.ask(POLICY)

    assert policy["passwordPolicy"] == {
        "minLength": 8,
        "maxLength": 128,
        "minDigits": 1,
        "minUppercase": 1,
        "minSpecial": 1,
        "statement": policy["passwordPolicy"]["statement"],
    }
    assert all(word in policy["passwordPolicy"]["statement"] for word in ("8", "chiffre", "majuscule", "spécial"))


PASSWORDS = {
    "eight characters of four classes": ("Gk7!mvzq", []),
    "seven characters": ("Gk7!mvz", ["TOO_SHORT"]),
    "no digit": ("Gkx!mvzq", ["NO_DIGIT"]),
    "no capital": ("gk7!mvzq", ["NO_UPPERCASE"]),
    "no special character": ("Gk7xmvzq", ["NO_SPECIAL"]),
    "eight without a small letter": ("GK7!MVZQ", ["TOO_PREDICTABLE"]),
    "nine without a small letter": ("GK7!MVZQX", []),
    "É is a capital": ("Ék7!mvzq", []),
    "an Arabic digit": ("Gk٧!mvzq", []),
    "a space is special": ("Gk7 mvzq", []),
    "an emoji is special": ("Gk7🦔mvzq", []),
    "composed of parts": ("E\u0301k7!mvz", ["TOO_SHORT"]),
    "her own name": ("Roussel57!", ["TOO_COMMON", "CONTAINS_PERSONAL_WORD"]),
    "the landlord's name": ("Mosellan57!", ["CONTAINS_PERSONAL_WORD"]),
    "a word everybody takes": ("Automne2026!", ["TOO_COMMON"]),
    "a control character": ("Gk7!mv\u0000zq", ["UNUSABLE_CHARACTER"]),
    "an invisible character": ("Gk7!mv\u200bzq", ["UNUSABLE_CHARACTER"]),
    "128 characters": ("Gk7!" + "mv" * 62, []),
    "129 characters": ("Gk7!" + "mv" * 62 + "z", ["TOO_LONG"]),
    "the one before": (PASSWORD, ["NO_DIGIT", "NO_UPPERCASE"]),
}


@pytest.mark.parametrize(("password", "reasons"), PASSWORDS.values(), ids=PASSWORDS)
async def test_a_password_is_taken_or_refused_with_every_reason(
    password: str, reasons: list[str], house: House, camille: Someone
) -> None:
    """I choose a password: it is taken, or I am told everything that is wrong with it (R4, A26)."""
    token = await house.link_for(CAMILLE)

    outcome = await camille.choose(token, password)

    assert outcome == (rejected(*reasons) if reasons else ready("2027-02-01"))
    signed_in = await camille.sign_in(CAMILLE, password)
    assert signed_in["__typename"] == (
        "InvalidCredentialsProblem" if password != PASSWORD and reasons else "SignInSuccess"
    )


async def test_the_password_of_before_is_no_new_one(house: House, camille: Someone) -> None:
    """I choose the password that I had: it is refused, and the link stays good for another (P5)."""
    await camille.choose(await house.link_for(CAMILLE))
    token = await house.link_for(CAMILLE)

    assert await camille.choose(token, NEW) == rejected("SAME_AS_BEFORE")
    assert await camille.choose(token, "Autre coquelicot 8") == ready("2027-02-01")


async def test_fifty_requests_send_three_letters_a_day(house: House, stranger: Someone) -> None:
    """A stranger asks for links in my name all day: I get three letters, they the same answer each time (P11)."""
    outcomes = []
    for _ in range(50):
        outcomes.append(await stranger.ask_for_link(CAMILLE))
        await house.doors.run_errands()
        house.clock.forward(minutes=11)

    assert outcomes == [LINK_SENT_IF_MATCH] * 50
    assert house.letterbox.subjects(CAMILLE_EMAIL).count(LINK) == 3
    house.clock.forward(hours=24)
    await stranger.ask_for_link(CAMILLE)
    assert (await house.mail_to(CAMILLE_EMAIL)).count(LINK) == 4


async def test_a_new_password_ends_all_that_the_old_one_opened(house: House, camille: Someone) -> None:
    """I re-create my account: every session, device and link of before is over, and every count is zero (A9, S8)."""
    telephone, browser = await house.somebody(), await house.somebody()
    await telephone.sign_in(CAMILLE, channel="MOBILE")
    await browser.sign_in(CAMILLE)
    await camille.give_wrong_passwords(CAMILLE, 3)
    token = await house.link_for(CAMILLE)

    await camille.choose(token)

    assert [await telephone.is_signed_in(), await browser.is_signed_in()] == [False, False]
    assert (await telephone.refresh())["code"] == "SESSION_ENDED"
    assert house.count("session", "account_id = 'account-T-CAMILLE' AND closed_at IS NULL") == 0
    assert house.count("known_device") == 0
    assert house.count("account_link", "ended_at IS NULL") == 0
    assert house.count("guard") == 0
    assert CHANGED in await house.mail_to(CAMILLE_EMAIL)


async def test_a_link_opens_what_is_blocked_from_every_device(house: House, camille: Someone) -> None:
    """My own telephone is blocked after my own errors, and so is everybody else: the link opens both (A17, R7)."""
    telephone = await house.somebody()
    await telephone.sign_in(CAMILLE)
    token = await house.link_for(CAMILLE)
    await telephone.give_wrong_passwords(CAMILLE, 3)
    await camille.give_wrong_passwords(CAMILLE, 3)
    assert await telephone.sign_in(CAMILLE) == await camille.sign_in(CAMILLE) == RECREATE_OFFERED

    await camille.choose(token)

    assert (await telephone.sign_in(CAMILLE, NEW))["__typename"] == "SignInSuccess"
    assert (await camille.sign_in(CAMILLE, NEW))["__typename"] == "SignInSuccess"


async def test_the_link_leads_to_the_landlords_own_page_and_nowhere_else(house: House, stranger: Someone) -> None:
    """Whatever a stranger's request says, my letter leads to my landlord's page, the token behind a # (P10, R17)."""
    stranger.http.headers["X-Forwarded-Host"] = "thief.example.net"
    await stranger.ask_for_link(CAMILLE)
    await house.doors.run_errands()

    [letter] = house.letterbox.to(CAMILLE_EMAIL)
    assert f"https://account.example.org/choose-password#{house.letterbox.link_token()}" in letter.body
    assert letter.body.count("http") == 1


async def test_letters_are_written_in_the_language_of_the_request(house: House) -> None:
    """I asked in English: my letter is in English (R5)."""
    somebody = await house.somebody(**{"Accept-Language": "en"})

    await somebody.ask_for_link(CAMILLE)

    assert await house.mail_to(CAMILLE_EMAIL) == ["Choose a new password"]


async def test_only_the_letter_knows_the_link(house: House, alix: Someone) -> None:
    """My link is in my letter and nowhere else: not in the answer, not in the books, not in the logs (P10)."""
    response = await alix.send(
        "mutation($input: RequestAccountLinkInput!) { requestAccountLink(input: $input) { __typename } }",
        input=ALIX.claim,
    )
    await house.doors.run_errands()
    token = house.letterbox.link_token()

    assert token not in response.text
    assert token.encode() not in b"".join(path.read_bytes() for path in house.doors.database.parent.glob("store.db*"))
    assert token not in house.doors.log.getvalue()


async def test_changing_the_password_asks_for_the_present_one(house: House, camille: Someone) -> None:
    """I leave my session open and somebody tries passwords in it: three tries there, too (A18, S8)."""
    await camille.sign_in(CAMILLE)

    outcomes = [await camille.change_password(current=WRONG) for _ in range(4)]

    assert outcomes == [DENIED, DENIED, RECREATE_OFFERED, RECREATE_OFFERED]
    assert house.hasher.verifications == 1 + 3
    assert await camille.is_signed_in()
