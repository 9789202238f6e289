"""What fails is empty, says why, and empties nothing else: each @source field and each question to a system in turn."""

import copy
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from graphql import GraphQLResolveInfo
from graphql.execution import MiddlewareManager

from gateway.domain.source import SourceSystem
from gateway.ports.errors import (
    Call,
    UpstreamAbsentError,
    UpstreamAmountError,
    UpstreamError,
    UpstreamGarbledError,
    UpstreamOverloadedError,
    UpstreamRefusedError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
)
from gateway.schema.build import build_schema, sourced_fields
from gateway.schema.operations import Operations
from tests.operations.catalogue import OPERATIONS, Operation
from tests.support.doors import Doors, with_operations
from tests.support.household import DWELLING, MARCH_NOTICE
from tests.support.memory import SYSTEMS

pytestmark = pytest.mark.thorough

SYSTEM = SourceSystem.METERING
CALL = Call(SYSTEM, "secret-operation")
LABEL = "Relevé des compteurs"
AGAIN = f"{LABEL} : information momentanément indisponible. Réessayez dans quelques minutes."
UNREAD = f"{LABEL} : cette information n'a pas pu être lue avec certitude ; elle n'est pas affichée."
NOT_OFFERED = f"{LABEL} : cette information n'est pas proposée par votre bailleur."

FAILURES: list[tuple[UpstreamError, dict[str, object]]] = [
    (
        UpstreamTimeoutError(CALL, "secret detail"),
        {"message": AGAIN, "code": "SOURCE_TIMEOUT", "retryable": True},
    ),
    (
        UpstreamUnavailableError(CALL, "secret detail", retry_after_seconds=30),
        {"message": AGAIN, "code": "SOURCE_UNAVAILABLE", "retryable": True, "retryAfterSeconds": 30},
    ),
    (
        UpstreamOverloadedError(CALL, "secret detail"),
        {"message": AGAIN, "code": "SOURCE_OVERLOADED", "retryable": True},
    ),
    (
        UpstreamRefusedError(CALL, "secret-refusal"),
        {"message": UNREAD, "code": "SOURCE_REFUSED", "retryable": False},
    ),
    (
        UpstreamGarbledError(CALL, "secret-field"),
        {"message": UNREAD, "code": "SOURCE_UNREADABLE", "retryable": False},
    ),
    (
        UpstreamAmountError(CALL, "secret-field"),
        {"message": UNREAD, "code": "UNREADABLE_AMOUNT", "retryable": False},
    ),
    (
        UpstreamAbsentError(CALL),
        {"message": NOT_OFFERED, "code": "SOURCE_NOT_CONNECTED", "retryable": False},
    ),
]
"""Each way the outside fails, and what a client is told of it."""

ASKED = {
    "web_home": {
        "Viewer.announcements",
        "Viewer.tenant",
        "Tenant.rentalAccounts",
        "Tenant.leases",
        "Tenant.works",
        "RentalAccount.balance",
        "RentalAccount.notices",
        "RentNotice.document",
        "Document.downloadUrl",
        "Lease.advisor",
        "Lease.office",
        "Lease.usefulContacts",
        "Lease.water",
    },
    "mobile_home": {
        "Viewer.announcements",
        "Viewer.tenant",
        "Tenant.rentalAccounts",
        "Tenant.works",
        "RentalAccount.balance",
        "Query.advice",
    },
    "balance_explained": {"RentalAccount.balance", "RentalAccount.ledger"},
    "the rest": {
        "Query.offices",
        "Viewer.tenant",
        "Tenant.leases",
        "Lease.rentalAccount",
        "Lease.advisor",
        "Advisor.office",
        "RentalAccount.leases",
        "RentalAccount.notice",
    },
}
"""The @source fields each operation asks; together they are all that the schema has."""


class TheRest(Operation):
    """The @source fields that no client operation asks yet."""

    @property
    def document(self) -> str:
        """What a curious client might ask."""
        return """{
            offices { name }
            viewer { tenant { leases {
                reference
                advisor { displayName office { name } }
                rentalAccount { reference leases { reference } notice(period: "2026-02") { title } }
            } } }
        }"""


EVERY_OPERATION = {operation.name: operation for operation in (*OPERATIONS, TheRest("the rest"))}

