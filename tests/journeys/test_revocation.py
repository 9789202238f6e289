"""A session that is ended on one gateway is over on every other within two seconds, and cannot be renewed there."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import httpx
import pytest

from gateway.demo import gateway as demo
from gateway.demo.parts import run
from tests.support.client import question
from tests.support.gateway import RunningGateway
from tests.support.guessing import ASK_FOR_LINK, Target, bystander, sign_in
from tests.support.processes import wait_until
from tests.support.replicas import Site, running_replicas

pytestmark = [pytest.mark.servers, pytest.mark.postgres, pytest.mark.xdist_group("replicas")]

WITHIN_SECONDS = 2.5
"""Two, and what it takes to ask."""

WHO = "{ viewer { channel account { sessions { id current } } } }"
REFRESH = """
mutation Refresh($input: RefreshSessionInput!) { refreshSession(input: $input) { __typename } }
"""
REVOKE = "mutation Revoke($input: RevokeSessionInput!) { revokeSession(input: $input) { __typename } }"
SIGN_OUT = "mutation { signOut { ... on SignOutSuccess { at } } }"
CHOOSE = """
mutation Choose($input: ChooseAccountPasswordInput!) { chooseAccountPassword(input: $input) { __typename } }
"""
CHANGE = "mutation Change($input: ChangePasswordInput!) { changePassword(input: $input) { __typename } }"
NEW = "Nénuphar bleu 47"


@pytest.fixture(scope="module")
def elsewhere(on_postgres: RunningGateway) -> Iterator[RunningGateway]:
    """A second gateway on the database of the first."""
    settings = {"GATEWAY_DATABASE_URL": on_postgres.database_url}
    with running_replicas(Site(on_postgres.systems, on_postgres.folder, settings, on_postgres.staff), 1) as gateways:
        yield gateways[0]


@dataclass(frozen=True, slots=True)
class Opened:
    """A session of `target`, as its client carries it: by header."""

    target: Target
    headers: dict[str, str]
    refresh_token: str | None = None

    def ask(self, gateway: RunningGateway, document: str, **variables: object) -> httpx.Response:
        """The answer of one of the gateways."""
        sent = question(document, variables)
        return gateway.http.post(f"{gateway.url}/graphql", json=sent, headers=self.headers)

    def do(self, gateway: RunningGateway, document: str, **given: object) -> Any:
        """The outcome of a mutation."""
        answer = self.ask(gateway, document, **({"input": given} if given else {})).json()
        assert "errors" not in answer, answer
        (found,) = answer["data"].values()
        return found

    def is_open(self, gateway: RunningGateway) -> bool:
        """Whether the gateway knows who asks."""
        return bool((self.ask(gateway, WHO).json().get("data") or {}).get("viewer"))


def on_the_web(gateway: RunningGateway, target: Target) -> Opened:
    """A new session in a browser."""
    cookies = SimpleCookie()
    for header in sign_in(gateway, target.attempt(channel="WEB")).headers.get_list("set-cookie"):
        cookies.load(header)
    return Opened(target, {"Cookie": f"__Host-gw_sid={cookies['__Host-gw_sid'].value}", "X-GW-Client": "web"})


def on_the_telephone(gateway: RunningGateway, target: Target) -> Opened:
    """A new session in the application."""
    tokens = sign_in(gateway, target.attempt()).json()["data"]["signIn"]["tokens"]
    return Opened(target, {"Authorization": f"Bearer {tokens['accessToken']}"}, tokens["refreshToken"])


def sign_out(gateway: RunningGateway, sessions: Sequence[Opened]) -> None:
    """Each by itself."""
    for session in sessions:
        session.do(gateway, SIGN_OUT)


def revoke(gateway: RunningGateway, sessions: Sequence[Opened]) -> None:
    """By another session of the holder's."""
    other = on_the_telephone(gateway, sessions[0].target)
    own, *others = other.ask(gateway, WHO).json()["data"]["viewer"]["account"]["sessions"]
    assert (own["current"], len(others)) == (True, len(sessions))
    for one in others:
        assert other.do(gateway, REVOKE, sessionId=one["id"])["__typename"] == "RevokeSessionSuccess"


