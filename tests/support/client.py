"""A small GraphQL client, as the web account and the application are: it signs in and runs named operations."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

OPERATIONS = Path(__file__).parents[1] / "operations"

SIGN_IN = """
mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    __typename
    ... on SignInSuccess { viewer { roles account { accountReference } } tokens { accessToken accessExpiresAt } }
    ... on Problem { code message }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the endpoint said: `data` and `errors` are the members of the answer, None and empty when absent."""

    status: int
    headers: httpx.Headers
    data: Any
    errors: tuple[Mapping[str, Any], ...]

    def whole(self) -> Any:
        """The data of an answer in which nothing failed."""
        assert (self.status, self.errors) == (200, ()), (self.status, self.errors)
        return self.data

    @property
    def failures(self) -> dict[str, dict[str, Any]]:
        """Code, source and `retryable` of each error by its path, as in `viewer.tenant.leases.0.water`."""
        told = ("code", "source", "retryable")
        return {
            ".".join(map(str, error["path"])): {name: error["extensions"].get(name) for name in told}
            for error in self.errors
        }


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody at the endpoint `graphql`; a stranger without `token`."""

    graphql: str
    http: httpx.Client
    token: str | None = None

    def ask(self, document: str, /, **variables: object) -> Answer:
        """The answer to a document."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return answer(self.http.post(self.graphql, json=question(document, variables), headers=headers))

    def run(self, operation: str, /, **variables: object) -> Answer:
        """The answer to an operation of our clients, by the name of its file."""
        return self.ask(document_of(operation), **variables)

    def sign_in(self, reference: str, password: str) -> "Client":
        """The same client with the token of the account."""
        credentials = {"accountReference": reference, "password": password, "channel": "MOBILE"}
        outcome = self.ask(SIGN_IN, input=credentials).whole()["signIn"]
        assert outcome["__typename"] == "SignInSuccess", outcome
        return replace(self, token=outcome["tokens"]["accessToken"])


def document_of(operation: str) -> str:
    """The text of an operation, as the client sends it."""
    return (OPERATIONS / f"{operation}.graphql").read_text(encoding="utf-8")


def question(document: str, variables: Mapping[str, object]) -> dict[str, object]:
    """The body of a request."""
    return {"query": document, "variables": variables}


def answer(response: httpx.Response) -> Answer:
    """The answer in a response."""
    body = response.json()
    return Answer(response.status_code, response.headers, body.get("data"), tuple(body.get("errors", ())))