Path = list[str | int]
Resolver = Callable[..., Any]


SCHEMA = build_schema()
SOURCED = frozenset(sourced_fields(SCHEMA._schema))  # noqa: SLF001 - Strawberry has no public way to its own schema


@dataclass(slots=True)
class Fault:
    """Lets the one resolver at `path` fail with `error`."""

    error: UpstreamError
    path: Path = field(default_factory=list)

    def resolve(self, following: Resolver, root: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        """Around every resolver."""
        if info.path.as_list() == self.path:
            raise self.error
        return following(root, info, **arguments)


def rigged(doors: Doors, middleware: object) -> Doors:
    """The same doors with `middleware`, a function or an object with `resolve`, around every resolver."""
    return with_operations(doors, Operations(SCHEMA, middleware=MiddlewareManager(middleware)))


async def positions(operation: Operation, doors: Doors) -> dict[str, list[Path]]:
    """Where in the answer each @source field stands that the operation asks."""
    found: dict[str, list[Path]] = {}

    def resolve(following: Resolver, root: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        coordinate = f"{info.parent_type.name}.{info.field_name}"
        if coordinate in SOURCED:
            found.setdefault(coordinate, []).append(info.path.as_list())
        return following(root, info, **arguments)

    await operation.ask(rigged(doors, resolve))
    return found


def emptied(answer: Mapping[str, Any], paths: Iterable[Path]) -> Any:
    """The data of `answer` with null at each of `paths`."""
    data = copy.deepcopy(answer["data"])
    for *way, last in paths:
        place = data
        for step in way:
            place = place[step]
        place[last] = None
    return data


@pytest.mark.parametrize("name", EVERY_OPERATION)
async def test_what_crosses_a_boundary_in_an_operation_is_known(name: str, doors: Doors) -> None:
    """The table of this file tells which @source fields each operation asks."""
    found = await positions(EVERY_OPERATION[name], doors)

    assert set(found) == ASKED[name]


def test_every_way_to_fail_is_tried() -> None:
    """No kind of upstream error is left out of this file."""

    def kinds(error: type[UpstreamError]) -> set[type[UpstreamError]]:
        return {error}.union(*map(kinds, error.__subclasses__()))

    assert {type(error) for error, _ in FAILURES} == kinds(UpstreamError) - {UpstreamError}


def test_every_source_field_is_made_to_fail() -> None:
    """No @source field is left out of this file."""
    assert set().union(*ASKED.values()) == SOURCED


@pytest.mark.parametrize(("error", "told"), FAILURES, ids=[str(told["code"]) for _, told in FAILURES])
@pytest.mark.parametrize("name", EVERY_OPERATION)
async def test_a_field_that_fails_empties_its_own_position_only(
    name: str, error: UpstreamError, told: Mapping[str, object], doors: Doors
) -> None:
    """A system fails: one tile is empty and says which system it was and whether trying again helps."""
    operation = EVERY_OPERATION[name]
    undisturbed = await operation.ask(doors)
    found = await positions(operation, doors)
    fault = Fault(error)
    broken = rigged(doors, fault)

    for fault.path in (path for paths in found.values() for path in paths):
        answer = await operation.ask(broken)

        assert answer["data"] == emptied(undisturbed, [fault.path])
        [shown] = answer["errors"]
        request_id = shown["extensions"].pop("requestId")
        assert re.fullmatch("[0-9a-f]{16}", request_id)
        extensions = {key: value for key, value in told.items() if key != "message"}
        assert shown["message"] == told["message"]
        assert shown["extensions"] == {**extensions, "source": "METERING"}
        assert shown["path"] == fault.path
        assert "secret" not in str(answer["errors"])


ACCOUNT = "viewer.tenant.rentalAccounts.0"
LEASES = ("viewer.tenant.leases.0", "viewer.tenant.leases.1")
NULL_WHEN_FAILING = {
    "web_home": {
        "tenants": ["viewer.tenant"],
        "holders_of": [],
        "leases_of": ["viewer.tenant.rentalAccounts", "viewer.tenant.leases", "viewer.tenant.works"],
        "balances": [f"{ACCOUNT}.balance"],
        "entries": [f"{ACCOUNT}.balance"],
        "notices": [f"{ACCOUNT}.notices"],
        "documents": [f"{ACCOUNT}.notices.edges.{place}.node.document" for place in range(3)],
        "open": [],
        "meters": [f"{lease}.water" for lease in LEASES],
        "works": ["viewer.tenant.works"],
        "contacts": [f"{lease}.{field}" for lease in LEASES for field in ("advisor", "office", "usefulContacts")],
        "offices": [],
        "editorial": ["viewer.announcements"],
    },
    "mobile_home": {
        "tenants": ["viewer.tenant"],
        "holders_of": [],
        "leases_of": ["viewer.tenant.rentalAccounts", "viewer.tenant.works"],
        "balances": [f"{ACCOUNT}.balance"],
        "entries": [f"{ACCOUNT}.balance"],
        "notices": [],
        "documents": [],
        "open": [],
        "meters": [],
        "works": ["viewer.tenant.works"],
        "contacts": [],
        "offices": [],
        "editorial": ["viewer.announcements", "advice"],
    },
    "balance_explained": {
        "tenants": [],
        "holders_of": [],
        "leases_of": ["node"],
        "balances": ["node.balance"],
        "entries": ["node.balance", "node.ledger"],
        "notices": [],
        "documents": [],
        "open": [],
        "meters": [],
        "works": [],
        "contacts": [],
        "offices": [],
        "editorial": [],
    },
}
"""What of each client operation is empty while one question to one system goes unanswered."""


@pytest.mark.parametrize("name", NULL_WHEN_FAILING)
@pytest.mark.parametrize("question", SYSTEMS)
async def test_a_question_that_fails_empties_what_it_would_have_filled(name: str, question: str, doors: Doors) -> None:
    """One system does not answer one question: all that needs no answer to it stays as it was."""
    operation = EVERY_OPERATION[name]
    undisturbed = await operation.ask(doors)
    doors.landlord.failing[question] = UpstreamUnavailableError(Call(SYSTEMS[question], question))

    answer = await operation.ask(doors)

    paths = [_path(place) for place in NULL_WHEN_FAILING[name][question]]
    assert answer["data"] == emptied(undisturbed, paths)
    assert _told(answer) == sorted((path, "SOURCE_UNAVAILABLE", SYSTEMS[question].value) for path in map(str, paths))


async def test_a_lease_whose_contacts_are_unreadable_keeps_the_other_lease_whole(doors: Doors) -> None:
    """One record of a batch cannot be read: the garage shows its advisor, the dwelling tells why it does not."""
    web_home = EVERY_OPERATION["web_home"]
    undisturbed = await web_home.ask(doors)
    error = UpstreamGarbledError(Call(SourceSystem.DIRECTORY, "contacts"), "phone")
    doors.landlord.failing_keys["contacts", DWELLING] = error

    answer = await web_home.ask(doors)

    paths = [_path(f"{LEASES[0]}.{field}") for field in ("advisor", "office", "usefulContacts")]
    assert answer["data"] == emptied(undisturbed, paths)
    assert _told(answer) == sorted((str(path), "SOURCE_UNREADABLE", "DIRECTORY") for path in paths)


async def test_a_notice_whose_document_fails_keeps_the_other_documents(doors: Doors) -> None:
    """The store stumbles over one document: the notice shows its amount, the others their links."""
    web_home = EVERY_OPERATION["web_home"]
    undisturbed = await web_home.ask(doors)
    error = UpstreamTimeoutError(Call(SourceSystem.DOCUMENT_STORE, "of_notices"))
    doors.landlord.failing_keys["documents", MARCH_NOTICE] = error

    answer = await web_home.ask(doors)

    path = _path(f"{ACCOUNT}.notices.edges.0.node.document")
    assert answer["data"] == emptied(undisturbed, [path])
    assert _told(answer) == [(str(path), "SOURCE_TIMEOUT", "DOCUMENT_STORE")]


def _path(place: str) -> Path:
    return [int(step) if step.isdigit() else step for step in place.split(".")]


def _told(answer: Mapping[str, Any]) -> Sequence[tuple[str, str, str]]:
    """Path, code and system of each error."""
    return sorted(
        (str(error["path"]), error["extensions"]["code"], error["extensions"]["source"])
        for error in answer.get("errors", [])
    )
