"""The assistance form: staff find out who it is, a letter goes out, and nobody else ever chooses the password."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from gateway.auth.staff import StaffMember
from gateway.auth.vault import Content
from gateway.domain.access import Role
from gateway.domain.assistance import AssistanceRequest, AssistanceState
from gateway.domain.letter import Language
from gateway.ports.store import Transaction
from gateway.schema.seals import Purpose
from gateway.support.assistance import Form
from tests.rules.answers import LINK_SENT_IF_MATCH, SUSPENDED, Outcome, ready
from tests.rules.house import House
from tests.rules.people import ALIX, ALIX_EMAIL, CAMILLE, CAMILLE_EMAIL, NOBODY, Details
from tests.rules.someone import NEW, Someone

UNBLOCKED = "Votre compte est débloqué"
CREATE = "Créez votre compte en ligne"
CALLED_BACK = "Rappel au numéro du dossier le 17 mars"
WAITING = """
query Waiting($after: ID, $reference: String) { viewer { assistanceRequests(after: $after, reference: $reference) {
  id reference state accountReference firstName lastName email phone comment awaitsSecondPerson eraseAt
} } }
"""
RESOLVE = """
mutation($input: ResolveAssistanceInput!) {
  resolveAssistance(input: $input) {
    __typename
    ... on ResolveAssistanceSuccess { request { state eraseAt firstName } }
    ... on Problem { code }
  }
}
"""
NOT_FOUND = {"__typename": "NotFoundProblem", "code": "NOT_FOUND"}
SECOND_PERSON = {"__typename": "SecondPersonRequiredProblem", "code": "SECOND_PERSON_REQUIRED"}


async def advisor(house: House, name: str = "Sam Fournier") -> Someone:
    """A member of staff who has signed in."""
    opened = await house.doors.parts.sessions.open_for_staff(StaffMember(name, Role.ADVISOR))
    somebody = await house.somebody()
    somebody.tokens = {"accessToken": opened.token}
    return somebody


async def waiting(staff: Someone, **given: str) -> list[dict[str, Any]]:
    """The requests on the desk."""
    requests: list[dict[str, Any]] = (await staff.ask(WAITING, **given))["viewer"]["assistanceRequests"]
    return requests


async def decide(staff: Someone, decision: str = "IDENTIFIED", **more: object) -> Outcome:
    """What comes of a decision about the only request on the desk."""
    [request] = await waiting(staff)
    given = {"requestId": request["id"], "decision": decision, "evidence": CALLED_BACK, **more}
    return await staff.act(RESOLVE, given)


async def block(house: House, who: Details) -> None:
    """Three wrong passwords and three attempts to create the account; letters are not sent."""
    stranger = await house.somebody()
    await stranger.give_wrong_passwords(who, 3)
    await stranger.ask_for_links(replace(who, first_name="Wrong"), 3)
    await house.doors.run_errands()


async def test_blocked_without_an_account_only_the_assistance_form_helps(house: House, alix: Someone) -> None:
    """I never had an account and am blocked: time does not help, the form and my landlord's letter do (R11, G11)."""
    await block(house, ALIX)
    house.clock.forward(minutes=10)
    assert await alix.ask_for_link(ALIX) == LINK_SENT_IF_MATCH  # what everybody sees
    assert await house.mail_to(ALIX_EMAIL) == []

    await alix.ask_for_assistance(ALIX)
    decided = await decide(await advisor(house))
    letters = await house.mail_to(ALIX_EMAIL)
    created = await alix.choose(house.letterbox.link_token())

    assert decided["request"]["state"] == "IDENTIFIED"
    assert letters == [UNBLOCKED]
    assert created == ready("2027-03-17")
    assert (await alix.sign_in(ALIX, NEW))["__typename"] == "SignInSuccess"


async def test_after_the_help_links_are_sent_again(house: House, alix: Someone) -> None:
    """My landlord unblocked me and the letter is too old: I can ask for a link like everybody (R11)."""
    await block(house, ALIX)
    await alix.ask_for_assistance(ALIX)
    await decide(await advisor(house))
    await house.doors.run_errands()
    house.clock.forward(hours=1)

    assert await alix.ask_for_link(ALIX) == LINK_SENT_IF_MATCH
    assert await house.mail_to(ALIX_EMAIL) == [UNBLOCKED, CREATE]


