"""GraphiQL's door: for analysts and operators, or in the demo for all; and nothing of it from anywhere else."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from gateway.auth.knocking import Action, Knocking, Rule
from gateway.domain.access import Role
from gateway.http.built_page import BuiltPage
from gateway.http.graphiql import Exhibit, GraphiqlDoor
from gateway.http.refusals import HANDLERS
from gateway.http.routes import graphiql_routes, staff_routes
from gateway.http.saved_queries import SavedQuery, SavedQueryError, saved_queries
from gateway.http.sources import TRUSTING_NOBODY
from gateway.http.staff import StaffDoor
from tests.support.doors import CAMILLE_TOKEN, PUBLIC_URL, STAFF_TOKENS, Clock, Doors
from tests.support.openid import Office, Provider, opened_store

PAGE = BuiltPage.of()
SCRIPT = next(name for name in PAGE.assets if re.fullmatch(r"index-.*\.js", name))
QUERY = SavedQuery("sources", "Sources", "How they are.", "{ sources { label } }\n")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "img-src 'self' data:; connect-src 'self'; worker-src 'self'; frame-ancestors 'none'"
)
ADDRESSES = ["/graphiql", f"/graphiql/assets/{SCRIPT}", "/graphiql/saved-queries.json"]
EVIDENCE = {"X-GW-Client": "graphiql"}


def exhibit(*, is_open: bool = False, landlord: str = "Habitat Mosellan") -> Exhibit:
    """What the door shows."""
    return Exhibit(PAGE, landlord, (QUERY,), is_open=is_open)


@asynccontextmanager
async def browser(doors: Doors, shown: Exhibit | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without cookies, at a door to which staff come by no provider."""
    door = GraphiqlDoor(shown or exhibit(), doors.parts.sessions, None, deadline_seconds=5)
    app = Starlette(routes=graphiql_routes(door), exception_handlers=HANDLERS)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as client:
        yield client


def cookie(token: str) -> dict[str, str]:
    """The session's cookie, as a browser sends it."""
    return {"Cookie": f"__Host-gw_sid={token}"}


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    [error] = response.json()["errors"]
    return response.status_code, error["extensions"]["code"]


def config_in(page: str) -> dict[str, object]:
    """The settings that stand in a page."""
    [told] = re.findall(r'<script type="application/json" id="config">(.*?)</script>', page, re.DOTALL)
    found: dict[str, object] = json.loads(told)
    return found


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OPERATOR])
async def test_who_may_look_at_the_schema_opens_the_page_by_a_link(doors: Doors, role: Role) -> None:
    """The cookie is enough, for a browser adds no header to a link; the page runs under its policy and is not kept."""
    async with browser(doors) as client:
        response = await client.get("/graphiql", headers=cookie(STAFF_TOKENS[role]))

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert config_in(response.text) == {
        "landlord": "Habitat Mosellan",
        "graphql": "../graphql",
        "savedQueries": "saved-queries.json",
        "signIn": None,
    }


async def test_files_of_the_page_are_kept_for_good(doors: Doors) -> None:
    """Their names change with what is in them; they come packed to whoever takes that, in their own type."""
    headers = cookie(STAFF_TOKENS[Role.ANALYST])
    async with browser(doors) as client:
        for name, asset in PAGE.assets.items():
            response = await client.get(f"/graphiql/assets/{name}", headers=headers)

            assert (response.status_code, response.headers["content-encoding"]) == (200, "gzip")
            assert response.content == asset.path.read_bytes()
            assert response.headers["content-type"] == asset.media_type
            assert response.headers["cache-control"] == "private, max-age=31536000, immutable"
            assert response.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", "*;q=0", ""])
async def test_files_come_as_they_are_to_whoever_takes_no_gzip(doors: Doors, accepted: str) -> None:
    """And a cache between keeps the two apart."""
    headers = cookie(STAFF_TOKENS[Role.ANALYST]) | {"Accept-Encoding": accepted}
    async with browser(doors) as client:
        response = await client.get(f"/graphiql/assets/{SCRIPT}", headers=headers)

    assert "content-encoding" not in response.headers
    assert response.content == PAGE.assets[SCRIPT].path.read_bytes()
    assert response.headers["vary"] == "Accept-Encoding"


async def test_packed_files_are_packed_once(doors: Doors) -> None:
    """The second request gets the same bytes without the work."""
    asset = PAGE.assets[SCRIPT]

    first, second = await PAGE.packed(asset), await PAGE.packed(asset)

    assert first is second
    assert gzip.decompress(first) == asset.path.read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "..%2findex.html",
        "%2e%2e%2f%2e%2e%2fapp.py",
        "..%5c..%5capp.py",
        "absent.js",
        ".",
        SCRIPT.upper(),
        f"{SCRIPT}%00",
    ],
)
async def test_no_other_file_is_served(doors: Doors, name: str) -> None:
    """Only the names that were listed at the start lead anywhere."""
    async with browser(doors, exhibit(is_open=True)) as client:
        response = await client.get(f"/graphiql/assets/{name}")

    assert refusal(response) == (404, "NOT_FOUND")


async def test_analysts_get_their_saved_queries(doors: Doors) -> None:
    """By cookie with the page's own header, or by bearer token."""
    cookied = cookie(STAFF_TOKENS[Role.ANALYST]) | EVIDENCE
    bearer = {"Authorization": f"Bearer {STAFF_TOKENS[Role.ANALYST]}"}
    async with browser(doors) as client:
        for headers in (cookied, bearer):
            response = await client.get("/graphiql/saved-queries.json", headers=headers)

            assert response.headers["cache-control"] == "no-store"
            assert response.json() == {
                "queries": [
                    {
                        "name": "sources",
                        "title": "Sources",
                        "description": "How they are.",
                        "document": "{ sources { label } }\n",
                    }
                ]
            }


