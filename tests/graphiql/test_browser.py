"""GraphiQL as an analyst has it: in a browser, with nothing but the gateway within reach."""

import base64
from collections.abc import Mapping
from typing import Any

import pytest

from tests.graphiql.conftest import SAVED_QUERY, SCREENSHOT
from tests.support.gateway import RunningGateway

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("graphiql")]

Visit = Mapping[str, Any]


def test_the_page_asks_nobody_but_the_gateway(visit: Visit, gateway: RunningGateway) -> None:
    """Not one request goes elsewhere, none is held back by the page's policy, and nothing goes wrong unseen."""
    assert visit["elsewhere"] == []
    assert visit["violations"] == []
    assert visit["problems"] == []
    assert len(visit["asked"]) > 30
    assert {address.startswith(f"{gateway.url}/") for address in visit["asked"]} == {True}


def test_the_schema_completes_what_an_analyst_may_ask(visit: Visit) -> None:
    """After a brace the editor proposes the fields of the analyst's view, and no tenant's."""
    completed = {place: set(labels) for place, labels in visit["analyst"]["completed"].items()}

    assert {"viewer", "offices", "sources", "advice"} <= completed["query"]
    assert completed["viewer"] == {"roles", "channel", "announcements", "__typename"}
    assert {"signIn", "createAccount", "tenant", "works"}.isdisjoint(set.union(*completed.values()))
    assert "signOut" in completed["mutation"]


def test_a_saved_query_is_opened_and_run(visit: Visit) -> None:
    """A click brings it from the gateway into the editor, another runs it, and its answer is shown."""
    seen = visit["analyst"]

    assert SAVED_QUERY in seen["titles"]
    assert seen["answer"]["data"]["sources"][0]["system"] == "RENT_ERP"
    assert '"system": "RENT_ERP",' in seen["shown"].replace("\xa0", " ")
    assert seen["title"] == "GraphiQL · Habitat Mosellan"


def test_a_subscription_is_followed_until_it_is_stopped(visit: Visit) -> None:
    """It comes as a stream of events over the same address."""
    assert visit["analyst"]["followed"] == {"status": 200, "type": "text/event-stream; charset=utf-8"}


def test_the_first_list_is_exported_for_a_spreadsheet(visit: Visit) -> None:
    """The file has a byte order mark, semicolons and CRLF, and each row of the answer."""
    rows = visit["analyst"]["answer"]["data"]["sources"]
    table = [list(rows[0]), *(list(row.values()) for row in rows)]

    exported = visit["analyst"]["export"]

    assert exported["name"] == "sources.csv"
    assert base64.b64decode(exported["base64"]) == b"\xef\xbb\xbf" + "".join(
        ";".join(cells) + "\r\n" for cells in table
    ).encode("utf-8")


def test_the_token_is_nowhere_but_in_the_page(visit: Visit, gateway: RunningGateway) -> None:
    """The address forgets it, no request has it in its address, and the browser keeps neither it nor any variable."""
    kept = visit["analyst"]["kept"]

    assert visit["analyst"]["address"] == f"{gateway.url}/graphiql"
    assert gateway.staff["ANALYST"] not in str((kept, visit["asked"]))
    assert kept["local"] == {"graphiql:visiblePlugin": "Saved queries"}
    assert set(kept["session"]) == {"graphiql:query", "graphiql:tabState"}
    assert '"variables":null,"headers":null' in kept["session"]["graphiql:tabState"]


def test_a_stranger_is_told_what_is_missing(visit: Visit) -> None:
    """Without a token the page opens in the demo, shows no schema, and says why and what to do."""
    assert visit["stranger"]["told"] == (
        "INTROSPECTION_NOT_ALLOWED the schema is published in schema.graphql\n"
        "Open this page by the link that the demo prints for analysts."
    )


def test_the_visit_leaves_a_picture(visit: Visit) -> None:
    """Somebody can look at what the analyst saw."""
    assert SCREENSHOT.read_bytes().startswith(b"\x89PNG")
    assert visit["analyst"]["shown"]