async def test_nobody_sees_whether_a_blocked_account_was_ever_created(house: House, stranger: Someone) -> None:
    """A stranger blocks three titles and waits: with an account, with a lease alone, unknown, all alike (A21, G9)."""
    seen = []
    for who in (CAMILLE, ALIX, NOBODY):
        wrong = replace(who, first_name="Wrong")
        outcomes = [*await stranger.give_wrong_passwords(who, 4), *await stranger.ask_for_links(wrong, 4)]
        house.clock.forward(minutes=10)
        outcomes += [*await stranger.give_wrong_passwords(who, 4), await stranger.ask_for_link(who)]
        seen.append(outcomes)

    assert seen[0] == seen[1] == seen[2]
    assert seen[0][7] == SUSPENDED


async def test_only_a_creation_is_held_back(house: House, camille: Someone) -> None:
    """I have an account and was blocked: after ten minutes my links are sent, nobody needs to help me (R9, A21)."""
    await block(house, CAMILLE)
    house.clock.forward(minutes=10)

    await camille.ask_for_link(CAMILLE)

    assert "Choisissez un nouveau mot de passe" in await house.mail_to(CAMILLE_EMAIL)
    assert house.count("hold") == 0


FORMS: Mapping[str, tuple[Details, Mapping[str, object]]] = {
    "an account": (CAMILLE, {}),
    "a lease alone": (ALIX, {"comment": "Je n’arrive pas à entrer."}),
    "an unknown title": (NOBODY, {"email": "sasha@example.net"}),
    "wrong details": (replace(CAMILLE, first_name="Wrong"), {"phone": None, "email": "wrong@example.net"}),
    "no title": (ALIX, {"accountReference": None}),
}


@pytest.mark.parametrize(("who", "more"), FORMS.values(), ids=FORMS)
async def test_a_form_is_answered_alike_whoever_it_is_about(
    who: Details, more: Mapping[str, object], house: House, stranger: Someone
) -> None:
    """Whatever I write in the form, I get a number and the same sentence; nothing is sent by it (R11, P14)."""
    outcome = dict(await stranger.ask_for_assistance(who, **more))

    number = outcome.pop("reference")
    assert outcome == {"__typename": "AssistanceRequested", "message": "Votre demande est enregistrée."}
    assert (len(number), number[:3]) == (11, "AS-")
    await house.doors.run_errands()
    assert house.letterbox.letters == []
    assert (house.count("assistance"), house.count("guard")) == (1, 0)


async def test_the_form_says_which_line_is_wrong_without_looking_anybody_up(house: House, stranger: Someone) -> None:
    """I leave my name out and no way to answer me: I am told which lines, and nothing is kept (R11)."""
    outcome = await stranger.ask_for_assistance(replace(NOBODY, first_name=" "), phone=None)

    assert outcome["code"] == "INVALID"
    assert outcome["fields"] == [
        {"path": ["input", "firstName"], "code": "REQUIRED"},
        {"path": ["input", "email"], "code": "REQUIRED"},
    ]
    assert house.count("assistance") == 0
    assert house.doors.landlord.journal == []


async def pile_up(house: House) -> None:
    """Two hundred forms of other people, sent before anything else today."""
    desk, now = house.doors.parts.desk, house.clock.now
    form = Form("Junk", "Junk", date(1990, 1, 1), Language.FRENCH, email="junk@example.net")
    sealed = desk.vault.seal(Content.ASSISTANCE, form)

    async def work(tx: Transaction) -> None:
        for number in range(200):
            await tx.add_assistance(
                AssistanceRequest(
                    id=f"junk-{number:03}",
                    number=f"AS-{number:08}",
                    state=AssistanceState.SUBMITTED,
                    created_at=now - timedelta(minutes=1),
                    sealed=sealed,
                    erase_at=now + timedelta(days=30),
                )
            )

    await house.doors.parts.store.transact(desk.vault.subject("97531"), work)


