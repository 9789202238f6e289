"""Staff's doors: to the provider and back in one browser, out when the provider says so, and nowhere else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse

from gateway.auth.knocking import Action, Knocking, Rule
from gateway.auth.staff import StaffMember
from gateway.domain.access import Role
from gateway.http.authentication import session_of, shown_by
from gateway.http.refusals import HANDLERS, HEADERS, RequestRefusedError
from gateway.http.return_paths import is_local
from gateway.http.routes import staff_routes
from gateway.http.sources import TRUSTING_NOBODY
from gateway.http.staff import StaffDoor
from gateway.ports.deadline import Deadline
from tests.support.asgi import Exchange
from tests.support.doors import PUBLIC_URL, Clock
from tests.support.logs import Log, captured_log
from tests.support.openid import Office, Provider, execute, opened_store, signed

SAM = {"name": "Sam Fournier", "groups": ["desk"]}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(slots=True, repr=False)
class Desk:
    """The doors, what stands behind them, and what they have logged."""

    app: Starlette
    provider: Provider
    office: Office
    clock: Clock
    folder: Path
    log: Log

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[httpx.AsyncClient]:
        """A browser with cookies of its own, which follows no redirect by itself."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as browser:
            yield browser

    async def come_back(self, browser: httpx.AsyncClient, subject: str = "sam", **leaving: str) -> httpx.Response:
        """The answer to a browser that has gone to the provider, signed in there as `subject`, and come back."""
        left = await browser.get("/staff/sign-in", params=leaving)
        return await browser.get("/staff/callback", params=self.provider.authorize(left.headers["location"], subject))

    async def log_out(self, content: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """The answer to the provider's notice."""
        async with self.browser() as provider:
            return await provider.post("/staff/backchannel-logout", content=content, headers=headers or FORM)

    @property
    def sessions(self) -> int:
        """How many sessions are in the store."""
        return int(execute(self.folder, "SELECT count(*) FROM session")[0][0])


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Doors at whose provider Sam is known, an advisor, and Pat, who has no business here."""
    clock = Clock()
    provider = Provider(clock, people={"sam": dict(SAM), "pat": {"groups": []}})
    async with opened_store(tmp_path) as store:
        office = Office(provider.client(), store=store, clock=clock)
        knocking = Knocking({Action.STAFF_SIGN_IN: Rule(20, 20, 20)})
        door = StaffDoor(office.sign_in, office.vouching, knocking, TRUSTING_NOBODY, deadline_seconds=5)
        with captured_log() as log:
            app = Starlette(routes=staff_routes(door), exception_handlers=HANDLERS)
            yield Desk(app, provider, office, clock, tmp_path, log)


def cookies_of(response: httpx.Response) -> dict[str, tuple[str, set[str]]]:
    """Value and attributes of each cookie that is set."""
    cookies = {}
    for header in response.headers.get_list("set-cookie"):
        pair, *attributes = header.split("; ")
        name, _, value = pair.partition("=")
        shown = {attribute.lower() for attribute in attributes if not attribute.startswith("expires")}
        cookies[name] = (value, shown)
    return cookies


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal; it is JSON and kept by nobody."""
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    [error] = response.json()["errors"]
    return response.status_code, error["extensions"]["code"]


EVERYWHERE = {"path=/", "secure", "httponly"}


async def test_a_browser_is_sent_to_the_provider_with_an_errand(desk: Desk) -> None:
    """The errand is for this browser, for ten minutes; Lax, or it would not come back from the provider's site."""
    async with desk.browser() as browser:
        response = await browser.get("/staff/sign-in", params={"next": "/desk?open=1#top"})

    assert response.status_code == 302
    assert response.headers["location"].startswith("https://login.example.org/authorize?response_type=code&")
    assert {name.lower(): response.headers[name] for name in HEADERS} == {k.lower(): v for k, v in HEADERS.items()}
    [(name, (value, attributes))] = cookies_of(response).items()
    assert (name, attributes) == ("__Host-gw_oidc", EVERYWHERE | {"samesite=lax", "max-age=600"})
    state = dict(parse_qsl(urlsplit(response.headers["location"]).query))["state"]
    assert (state in value, len(value) < 1000) == (False, True)


async def test_coming_back_opens_a_session_and_ends_the_errand(desk: Desk) -> None:
    """The session's cookie is as a tenant's; the browser goes on to where it was going."""
    async with desk.browser() as browser:
        response = await desk.come_back(browser, next="/desk?open=1")

    assert (response.status_code, response.headers["location"]) == (303, "/desk?open=1")
    assert response.headers["cache-control"] == "no-store"
    cookies = cookies_of(response)
    token, attributes = cookies.pop("__Host-gw_sid")
    assert attributes == EVERYWHERE | {"samesite=strict"}
    assert cookies == {"__Host-gw_oidc": ('""', EVERYWHERE | {"samesite=lax", "max-age=0"})}
    session = await desk.office.sessions.resolve(token)
    assert session is not None
    assert (session.staff_name, session.role) == ("Sam Fournier", Role.ADVISOR)
    [line] = desk.log.lines
    assert (line["event"], line["role"], line["session_id"]) == ("staff.signed_in", "ADVISOR", session.id)


async def test_without_a_destination_one_comes_to_the_front_page(desk: Desk) -> None:
    """Which is the front end's."""
    async with desk.browser() as browser:
        assert (await desk.come_back(browser)).headers["location"] == "/"


OUTSIDE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nLocation: https://evil.example",
    "\t//evil.example",
    " //evil.example",
    "https:evil.example",
    "https://evil.example",
    "https:/evil.example",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "?next=//evil.example",
    "",
    "/%2Fevil.example",
    "/%2f%2fevil.example",
    "/%5Cevil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/%0d%0aLocation:%20x",
    "/%00",
    "/%252Fevil.example",
    "/desk\\..\\x",
    "/é",
    "/\u2028",
    "/desk x",
    "/" + "x" * 500,
]


