"""The mutations of the account at the doors: what each tells, and that nothing anybody sends breaks one."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strawberry import ID

from gateway.adapters.store_sqlite import SqliteStore
from gateway.auth.knocking import Knocking, rules, source_at
from gateway.auth.visitor import Visitor
from gateway.domain.access import Role, Session
from gateway.domain.source import SourceSystem
from gateway.ports.deadline import Deadline
from gateway.ports.errors import Call, UpstreamUnavailableError
from gateway.schema import assistance, recovery, signing_in
from gateway.schema.account_enums import AssistanceDecision
from gateway.schema.assistance import ResolveAssistanceInput
from gateway.schema.context import Context
from gateway.schema.loaders import Loaders
from gateway.schema.loading import Tasks
from gateway.schema.problems import NotFoundProblem, SessionEndedProblem
from gateway.schema.recovery import ChangePasswordInput
from gateway.schema.scalars import Secret
from gateway.schema.seals import Purpose
from gateway.schema.signing_in import RevokeSessionInput
from gateway.schema.wording import Language, wording_for
from tests.schema.matrix import GRAPH
from tests.support.doors import CAMILLE_TOKEN, NOOR_TOKEN, PASSWORD, STAFF_TOKENS, Doors, opened_doors
from tests.support.household import NOOR

NEW = "Nénuphar bleu 47"
ADVISOR_TOKEN = STAFF_TOKENS[Role.ADVISOR]

ASSISTANCE = {
    "firstName": "Alix",
    "lastName": "Schneider",
    "birthDate": "1990-02-03",
    "accountReference": "12345",
    "email": "alix@example.net",
}
CLAIM = {name: ASSISTANCE[name] for name in ("accountReference", "firstName", "lastName", "birthDate")}

MUTATIONS: dict[str, dict[str, Any]] = {
    "signIn": {"accountReference": "12345", "password": "Wrong-password-1", "device": "Pixel 9", "deviceToken": "x"},
    "refreshSession": {"refreshToken": "x"},
    "requestAccountLink": CLAIM,
    "chooseAccountPassword": {"token": "x", "password": NEW},
    "changePassword": {"currentPassword": "Wrong-password-1", "newPassword": NEW},
    "requestAssistance": {**ASSISTANCE, "phone": "+33639980012", "comment": "Rien ne marche."},
    "revokeSession": {"sessionId": "x"},
    "resolveAssistance": {
        "requestId": "x",
        "decision": "IDENTIFIED",
        "evidence": "called back",
        "accountReference": "12345",
    },
}
"""Every mutation with an input, and an input that is refused at most."""

TOKENS = {"changePassword": CAMILLE_TOKEN, "revokeSession": CAMILLE_TOKEN, "resolveAssistance": ADVISOR_TOKEN}
NOT_TEXT = {"birthDate", "decision"}


@pytest.fixture
async def open_doors(tmp_path: Path) -> AsyncIterator[Doors]:
    """Doors at which one may knock as often as one likes: each text is to be looked at, not turned away."""
    async with opened_doors(tmp_path, knocking=Knocking(rules(sign_ins=1_000_000, requests=1_000_000))) as doors:
        yield doors


def mutation(name: str, selection: str = "") -> str:
    """A document of one mutation."""
    kind = name[0].upper() + name[1:]
    asked = f"__typename ... on Problem {{ code message }} {selection}"
    return f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {asked} }} }}"


async def act(
    doors: Doors, name: str, given: Mapping[str, Any] | None = None, *, selection: str = "", token: str | None = None
) -> Any:
    """The outcome of one mutation."""
    answer = await doors.ask(
        mutation(name, selection), {"input": {**MUTATIONS[name], **(given or {})}}, token=token or TOKENS.get(name)
    )
    assert "errors" not in answer, answer
    return answer["data"][name]


async def test_every_mutation_tells_its_refusal(doors: Doors) -> None:
    """A type, a code and a sentence, and never an error."""
    outcomes = {name: await act(doors, name) for name in MUTATIONS if name != "requestAssistance"}

    assert {name: outcome.get("code", outcome["__typename"]) for name, outcome in outcomes.items()} == {
        "signIn": "DENIED",
        "refreshSession": "SESSION_ENDED",
        "requestAccountLink": "AccountLinkRequested",
        "chooseAccountPassword": "LINK_INVALID",
        "changePassword": "DENIED",
        "revokeSession": "NOT_FOUND",
        "resolveAssistance": "NOT_FOUND",
    }


async def test_a_block_tells_all_the_ways_out(doors: Doors) -> None:
    """How long it lasts, and whom to call; the same whoever it is about."""
    selection = "... on AccessSuspendedProblem { retryAfterSeconds routes phoneDisplay }"

    for _ in range(3):
        await act(doors, "requestAccountLink", {"accountReference": "97531"})
    outcome = await act(doors, "requestAccountLink", {"accountReference": "97531"}, selection=selection)

    assert outcome["code"] == "SUSPENDED"
    assert outcome["retryAfterSeconds"] == 600
    assert outcome["routes"] == ["MAILED_LINK", "WAIT", "ASSISTANCE_FORM", "CALL"]
    assert outcome["phoneDisplay"] == "03 53 01 10 00"


@pytest.mark.parametrize("channel", ["DESK", "ANALYST_TOOL"])
async def test_tenants_do_not_sign_in_on_the_channels_of_staff(doors: Doors, channel: str) -> None:
    """The argument is named; nothing is checked or charged."""
    given = {**MUTATIONS["signIn"], "channel": channel}

    answer = await doors.ask(mutation("signIn"), {"input": given}, token=None)

    [error] = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["argument"]) == ("INVALID_ARGUMENT", "channel")
    assert doors.execute("SELECT count(*) FROM guard") == [(0,)]


async def test_signing_out_twice_is_signing_out(doors: Doors) -> None:
    """Also for somebody who never signed in: the cookie is taken back."""
    out = "mutation { signOut { __typename ... on SignOutSuccess { at } } }"

    signed_out = await doors.ask(out)
    stranger = await doors.post({"query": out}, headers={"X-GW-Client": "web"})

    assert signed_out["data"]["signOut"] == {"__typename": "SignOutSuccess", "at": "2026-03-17T09:30:00+00:00"}
    assert stranger.json() == signed_out
    assert "Max-Age=0" in stranger.headers["Set-Cookie"]


SESSIONS = """
{ viewer { account {
  sessions { id channel device startedAt lastSeenAt current } knownDevices { label knownSince lastUsedAt }
} } }
"""


async def test_a_tenant_sees_and_ends_the_other_sessions(doors: Doors) -> None:
    """Each with its device and times; the one that is ended goes with its device."""
    await act(doors, "signIn", {"password": PASSWORD, "deviceToken": None, "channel": "MOBILE"})
    account = (await doors.ask(SESSIONS))["data"]["viewer"]["account"]
    other = next(session for session in account["sessions"] if not session["current"])
    now = "2026-03-17T09:30:00+00:00"
    assert {name: other[name] for name in ("channel", "device", "startedAt", "lastSeenAt")} == {
        "channel": "MOBILE",
        "device": "Pixel 9",
        "startedAt": now,
        "lastSeenAt": now,
    }
    assert account["knownDevices"] == [{"label": "Pixel 9", "knownSince": now, "lastUsedAt": now}]

    outcome = await act(
        doors,
        "revokeSession",
        {"sessionId": other["id"]},
        selection="... on RevokeSessionSuccess { account { sessions { current } knownDevices { label } } }",
    )

    assert outcome["account"] == {"sessions": [{"current": True}], "knownDevices": []}


async def test_the_session_of_another_account_is_not_found(doors: Doors) -> None:
    """Although the id is one of ours; Noor stays signed in."""
    foreign = doors.parts.seals.seal(Purpose.NODE, "Session", f"session-{NOOR}")

    outcome = await act(doors, "revokeSession", {"sessionId": foreign})

    assert outcome["code"] == "NOT_FOUND"
    assert (await doors.ask("{ viewer { channel } }", token=NOOR_TOKEN))["data"]["viewer"] == {"channel": "MOBILE"}


async def test_an_id_of_something_else_ends_no_session(doors: Doors) -> None:
    """Sealed by us, but no session's; and that of a session that is over."""
    account = (await doors.ask("{ viewer { account { id } } }"))["data"]["viewer"]["account"]

    outcomes = [
        await act(doors, "revokeSession", {"sessionId": given}) for given in (account["id"], "", "\u202e", "é" * 9000)
    ]

    assert {outcome["code"] for outcome in outcomes} == {"NOT_FOUND"}
    assert doors.execute("SELECT count(*) FROM session WHERE closed_at IS NOT NULL") == [(0,)]


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"firstName": " "}, [("firstName", "REQUIRED")]),
        ({"lastName": "x" * 101}, [("lastName", "TOO_LONG")]),
        ({"accountReference": "1" * 101}, [("accountReference", "TOO_LONG")]),
        ({"comment": "x" * 2001}, [("comment", "TOO_LONG")]),
        ({"email": "a@example.org, b@example.net"}, [("email", "UNUSABLE_ADDRESS")]),
        ({"email": "nc@example.org"}, [("email", "UNUSABLE_ADDRESS")]),
        ({"phone": "none"}, [("phone", "UNUSABLE_PHONE")]),
        ({"phone": "06 39 98 00 12 / 06 39 98 00 13"}, [("phone", "UNUSABLE_PHONE")]),
        ({"email": None, "phone": None}, [("email", "REQUIRED")]),
        ({"firstName": "", "email": "", "phone": ""}, [
            ("firstName", "REQUIRED"), ("email", "UNUSABLE_ADDRESS"), ("phone", "UNUSABLE_PHONE"),
        ]),
    ],
)  # fmt: skip
async def test_a_form_says_which_fields_are_at_fault(
    doors: Doors, given: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    """All of them at once, with a sentence each; nothing is kept."""
    outcome = await act(
        doors, "requestAssistance", given, selection="... on ValidationProblem { fields { path code message } }"
    )

    assert [(field["path"], field["code"]) for field in outcome["fields"]] == [
        (["input", name], code) for name, code in faults
    ]
    assert all(field["message"] for field in outcome["fields"])
    assert doors.execute("SELECT count(*) FROM assistance") == [(0,)]


WAITING = """
{ viewer { assistanceRequests {
  id reference state createdAt eraseAt firstName lastName accountReference email phone comment awaitsSecondPerson
} } }
"""


async def test_an_advisor_reads_what_was_written(doors: Doors) -> None:
    """In the list, and by its id; without what cannot be written down."""
    kept = await act(
        doors,
        "requestAssistance",
        {"comment": " Rien\u0000 ne marche 🔑 "},
        selection="... on AssistanceRequested { reference message }",
    )

    [request] = (await doors.ask(WAITING, token=ADVISOR_TOKEN))["data"]["viewer"]["assistanceRequests"]

    global_id = request.pop("id")
    assert request == {
        "reference": kept["reference"],
        "state": "SUBMITTED",
        "createdAt": "2026-03-17T09:30:00+00:00",
        "eraseAt": "2026-04-16T09:30:00+00:00",
        "firstName": "Alix",
        "lastName": "Schneider",
        "accountReference": "12345",
        "email": "alix@example.net",
        "phone": "+33639980012",
        "comment": "Rien\u0000 ne marche 🔑",
        "awaitsSecondPerson": False,
    }
    node = "query($id: ID!) { node(id: $id) { ... on AssistanceRequest { comment } } }"
    found = await doors.ask(node, {"id": global_id}, token=ADVISOR_TOKEN)
    assert found["data"]["node"] == {"comment": "Rien\u0000 ne marche 🔑"}


async def test_one_thing_to_say_is_enough(doors: Doors) -> None:
    """A telephone, and nothing but who one is."""
    given = {"email": None, "accountReference": None, "comment": None}

    assert (await act(doors, "requestAssistance", given))["__typename"] == "AssistanceRequested"

    [request] = (await doors.ask(WAITING, token=ADVISOR_TOKEN))["data"]["viewer"]["assistanceRequests"]
    assert [request[name] for name in ("email", "accountReference", "comment")] == [None] * 3
    assert request["phone"] == "+33639980012"


@pytest.mark.parametrize(("evidence", "code"), [(" ", "REQUIRED"), ("x" * 2001, "TOO_LONG")])
async def test_a_decision_says_how_it_was_come_to(doors: Doors, evidence: str, code: str) -> None:
    """In at most two thousand characters."""
    outcome = await act(
        doors,
        "resolveAssistance",
        {"evidence": evidence},
        selection="... on ValidationProblem { fields { path code } }",
    )

    assert outcome["fields"] == [{"path": ["input", "evidence"], "code": code}]


CHANGE = "... on PasswordRejectedProblem { reasons }"


async def test_a_new_password_is_not_built_on_the_names_in_the_file(doors: Doors) -> None:
    """The ERP tells them; when it does not, the password changes without."""
    given = {"currentPassword": PASSWORD, "newPassword": "Roussel57-xyz!"}
    refused = await act(doors, "changePassword", given, selection=CHANGE)
    assert refused["reasons"] == ["CONTAINS_PERSONAL_WORD"]
    failure = UpstreamUnavailableError(Call(SourceSystem.RENT_ERP, "tenants"))
    doors.landlord.failing["tenants"] = failure

    outcome = await act(doors, "changePassword", given, selection=CHANGE)

    assert outcome["__typename"] == "AccountReady"


async def test_an_erp_that_hangs_keeps_nobody_from_a_new_password(doors: Doors) -> None:
    """Two seconds are waited for the names, and not more."""
    doors.landlord.held["tenants"] = asyncio.Event()

    outcome = await act(doors, "changePassword", {"currentPassword": PASSWORD, "newPassword": NEW})

    assert outcome["__typename"] == "AccountReady"


async def test_a_tenant_who_left_the_books_changes_the_password_too(doors: Doors) -> None:
    """There is no file any more, so no names."""
    doors.landlord.books.tenants.clear()

    outcome = await act(doors, "changePassword", {"currentPassword": PASSWORD, "newPassword": NEW})

    assert outcome["__typename"] == "AccountReady"


async def test_a_store_that_fails_is_no_answer(doors: Doors) -> None:
    """Those who can say that they are busy do; for the others the field fails, and says that it may be asked again."""
    store = doors.parts.store
    assert isinstance(store, SqliteStore)
    await store.close()

    told = {}
    for name in ("signIn", "requestAccountLink", "chooseAccountPassword", "requestAssistance"):
        told[name] = (await act(doors, name))["code"]

    assert set(told.values()) == {"BUSY"}


POLICIES = """
{
  passwordPolicy {
    minLength maxLength minDigits minUppercase minSpecial refusesBreachedPasswords statement
  }
  lockoutPolicy { maxSignInFailures maxRecreationFailures maxDailyFailures autoUnlockMinutes }
}
"""


async def test_the_rules_are_public(doors: Doors) -> None:
    """As the help pages tell them, in both languages."""
    french, english = [(await doors.ask(POLICIES, token=None, language=one))["data"] for one in ("fr", "en")]

    assert french["lockoutPolicy"] == {
        "maxSignInFailures": 3,
        "maxRecreationFailures": 3,
        "maxDailyFailures": 24,
        "autoUnlockMinutes": 10,
    }
    assert french["lockoutPolicy"] == english["lockoutPolicy"]
    statement = french["passwordPolicy"].pop("statement")
    assert french["passwordPolicy"] == {
        "minLength": 8,
        "maxLength": 128,
        "minDigits": 1,
        "minUppercase": 1,
        "minSpecial": 1,
        "refusesBreachedPasswords": True,
    }
    assert "un chiffre, une majuscule, un caractère spécial" in statement
    assert english["passwordPolicy"]["statement"] != statement


def context_of(doors: Doors, session: Session | None) -> Context:
    """A request past the doors: what the view would have refused before."""
    tasks, deadline = Tasks(), Deadline.after(8)
    return Context(
        request_id="r-1",
        now=doors.clock(),
        clock=doors.clock,
        deadline=deadline,
        wording=wording_for(Language.FRENCH),
        session=session,
        parts=doors.parts,
        loaders=Loaders(doors.ports, doors.parts.watch, deadline=deadline, tasks=tasks),
        tasks=tasks,
        visitor=Visitor(source_at("203.0.113.7")),
    )


async def test_even_past_the_views_nobody_acts_for_another(doors: Doors) -> None:
    """A stranger and a member of staff have no session to end and no password to change; only advisors decide."""
    sessions = doors.parts.sessions
    operator = await sessions.resolve(STAFF_TOKENS[Role.OPERATOR])
    camille = await sessions.resolve(CAMILLE_TOKEN)
    change = ChangePasswordInput(current_password=Secret(PASSWORD), new_password=Secret(NEW))
    decision = ResolveAssistanceInput(request_id=ID("x"), decision=AssistanceDecision.IDENTIFIED, evidence="none")
    for session in (None, operator):
        context = context_of(doors, session)
        assert await recovery.change_password(context, change) == SessionEndedProblem(stable_code="SESSION_ENDED")
        assert await recovery.dismiss_password_renewal(context) == SessionEndedProblem(stable_code="SESSION_ENDED")
        revoke = RevokeSessionInput(session_id=ID("x"))
        assert await signing_in.revoke_session(context, revoke) == NotFoundProblem(stable_code="NOT_FOUND")
    for session in (None, operator, camille):
        context = context_of(doors, session)
        assert await assistance.waiting_requests(context, after=None, reference=None) == []
        assert await assistance.assistance_request(context, "x") is None
        assert await assistance.resolve_assistance(context, decision) == NotFoundProblem(stable_code="NOT_FOUND")


ODD = [
    "",
    " ",
    "\x00",
    "\u202e57000",
    "🏠" * 200,
    "é" * 9_000,
    "\ud800",
    "null",
    "a\r\nBcc: x@example.org",
    "１２３４５",
]


@pytest.mark.parametrize("name", list(MUTATIONS))
async def test_no_odd_text_breaks_a_mutation(open_doors: Doors, name: str) -> None:
    """In every text of every input: an outcome, or a refusal of the request, and never an error of ours."""
    for field in MUTATIONS[name].keys() - NOT_TEXT:
        for text in ODD:
            open_doors.clock.forward(minutes=11)
            await assert_answered(open_doors, name, {field: text})


async def assert_answered(doors: Doors, name: str, given: Mapping[str, Any]) -> None:
    """The doors answer as they promise."""
    body = {"query": mutation(name), "variables": {"input": {**MUTATIONS[name], **given}}}
    token = TOKENS.get(name)
    response = await doors.post(body, headers={"Authorization": f"Bearer {token}"} if token else None)
    assert response.status_code < 500, (name, given)
    codes = {error["extensions"]["code"] for error in response.json().get("errors", ())}
    assert codes <= {"BAD_JSON", "BAD_REQUEST", "GRAPHQL_INVALID_VARIABLES", "NOT_AUTHENTICATED"}, (name, given, codes)


async def test_nearly_a_hundred_kilobytes_in_one_text_break_nothing(open_doors: Doors) -> None:
    """The most that fits into a body."""
    for name, usual in MUTATIONS.items():
        for field in usual.keys() - NOT_TEXT:
            open_doors.clock.forward(minutes=11)
            await assert_answered(open_doors, name, {field: "x" * 95_000})


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
async def test_no_text_at_all_breaks_a_mutation(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Any, in any field of any mutation."""
    async with opened_doors(tmp_path_factory.mktemp("doors")) as doors:
        for name, usual in MUTATIONS.items():
            fields = sorted(usual.keys() - NOT_TEXT)
            texts = {field: data.draw(st.text(st.characters()), label=field) for field in fields}
            await assert_answered(doors, name, texts)


def test_every_mutation_with_an_input_is_tried() -> None:
    """A new one belongs into the table above."""
    mutations = GRAPH.mutation_type
    assert mutations is not None

    assert set(MUTATIONS) == {name for name, field in mutations.fields.items() if field.args}
