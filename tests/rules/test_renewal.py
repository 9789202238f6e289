"""Every year, on the day the account was created, its holder is invited to choose a new password."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.domain.renewal import RenewalMode
from tests.operations.catalogue import OPERATIONS
from tests.rules.answers import DENIED, ready, rejected
from tests.rules.house import House, opened_house
from tests.rules.people import CAMILLE, CAMILLE_EMAIL
from tests.rules.someone import NEW, WHO_AM_I, Someone
from tests.support.doors import PASSWORD, RULES

RENEWAL = "{ viewer { account { createdOn renewal { due dueOn mode dismissedOn } } } }"
DISMISS = """
mutation {
  dismissPasswordRenewal {
    __typename
    ... on DismissPasswordRenewalSuccess { renewal { due dismissedOn } }
    ... on Problem { code message }
  }
}
"""
SOON, DUE = "Votre mot de passe sera à renouveler le ", "C’est le moment de renouveler votre mot de passe"


async def created(house: House, created_at: datetime, *, password_set_at: datetime | None = None) -> None:
    """Camille's account is of that day."""
    await house.change_account(CAMILLE, created_at=created_at, credential_set_at=password_set_at or created_at)


async def renewal_at(house: House, now: datetime) -> dict[str, object]:
    """What Camille's account page tells about the renewal when she signs in at `now`."""
    house.clock.now = now
    browser = await house.somebody()
    await browser.sign_in(CAMILLE)
    account = (await browser.ask(RENEWAL))["viewer"]["account"]
    return {**account["renewal"], "createdOn": account["createdOn"]}


@pytest.fixture
async def strict_house(tmp_path: Path) -> AsyncIterator[House]:
    """A landlord who requires the renewal."""
    async with opened_house(tmp_path, account_rules=replace(RULES, renewal=RenewalMode.REQUIRE)) as house:
        yield house


async def test_on_the_anniversary_the_holder_is_invited(house: House) -> None:
    """A year to the day after I created my account I am invited to choose a new password, not before (R13, A12)."""
    await created(house, datetime(2025, 3, 18, 12, 0, tzinfo=UTC))

    before = await renewal_at(house, datetime(2026, 3, 17, 22, 59, 59, 999999, tzinfo=UTC))
    after = await renewal_at(house, datetime(2026, 3, 17, 23, 0, tzinfo=UTC))

    told = {"createdOn": "2025-03-18", "dueOn": "2026-03-18", "mode": "INVITE", "dismissedOn": None}
    assert before == {**told, "due": False}
    assert after == {**told, "due": True}


async def test_an_invitation_can_be_put_off(house: House, camille: Someone) -> None:
    """I am invited and have no time: I put it off, that is written down, and I use my account as before (A12, R13)."""
    await created(house, datetime(2025, 3, 1, tzinfo=UTC))
    await camille.sign_in(CAMILLE)

    outcome = (await camille.ask(DISMISS))["dismissPasswordRenewal"]

    assert outcome["renewal"] == {"due": True, "dismissedOn": "2026-03-17"}
    assert (await camille.ask(WHO_AM_I))["viewer"]["roles"] == ["TENANT"]
    assert house.count("audit", "action = 'RENEWAL_DISMISSED' AND outcome = 'Dismissed'") == 1
    assert (await camille.sign_in(CAMILLE))["viewer"]["account"]["renewal"]["due"] is True


async def test_two_letters_announce_the_renewal(house: House) -> None:
    """I get a letter two weeks before the day and one on the day, each once (A12, R13)."""
    await created(house, datetime(2025, 3, 31, 12, 0, tzinfo=UTC))
    upkeep, mail = house.doors.parts.desk.upkeep(), {}
    for day in (16, 17, 18, 30, 31):
        house.clock.now = datetime(2026, 3, day, 9, 0, tzinfo=UTC)
        for _ in range(2):
            await upkeep.run_once()
        mail[day] = await house.mail_to(CAMILLE_EMAIL)

    assert mail[16] == []
    assert mail[17] == mail[18] == mail[30] == [f"{SOON}31 mars 2026"]
    assert mail[31] == [f"{SOON}31 mars 2026", DUE]


async def test_the_renewal_is_the_same_account_on_the_same_day_every_year(house: House, camille: Someone) -> None:
    """I renew late: it is the same account, and the next renewal falls on the day of its creation (A9, R13)."""
    await created(house, datetime(2024, 2, 10, 12, 0, tzinfo=UTC))
    await camille.sign_in(CAMILLE)

    changed = await camille.change_password()

    assert changed == ready("2027-02-10")
    assert await camille.sign_in(CAMILLE) == DENIED
    signed_in = await camille.sign_in(CAMILLE, NEW)
    assert signed_in["viewer"]["account"]["renewal"] == {"due": False, "dueOn": "2027-02-10", "mode": "INVITE"}


async def test_the_renewal_takes_a_new_password(house: House, camille: Someone) -> None:
    """I renew with the password that I have: that is no renewal (R13, P5)."""
    await created(house, datetime(2024, 2, 10, tzinfo=UTC))
    await camille.choose(await house.link_for(CAMILLE))
    await camille.sign_in(CAMILLE, NEW)

    assert await camille.change_password(NEW, current=NEW) == rejected("SAME_AS_BEFORE")
    assert await camille.is_signed_in()