async def test_saved_queries_want_proof_that_the_page_asks(doors: Doors) -> None:
    """A cookie alone may have been sent for any page."""
    async with browser(doors) as client:
        response = await client.get("/graphiql/saved-queries.json", headers=cookie(STAFF_TOKENS[Role.ANALYST]))

    assert refusal(response) == (403, "CSRF_EVIDENCE_MISSING")


@pytest.mark.parametrize("address", ADDRESSES)
async def test_nobody_else_gets_anything(doors: Doors, address: str) -> None:
    """Neither strangers, nor who shows a token that opens nothing, nor tenants and advisors."""
    async with browser(doors) as client:
        for token in (None, "token-of-nobody"):
            shown = cookie(token) if token else {}
            assert refusal(await client.get(address, headers=shown | EVIDENCE)) == (403, "NOT_SIGNED_IN")
        for token in (CAMILLE_TOKEN, STAFF_TOKENS[Role.ADVISOR]):
            response = await client.get(address, headers=cookie(token) | EVIDENCE)
            assert refusal(response) == (403, "ANALYSTS_ONLY")


@pytest.mark.parametrize("address", ADDRESSES)
async def test_the_demo_is_open_to_all(doors: Doors, address: str) -> None:
    """What is asked from the page is the gateway's to refuse."""
    async with browser(doors, exhibit(is_open=True)) as client:
        assert (await client.get(address)).status_code == 200


async def test_no_name_breaks_out_of_the_settings(doors: Doors) -> None:
    """A landlord with an odd name gets a page that says so, and no second element."""
    name = "</script><script>alert(1)</script><!--\u2028& Fils"
    async with browser(doors, exhibit(is_open=True, landlord=name)) as client:
        page = (await client.get("/graphiql")).text

    assert config_in(page)["landlord"] == name
    assert "alert(1)" in page
    assert len(re.findall("</script>", page)) == len(re.findall("</script>", PAGE.html))
    assert not {"\u2028", "<!--"} & set(re.findall("\u2028|<!--", page))


async def test_staff_who_are_not_signed_in_are_sent_to_their_provider_and_come_back(tmp_path: Path) -> None:
    """The browser keeps the new cookie back from what the provider's site began, so the page asks for itself once more.

    Without that, it would be sent to the provider again and again.
    """
    clock = Clock()
    provider = Provider(clock, people={"sam": {"name": "Sam Fournier", "groups": ["figures"]}})
    async with opened_store(tmp_path) as store:
        office = Office(provider.client(), store=store, clock=clock)
        knocking = Knocking({Action.STAFF_SIGN_IN: Rule(20, 20, 20)})
        staff = StaffDoor(office.sign_in, office.vouching, knocking, TRUSTING_NOBODY, deadline_seconds=5)
        door = GraphiqlDoor(exhibit(), office.sessions, office.vouching, deadline_seconds=5)
        app = Starlette(routes=[*graphiql_routes(door), *staff_routes(staff)])
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as client:
            sent = await client.get("/graphiql", headers={"Sec-Fetch-Site": "none"})
            left = await client.get(sent.headers["location"])
            back = provider.authorize(left.headers["location"], "sam")
            arrived = await client.get("/staff/callback", params=back)
            held_back = {"Cookie": "", "Sec-Fetch-Site": "cross-site"}
            again = await client.get(arrived.headers["location"], headers=held_back)
            page = await client.get("/graphiql", headers={"Sec-Fetch-Site": "same-origin"})

    assert (sent.status_code, sent.headers["location"]) == (303, "/staff/sign-in?next=/graphiql")
    assert arrived.headers["location"] == "/graphiql"
    assert (again.status_code, 'http-equiv="refresh"' in again.text) == (200, True)
    assert again.headers["content-security-policy"] == POLICY
    assert page.status_code == 200
    assert config_in(page.text)["signIn"] == "../staff/sign-in?next=/graphiql"


def test_the_landlords_queries_come_beside_the_gateways(tmp_path: Path) -> None:
    """One of the same name takes its place; other files are left alone."""
    (tmp_path / "offices.graphql").write_text("# Our offices\n{ offices { name } }\n")
    (tmp_path / "late.graphql").write_text("# Who is late\n# By town,\n# without names.\n\n# Sums only\n{ a }")
    (tmp_path / "notes.txt").write_text("nothing")

    found = {query.name: query for query in saved_queries(tmp_path)}

    assert set(found) == {query.name for query in saved_queries()} | {"late"}
    assert found["offices"] == SavedQuery("offices", "Our offices", "", "{ offices { name } }\n")
    assert found["late"] == SavedQuery("late", "Who is late", "By town, without names.", "# Sums only\n{ a }\n")


@pytest.mark.parametrize("text", [b"", b"{ a }", b"# A title alone\n", b"#\n{ a }", b"# \xff\n{ a }"])
def test_a_file_that_is_no_saved_query_stops_the_start(tmp_path: Path, text: bytes) -> None:
    """The sentence names the file."""
    (tmp_path / "odd.graphql").write_bytes(text)

    with pytest.raises(SavedQueryError, match=re.escape(str(tmp_path / "odd.graphql"))):
        saved_queries(tmp_path)
