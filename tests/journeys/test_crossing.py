"""Two tenants at the same time: neither ever sees anything of the other's."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.client import Client, document_of, question
from tests.support.gateway import RunningGateway, household_of

pytestmark = pytest.mark.servers

WORKS, ALERT = "works-late-entry", "index-back"
"""Two tenants who have, between them, one object of every kind that belongs to somebody."""

REQUESTS, AT_ONCE = 10_000, 32
LENGTH = re.compile(rb"(?i)content-length: *(\d+)")

EVERYTHING = """
query Everything {
  viewer { account { id } tenant {
    id greetingName person { id lastName } contacts { value }
    rentalAccounts { id reference
      ledger(first: 3) { edges { cursor node { id } } pageInfo { endCursor } }
      notices(first: 3) { edges { cursor node { id number document { id } } } pageInfo { endCursor } }
    }
    leases { id reference parties { person { id lastName } } unit { id address { lines } } advisor { id }
      water { meters { id serialNumber } alerts(openOnly: false) { id } }
    }
    works { id }
  } }
}
"""
NODE = "query Node($id: ID!) { node(id: $id) { __typename id } }"
GREETING = "query Greeting { viewer { tenant { id greetingName } } }"
ACCOUNTS = "query Accounts { viewer { tenant { rentalAccounts { id reference } } } }"
PAGE = """
query Page($after: String!) {
  viewer { tenant { rentalAccounts { id notices(first: 2, after: $after) { edges { node { id number } } } } } }
}
"""
KINDS = {
    *("OnlineAccount", "Tenant", "Person", "RentalAccount", "LedgerEntry", "RentNotice", "Document"),
    *("Lease", "RentalUnit", "Advisor", "WaterMeter", "WaterAlert", "WorksOperation"),
}
"""Every type of the schema whose objects belong to one tenant."""


@dataclass(frozen=True, slots=True)
class Holder:
    """One of the two, and what tells their answers from the other's."""

    client: Client
    seen: Any
    ids: tuple[str, ...]
    marks: frozenset[str]

    @property
    def account(self) -> Any:
        """The only rental account."""
        return self.seen["tenant"]["rentalAccounts"][0]


@dataclass(frozen=True, slots=True)
class Request:
    """What one of them asks; `fits` judges the data of the answer, `foreign` must not occur in its text."""

    token: str | None
    body: bytes
    fits: Callable[[Any], bool]
    foreign: frozenset[str]


@pytest.fixture
def holders(gateway: RunningGateway) -> tuple[Holder, Holder]:
    """Both, with all that is theirs and theirs alone."""
    seen = [gateway.tenant(case).ask(EVERYTHING).whole()["viewer"] for case in (WORKS, ALERT)]
    marks = [frozenset(texts(one)) for one in seen]
    first, second = (
        Holder(gateway.tenant(case), one, tuple(ids_in(one)), own - other)
        for case, one, own, other in zip((WORKS, ALERT), seen, marks, reversed(marks), strict=True)
    )
    return first, second


def texts(value: Any) -> Iterator[str]:
    """Every text in an answer."""
    match value:
        case dict():
            yield from texts(list(value.values()))
        case list():
            for one in value:
                yield from texts(one)
        case str():
            yield value


def ids_in(value: Any) -> Iterator[str]:
    """Every id in an answer."""
    match value:
        case dict():
            if "id" in value:
                yield value["id"]
            yield from ids_in(list(value.values()))
        case list():
            for one in value:
                yield from ids_in(one)


def test_the_marks_tell_the_two_apart(holders: tuple[Holder, Holder]) -> None:
    """Names, references and addresses of both are among what is looked for."""
    for holder, case in zip(holders, (WORKS, ALERT), strict=True):
        household = household_of(case)
        lease = household.leases[0]

        assert {household.account_number, lease.number, household.notices[-1].number} <= holder.marks
        assert lease.unit.address.street in holder.marks
        assert household.meters[0].serial_number in holder.marks


def test_an_id_opens_its_object_for_its_owner_alone(holders: tuple[Holder, Holder]) -> None:
    """Every kind of object is found by whoever holds it, and does not exist for the other."""
    kinds = set()
    for holder, other in (holders, holders[::-1]):
        for one in holder.ids:
            found = holder.client.ask(NODE, id=one).whole()["node"]
            kinds.add(found["__typename"])

            assert found["id"] == one
            assert other.client.ask(NODE, id=one).whole() == {"node": None}

    assert kinds == KINDS


