"""Views: what a role may not ask does not exist for it, and what exists runs as it always did."""

from dataclasses import replace
from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_client_schema,
    get_introspection_query,
    validate_schema,
)

from gateway.auth.knocking import Source
from gateway.auth.visitor import Visitor
from gateway.domain.access import Channel, Role
from gateway.domain.access import OnlineAccountId as AccountId
from gateway.ports.deadline import Deadline
from gateway.schema.context import Context
from gateway.schema.credentials import takes_secret
from gateway.schema.directives import PersonalData
from gateway.schema.documents import Asked
from gateway.schema.holdings import own_scope
from gateway.schema.loaders import Loaders
from gateway.schema.loading import Tasks
from gateway.schema.operations import Executed, Operations
from gateway.schema.policy import composites
from gateway.schema.reading import Rejected
from gateway.schema.seals import Purpose
from gateway.schema.views import View, view_of
from gateway.schema.wording import Language, wording_for
from tests.schema.matrix import BUILT, GRAPH, VIEWS
from tests.support.doors import CAMILLE_TOKEN, STAFF_TOKENS, Doors, opened_session
from tests.support.household import CAMILLE, DWELLING
from tests.support.operations import run

TENANT = opened_session("session-T-CAMILLE", account_id=AccountId("account-T-CAMILLE"), tenant_id=CAMILLE)
CURIOUS = [None, CAMILLE_TOKEN, STAFF_TOKENS[Role.ADVISOR]]
"""Who may not look at the schema."""


@pytest.mark.parametrize("view", View)
def test_each_view_is_a_schema_of_its_own(view: View) -> None:
    """It is valid, and nothing in it leads out of it."""
    assert validate_schema(VIEWS[view]) == []


@pytest.mark.parametrize("view", View)
def test_a_view_runs_the_same_resolvers(view: View) -> None:
    """No question is asked of anybody at run time: not one resolver is wrapped, and `info.schema` is the whole one."""
    for name, kind in composites(VIEWS[view]).items():
        whole = GRAPH.type_map[name]
        assert isinstance(whole, GraphQLObjectType | GraphQLInterfaceType)
        assert {field: one.resolve for field, one in kind.fields.items()} == {
            field: whole.fields[field].resolve for field in kind.fields
        }
    assert VIEWS[view]._strawberry_schema is BUILT  # type: ignore[attr-defined]  # noqa: SLF001 - Strawberry's own


@pytest.mark.parametrize("view", [View.ANALYST, View.OPERATOR])
def test_no_person_is_in_the_views_for_figures(view: View) -> None:
    """Analysts and operators cannot even name a field that tells of a person."""
    told = {
        f"{name}.{field}"
        for name, kind in composites(VIEWS[view]).items()
        for field, definition in kind.fields.items()
        for mark in definition.extensions["strawberry-definition"].directives
        if isinstance(mark, PersonalData)
    }

    assert told == set()
    assert VIEWS[view].type_map.keys().isdisjoint({"Tenant", "Person", "Lease", "RentalAccount", "OnlineAccount"})
    assert VIEWS[view].type_map.keys().isdisjoint({"DateRange", "LeaseState", "Decimal", "PersonalDataCategory"})


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.ANALYST, Role.OPERATOR])
def test_staff_have_the_view_of_their_role(role: Role) -> None:
    """Also when somebody believes that they have a password to renew."""
    member = opened_session("s", role=role, channel=Channel.DESK, staff_name="Sam Fournier")

    assert {view_of(member), view_of(member, must_renew=True)} == {View(role.value)}


def test_a_tenant_has_the_small_view_until_the_password_is_renewed() -> None:
    """And a stranger may ask what a tenant may, since a page does not know that its session has ended."""
    assert view_of(TENANT) is View.TENANT
    assert view_of(TENANT, must_renew=True) is View.RENEWING
    assert view_of(None) is view_of(None, must_renew=True) is View.TENANT


def authorization(token: str | None) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"} if token else {}


def context(doors: Doors, *, must_renew: bool = False) -> Context:
    """A request of Camille's."""
    deadline, tasks = Deadline.after(8), Tasks()
    return Context(
        request_id="0123456789abcdef",
        now=doors.clock.now,
        clock=doors.clock,
        deadline=deadline,
        wording=wording_for(Language.FRENCH),
        session=TENANT,
        parts=doors.parts,
        loaders=Loaders(doors.ports, doors.parts.watch, deadline=deadline, tasks=tasks),
        tasks=tasks,
        visitor=Visitor(Source("192.0.2.7", "192.0.2.0/24")),
        must_renew=must_renew,
    )