async def test_however_many_forms_a_stranger_sends_mine_is_read(house: House, alix: Someone) -> None:
    """Two hundred forms wait before mine: my advisor reads on, or asks for the number that I was given (R11)."""
    await pile_up(house)
    number = (await alix.ask_for_assistance(ALIX))["reference"]
    sam = await advisor(house)

    first = await waiting(sam)
    then = await waiting(sam, after=first[-1]["id"])
    quoted = await waiting(sam, reference=number.lower())

    assert [request["firstName"] for request in first] == ["Junk"] * 200
    assert [request["reference"] for request in then] == [number]
    assert quoted == then
    assert await waiting(sam, after=then[-1]["id"]) == await waiting(sam, reference="AS-????????") == []


async def test_an_advisor_reads_on_after_a_form_only(house: House, alix: Someone) -> None:
    """What is no form of anybody is refused instead of taken for the end of the list (R11)."""
    number = (await alix.ask_for_assistance(ALIX))["reference"]
    sam = await advisor(house)
    [request] = await waiting(sam)
    seals = house.doors.parts.seals
    gone, other = (seals.seal(Purpose.NODE, kind, "h-9") for kind in ("AssistanceRequest", "Office"))
    wrong = ["", number, gone, other]

    for given in [*({"after": after} for after in wrong), {"after": request["id"], "reference": number}]:
        answer = (await sam.send(WAITING, **given)).json()
        [error] = answer["errors"]
        assert (error["extensions"]["code"], error["path"]) == ("INVALID_ARGUMENT", ["viewer", "assistanceRequests"])


async def test_only_staff_decide(house: House, stranger: Someone) -> None:
    """Neither a stranger nor a neighbour sees my form or decides about it (A22)."""
    await stranger.ask_for_assistance(ALIX)
    [request] = await waiting(await advisor(house))
    given = {"requestId": request["id"], "decision": "IDENTIFIED", "evidence": "moi"}
    camille = await house.somebody()
    await camille.sign_in(CAMILLE)

    answers = [(await somebody.send(RESOLVE, input=given)).json() for somebody in (stranger, camille)]
    looks = [(await somebody.send(WAITING)).json() for somebody in (stranger, camille)]

    assert ["data" in answer for answer in answers + looks] == [False] * 4
    assert house.count("assistance", "state = 'SUBMITTED'") == 1
    assert house.count("outbox") == 0


async def test_without_evidence_nothing_is_decided(house: House, alix: Someone) -> None:
    """An advisor must say how they knew that it was me (A22)."""
    await alix.ask_for_assistance(ALIX)

    outcome = await decide(await advisor(house), evidence=" ")

    assert outcome["code"] == "INVALID"
    assert house.count("assistance", "state = 'SUBMITTED'") == 1


async def test_a_new_address_takes_two_members_of_staff(house: House, alix: Someone) -> None:
    """I have another address now: one advisor proposes it, another one agrees, then my letter goes there (A22)."""
    await alix.ask_for_assistance(ALIX, email="alix.neuf@example.org")
    sam, lou = await advisor(house), await advisor(house, "Lou Becker")

    proposed = await decide(sam, sendTo="GIVEN")
    again = await decide(sam, sendTo="GIVEN")
    assert (proposed, again) == (SECOND_PERSON, SECOND_PERSON)
    await house.doors.run_errands()
    assert house.letterbox.letters == []
    assert [request["awaitsSecondPerson"] for request in await waiting(lou)] == [True]

    agreed = await decide(lou, sendTo="GIVEN")

    assert agreed["request"]["state"] == "IDENTIFIED"
    assert await house.mail_to("alix.neuf@example.org") == [UNBLOCKED]
    assert house.letterbox.to(ALIX_EMAIL) == []


