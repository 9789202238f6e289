"""Three worlds that a stranger must not tell apart: an account, a lease without one, a title that nobody has.

What a stranger does is done in all three at the same moments; what they see must be the same to the last byte.
"""

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias, assert_never

import httpx
from hypothesis import strategies as st

from gateway.app import Entrance, application
from gateway.support.desk import AccountDesk
from tests.rules.house import House, opened_house
from tests.rules.people import ALIX, CAMILLE, NOBODY, Details
from tests.rules.someone import ASK_FOR_ASSISTANCE, WRONG, Someone
from tests.support.client import document_of

WORLDS: Mapping[str, Details] = {"account": CAMILLE, "lease without account": ALIX, "unknown": NOBODY}

MakeDesk: TypeAlias = Callable[[AccountDesk], AccountDesk]

# What differs from one answer to the next in any world: the time, the request's own id, the number of a form.
_DIFFERS = frozenset({"date", "x-request-id"})
_IDS = re.compile(rb'"requestId":\s?"[0-9a-f]{16}"|AS-[A-Z0-9]{8}')


@dataclass(frozen=True, slots=True)
class Guess:
    """Wrong passwords, one after the other."""

    times: int
    channel: str


@dataclass(frozen=True, slots=True)
class AskForLink:
    """Requests for a link, with the right details or with wrong ones."""

    times: int
    is_right: bool


@dataclass(frozen=True, slots=True)
class Choose:
    """A password, with the token of a link that never was."""

    token: str


@dataclass(frozen=True, slots=True)
class AskForAssistance:
    """The form."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Until so much later; the gateway does its work meanwhile."""

    seconds: float


Act: TypeAlias = Guess | AskForLink | Choose | AskForAssistance | Wait

_TIMES = st.sampled_from([3, 4, 1])
_GUESSES = st.builds(Guess, _TIMES, st.sampled_from(["WEB", "MOBILE"]))
_REQUESTS = st.builds(AskForLink, _TIMES, st.booleans())
_WAITS = st.builds(Wait, st.sampled_from([600, 90_000, 599.999, 86_400, 3_600, 1]))
_OTHERS = st.builds(Choose, st.sampled_from(["", "x", "A" * 43])) | st.builds(AskForAssistance)

HISTORIES: st.SearchStrategy[list[Act]] = st.lists(
    st.one_of(_REQUESTS, _WAITS, _GUESSES, _REQUESTS, _WAITS, _OTHERS), min_size=3, max_size=7
)


@asynccontextmanager
async def opened_worlds(make_desk: MakeDesk | None = None) -> AsyncIterator[House]:
    """A house with all three worlds in it; `make_desk` puts other use cases in the place of ours."""
    with TemporaryDirectory() as directory:
        async with opened_house(Path(directory)) as house:
            if make_desk is None:
                yield house
                return
            doors = house.doors
            parts = replace(doors.parts, desk=make_desk(doors.parts.desk))
            app = application(parts, doors.ports, Entrance(clock=doors.clock, deadline_seconds=8))
            yield replace(house, doors=replace(doors, app=app))


async def live(house: House, stranger: Someone, history: Sequence[Act]) -> None:
    """Lives through a history in all worlds. AssertionError at the first act that tells them apart."""
    for act in history:
        seen = {name: [shown(one) for one in await _do(act, stranger, who)] for name, who in WORLDS.items()}
        assert seen["account"] == seen["lease without account"] == seen["unknown"], (act, seen)
        if isinstance(act, Wait):
            house.clock.forward(seconds=act.seconds)
            await house.doors.parts.desk.upkeep().run_once()
        await house.doors.run_errands()


def shown(response: httpx.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    """All that a stranger sees of an answer, but for what differs every time."""
    headers = sorted((name, value) for name, value in response.headers.items() if name not in _DIFFERS)
    return response.status_code, headers, _IDS.sub(b"*", response.content)


async def _do(act: Act, stranger: Someone, who: Details) -> list[httpx.Response]:
    match act:
        case Guess():
            given = {"accountReference": who.reference, "password": WRONG, "channel": act.channel}
            return [await stranger.send(document_of("sign_in"), input=given) for _ in range(act.times)]
        case AskForLink():
            details = who if act.is_right else replace(who, birth_date=date(1901, 1, 1))
            return [await stranger.send(document_of("account_link"), input=details.claim) for _ in range(act.times)]
        case Choose():
            given = {"token": act.token, "password": WRONG}
            return [await stranger.send(document_of("choose_password"), input=given)]
        case AskForAssistance():
            given = {**who.claim, "email": "somebody@example.net"}
            return [await stranger.send(ASK_FOR_ASSISTANCE, input=given)]
        case Wait():
            return []
        case _:
            assert_never(act)