async def test_a_verdict_is_remembered_for_one_view_only(doors: Doors) -> None:
    """What an operator was allowed is not allowed to the tenant who sends the very same text, nor the other way."""
    figures, own = "{ sources { errorRate } }", "{ viewer { tenant { greetingName } } }"
    operator = STAFF_TOKENS[Role.OPERATOR]

    answers = [
        [set(await doors.ask(document, token=token)) for token in (operator, CAMILLE_TOKEN, None, operator)]
        for document in (figures, own)
    ]

    assert answers == [[{"data"}, {"errors"}, {"errors"}, {"data"}], [{"errors"}, {"data"}, {"data"}, {"errors"}]]


@pytest.mark.parametrize("token", [None, CAMILLE_TOKEN, *STAFF_TOKENS.values()])
async def test_an_outcome_is_told_apart_in_every_view(token: str | None, doors: Doors) -> None:
    """A union is another one in each view; the answer still says which of its members it is."""
    answer = await doors.ask("mutation { signOut { __typename ... on SignOutSuccess { at } } }", token=token)

    assert answer == {"data": {"signOut": {"__typename": "SignOutSuccess", "at": "2026-03-17T09:30:00+00:00"}}}


@pytest.mark.parametrize("token", [None, CAMILLE_TOKEN])
async def test_a_refusal_is_told_apart_by_what_it_shares(token: str | None, doors: Doors) -> None:
    """Which refusal it is, and the code that all refusals have."""
    given = {"accountReference": "99999", "password": "Nothing-of-that-1"}
    document = "mutation($input: SignInInput!) { signIn(input: $input) { __typename ... on Problem { code } } }"

    answer = await doors.ask(document, {"input": given}, token=token)

    assert answer == {"data": {"signIn": {"__typename": "InvalidCredentialsProblem", "code": "DENIED"}}}


@pytest.mark.parametrize("view", [View.ADVISOR, View.ANALYST, View.OPERATOR])
def test_staff_have_nowhere_to_give_a_password(view: View) -> None:
    """No tenant's password is ever of use to an advisor: not one of their fields takes a secret."""
    taking = {
        f"{name}.{field}"
        for name, kind in composites(VIEWS[view]).items()
        for field, definition in kind.fields.items()
        if takes_secret(definition)
    }

    assert taking == set()
    assert "Secret" not in VIEWS[view].type_map


RENEWING = (
    "{ viewer { roles channel account { id accountReference createdOn status renewal { due } } } offices { name } }"
)


async def test_a_tenant_who_must_renew_sees_that_and_what_is_public(doors: Doors) -> None:
    """Enough to show the page on which the password is renewed."""
    outcome = await run(Operations(BUILT), Asked(RENEWING, None, {}), context(doors, must_renew=True))

    assert isinstance(outcome, Executed)
    assert outcome.errors == ()
    assert outcome.data is not None
    assert outcome.data["viewer"]["account"]["accountReference"] == "12345"


async def test_a_tenant_who_must_renew_is_refused_the_rest(doors: Doors) -> None:
    """Nothing of it is there for them, and no system is asked."""
    for document in (
        "{ viewer { tenant { greetingName } } }",
        "{ viewer { announcements { title } } }",
        "{ viewer { account { email } } }",
        '{ node(id: "x") { ... on Lease { reference } } }',
    ):
        outcome = await run(Operations(BUILT), Asked(document, None, {}), context(doors, must_renew=True))

        assert isinstance(outcome, Rejected)
        assert {(error.extensions or {})["code"] for error in outcome.errors} == {"GRAPHQL_VALIDATION_FAILED"}
    assert doors.landlord.journal == []


@pytest.mark.parametrize(
    ("kind", "key"),
    [("Lease", DWELLING), ("Tenant", CAMILLE), ("Session", TENANT.id), ("Announcement", "N-SURVEY")],
)
async def test_an_id_finds_nothing_that_is_not_in_the_view(kind: str, key: str, doors: Doors) -> None:
    """A tenant who has to renew the password asks for what is theirs by its id: there is none, without an error."""
    node = doors.parts.seals.seal(Purpose.NODE, kind, key)
    asked = Asked("query($id: ID!) { node(id: $id) { id } }", None, {"id": node})

    renewing = await run(Operations(BUILT), asked, context(doors, must_renew=True))
    calls = len(doors.landlord.journal)
    free = await run(Operations(BUILT), asked, context(doors))

    assert (renewing, calls) == (Executed({"node": None}, (), started=True), 0)
    assert free == Executed({"node": {"id": node}}, (), started=True)


def test_who_signs_in_and_must_renew_opens_nothing_in_the_same_request(doors: Doors) -> None:
    """The document was accepted from a stranger; the file of the tenant who has just signed in stays shut."""
    request = replace(context(doors), session=None)
    request.session, request.must_renew = TENANT, True

    assert own_scope(request) is None
    assert own_scope(context(doors)) is not None


