"""Somebody at the doors, with a browser or an application of their own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.rules.answers import Outcome
from tests.rules.people import Details
from tests.support.client import document_of, question
from tests.support.doors import PASSWORD, Doors

WRONG = "Wrong-password-1"
NEW = "Nénuphar bleu 47"
"""A password that meets the rules, and is nobody's yet."""

ASK_FOR_ASSISTANCE = """
mutation($input: RequestAssistanceInput!) {
  requestAssistance(input: $input) {
    __typename
    ... on AssistanceRequested { reference message }
    ... on ValidationProblem { fields { path code } }
    ... on ServiceBusyProblem { retryAfterSeconds }
    ... on Problem { code message }
  }
}
"""
CHANGE_PASSWORD = """
mutation($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    __typename
    ... on AccountReady { renewalDueOn }
    ... on PasswordRejectedProblem { reasons }
    ... on RecreationOfferedProblem { retryAfterSeconds }
    ... on AccessSuspendedProblem { retryAfterSeconds routes }
    ... on Problem { code message }
  }
}
"""
REFRESH = """
mutation($input: RefreshSessionInput!) {
  refreshSession(input: $input) {
    __typename
    ... on RefreshSessionSuccess { tokens { accessToken refreshToken } }
    ... on Problem { code message }
  }
}
"""
WHO_AM_I = "{ viewer { roles channel account { accountReference } } }"


@dataclass(slots=True)
class Someone:
    """Acts through the doors and is told the one outcome. A browser keeps its cookies, an application its tokens."""

    http: httpx.AsyncClient
    tokens: Mapping[str, Any] | None = None

    async def send(self, document: str, **variables: object) -> httpx.Response:
        """The response to one request."""
        bearer = {"Authorization": f"Bearer {self.tokens['accessToken']}"} if self.tokens else {}
        return await self.http.post("/graphql", json=question(document, variables), headers=bearer)

    async def ask(self, document: str, **variables: object) -> Any:
        """The data of an answer in which nothing failed."""
        response = await self.send(document, **variables)
        answer = response.json()
        assert (response.status_code, answer.get("errors")) == (200, None), answer
        return answer["data"]

    async def act(self, document: str, given: Mapping[str, object]) -> Outcome:
        """The outcome of a mutation."""
        [outcome] = (await self.ask(document, input=given)).values()
        assert isinstance(outcome, dict)
        return outcome

    async def sign_in(self, who: Details | str, password: str = PASSWORD, **more: object) -> Outcome:
        """`signIn` on the web; with `channel="MOBILE"` the tokens are kept and used."""
        reference = who if isinstance(who, str) else who.reference
        given = {"accountReference": reference, "password": password, **more}
        outcome = await self.act(document_of("sign_in"), given)
        self.tokens = outcome.get("tokens") or self.tokens
        return outcome

    async def ask_for_link(self, who: Details) -> Outcome:
        """`requestAccountLink`: « inscrivez-vous » and « J'ai oublié mon mot de passe » alike."""
        return await self.act(document_of("account_link"), who.claim)

    async def choose(self, token: str, password: str = NEW) -> Outcome:
        """`chooseAccountPassword`."""
        return await self.act(document_of("choose_password"), {"token": token, "password": password})

    async def change_password(self, new: str = NEW, *, current: str = PASSWORD) -> Outcome:
        """`changePassword`."""
        return await self.act(CHANGE_PASSWORD, {"currentPassword": current, "newPassword": new})

    async def refresh(self, refresh_token: str | None = None) -> Outcome:
        """`refreshSession` with the latest token unless one is given; new tokens are kept and used."""
        token = refresh_token or (self.tokens or {})["refreshToken"]
        before, self.tokens = self.tokens, None  # an application does not send the bearer that has expired
        outcome = await self.act(REFRESH, {"refreshToken": token})
        self.tokens = outcome.get("tokens", before)
        return outcome

    async def ask_for_assistance(self, who: Details, **more: object) -> Outcome:
        """`requestAssistance`; to be called back on an invented number unless `more` tells another way."""
        return await self.act(ASK_FOR_ASSISTANCE, {**who.claim, "phone": "06 39 98 00 57", **more})

    async def give_wrong_passwords(self, who: Details | str, times: int) -> list[Outcome]:
        """The outcomes of so many sign-ins."""
        return [await self.sign_in(who, WRONG) for _ in range(times)]

    async def ask_for_links(self, who: Details, times: int) -> list[Outcome]:
        """The outcomes of so many requests."""
        return [await self.ask_for_link(who) for _ in range(times)]

    async def is_signed_in(self) -> bool:
        """Whether the session that this browser or application had is open still."""
        response = await self.send(WHO_AM_I)
        return response.status_code == 200 and response.json()["data"]["viewer"] is not None


@asynccontextmanager
async def at(doors: Doors, **headers: str) -> AsyncIterator[Someone]:
    """Somebody new at the doors, French-speaking unless `headers` tell otherwise."""
    async with doors.client(headers={"X-GW-Client": "web", **headers}) as http:
        yield Someone(http)
