"""The gateway as the front end calls it."""

from collections.abc import Mapping
from typing import Any

import httpx

_PATIENCE_SECONDS = 30.0


class NoAnswerError(Exception):
    """The gateway gave no outcome; the sentence says what it said instead, if anything."""


async def ask(gateway: str, document: str, given: Mapping[str, str]) -> Mapping[str, Any]:
    """The outcome of a mutation with `given` as its input. NoAnswerError."""
    request = {"query": document, "variables": {"input": given}}
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE_SECONDS) as client:
            answer = await client.post(f"{gateway}/graphql", json=request, headers={"Accept-Language": "fr"})
            body = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise NoAnswerError("Le service ne répond pas. Réessayez dans un instant.") from error
    if not isinstance(body, dict):
        raise NoAnswerError("Le service a répondu autre chose que ce qui est convenu.")
    outcome = next(iter((body.get("data") or {}).values()), None)
    if not isinstance(outcome, dict):
        raise NoAnswerError(" ".join(str(error.get("message")) for error in body.get("errors", [])))
    return outcome
