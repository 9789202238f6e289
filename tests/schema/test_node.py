"""Objects by their id: each one its holder may see again, and nothing whatever of anybody else's."""

import re
from typing import Any

import pytest

from gateway.domain.access import Role
from gateway.domain.document import DocumentAvailability
from gateway.domain.identifiers import NoticeId
from gateway.domain.source import SourceSystem
from gateway.ports.errors import Call, UpstreamTimeoutError
from gateway.schema.lookup import _FINDERS
from gateway.schema.seals import Purpose, Seals
from tests.support.doors import CAMILLE_TOKEN, NOOR_TOKEN, STAFF_TOKENS, Doors
from tests.support.household import CAMILLE, DWELLING, GARAGE, MARCH_NOTICE, NOOR

NODE = "query($id: ID!) { node(id: $id) { __typename id } }"
ROUND_TRIPS: dict[str, tuple[tuple[str, ...], str, object]] = {
    "Tenant": (("T-CAMILLE",), "greetingName", "Camille"),
    "Person": (("P-CAMILLE",), "firstName", "Camille"),
    "OnlineAccount": (("account-T-CAMILLE",), "accountReference", "12345"),
    "Session": (("session-T-CAMILLE",), "channel", "MOBILE"),
    "Lease": (("L-GARAGE",), "reference", "0012345/02"),
    "RentalUnit": (("U-DWELLING",), "typology", "T3"),
    "RentalAccount": (("A-ROUSSEL",), "reference", "0012345"),
    "LedgerEntry": (("A-ROUSSEL", "E-05"), "valueOn", "2026-02-12"),
    "RentNotice": (("A-ROUSSEL", "N-2026-02-A"), "state", "REPLACED"),
    "Document": (("A-ROUSSEL", "N-2026-03", "D-2026-03"), "availability", "AVAILABLE"),
    "WaterMeter": (("L-DWELLING", "M-HOT"), "serialNumber", "26-M-HOT"),
    "WaterAlert": (("L-DWELLING", "M-COLD", "ABNORMAL_VOLUME", "2026-02-01"), "since", "2026-02-01"),
    "WorksOperation": (("L-GARAGE", "W-LIFT"), "title", "Rénovation de l'ascenseur"),
    "Advisor": (("L-DWELLING", "C-STANDIN"), "displayName", "Sacha KLEIN"),
    "Office": (("O-THIONVILLE",), "name", "Accueil de Thionville"),
    "Announcement": (("N-SURVEY",), "title", "Enquête sur les ressources"),
    "Advice": (("V-HEAT",), "topic", "Chauffage"),
}
PUBLIC = {"Office", "Advice"}
STAFFS = {"AssistanceRequest"}
"""Kinds of objects that no tenant finds."""
FOREIGN = [
    ("Tenant", "T-NOOR"),
    ("Person", "P-NOOR"),
    ("OnlineAccount", "account-T-NOOR"),
    ("Session", "session-T-NOOR"),
    ("Lease", "L-HADDAD"),
    ("RentalUnit", "U-HADDAD"),
    ("RentalAccount", "A-HADDAD"),
    ("LedgerEntry", "A-HADDAD", "E-HADDAD"),
    ("RentNotice", "A-HADDAD", "N-HADDAD"),
    ("Document", "A-HADDAD", "N-HADDAD", "D-HADDAD"),
    ("WaterMeter", "L-HADDAD", "M-COLD-HADDAD"),
    ("WaterAlert", "L-HADDAD", "M-COLD-HADDAD", "ABNORMAL_VOLUME", "2026-02-01"),
    ("WorksOperation", "L-HADDAD", "W-HADDAD"),
    ("Advisor", "L-HADDAD", "C-HADDAD"),
]
UNKNOWN = [
    ("Tenant", "T-NOBODY"),
    ("Person", "P-NOBODY"),
    ("OnlineAccount", "account-T-NOBODY"),
    ("Session", "session-T-NOBODY"),
    ("AssistanceRequest", "A-NOBODY"),
    ("Lease", "L-NOWHERE"),
    ("RentalUnit", "U-NOWHERE"),
    ("RentalAccount", "A-NONE"),
    ("LedgerEntry", "A-NONE", "E-01"),
    ("LedgerEntry", "A-ROUSSEL", "E-99"),
    ("RentNotice", "A-NONE", "N-2026-03"),
    ("RentNotice", "A-ROUSSEL", "N-1999-01"),
    ("Document", "A-NONE", "N-2026-03", "D-2026-03"),
    ("Document", "A-ROUSSEL", "N-2026-03", "D-OTHER"),
    ("Document", "A-ROUSSEL", "N-2026-01", "D-2026-03"),
    ("WaterMeter", "L-NOWHERE", "M-COLD"),
    ("WaterMeter", "L-DWELLING", "M-NONE"),
    ("WaterMeter", "L-GARAGE", "M-COLD"),
    ("WaterAlert", "L-DWELLING", "M-COLD", "ABNORMAL_VOLUME", "2025-02-01"),
    ("WaterAlert", "L-GARAGE", "M-COLD", "ABNORMAL_VOLUME", "2026-02-01"),
    ("WorksOperation", "L-DWELLING", "W-NONE"),
    ("WorksOperation", "L-NOWHERE", "W-LIFT"),
    ("Advisor", "L-DWELLING", "C-NOBODY"),
    ("Advisor", "L-NOWHERE", "C-ADVISOR"),
    ("Office", "O-NOWHERE"),
    ("Announcement", "N-NONE"),
    ("Announcement", "N-WINTER"),
    ("Advice", "V-NONE"),
    ("Visit", "an object of another version of the gateway"),
]


