"""What staff may do with a tenant's account: help, and never with the tenant's password."""

import pytest

from gateway.domain.access import Role
from gateway.schema.build import build_schema
from gateway.schema.credentials import takes_secret
from gateway.schema.policy import composites
from gateway.schema.views import View, views
from tests.rules.house import House
from tests.rules.people import CAMILLE
from tests.support.client import document_of
from tests.support.doors import PASSWORD, STAFF_TOKENS

STAFF = (View.ADVISOR, View.ANALYST, View.OPERATOR)
TAKES_A_SECRET = {
    "Mutation.signIn",
    "Mutation.refreshSession",
    "Mutation.chooseAccountPassword",
    "Mutation.changePassword",
}


def taking_a_secret(view: View) -> set[str]:
    """The fields of a view that take a password, a token or a code."""
    graph = views(build_schema())[view]
    return {
        f"{kind.name}.{name}"
        for kind in composites(graph).values()
        for name, field in kind.fields.items()
        if takes_secret(field)
    }


@pytest.mark.parametrize("view", STAFF)
def test_there_is_no_field_through_which_staff_give_a_tenants_password(view: View) -> None:
    """My advisor cannot ask me for my password: there is nowhere to put it (R14)."""
    assert taking_a_secret(view) == set()


def test_tenants_have_fields_for_their_secrets() -> None:
    """I have four places for a secret of mine, and no more (R14, R6)."""
    assert taking_a_secret(View.TENANT) == TAKES_A_SECRET


@pytest.mark.parametrize("role", STAFF_TOKENS)
async def test_an_advisor_who_was_told_a_password_gets_nowhere_with_it(role: Role, house: House) -> None:
    """I told my advisor my password by telephone: in their own session it is of no use, and is not repeated (R14)."""
    somebody = await house.somebody()
    somebody.tokens = {"accessToken": STAFF_TOKENS[role]}
    given = {"accountReference": CAMILLE.reference, "password": PASSWORD}

    response = await somebody.send(document_of("sign_in"), input=given)

    answer = response.json()
    assert "data" not in answer
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}
    assert PASSWORD not in response.text + house.doors.log.getvalue()
    assert house.hasher.verifications == 0
    assert house.count("session", "account_id IS NOT NULL") == 2
