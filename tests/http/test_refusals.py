"""What no door takes is refused in the same shape, and a crash of a door is masked."""

from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.http.refusals import HANDLERS
from tests.support.doors import Doors


@pytest.mark.parametrize("path", ["/", "/graphql/x", "/graphiql", "/documents", "/documents/a/b", "/.env", "//graphql"])
async def test_an_unknown_address_is_not_found(path: str, doors: Doors) -> None:
    """404 in JSON, stored by nobody."""
    async with doors.client() as client:
        response = await client.get(path)

    assert (response.status_code, response.headers["cache-control"]) == (404, "no-store")
    assert response.headers["x-content-type-options"] == "nosniff"
    [error] = response.json()["errors"]
    assert (error["message"], error["extensions"]["code"]) == ("not found", "NOT_FOUND")


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/documents/x"])
async def test_a_door_for_reading_takes_no_post(path: str, doors: Doors) -> None:
    """405 with what is allowed."""
    async with doors.client() as client:
        response = await client.post(path)

    assert (response.status_code, set(response.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})
    assert response.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


async def test_a_door_that_crashes_tells_an_id_and_nothing_else(doors: Doors) -> None:
    """500; the log has the place under the same id, and the message of the crash is nowhere."""

    async def broken(_: Request) -> Response:
        raise LookupError("secret balance 432.10")

    app = Starlette(routes=[Route("/broken", broken)], exception_handlers=HANDLERS)

    async with replace(doors, app=app).client() as client:
        response = await client.get("/broken")

    assert (response.status_code, response.headers["content-type"]) == (500, "application/json; charset=utf-8")
    [error] = response.json()["errors"]
    assert (error["message"], error["extensions"]["code"]) == ("something went wrong on our side", "INTERNAL")
    crashed, refused = doors.log.lines
    assert (crashed["event"], crashed["failure"][0]["class"]) == ("request.crashed", "builtins.LookupError")
    assert {crashed["request_id"], refused["request_id"]} == {error["extensions"]["requestId"]}
    assert "secret" not in response.text + doors.log.getvalue()


@pytest.mark.parametrize("path", ["/graphql/", "/livez/", "/documents/x/"])
async def test_an_address_has_one_spelling(path: str, doors: Doors) -> None:
    """Nobody is sent on to an address that is made of what the request says of its host."""
    async with doors.client() as client:
        answer = await client.post(path, headers={"Host": "evil.example.org"})

    assert (answer.status_code, answer.headers.get("location")) == (404, None)