def sealed(doors: Doors, kind: str, *key: str) -> str:
    """The id of an object as this gateway makes it."""
    return doors.parts.seals.seal(Purpose.NODE, kind, *key)


def test_every_kind_of_object_makes_the_round_trip() -> None:
    """No type with an id is left out of this file."""
    assert set(ROUND_TRIPS) == set(_FINDERS) - STAFFS
    assert {kind for kind, *_ in FOREIGN} == set(_FINDERS) - STAFFS - PUBLIC - {"Announcement"}


@pytest.mark.parametrize("kind", ROUND_TRIPS)
async def test_an_object_is_found_again_by_its_id(kind: str, doors: Doors) -> None:
    """What Camille has seen once she can fetch again, with the same id and content."""
    key, field, value = ROUND_TRIPS[kind]
    node = sealed(doors, kind, *key)

    answer = await doors.ask(f"query($id: ID!) {{ node(id: $id) {{ id ... on {kind} {{ {field} }} }} }}", {"id": node})

    assert answer == {"data": {"node": {"id": node, field: value}}}


async def test_each_id_shown_leads_back_to_its_object(doors: Doors) -> None:
    """Every id in an answer finds the object it stood on."""
    everything = """{
        offices { __typename id } advice { __typename id }
        viewer {
            account { __typename id sessions { __typename id } } announcements { __typename id }
            tenant { __typename id person { __typename id }
                works { __typename id }
                leases { __typename id unit { __typename id } parties { person { __typename id } }
                    advisor { __typename id standIn { __typename id } office { __typename id } }
                    office { __typename id }
                    water { meters { __typename id } alerts { __typename id meter { __typename id } } } }
                rentalAccounts { __typename id
                    ledger { edges { node { __typename id } } }
                    notices(includeSuperseded: true) { edges { node { __typename id document { __typename id } } } }
                } } } }"""
    shown = ids(await doors.ask(everything))

    answer = await doors.ask("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", {"ids": list(shown)})

    assert set(shown.values()) == set(_FINDERS) - STAFFS
    assert answer == {"data": {"nodes": [{"__typename": kind, "id": node} for node, kind in shown.items()]}}