INTROSPECTION = [
    "{ __schema { queryType { name } } }",
    '{ __type(name: "Tenant") { name } }',
    '{ a: __type(name: "Tenant") { fields { name } } }',
    "{ __schema { types { name } } nothing }",
    "{ ...all } fragment all on Query { __schema { types { name } } }",
    "{ ... on Query { __schema { types { name } } } }",
    "{ __typename @skip(if: true) ... @include(if: false) { __schema { types { name } } } }",
    "query asked { __typename } query other { __schema { types { name } } }",
    get_introspection_query(),
]


@pytest.mark.parametrize("token", CURIOUS)
async def test_the_schema_is_not_shown_to_everybody(token: str | None, doors: Doors) -> None:
    """Tenants, strangers and advisors have no use for it; whatever form the question takes, nothing is told."""
    headers = {"Accept": "application/graphql-response+json"} | authorization(token)

    answers = [await doors.post({"query": document}, headers=headers) for document in INTROSPECTION]

    assert [answer.status_code for answer in answers] == [400] * len(INTROSPECTION)
    told = [[error["extensions"]["code"] for error in answer.json()["errors"]] for answer in answers]
    assert told == [["INTROSPECTION_NOT_ALLOWED"]] * len(INTROSPECTION)
    assert {tuple(answer.json()) for answer in answers} == {("errors",)}


@pytest.mark.parametrize("token", [*CURIOUS, STAFF_TOKENS[Role.ANALYST]])
async def test_the_name_of_a_type_may_be_asked(token: str | None, doors: Doors) -> None:
    """Clients need it to tell objects apart."""
    assert await doors.ask("{ __typename }", token=token) == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OPERATOR])
async def test_analysts_and_operators_see_their_own_view(role: Role, doors: Doors) -> None:
    """Their tools read the schema as far as it is theirs, and cannot name the rest."""
    answer = await doors.ask(get_introspection_query(), token=STAFF_TOKENS[role])
    tenants = await doors.ask('{ __type(name: "Tenant") { name } }', token=STAFF_TOKENS[role])

    shown = build_client_schema(answer["data"])
    assert {name: set(kind.fields) for name, kind in composites(shown).items()} == {
        name: set(kind.fields) for name, kind in composites(VIEWS[View(role.value)]).items()
    }
    assert tenants == {"data": {"__type": None}}
    assert "greetingName" not in str(answer)


NEARLY: list[tuple[str, dict[str, Any]]] = [
    ("{ viewr { roles } }", {}),
    ("{ offices { nam } }", {}),
    ('{ offices(inseeCod: "57463") { name } }', {}),
    ('{ appRelease(platfrm: IOS, version: "1") { latest } }', {}),
    ('{ appRelease(platform: IOZ, version: "1") { latest } }', {}),
    ("{ offices { ... on Ofice { name } } }", {}),
    ("{ ...offic } fragment office on Query { __typename }", {}),
    ("{ __typename @skipp(if: true) }", {}),
    ("{ __typename @skip(iff: true) }", {}),
    ("query($x: Strin) { __typename }", {}),
    ("mutation($p: Secret!) { signIn(input: {acountReference: 1, password: $p}) { __typename } }", {"p": "x"}),
    (
        "mutation($i: SignInInput!) { signIn(input: $i) { __typename } }",
        {"i": {"acountReference": "1", "password": "x"}},
    ),
    (
        "mutation($i: SignInInput!) { signIn(input: $i) { __typename } }",
        {"i": {"accountReference": "1", "password": "x", "channel": "WEBB"}},
    ),
]


@pytest.mark.parametrize("token", [*CURIOUS, STAFF_TOKENS[Role.OPERATOR]])
async def test_no_guess_is_offered_at_what_was_meant(token: str | None, doors: Doors) -> None:
    """A name that is nearly right is simply wrong: fields, arguments, values, types, fragments, directives, inputs."""
    for document, variables in NEARLY:
        response = await doors.post({"query": document, "variables": variables}, headers=authorization(token))

        assert response.json()["errors"], document
        assert "did you mean" not in response.text.lower()


async def test_no_guess_is_kept_for_the_log_either(doors: Doors) -> None:
    """What the executor says of a variable holds no names of ours, before anything is taken out of it."""
    asked = Asked(
        "mutation($i: SignInInput!) { signIn(input: $i) { __typename } }", None, {"i": {"acountReference": "1"}}
    )

    outcome = await run(Operations(BUILT), asked, context(doors))

    assert outcome.errors
    assert "did you mean" not in str(outcome.errors).lower()