@pytest.mark.parametrize("path", OUTSIDE)
async def test_nobody_is_sent_elsewhere(path: str, desk: Desk) -> None:
    """A link to us that ends at an impostor's page is refused before anything begins."""
    async with desk.browser() as browser:
        response = await browser.get(f"/staff/sign-in?next={quote(path)}")

    assert refusal(response) == (400, "BAD_RETURN_PATH")
    assert "set-cookie" not in response.headers
    assert desk.provider.journal == []


async def test_of_two_destinations_none_counts(desk: Desk) -> None:
    """Nobody has to guess which of them was checked."""
    async with desk.browser() as browser:
        assert refusal(await browser.get("/staff/sign-in?next=/a&next=/b")) == (400, "BAD_RETURN_PATH")


@pytest.mark.parametrize(
    "path", ["/", "/desk", "/desk/tickets?open=1&q=a%20b#top", "/a%C3%A9", "/a//b", "/a:b@c", "/%25", "/~x/[y]"]
)
def test_a_path_of_ours_is_taken(path: str) -> None:
    """With query and fragment, spaces and accents percent-encoded."""
    assert is_local(path)


async def returned(desk: Desk, **brought: str) -> httpx.Response:
    """The answer to a browser with an errand that brings back this instead of what the provider gave it."""
    async with desk.browser() as browser:
        left = await browser.get("/staff/sign-in")
        given = desk.provider.authorize(left.headers["location"], "sam")
        return await browser.get("/staff/callback", params=[*(given | brought).items()])


async def test_a_way_back_works_once(desk: Desk) -> None:
    """With all its cookies played again it is refused, and there is no second session."""
    async with desk.browser() as browser:
        left = await browser.get("/staff/sign-in")
        given = desk.provider.authorize(left.headers["location"], "sam")
        errand = {"Cookie": f"__Host-gw_oidc={cookies_of(left)['__Host-gw_oidc'][0]}"}
        first = await browser.get("/staff/callback", params=given)
        again = await browser.get("/staff/callback", params=given, headers=errand)
        without = await browser.get("/staff/callback", params=given)

    assert first.status_code == 303
    assert [refusal(again), refusal(without)] == [(400, "STATE_MISMATCH")] * 2
    assert ("__Host-gw_sid" in cookies_of(again), desk.sessions) == (False, 1)


async def test_another_browser_cannot_take_the_way_back(desk: Desk) -> None:
    """A victim who is sent the end of an attacker's sign-in is not signed in as the attacker."""
    async with desk.browser() as attacker, desk.browser() as victim:
        left = await attacker.get("/staff/sign-in")
        await victim.get("/staff/sign-in")
        given = desk.provider.authorize(left.headers["location"], "sam")
        stolen = await victim.get("/staff/callback", params=given)
        async with desk.browser() as stranger:
            bare = await stranger.get("/staff/callback", params=given)

    assert [refusal(stolen), refusal(bare)] == [(400, "STATE_MISMATCH")] * 2
    assert desk.sessions == 0


BAD_RETURNS: dict[str, list[tuple[str, str]]] = {
    "nothing": [],
    "no state": [("code", "c")],
    "two states": [("code", "c"), ("state", "a"), ("state", "b")],
    "two codes": [("state", "a"), ("code", "c"), ("code", "d")],
    "a huge code": [("state", "a"), ("code", "c" * 4097)],
    "another state": [("state", "a" * 43), ("code", "c")],
    "odd text": [("state", "\ud800"), ("code", "c")],
}


