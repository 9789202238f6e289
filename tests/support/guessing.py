"""Many who sign in at the same moment, and accounts of the demo that no other test looks at."""

import asyncio
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
    found = response.json()["data"]["signIn"]
    return str(found.get("code") or found["__typename"])


def all_at_once(gateways: Sequence[RunningGateway], attempts: Iterable[Mapping[str, str]]) -> list[str]:
    """The outcomes of attempts that are made together, dealt out over the gateways in turn."""
    return asyncio.run(_all_at_once([one.url for one in gateways], list(attempts)))


async def _all_at_once(urls: Sequence[str], attempts: Sequence[Mapping[str, Any]]) -> list[str]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=60, limits=limits) as client:
        sent = [
            client.post(f"{url}/graphql", json=question(SIGN_IN, {"input": attempt}))
            for url, attempt in zip(cycle(urls), attempts, strict=False)
        ]
        return [outcome(response) for response in await asyncio.gather(*sent)]