def ids(answer: Any) -> dict[str, str]:
    """Every id in an answer, and the type of the object it stands on."""
    match answer:
        case {"id": str(node), "__typename": str(kind)}:
            return {node: kind} | ids(list(answer.values()))
        case dict():
            return ids(list(answer.values()))
        case list():
            return {node: kind for item in answer for node, kind in ids(item).items()}
        case _:
            return {}


@pytest.mark.parametrize("key", FOREIGN, ids=lambda key: key[0])
async def test_an_object_of_somebody_else_is_no_object(key: tuple[str, ...], doors: Doors) -> None:
    """Noor sees it; Camille, a stranger and staff get the same bytes as for an id that never was."""
    node = sealed(doors, *key)
    never = sealed(doors, key[0], *("X" for _ in key[1:]))

    assert (await doors.ask(NODE, {"id": node}, token=NOOR_TOKEN))["data"]["node"] == {"__typename": key[0], "id": node}
    for token in (CAMILLE_TOKEN, None, *STAFF_TOKENS.values()):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        foreign = await doors.post({"query": NODE, "variables": {"id": node}}, headers=headers)
        unknown = await doors.post({"query": NODE, "variables": {"id": never}}, headers=headers)
        assert foreign.content == unknown.content == b'{"data":{"node":null}}'


@pytest.mark.parametrize("key", UNKNOWN, ids=" ".join)
async def test_an_unknown_object_is_null_without_an_error(key: tuple[str, ...], doors: Doors) -> None:
    """There is none; also for parts of two objects joined in one id."""
    assert await doors.ask(NODE, {"id": sealed(doors, *key)}) == {"data": {"node": None}}


@pytest.mark.parametrize("token", [None, *STAFF_TOKENS.values()])
async def test_who_is_no_tenant_finds_what_is_public(token: str | None, doors: Doors) -> None:
    """Offices and advice are everybody's, announcements are for whoever has signed in, the rest is the tenant's."""
    wanted = [sealed(doors, kind, *key) for kind, (key, _, _) in ROUND_TRIPS.items()]

    answer = await doors.ask("query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }", {"ids": wanted}, token=token)

    expected = PUBLIC | {"Announcement"} if token else PUBLIC
    assert [node and node["__typename"] for node in answer["data"]["nodes"]] == [
        kind if kind in expected else None for kind in ROUND_TRIPS
    ]
    assert "errors" not in answer


@pytest.mark.parametrize("kind", ["cursor", "context token", "another key", "native", "altered", "shortened", "empty"])
async def test_what_is_no_id_is_null_without_an_error(kind: str, doors: Doors) -> None:
    """A token for another purpose or from elsewhere, a legacy number, one changed letter: nothing is asked for them."""
    node = sealed(doors, "Lease", DWELLING)
    made_up = {
        "cursor": doors.parts.seals.seal(Purpose.CURSOR, "Lease", DWELLING),
        "context token": doors.parts.seals.seal(Purpose.CONTEXT, "Lease", DWELLING),
        "another key": Seals(bytes(32)).seal(Purpose.NODE, "Lease", DWELLING),
        "native": DWELLING,
        "altered": node[:-1] + ("A" if node[-1] != "A" else "B"),
        "shortened": node[:-1],
        "empty": "",
    }

    assert await doors.ask(NODE, {"id": made_up[kind]}) == {"data": {"node": None}}
    assert doors.landlord.journal == []


async def test_a_stranger_makes_no_system_work(doors: Doors) -> None:
    """Without a session no tenant's system is asked, whatever id is sent."""
    for kind, (key, _, _) in ROUND_TRIPS.items():
        if kind not in PUBLIC:
            await doors.ask(NODE, {"id": sealed(doors, kind, *key)}, token=None)

    assert doors.landlord.journal == []


