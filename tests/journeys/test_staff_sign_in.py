"""Staff sign in at a provider that we did not write, over real HTTP: there, back, checked again, dismissed."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from gateway.adapters.openid import OpenIdClient, Registration
from gateway.adapters.upstream import Upstream
from gateway.auth.knocking import Knocking
from gateway.domain.access import Role
from gateway.http.routes import staff_routes
from gateway.http.sources import TRUSTING_NOBODY
from gateway.http.staff import StaffDoor
from gateway.ports.deadline import Deadline
from tests.support.doors import PUBLIC_URL, Clock
from tests.support.openid import CALLBACK, MockProvider, Office, opened_store, running_mock_provider

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockProvider]:
    """The mock, as a process for all tests of this module; Sam is an advisor."""
    with running_mock_provider(tmp_path_factory.mktemp("provider") / "log") as provider:
        yield provider


@dataclass(slots=True, repr=False)
class Desk:
    """The doors and what stands behind them."""

    app: Starlette
    office: Office
    clock: Clock

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[httpx.AsyncClient]:
        """A browser at our doors."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=PUBLIC_URL) as browser:
            yield browser


@pytest.fixture
async def desk(provider: MockProvider, tmp_path: Path) -> AsyncIterator[Desk]:
    """Doors over the mock, with a clock that stands where the mock's was a moment ago."""
    provider.employ("sam", name="Sam Fournier", groups=["desk"])
    clock, upstream = Clock(datetime.now(UTC)), Upstream("")
    registration = Registration(issuer=provider.issuer, client_id="gw", client_secret="s", redirect_uri=CALLBACK)
    async with opened_store(tmp_path) as store:
        office = Office(OpenIdClient(upstream, registration=registration, now=clock), store=store, clock=clock)
        door = StaffDoor(office.sign_in, office.vouching, Knocking(), TRUSTING_NOBODY, deadline_seconds=8)
        yield Desk(Starlette(routes=staff_routes(door)), office, clock)
    await upstream.aclose()


async def come_in(desk: Desk, provider: MockProvider, subject: str, path: str = "/desk") -> httpx.Response:
    """The answer to a browser that has gone to the provider, signed in there as `subject`, and come back."""
    async with desk.browser() as browser:
        left = await browser.get("/staff/sign-in", params={"next": path})
        back = await asyncio.to_thread(provider.sign_in, left.headers["location"], subject)
        assert back.startswith(CALLBACK)
        return await browser.get(f"/staff/callback?{urlsplit(back).query}")


def token_of(response: httpx.Response) -> str:
    """The session's token that a browser was given."""
    return response.headers["set-cookie"].partition("__Host-gw_sid=")[2].partition(";")[0]


async def test_an_advisor_signs_in_at_the_provider(desk: Desk, provider: MockProvider) -> None:
    """Discovery, code with PKCE, signed ID token, userinfo: then a session of an advisor, on the way to the desk."""
    response = await come_in(desk, provider, "sam", "/desk/tickets")

    assert (response.status_code, response.headers["location"]) == (303, "/desk/tickets")
    session = await desk.office.sessions.resolve(token_of(response))
    assert session is not None
    assert (session.staff_name, session.role) == ("Sam Fournier", Role.ADVISOR)


async def test_somebody_without_a_group_does_not_get_in(desk: Desk, provider: MockProvider) -> None:
    """The provider signs in whoever it knows; the landlord's groups decide."""
    response = await come_in(desk, provider, "pat@example.org")

    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "NO_ROLE"


async def test_somebody_who_does_not_go_on_is_not_signed_in(desk: Desk, provider: MockProvider) -> None:
    """The provider sends them back with a no."""
    async with desk.browser() as browser:
        left = await browser.get("/staff/sign-in")
        back = await asyncio.to_thread(provider.deny, left.headers["location"])
        state = dict(parse_qsl(urlsplit(left.headers["location"]).query))["state"]
        response = await browser.get(f"/staff/callback?{urlsplit(back).query}", params={"state": state})

    assert response.status_code == 400
    assert "__Host-gw_sid" not in response.headers["set-cookie"]


async def test_a_group_taken_away_ends_the_session_within_five_minutes(desk: Desk, provider: MockProvider) -> None:
    """At the next check; before that the provider is not asked."""
    token = token_of(await come_in(desk, provider, "sam"))
    session = await desk.office.sessions.resolve(token)
    assert session is not None
    await asyncio.to_thread(provider.employ, "sam", name="Sam Fournier", groups=[])

    held = []
    for minutes in (0, 4, 1):
        desk.clock.forward(minutes=minutes)
        held.append(await desk.office.vouching.holds(session, deadline=Deadline.after(5)))

    assert held == [True, True, False]
    assert await desk.office.sessions.resolve(token) is None


async def test_tokens_taken_away_end_the_session(desk: Desk, provider: MockProvider) -> None:
    """Access token and refresh token: the provider does not know the session any more."""
    session = await desk.office.sessions.resolve(token_of(await come_in(desk, provider, "sam")))
    assert session is not None
    desk.clock.forward(minutes=5)
    assert await desk.office.vouching.holds(session, deadline=Deadline.after(5))
    await asyncio.to_thread(provider.revoke_tokens, "sam")
    desk.clock.forward(minutes=5)

    assert not await desk.office.vouching.holds(session, deadline=Deadline.after(5))