def change_password(gateway: RunningGateway, sessions: Sequence[Opened]) -> None:
    """By the holder, who is signed in elsewhere."""
    target = sessions[0].target
    other = on_the_telephone(gateway, target)
    done = other.do(gateway, CHANGE, currentPassword=target.password, newPassword=NEW)
    assert done["__typename"] == "AccountReady"


def choose_password(gateway: RunningGateway, sessions: Sequence[Opened]) -> None:
    """By whoever reads the holder's mail."""
    token = mailed_token(gateway, sessions[0].target)
    done = gateway.stranger().ask(CHOOSE, input={"token": token, "password": NEW}).whole()
    assert done["chooseAccountPassword"]["__typename"] == "AccountReady"


def revoke_by_command(gateway: RunningGateway, sessions: Sequence[Opened]) -> None:
    """By the operator, beside the gateways."""
    settings = demo.environment(gateway.folder, port=1) | {"GATEWAY_DATABASE_URL": gateway.database_url}
    command = ["gateway", "sessions", "revoke", sessions[0].target.reference, "--reason", "INC-57", "--json"]
    assert json.loads(run(command, environment=settings))["sessions_ended"] == len(sessions)


End = Callable[[RunningGateway, Sequence[Opened]], None]
ENDS: list[tuple[End, int]] = [
    (sign_out, 10),
    (revoke, 11),
    (change_password, 12),
    (choose_password, 14),
    (revoke_by_command, 15),
]


@pytest.mark.parametrize(("end", "number"), ENDS, ids=[end.__name__ for end, _ in ENDS])
def test_what_is_ended_here_is_over_elsewhere_within_two_seconds(
    end: End, number: int, on_postgres: RunningGateway, elsewhere: RunningGateway
) -> None:
    """Cookie, bearer and refresh token are worth nothing any more on a gateway that was asked all the while (S2)."""
    target = bystander(number)
    web, telephone = sessions = (on_the_web(elsewhere, target), on_the_telephone(elsewhere, target))
    assert [one.is_open(elsewhere) for one in sessions] == [True, True]

    ended_at = _done_while_asked(lambda: end(on_postgres, sessions), sessions, elsewhere)
    wait_until(lambda: not any(one.is_open(elsewhere) for one in sessions), seconds=10)
    over_after_seconds = time.monotonic() - ended_at

    assert over_after_seconds < WITHIN_SECONDS
    refreshed = elsewhere.stranger().ask(REFRESH, input={"refreshToken": telephone.refresh_token}).whole()
    assert refreshed["refreshSession"]["__typename"] == "SessionEndedProblem"
    assert (telephone.ask(elsewhere, WHO).status_code, web.ask(elsewhere, WHO).json()) == (
        401,
        {"data": {"viewer": None}},
    )


def test_the_other_gateway_had_the_session_in_mind(on_postgres: RunningGateway, elsewhere: RunningGateway) -> None:
    """It is served for a moment longer there, and not here: so the two seconds are put to the test at all."""
    session = on_the_telephone(elsewhere, bystander(16))
    assert session.is_open(elsewhere)
    assert session.is_open(on_postgres)

    sign_out(on_postgres, [session])

    assert (session.is_open(elsewhere), session.is_open(on_postgres)) == (True, False)


def _done_while_asked(work: Callable[[], None], sessions: Sequence[Opened], gateway: RunningGateway) -> float:
    """When `work` was done; meanwhile the gateway is asked in each session, so that it never has to forget one."""

    def timed() -> float:
        work()
        return time.monotonic()

    with ThreadPoolExecutor(max_workers=1) as pool:
        working = pool.submit(timed)
        while not working.done():
            for one in sessions:
                one.is_open(gateway)
        return working.result()


def mailed_token(gateway: RunningGateway, target: Target) -> str:
    """The token of a link that the holder has asked for and been sent."""
    holder, mail = target.household.holder, gateway.systems.mail
    asks = {"firstName": holder.first_name, "lastName": holder.last_name, "birthDate": holder.birth_date.isoformat()}
    gateway.stranger().ask(ASK_FOR_LINK, input={"accountReference": target.reference, **asks}).whole()

    def links() -> list[str]:
        letters = mail.client.get(f"{mail.url}/__mail/messages", params={"to": holder.email}).json()
        return [link for letter in letters for link in letter["links"] if "#" in link]

    wait_until(lambda: bool(links()), seconds=10)
    return links()[-1].partition("#")[2]