async def test_who_is_not_identified_gets_nothing(house: House, stranger: Someone) -> None:
    """Somebody pretends to be me and is not: the form is closed, no letter, what was blocked stays blocked (A22)."""
    await block(house, ALIX)
    before = len(house.letterbox.letters)
    await stranger.ask_for_assistance(ALIX, email="thief@example.net")

    outcome = await decide(await advisor(house), "REJECTED")

    assert outcome["request"]["state"] == "REJECTED"
    await house.doors.run_errands()
    assert len(house.letterbox.letters) == before
    assert (house.count("hold"), house.count("account_link")) == (1, 0)


async def test_a_request_is_decided_once(house: House, alix: Someone) -> None:
    """Two advisors decide about me at once: there is one decision and one letter (A22)."""
    await alix.ask_for_assistance(ALIX)
    sam, lou = await advisor(house), await advisor(house, "Lou Becker")
    [request] = await waiting(sam)
    given = {"requestId": request["id"], "decision": "IDENTIFIED", "evidence": CALLED_BACK}

    first, second = await sam.act(RESOLVE, given), await lou.act(RESOLVE, given)

    assert (first["__typename"], second) == ("ResolveAssistanceSuccess", NOT_FOUND)
    assert await house.mail_to(ALIX_EMAIL) == [UNBLOCKED]


async def test_an_advisor_finds_the_title_that_the_form_lacks(house: House, alix: Someone) -> None:
    """I do not know my title: my advisor finds it, and the letter goes to my address on file (R11, A8)."""
    await alix.ask_for_assistance(ALIX, accountReference=None)
    sam = await advisor(house)

    without = await decide(sam)
    found = await decide(sam, accountReference="0024680")

    assert (without, found["__typename"]) == (NOT_FOUND, "ResolveAssistanceSuccess")
    assert await house.mail_to(ALIX_EMAIL) == [UNBLOCKED]


async def test_what_was_written_is_erased_thirty_days_after_the_case_is_closed(house: House, alix: Someone) -> None:
    """What I wrote helps to solve my problem and nothing else: thirty days after, it is gone (R15, R16)."""
    await alix.ask_for_assistance(ALIX, comment="Je n’arrive pas à entrer.")
    staff = await advisor(house)
    [request] = await waiting(staff)
    decided = await decide(staff)
    upkeep = house.doors.parts.desk.upkeep()
    assert decided["request"] == {
        "state": "IDENTIFIED",
        "eraseAt": "2026-04-16T09:30:00+00:00",
        "firstName": "Alix",
    }

    house.clock.forward(days=30, seconds=-1)
    await upkeep.run_once()
    assert house.count("assistance", "sealed IS NOT NULL") == 1
    house.clock.forward(seconds=1)
    await upkeep.run_once()

    assert house.count("assistance", "sealed IS NULL") == 1
    seen = await (await advisor(house)).ask(
        "query Seen($id: ID!) { node(id: $id) { ... on AssistanceRequest { state firstName eraseAt } } }",
        id=request["id"],
    )
    assert seen["node"] == {"state": "CLOSED", "firstName": None, "eraseAt": "2026-04-16T09:30:00+00:00"}
    kept = str(house.doors.execute("SELECT * FROM assistance")) + str(house.doors.execute("SELECT * FROM audit"))
    assert not any(word in kept for word in ("Alix", "Schneider", "24680", "1990", "06 39", "+3363998", "entrer"))


async def test_a_form_that_nobody_decides_is_erased_too(house: House, alix: Someone) -> None:
    """Nobody took my case for thirty days: what I wrote is gone all the same (R15)."""
    await alix.ask_for_assistance(ALIX)
    house.clock.forward(days=30)

    await house.doors.parts.desk.upkeep().run_once()

    assert house.count("assistance", "sealed IS NULL") == 1


async def test_what_is_written_rests_sealed(house: House, alix: Someone) -> None:
    """Whoever copies the books of the gateway cannot read what I wrote (R15)."""
    await alix.ask_for_assistance(ALIX, email=ALIX_EMAIL, comment="Je n’arrive pas à entrer.")

    books = b"".join(path.read_bytes() for path in house.doors.database.parent.glob("store.db*"))

    assert not any(word in books for word in (b"Schneider", ALIX_EMAIL.encode(), b"arrive pas", b"639980057"))
