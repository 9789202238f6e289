"""Many who sign in at the same moment, and accounts of the demo that no other test looks at."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import httpx

from gateway.demo.cast import tenants
from gateway.demo.world.model import Household
from tests.support.client import question
from tests.support.gateway import CASES, RunningGateway, world

SIGN_IN = """
mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    __typename
    ... on SignInSuccess { tokens { accessToken refreshToken deviceToken } }
    ... on Problem { code }
  }
}
"""
ASK_FOR_LINK = """
mutation AskForLink($input: RequestAccountLinkInput!) { requestAccountLink(input: $input) { __typename } }
"""
_HEAD = (
    b"POST /graphql HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
)
WRONG = "Wrong-password-1"


@dataclass(frozen=True, slots=True)
class Target:
    """An account, with its password."""

    reference: str
    password: str
    household: Household

    def attempt(self, password: str | None = None, **given: str) -> dict[str, str]:
        """The input of one sign-in; with the right password unless another is given."""
        return {"accountReference": self.reference, "password": password or self.password, "channel": "MOBILE"} | given


def bystander(number: int) -> Target:
    """An account of nobody in particular, of which there are twenty-four."""
    tenant = tenants(world())[len(CASES) + number]
    seeded = tenant.as_seed()
    return Target(seeded["reference"], seeded["password"], tenant.household)


def sign_in(gateway: RunningGateway, attempt: Mapping[str, str], **headers: str) -> httpx.Response:
    """The response to one sign-in."""
    sent = question(SIGN_IN, {"input": attempt})
    return gateway.http.post(f"{gateway.url}/graphql", json=sent, headers=headers)


def outcome(response: httpx.Response) -> str:
    """The code of a refusal, or the type of what was opened."""
    return _outcome(response.json())


def _outcome(answer: Any) -> str:
    found = answer["data"]["signIn"]
    return str(found.get("code") or found["__typename"])


def all_at_once(gateways: Sequence[RunningGateway], attempts: Iterable[Mapping[str, str]]) -> list[str]:
    """The outcomes of attempts that are made together, dealt out over the gateways in turn.

    Each has a connection of its own, and none is sent before all are open. OSError, and ValueError for half an answer.
    """
    return asyncio.run(_all_at_once([one.port for one in gateways], list(attempts)))


async def _all_at_once(ports: Sequence[int], attempts: Sequence[Mapping[str, str]]) -> list[str]:
    ready = asyncio.Barrier(len(attempts))
    guesses = (_attempted(port, attempt, ready) for port, attempt in zip(cycle(ports), attempts, strict=False))
    return await asyncio.gather(*guesses)


async def _attempted(port: int, attempt: Mapping[str, str], ready: asyncio.Barrier) -> str:
    body = json.dumps(question(SIGN_IN, {"input": attempt})).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        await ready.wait()
        writer.write(_HEAD % len(body) + body)
        answer = await reader.read()
    finally:
        writer.close()
    return _outcome(json.loads(answer.partition(b"\r\n\r\n")[2]))