@pytest.mark.parametrize(
    ("year", "day"), [(2025, "2025-02-28"), (2026, "2026-02-28"), (2027, "2027-02-28"), (2028, "2028-02-29")]
)
async def test_who_created_it_on_29_february_is_invited_on_the_28th(year: int, day: str, house: House) -> None:
    """I created my account on 29 February: in other years I am invited on the 28th (A10)."""
    await created(house, datetime(2024, 2, 29, 12, 0, tzinfo=UTC), password_set_at=datetime(year - 1, 3, 1, tzinfo=UTC))

    renewal = await renewal_at(house, datetime(year, 2, int(day[-2:]), 12, 0, tzinfo=UTC))

    assert (renewal["due"], renewal["dueOn"]) == (True, day)


async def test_the_day_is_that_of_the_calendar_in_metz(house: House) -> None:
    """I created it half an hour after midnight on New Year's Day, in London still the old year: 1 January (A11)."""
    await created(house, datetime(2024, 12, 31, 23, 30, tzinfo=UTC))

    before = await renewal_at(house, datetime(2025, 12, 31, 22, 59, tzinfo=UTC))
    after = await renewal_at(house, datetime(2025, 12, 31, 23, 0, tzinfo=UTC))

    assert (before["createdOn"], before["dueOn"]) == ("2025-01-01", "2026-01-01")
    assert (before["due"], after["due"]) == (False, True)


# Midnight in Paris on 18 March, less thirty days.
A_MONTH_BEFORE = datetime(2026, 2, 15, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("set_at", "due", "day"),
    [(A_MONTH_BEFORE - timedelta(microseconds=1), True, "2026-03-18"), (A_MONTH_BEFORE, False, "2027-03-18")],
)
async def test_who_changed_it_within_the_month_before_is_not_invited(
    set_at: datetime, due: bool, day: str, house: House
) -> None:
    """I changed my password less than thirty days before the day: I am left in peace until next year (A13)."""
    await created(house, datetime(2025, 3, 18, 12, 0, tzinfo=UTC), password_set_at=set_at)

    renewal = await renewal_at(house, datetime(2026, 3, 18, 12, 0, tzinfo=UTC))

    assert (renewal["due"], renewal["dueOn"]) == (due, day)


SIGN_IN_AND_LOOK = """
mutation($input: SignInInput!) { signIn(input: $input) { ... on SignInSuccess {
  viewer { tenant { greetingName } account { email sessions { device } knownDevices { label } } }
} } }
"""


async def test_a_landlord_may_require_the_renewal(strict_house: House) -> None:
    """My landlord insists: I sign in, can do nothing but choose a new password, and then everything again (A12)."""
    await created(strict_house, datetime(2025, 3, 1, tzinfo=UTC))
    camille = await strict_house.somebody()
    signed_in = await camille.sign_in(CAMILLE)
    [web_home] = [operation.document for operation in OPERATIONS if operation.name == "web_home"]

    refused = await camille.send(web_home)
    put_off = (await camille.ask(DISMISS))["dismissPasswordRenewal"]

    assert signed_in["viewer"]["account"]["renewal"] == {"due": True, "dueOn": "2026-03-01", "mode": "REQUIRE"}
    assert "Roussel" not in refused.text
    assert "477" not in refused.text
    assert strict_house.doors.landlord.journal == []
    assert (put_off["__typename"], put_off["code"]) == ("RenewalRequiredProblem", "RENEWAL_REQUIRED")
    assert await camille.change_password() == ready("2027-03-01")
    await camille.sign_in(CAMILLE, NEW)
    assert (await camille.ask(web_home))["viewer"]["tenant"]["greetingName"] == "Camille"


async def test_the_sign_in_itself_shows_nothing_more(strict_house: House) -> None:
    """My landlord insists: what I ask for with the sign-in is not shown before the new password either (A12)."""
    await created(strict_house, datetime(2025, 3, 1, tzinfo=UTC))
    camille = await strict_house.somebody()

    signed_in = await camille.ask(
        SIGN_IN_AND_LOOK,
        input={"accountReference": CAMILLE.reference, "password": PASSWORD, "channel": "MOBILE"},
    )

    assert signed_in["signIn"]["viewer"] == {
        "tenant": None,
        "account": {"email": None, "sessions": [], "knownDevices": []},
    }
    assert strict_house.doors.landlord.journal == []


async def test_a_landlord_who_requires_it_lets_everybody_else_be(strict_house: House) -> None:
    """My landlord insists, and my password is of this month: I use my account as ever (A12, A13)."""
    camille = await strict_house.somebody()

    await camille.sign_in(CAMILLE)

    assert (await camille.ask("{ viewer { tenant { greetingName } } }"))["viewer"]["tenant"] == {
        "greetingName": "Camille"
    }


async def test_the_renewal_can_be_done_with_a_link_too(house: House, camille: Someone) -> None:
    """On the day I do not remember my password either: the link serves for the renewal (R13, A9)."""
    await created(house, datetime(2025, 3, 1, tzinfo=UTC))
    token = await house.link_for(CAMILLE)

    assert await camille.choose(token) == ready("2027-03-01")
    assert (await camille.sign_in(CAMILLE, NEW))["viewer"]["account"]["renewal"]["due"] is False