@pytest.mark.parametrize("brought", BAD_RETURNS.values(), ids=BAD_RETURNS)
async def test_what_nobody_was_sent_back_with_is_refused(brought: list[tuple[str, str]], desk: Desk) -> None:
    """Without asking the provider."""
    async with desk.browser() as browser:
        await browser.get("/staff/sign-in")
        response = await browser.get("/staff/callback?" + urlencode(brought, errors="surrogatepass"))

    assert refusal(response) == (400, "STATE_MISMATCH")
    assert "/token" not in desk.provider.journal


async def test_somebody_whom_the_provider_did_not_let_in_is_told_so(desk: Desk) -> None:
    """The provider's own words go no further: anybody could have written them into the address."""
    async with desk.browser() as browser:
        left = await browser.get("/staff/sign-in")
        state = dict(parse_qsl(urlsplit(left.headers["location"]).query))["state"]
        told = {"state": state, "error": "access_denied", "error_description": "call 01 99 00 12 34"}
        response = await browser.get("/staff/callback", params=told)

    assert refusal(response) == (400, "PROVIDER_REFUSED")
    assert "01 99" not in response.text + desk.log.getvalue()


async def test_somebody_without_a_role_is_told_so(desk: Desk) -> None:
    """And has no session."""
    async with desk.browser() as browser:
        response = await desk.come_back(browser, "pat")

    assert refusal(response) == (400, "NO_ROLE")
    assert (set(cookies_of(response)), desk.sessions) == ({"__Host-gw_oidc"}, 0)


async def test_a_token_that_does_not_hold_signs_nobody_in(desk: Desk) -> None:
    """The log says which check it failed, and nothing of what it held."""
    desk.provider.sign = lambda claims: signed(claims | {"aud": "another", "email": "sam@example.org"})
    async with desk.browser() as browser:
        response = await desk.come_back(browser)

    assert refusal(response) == (400, "TOKEN_REJECTED")
    assert desk.sessions == 0
    rejected = next(line for line in desk.log.lines if line["event"] == "staff.token_rejected")
    assert (rejected["field"], "sam@" in desk.log.getvalue()) == ("claims", False)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/userinfo"])
async def test_while_the_provider_is_silent_staff_are_asked_to_wait(path: str, desk: Desk) -> None:
    """503, and no session."""
    async with desk.browser() as browser:
        left = await browser.get("/staff/sign-in")
        desk.clock.forward(minutes=61 if path.endswith("configuration") else 0)
        desk.provider.answers[path] = lambda: JSONResponse({}, 502)
        if path.endswith("configuration"):
            response = await browser.get("/staff/sign-in")
        else:
            given = desk.provider.authorize(left.headers["location"], "sam")
            response = await browser.get("/staff/callback", params=given)

    assert (refusal(response), response.headers["retry-after"]) == ((503, "SERVICE_UNAVAILABLE"), "30")
    assert desk.sessions == 0


async def test_while_the_store_is_down_nobody_is_signed_in(desk: Desk) -> None:
    """503, and no cookie but the one that is taken back."""
    execute(desk.folder, "DROP TABLE session")
    async with desk.browser() as browser:
        response = await desk.come_back(browser)

    assert refusal(response) == (503, "SERVICE_UNAVAILABLE")
    assert set(cookies_of(response)) == {"__Host-gw_oidc"}


async def test_a_source_that_knocks_too_often_is_asked_to_wait(desk: Desk) -> None:
    """Nothing is begun, and nothing is asked of the provider."""
    async with desk.browser() as browser:
        answers = [await browser.get("/staff/sign-in") for _ in range(21)]
        back = await browser.get("/staff/callback?state=a&code=b")

    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert [refusal(answers[-1]), refusal(back)] == [(429, "TOO_MANY_REQUESTS")] * 2
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/staff/sign-in"), ("POST", "/staff/callback"), ("GET", "/staff/backchannel-logout")],
)
async def test_each_door_takes_one_method(method: str, path: str, desk: Desk) -> None:
    """Anything else is refused."""
    async with desk.browser() as browser:
        assert (await browser.request(method, path)).status_code == 405


def notice(desk: Desk, **changes: Any) -> str:
    """A form with a logout token for Sam's session at the provider, unless changed."""
    claims = desk.provider.logout_claims(**({"sid": "sid-of-sam"} | changes))
    return urlencode({"logout_token": signed(claims)})


