"""The document store as its tests speak to it, and the world they compare it with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import httpx

from gateway.demo.control import PARIS
from gateway.demo.documents.conditions import Condition, condition_of
from gateway.demo.documents.identifiers import identifier_of
from gateway.demo.world import household
from gateway.demo.world.model import Household, Notice
from tests.demo.control.simulator import Simulator
from tests.demo.world.strategies import TODAY, ordinary

NOON = "2026-11-22T12:00:00+01:00"
KEY = {"X-Cle-Acces": "demo-ged"}


@dataclass(frozen=True, slots=True)
class Store:
    """A running store and the key to it."""

    simulator: Simulator

    def ask(self, *references: str) -> dict[str, Any]:
        """What the index answers about these notices, or its refusal."""
        answer = self.post_index({"references": list(references)})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        told: dict[str, Any] = answer.json()
        return told

    def entry(self, reference: str) -> dict[str, str]:
        """The one entry of the index about a notice."""
        (entry,) = self.ask(reference)["documents"]
        return dict(entry)

    def post_index(self, body: object, *, headers: dict[str, str] = KEY) -> httpx.Response:
        """The answer to a body sent as JSON."""
        return self.simulator.client.post(f"{self.simulator.url}/ged/index", json=body, headers=headers)

    def get(self, identifier: str, **headers: str) -> httpx.Response:
        """The answer to GET, with further headers; underscores stand for hyphens."""
        return self.request("GET", identifier, **headers)

    def request(self, method: str, identifier: str, **headers: str) -> httpx.Response:
        """The answer to any method on a document."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"{self.simulator.url}/ged/documents/{identifier}"
        return self.simulator.client.request(method, url, headers=KEY | more)

    def downloads(self) -> list[dict[str, Any]]:
        """What the store says it has given away."""
        listed: list[dict[str, Any]] = self.simulator.get("downloads")
        return listed


def plain_notice() -> Notice:
    """The latest notice of the plain household."""
    return household(57, 0, TODAY).notices[-1]


def plain_identifier() -> str:
    """The identifier of its document."""
    return identifier_of(plain_notice().number)


def notices() -> Iterator[tuple[Notice, Household]]:
    """The notices of two thousand ordinary households."""
    return ((notice, one) for one in ordinary() for notice in one.notices)


def notice_where(fits: Callable[[Notice], bool]) -> Notice:
    """The first of those notices that fits."""
    return next(notice for notice, _ in notices() if fits(notice))


def notice_in(condition: Condition) -> Notice:
    """The first of those notices whose document is in that condition on the world's day."""
    day_begins = datetime.combine(TODAY, time(), PARIS)
    return notice_where(lambda notice: condition_of(notice, made_on=TODAY, now=day_begins) is condition)