def test_a_cursor_of_somebody_else_leads_nowhere(holders: tuple[Holder, Holder]) -> None:
    """A place in another's notices is no place in one's own."""
    holder, other = holders

    answer = holder.client.ask(PAGE, after=other.account["notices"]["pageInfo"]["endCursor"])

    assert [error["extensions"]["code"] for error in answer.errors] == ["INVALID_CURSOR"]


async def test_ten_thousand_requests_of_two_tenants_never_cross(holders: tuple[Holder, Holder]) -> None:
    """All at once, of every kind: each answer fits its question and holds nothing of the other's."""
    rng = Random(57)
    requests = [*mixture(*holders, rng=rng), *mixture(*holders[::-1], rng=rng)]
    rng.shuffle(requests)

    crossed = await asked(holders[0].client.graphql, requests)

    assert len(requests) == REQUESTS
    assert crossed == []


def mixture(holder: Holder, other: Holder, *, rng: Random) -> Iterator[Request]:
    """Half of the requests: many that are small, and some of everything."""
    account, page = holder.account["id"], holder.account["notices"]["pageInfo"]["endCursor"]

    def ask(document: str, fits: Callable[[Any], bool], **variables: object) -> Request:
        body = json.dumps(question(document, variables)).encode()
        return Request(holder.client.token, body, fits, other.marks)

    def node(one: str, found: str | None) -> Request:
        return ask(NODE, lambda data: (data["node"] or {"id": None})["id"] == found, id=one)

    def owned(path: Callable[[Any], object], own: object) -> Callable[[Any], bool]:
        return lambda data: path(data["viewer"]["tenant"]) == own

    mine = owned(lambda tenant: tenant["rentalAccounts"][0]["id"], account)
    yield from (node(other.seen["tenant"]["id"], None) for _ in range(2_600))
    yield from (node(holder.seen["account"]["id"], holder.seen["account"]["id"]) for _ in range(1_400))
    yield from (node(rng.choice(other.ids), None) for _ in range(300))
    yield from (ask(GREETING, owned(lambda it: it["id"], holder.seen["tenant"]["id"])) for _ in range(500))
    yield from (ask(ACCOUNTS, mine) for _ in range(100))
    yield from (ask(PAGE, mine, after=page) for _ in range(40))
    yield from (ask(document_of("mobile_home"), mine, version="4.2.0") for _ in range(40))
    yield from (ask(document_of("web_home"), mine) for _ in range(10))
    yield from (
        ask(document_of("balance_explained"), lambda data: bool(data["node"]["balance"]["composition"]), id=account)
        for _ in range(10)
    )


async def asked(url: str, requests: Iterable[Request]) -> list[str]:
    """Answers that do not fit, or hold what is another's; so many requests are under way at once."""
    waiting, wrong = iter(requests), list[str]()

    async def go_on() -> None:
        async with connection(url) as exchange:
            for request in waiting:
                text = await exchange(request)
                answer = json.loads(text)
                crosses = any(map(text.__contains__, request.foreign))
                if answer.get("errors") or crosses or not request.fits(answer["data"]):
                    wrong.append(text)

    await asyncio.gather(*(go_on() for _ in range(AT_ONCE)))
    return wrong


@asynccontextmanager
async def connection(url: str) -> AsyncIterator[Callable[[Request], Awaitable[str]]]:
    """Requests over one connection, bare: a client library would take as long as the gateway."""
    target = urlsplit(url)
    reader, writer = await asyncio.open_connection(target.hostname, target.port)

    async def exchange(request: Request) -> str:
        head = (
            f"POST {target.path} HTTP/1.1\r\nHost: {target.netloc}\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {request.token}\r\nContent-Length: {len(request.body)}\r\n\r\n"
        )
        writer.write(head.encode() + request.body)
        announced = LENGTH.search(await reader.readuntil(b"\r\n\r\n"))
        assert announced
        return (await reader.readexactly(int(announced[1]))).decode()

    try:
        yield exchange
    finally:
        writer.close()
        await writer.wait_closed()
