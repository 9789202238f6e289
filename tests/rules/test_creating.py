"""« Inscrivez-vous »: the account is created with a link that arrives where the landlord writes to."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.domain.identifiers import TenantId
from tests.rules.answers import DENIED, LINK_INVALID, LINK_SENT_IF_MATCH, ready
from tests.rules.house import House
from tests.rules.people import ALIX, ALIX_EMAIL, CAMILLE, CAMILLE_EMAIL, DOMINIQUE, NOBODY, Details, add_lease, write_to
from tests.rules.someone import NEW, Someone
from tests.support.household import CAMILLE as CAMILLE_ID

CREATE, CHOOSE = "Créez votre compte en ligne", "Choisissez un nouveau mot de passe"


async def test_a_lease_without_an_account_signs_nobody_in(house: House, alix: Someone) -> None:
    """I have a lease but never created my account: no password whatever lets me in (R2)."""
    outcomes = [await alix.sign_in(ALIX, password) for password in ("", "Schneider-1990", NEW)]

    assert outcomes[:2] == [DENIED, DENIED]
    assert outcomes[2]["code"] == "RECREATE_OFFERED"
    assert house.count("session", "account_id IS NOT NULL") == 2  # those of Camille and Noor from before
    assert house.hasher.verifications == 3


async def test_the_principal_holder_creates_the_account_with_the_mailed_link(house: House, alix: Someone) -> None:
    """I give the account title and the names of the main leaseholder, follow the link, and can sign in (R1, R2, R3)."""
    asked = await alix.ask_for_link(ALIX)
    letters = await house.mail_to(ALIX_EMAIL)
    chosen = await alix.choose(house.letterbox.link_token())
    signed_in = await alix.sign_in(ALIX, NEW)

    assert asked == LINK_SENT_IF_MATCH
    assert letters == [CREATE]
    assert chosen == ready("2027-03-17")
    assert signed_in["viewer"]["account"]["accountReference"] == "24680"
    assert house.count("online_account", "reference = '24680'") == 1


WRONG = {
    "the co-holder's name": DOMINIQUE,
    "the co-holder's first name with the holder's birth date": replace(CAMILLE, first_name="Dominique"),
    "another last name": replace(CAMILLE, last_name="Rousseau"),
    "the birthday a day off": replace(CAMILLE, birth_date=date(1984, 5, 7)),
    "day and month confused": replace(CAMILLE, birth_date=date(1984, 6, 5)),
    "a year of two digits": replace(CAMILLE, birth_date=date(84, 5, 6)),
    "a first name alone": replace(CAMILLE, last_name="-"),
    "somebody else's account": replace(CAMILLE, reference=ALIX.reference),
    "an unknown account": NOBODY,
}


@pytest.mark.parametrize("details", WRONG.values(), ids=WRONG)
async def test_details_that_do_not_match_are_answered_alike_and_send_nothing(
    details: Details, house: House, stranger: Someone
) -> None:
    """I am not the main leaseholder, or mistype: the same answer, no letter, and it counts (R3, A6, A7, P15)."""
    outcome = await stranger.ask_for_link(details)
    await house.doors.run_errands()

    assert outcome == LINK_SENT_IF_MATCH
    assert house.letterbox.letters == []
    assert house.count("account_link") == 0
    assert (await house.guard_of(details)).recreations == 1


SAME = {
    "capitals without accents": ("CAMILLE", "ROUSSEL"),
    "small letters and spaces": ("  camille ", "rous sel"),
    "accents that are not in the file": ("Câmille", "Roussèl"),
    "names the other way round": ("Roussel", "Camille"),
    "full width": ("Ｃamille", "Ｒoussel"),
}


@pytest.mark.parametrize(("first", "last"), SAME.values(), ids=SAME)
async def test_names_are_compared_as_people_write_them(first: str, last: str, house: House, camille: Someone) -> None:
    """I write my name without accents, in capitals, or last name first: it is still my name (P15, A7)."""
    outcome = await camille.ask_for_link(replace(CAMILLE, first_name=first, last_name=last))

    assert outcome == LINK_SENT_IF_MATCH
    assert await house.mail_to(CAMILLE_EMAIL) == [CHOOSE]


@pytest.mark.parametrize("birth_date", ["06/05/84", "84-05-06", "1984-5-6", "1984-02-30"])
async def test_a_birth_date_is_a_date_of_the_calendar(birth_date: str, house: House, stranger: Someone) -> None:
    """I write my birth date in short: I am told so at once, and it counts for nothing (P15)."""
    response = await stranger.http.post(
        "/graphql",
        json={
            "query": "mutation($i: RequestAccountLinkInput!) { requestAccountLink(input: $i) { __typename } }",
            "variables": {"i": {**CAMILLE.claim, "birthDate": birth_date}},
        },
    )

    assert list(response.json()) == ["errors"]
    assert house.count("guard") == 0
    assert house.count("outbox") == 0


async def test_creating_an_account_that_exists_is_answered_alike_and_its_holder_is_told(
    house: House, stranger: Someone
) -> None:
    """Somebody signs up with my details: they see what everybody sees, and I get a letter about it (A7, P13)."""
    existing, new, unknown = [await stranger.ask_for_link(details) for details in (CAMILLE, ALIX, NOBODY)]

    assert existing == new == unknown == LINK_SENT_IF_MATCH
    assert await house.mail_to(CAMILLE_EMAIL) == [CHOOSE]
    assert await house.mail_to(ALIX_EMAIL) == [CREATE]
    assert "Vous n’avez rien demandé" in house.letterbox.to(CAMILLE_EMAIL)[0].body
    assert house.count("online_account") == 2


async def test_without_an_address_on_file_the_assistance_form_is_the_way(house: House, camille: Someone) -> None:
    """My landlord has no e-mail of mine: no letter goes anywhere, but the assistance form takes me on (A8)."""
    write_to(house.doors.landlord, CAMILLE_ID, "camille.roussel(a)example.org")

    asked = await camille.ask_for_link(CAMILLE)
    await house.doors.run_errands()
    form = await camille.ask_for_assistance(CAMILLE)

    assert asked == LINK_SENT_IF_MATCH
    assert (house.letterbox.letters, house.count("account_link")) == ([], 0)
    assert form["message"] == "Votre demande est enregistrée."
    assert house.count("assistance", "state = 'SUBMITTED'") == 1


async def test_an_address_typed_by_a_stranger_is_never_written_to(house: House, stranger: Someone) -> None:
    """A stranger gives an address of their own for my account: nothing is ever sent there by itself (A8)."""
    await stranger.ask_for_assistance(CAMILLE, email="thief@example.net", phone=None)
    await stranger.ask_for_link(CAMILLE)
    await house.doors.run_errands()

    assert {letter.to for letter in house.letterbox.letters} == {CAMILLE_EMAIL}


async def test_each_account_title_of_one_person_is_an_account_of_its_own(house: House, alix: Someone) -> None:
    """I rent two dwellings with two titles: wrong passwords for one do not close the other (A25)."""
    other = replace(ALIX, reference="24681")
    add_lease(house.doors.landlord, TenantId("T-ALIX"), other)
    for details in (ALIX, other):
        await alix.choose(await house.link_for(details))

    await alix.give_wrong_passwords(ALIX, 3)

    assert (await alix.sign_in(ALIX, NEW))["code"] == "RECREATE_OFFERED"
    assert (await alix.sign_in(other, NEW))["viewer"]["account"]["accountReference"] == "24681"


async def test_the_account_keeps_everything_but_the_password(house: House, camille: Someone) -> None:
    """I re-create my account: it is the same account, of the same day, with the same leases (A9)."""
    before = house.doors.execute("SELECT id, created_at, tenant_id FROM online_account WHERE reference = '12345'")

    chosen = await camille.choose(await house.link_for(CAMILLE))

    after = house.doors.execute("SELECT id, created_at, tenant_id FROM online_account WHERE reference = '12345'")
    assert chosen == ready("2027-02-01")
    assert after == before
    assert await camille.choose(house.letterbox.link_token()) == LINK_INVALID
    rows = house.doors.execute("SELECT credential_version, email FROM online_account WHERE reference = '12345'")
    assert rows == [(2, CAMILLE_EMAIL)]