async def test_an_id_tells_nothing(doors: Doors) -> None:
    """No number of the landlord's stands in an id, in clear or readable."""
    shown = ids(await doors.ask("{ viewer { tenant { __typename id leases { __typename id } } } }"))

    assert len(shown) == 3
    assert all(re.fullmatch("[A-Za-z0-9_-]{40,}", node) for node in shown)
    assert not any(CAMILLE in node or DWELLING in node or GARAGE in node for node in shown)


async def test_a_system_that_does_not_answer_is_an_error_not_an_absence(doors: Doors) -> None:
    """Nobody is told that their lease does not exist because the ERP is down."""
    doors.landlord.failing["leases_of"] = UpstreamTimeoutError(Call(SourceSystem.RENT_ERP, "leases_of"))

    answer = await doors.ask(NODE, {"id": sealed(doors, "Lease", DWELLING)})

    assert answer["data"] == {"node": None}
    [error] = answer["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["node"], "SOURCE_TIMEOUT")


async def test_of_several_objects_each_fails_alone(doors: Doors) -> None:
    """Three objects are asked for, one system is down: the others are there."""
    doors.landlord.failing["works"] = UpstreamTimeoutError(Call(SourceSystem.WORKS, "works"))
    wanted = [sealed(doors, "Office", "O-METZ"), sealed(doors, "WorksOperation", DWELLING, "W-LIFT"), "no id"]

    answer = await doors.ask("query($ids: [ID!]!) { nodes(ids: $ids) { __typename } __typename }", {"ids": wanted})

    assert answer["data"] == {"nodes": [{"__typename": "Office"}, None, None], "__typename": "Query"}
    [error] = answer["errors"]
    assert (error["path"], error["extensions"]["source"]) == (["nodes", 1], "WORKS")


async def test_several_objects_cost_one_call_for_each_question(doors: Doors) -> None:
    """Ten ids ask the document store once, not ten times."""
    second = NoticeId("N-2026-02-B")
    keys = [("A-ROUSSEL", MARCH_NOTICE, "D-2026-03"), ("A-ROUSSEL", second, "D-2026-02")]
    wanted = [sealed(doors, "Document", *key) for key in keys]

    answer = await doors.ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Document { availability } } }", {"ids": wanted * 5}
    )

    states = [DocumentAvailability.AVAILABLE.value, DocumentAvailability.MISSING.value]
    assert answer["data"]["nodes"] == [{"availability": state} for state in states * 5]
    assert doors.landlord.calls("documents") == [(MARCH_NOTICE, second)]


async def test_at_most_a_hundred_objects_are_fetched_at_once(doors: Doors) -> None:
    """One hundred are served, one more is refused."""
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"

    served = await doors.ask(query, {"ids": ["x"] * 100})
    refused = await doors.ask(query, {"ids": ["x"] * 101})

    assert served == {"data": {"nodes": [None] * 100}}
    [error] = refused["errors"]
    assert error["message"] == "at most 100 ids, got 101"
    assert (error["extensions"]["code"], error["extensions"]["argument"]) == ("INVALID_ARGUMENT", "ids")


async def test_a_tenant_without_a_lease_finds_their_own_name(doors: Doors) -> None:
    """Who has moved out long ago still has a file, and finds themselves in it."""
    doors.landlord.books.leases_of[CAMILLE] = ()
    shown = ids(await doors.ask("{ viewer { tenant { __typename id person { __typename id } } } }"))

    for node, kind in shown.items():
        assert (await doors.ask(NODE, {"id": node}))["data"]["node"] == {"__typename": kind, "id": node}


