"""The operations of our clients run unchanged, and are answered to the last character."""

from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from gateway.schema.build import build_schema as build_gateway_schema
from gateway.schema.views import View, views
from tests.operations.catalogue import OPERATIONS, Operation
from tests.support.doors import Doors
from tests.support.legible import legible
from tests.support.processes import ROOT

every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


DOCUMENTS = {path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.graphql")}
RUN_BY_THE_RULES = {"account_link", "choose_password", "sign_in"}
"""Documents that change something; the tests of the rules for accounts send them, and no others."""


def test_every_document_in_this_folder_is_run() -> None:
    """No client operation lies here without being asked."""
    assert set(DOCUMENTS) == {operation.name for operation in OPERATIONS} | RUN_BY_THE_RULES


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_operation_fits_the_published_schema(name: str) -> None:
    """A client that generates code from schema.graphql finds all that it asks, and it is all for tenants."""
    published = build_schema((ROOT / "schema.graphql").read_text(encoding="utf-8"))
    tenants = views(build_gateway_schema())[View.TENANT]

    assert validate(published, parse(DOCUMENTS[name])) == []
    assert validate(tenants, parse(DOCUMENTS[name])) == []


@every_operation
async def test_a_tenant_with_dwelling_and_garage_gets_the_whole_answer(operation: Operation, doors: Doors) -> None:
    """Camille sees every tile, every figure and every sentence as agreed with the clients."""
    answer = await operation.ask(doors)

    assert legible(answer, doors.parts.seals) == operation.answer


@pytest.mark.parametrize(
    ("name", "rounds"),
    [
        (
            "web_home",
            [
                {"editorial", "leases_of", "tenants"},
                {"works", "entries", "balances", "notices", "contacts", "meters"},
                {"documents"},
            ],
        ),
        ("mobile_home", [{"editorial", "leases_of", "tenants"}, {"works", "entries", "balances"}]),
    ],
)
async def test_a_home_page_asks_each_question_once(name: str, rounds: list[set[str]], doors: Doors) -> None:
    """A home page costs one call for each question, in at most three rounds, however many leases there are."""
    operation = next(operation for operation in OPERATIONS if operation.name == name)

    await operation.ask(doors)

    asked = [question.operation for question in doors.landlord.journal]
    assert len(asked) == sum(map(len, rounds))
    for questions in rounds:
        assert set(asked[: len(questions)]) == questions
        asked = asked[len(questions) :]
