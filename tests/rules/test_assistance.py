"""The assistance form: staff find out who it is, a letter goes out, and nobody else ever chooses the password."""

from dataclasses import replace
from typing import Any

import pytest
from graphql import GraphQLObjectType

from gateway.domain.access import Role
from gateway.schema.build import build_schema
from gateway.schema.credentials import takes_secret
from gateway.schema.views import View, views
from tests.rules.answers import DENIED, LINK_SENT_IF_MATCH, SUSPENDED, ready
from tests.rules.house import House
from tests.rules.people import ALIX, ALIX_EMAIL, CAMILLE, CAMILLE_EMAIL, NOBODY, Details
from tests.rules.someone import NEW, Someone
from tests.support.doors import PASSWORD, STAFF_TOKENS
from tests.support.doors import opened_session as session_of

UNBLOCKED = "Votre compte est débloqué"
WAITING = """
{ viewer { assistanceRequests {
  id reference state accountReference firstName lastName email phone comment awaitsSecondPerson eraseAt
} } }
"""
RESOLVE = """
mutation($input: ResolveAssistanceInput!) {
  resolveAssistance(input: $input) {
    __typename
    ... on ResolveAssistanceSuccess { request { state eraseAt firstName } }
    ... on Problem { code }
  }
}
"""
CALLED_BACK = "Rappel au numéro du dossier, 17 mars"


async def advisor(house: House, name: str = "Sam Fournier") -> Someone:
    """A member of staff with a session of their own."""
    somebody = await house.somebody()
    if name == "Sam Fournier":
        somebody.tokens = {"accessToken": STAFF_TOKENS[Role.ADVISOR]}
        return somebody
    sessions = house.doors.parts.sessions
    opened = await sessions.open_for_staff(StaffMember(name, Role.ADVISOR))
    somebody.tokens = {"accessToken": opened.token}
    return somebody