@pytest.mark.parametrize(
    ("kind", "key", "forget"),
    [
        ("Tenant", ("T-CAMILLE",), "tenants"),
        ("LedgerEntry", ("A-ROUSSEL", "E-01"), "entries"),
        ("RentNotice", ("A-ROUSSEL", "N-2026-03"), "notices"),
        ("Document", ("A-ROUSSEL", "N-2026-03", "D-2026-03"), "documents"),
        ("WaterMeter", ("L-DWELLING", "M-HOT"), "meters"),
        ("WaterAlert", ("L-DWELLING", "M-COLD", "ABNORMAL_VOLUME", "2026-02-01"), "meters"),
        ("WorksOperation", ("L-DWELLING", "W-LIFT"), "works"),
        ("Advisor", ("L-DWELLING", "C-ADVISOR"), "contacts"),
    ],
)
async def test_an_object_that_its_system_has_forgotten_is_none(
    kind: str, key: tuple[str, ...], forget: str, doors: Doors
) -> None:
    """The lease is held, but the system behind knows nothing more: there is none, and no error."""
    getattr(doors.landlord.books, forget).clear()

    assert await doors.ask(NODE, {"id": sealed(doors, kind, *key)}) == {"data": {"node": None}}


async def test_an_account_that_was_deleted_is_none(doors: Doors) -> None:
    """The session still lives for a moment; the account does not."""
    node = sealed(doors, "OnlineAccount", "account-T-CAMILLE")
    await doors.ask(NODE, {"id": node})
    doors.execute("DELETE FROM online_account WHERE id = 'account-T-CAMILLE'")

    answer = await doors.ask(NODE.replace("{ node", "{ viewer { account { id } } node"), {"id": node})

    assert answer == {"data": {"viewer": {"account": None}, "node": None}}


async def test_a_co_holder_sees_the_same_lease_and_not_the_other_ones_account(doors: Doors) -> None:
    """Two people hold one lease; each has an online account of their own."""
    books = doors.landlord.books
    books.leases_of[NOOR] = books.leases_of[CAMILLE]

    shared = await doors.ask(NODE, {"id": sealed(doors, "Lease", DWELLING)}, token=NOOR_TOKEN)
    private = await doors.ask(NODE, {"id": sealed(doors, "OnlineAccount", "account-T-CAMILLE")}, token=NOOR_TOKEN)
    file = await doors.ask(NODE, {"id": sealed(doors, "Tenant", CAMILLE)}, token=NOOR_TOKEN)

    assert shared["data"]["node"]["__typename"] == "Lease"
    assert (private, file) == ({"data": {"node": None}}, {"data": {"node": None}})


async def test_who_has_left_a_lease_sees_it_no_more(doors: Doors) -> None:
    """The ERP takes a former spouse off the lease: the next request finds nothing of it."""
    node = sealed(doors, "Lease", DWELLING)
    assert (await doors.ask(NODE, {"id": node}))["data"]["node"] is not None
    doors.landlord.books.leases_of[CAMILLE] = tuple(
        lease for lease in doors.landlord.books.leases_of[CAMILLE] if lease.id == GARAGE
    )

    assert await doors.ask(NODE, {"id": node}) == {"data": {"node": None}}


async def test_an_advisor_finds_an_assistance_request_again(doors: Doors) -> None:
    """Who looks after it fetches it by its id; to tenants, strangers and other staff there is none."""
    form = {"firstName": "Dominique", "lastName": "Perrin", "birthDate": "1970-05-04", "email": "dominique@example.org"}
    await doors.ask(
        "mutation($input: RequestAssistanceInput!) { requestAssistance(input: $input) { __typename } }",
        {"input": form},
        token=None,
    )
    await doors.run_errands()
    waiting = await doors.ask("{ viewer { assistanceRequests { id } } }", token=STAFF_TOKENS[Role.ADVISOR])
    [shown] = waiting["data"]["viewer"]["assistanceRequests"]

    advisors = await doors.ask(NODE, shown, token=STAFF_TOKENS[Role.ADVISOR])
    others = [
        await doors.ask(NODE, shown, token=token)
        for token in (CAMILLE_TOKEN, None, STAFF_TOKENS[Role.ANALYST], STAFF_TOKENS[Role.OPERATOR])
    ]

    assert advisors == {"data": {"node": {"__typename": "AssistanceRequest", **shown}}}
    assert others == [{"data": {"node": None}}] * 4
