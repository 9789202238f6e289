"""What the account shows, and whom one can turn to when nothing else helps."""

from tests.operations.catalogue import OPERATIONS
from tests.rules.house import House
from tests.rules.people import ALIX, CAMILLE, CAMILLE_EMAIL
from tests.rules.someone import Someone

PHONE = "{ signIn(input: $input) { ... on AccessSuspendedProblem { routes phoneDisplay } } }"


async def test_the_account_shows_all_that_the_landlord_promises(camille: Someone) -> None:
    """I sign in and see what I owe, my notices, my advisor, whom to call, the works and my water (R18)."""
    [web_home] = [operation.document for operation in OPERATIONS if operation.name == "web_home"]
    await camille.sign_in(CAMILLE)

    tenant = (await camille.ask(web_home))["viewer"]["tenant"]

    [account] = tenant["rentalAccounts"]
    assert account["balance"]["due"]["amount"] == "477.10"
    assert [edge["node"]["period"] for edge in account["notices"]["edges"]] != []
    dwelling = tenant["leases"][0]
    assert dwelling["advisor"]["displayName"] == "Claude MEYER"
    assert [contact["kind"] for contact in dwelling["usefulContacts"]] == ["CARETAKER", "EMERGENCY_LINE"]
    assert dwelling["water"]["series"] is not None
    assert tenant["works"] != []


async def test_a_stranger_sees_nothing_of_it(house: House, stranger: Someone) -> None:
    """Without signing in, the page is empty and no system of my landlord is asked about me (R2, R18)."""
    [web_home] = [operation.document for operation in OPERATIONS if operation.name == "web_home"]

    data = await stranger.ask(web_home)

    assert data["viewer"] is None
    assert [question.operation for question in house.doors.landlord.journal if question.keys] == []


async def test_who_is_still_locked_out_is_told_whom_to_call(house: House, stranger: Someone) -> None:
    """Nothing helps: I am told to call, and given my landlord's number; my advisor's is for who is signed in (R12)."""
    await stranger.ask_for_links(ALIX, 3)

    data = await stranger.ask(
        f"mutation($input: SignInInput!) {PHONE}", input={"accountReference": ALIX.reference, "password": "x"}
    )

    assert data["signIn"]["routes"] == ["MAILED_LINK", "WAIT", "ASSISTANCE_FORM", "CALL"]
    assert data["signIn"]["phoneDisplay"] == house.doors.parts.desk.rules.landlord_phone
    assert "03 53 01 00 30" not in str(data)  # the advisor's


async def test_every_letter_tells_whom_to_call(house: House, camille: Someone) -> None:
    """Any letter about my account ends with my landlord's number (R12)."""
    await camille.give_wrong_passwords(CAMILLE, 3)
    await camille.ask_for_link(CAMILLE)
    await house.doors.run_errands()

    letters = house.letterbox.to(CAMILLE_EMAIL)
    assert len(letters) == 2
    assert all("03 53 01 10 00" in letter.body for letter in letters)