async def test_the_provider_signs_somebody_out_at_once(desk: Desk) -> None:
    """200 without a word, kept by nobody; the session's next request is a stranger's."""
    async with desk.browser() as browser:
        token = cookies_of(await desk.come_back(browser))["__Host-gw_sid"][0]

    response = await desk.log_out(notice(desk))

    assert (response.status_code, response.content, response.headers["cache-control"]) == (200, b"", "no-store")
    assert await desk.office.sessions.resolve(token) is None


async def test_a_notice_about_nobody_here_is_taken_too(desk: Desk) -> None:
    """The session had ended already, which is what the provider wants."""
    assert (await desk.log_out(notice(desk))).status_code == 200


async def test_a_forged_notice_ends_nothing(desk: Desk) -> None:
    """400, also for the same notice a second time."""
    async with desk.browser() as browser:
        token = cookies_of(await desk.come_back(browser))["__Host-gw_sid"][0]

    assert refusal(await desk.log_out(notice(desk, events=None))) == (400, "TOKEN_REJECTED")
    assert refusal(await desk.log_out(notice(desk, nonce="n"))) == (400, "TOKEN_REJECTED")
    assert await desk.office.sessions.resolve(token) is not None
    assert (await desk.log_out(notice(desk))).status_code == 200
    assert refusal(await desk.log_out(notice(desk))) == (400, "TOKEN_REJECTED")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("", 400),
        ("logout_token", 400),
        ("logout_token=", 400),
        ("other=x", 400),
        ("logout_token=a&logout_token=b", 400),
        ("logout_token=a&" + "x=1&" * 20 + "y=1", 400),
        ("logout_token=é", 400),
        ("logout_token=a", 400),
        ("logout_token=" + "a" * 5_000_000, 413),
    ],
)
async def test_what_is_no_notice_is_refused(content: str, status: int, desk: Desk) -> None:
    """Whatever is sent, in size or form."""
    assert refusal(await desk.log_out(content))[0] == status


async def test_a_notice_comes_as_a_form(desk: Desk) -> None:
    """As the standard says."""
    response = await desk.log_out(notice(desk), {"Content-Type": "application/json"})

    assert refusal(response) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_notice_that_meets_a_silent_store_is_to_be_sent_again(desk: Desk) -> None:
    """503: the provider must not take it for done."""
    execute(desk.folder, "DROP TABLE staff_grant")

    assert refusal(await desk.log_out(notice(desk))) == (503, "SERVICE_UNAVAILABLE")


async def test_a_provider_that_goes_away_while_it_sends_is_not_waited_for(desk: Desk) -> None:
    """Nothing ends for a notice that never came whole."""
    exchange = Exchange(received=[{"type": "http.request", "body": b"log", "more_body": True}], disconnects_after=0)

    await exchange.run(desk.app, "/staff/backchannel-logout", method="POST", headers=[*FORM.items()])

    assert (exchange.status, exchange.body) == (499, b"")


def carrying(token: str, *, as_bearer: bool = False) -> Request:
    """A request with this session."""
    cookie = [(b"cookie", f"__Host-gw_sid={token}".encode()), (b"x-gw-client", b"desk")]
    bearer = [(b"authorization", f"Bearer {token}".encode())]
    return Request({"type": "http", "headers": bearer if as_bearer else cookie})


async def test_a_session_of_staff_is_one_as_long_as_the_provider_says_so(desk: Desk) -> None:
    """Afterwards its cookie is a stranger's and its bearer refused."""
    async with desk.browser() as browser:
        cookie, bearer = [cookies_of(await desk.come_back(browser))["__Host-gw_sid"][0] for _ in range(2)]
    office, deadline = desk.office, Deadline.after(5)

    session = await session_of(shown_by(carrying(cookie)), office.sessions, vouching=office.vouching, deadline=deadline)
    assert session is not None
    desk.provider.people = {}
    desk.clock.forward(minutes=5)

    assert (
        await session_of(shown_by(carrying(cookie)), office.sessions, vouching=office.vouching, deadline=deadline)
        is None
    )
    with pytest.raises(RequestRefusedError, match="has ended"):
        await session_of(
            shown_by(carrying(bearer, as_bearer=True)), office.sessions, vouching=office.vouching, deadline=deadline
        )


async def test_without_a_provider_a_session_of_staff_is_one(desk: Desk) -> None:
    """As in a demo, where staff are registered by hand."""
    opened = await desk.office.sessions.open_for_staff(StaffMember("Sam Fournier", Role.ADVISOR))
    request, sessions = carrying(opened.token), desk.office.sessions

    session = await session_of(shown_by(request), sessions, vouching=None, deadline=Deadline.after(5))

    assert session == opened.session
