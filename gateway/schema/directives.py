"""Directives of the contract. They say what a field is; tests hold each field to what they say."""

from enum import StrEnum

import strawberry
from strawberry.schema_directive import Location

from gateway.domain.access import Role
from gateway.domain.source import SourceSystem


class PersonalDataCategory(StrEnum):
    """Kinds of personal data, for masking and for the processing register."""

    IDENTITY = "IDENTITY"
    CONTACT = "CONTACT"
    FINANCIAL = "FINANCIAL"
    BEHAVIOURAL = "BEHAVIOURAL"
    SECRET = "SECRET"  # noqa: S105 - a category, not a secret


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="source",
    description="The value comes from this legacy system. Such a field is nullable and fails alone.",
)
class Source:
    """`@source(system:)`."""

    system: SourceSystem


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.OBJECT],
    name="access",
    description="Who may ask for the field; what a role may not ask does not exist for it. Every field says so.",
)
class Access:
    """`@access(roles:, strangers:, renewing:)`: the policy of a field, and the only one. See `gateway.schema.views`."""

    roles: list[Role]
    strangers: bool = False
    renewing: bool = False


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.INPUT_FIELD_DEFINITION, Location.ARGUMENT_DEFINITION],
    name="personalData",
    description="The field holds personal data; it is masked in logs and left out of analyst results.",
)
class PersonalData:
    """`@personalData(category:)`."""

    category: PersonalDataCategory


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="cost",
    description="Static cost of resolving the field once (GraphQL Cost Directives draft).",
)
class Cost:
    """`@cost(weight:)`, a decimal string."""

    weight: str


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description="Expected size of a list field (GraphQL Cost Directives draft).",
)
class ListSize:
    """`@listSize(…)`: an upper bound, or the arguments that give it."""

    assumed_size: int | None = strawberry.UNSET
    slicing_arguments: list[str] | None = strawberry.UNSET
    sized_fields: list[str] | None = strawberry.UNSET
    require_one_slicing_argument: bool | None = True


ARGUMENTS = {
    "source": {"system": "System that holds the authoritative value."},
    "access": {
        "roles": "Roles that may ask for the field.",
        "strangers": "Whether it is also answered to somebody who is not signed in; to others of them it is null.",
        "renewing": "Whether a tenant may ask for it who has to renew the password first.",
    },
    "personalData": {"category": "Kind of personal data."},
    "cost": {"weight": "Cost as a decimal string."},
    "listSize": {
        "assumedSize": "How many items to reckon with when no argument tells.",
        "slicingArguments": "Arguments that tell how many items are wanted.",
        "sizedFields": "Fields of the answer whose size they tell.",
        "requireOneSlicingArgument": "Whether exactly one of them has to be given.",
    },
}
"""What the arguments of each directive mean; Strawberry has no place for it."""


def _granted(*roles: Role, strangers: bool = strawberry.UNSET, renewing: bool = strawberry.UNSET) -> Access:
    """A policy; UNSET is false and is not printed, so that a published policy says only what it grants."""
    return Access(roles=list(roles), strangers=strangers, renewing=renewing)


EVERYONE = _granted(*Role, strangers=True)
"""Strangers too, and so also a tenant who has to renew the password first."""
SIGNED_IN = _granted(*Role, renewing=True)
ADMITTED = _granted(*Role)
"""Whoever has signed in and has no password to renew first."""
TENANTS = _granted(Role.TENANT)
CUSTOMERS = _granted(Role.TENANT, strangers=True)
"""Tenants, and strangers who may be: staff have nothing that takes a secret of a tenant, or answers to it."""
RENEWING_TENANTS = _granted(Role.TENANT, renewing=True)
"""Tenants, also while they have to renew the password first."""
ADVISORS = _granted(Role.ADVISOR)
OPERATORS = _granted(Role.OPERATOR)
MENDERS = _granted(Role.ADVISOR, Role.OPERATOR)
"""Staff who mend what is wrong in a source."""

IDENTITY = PersonalData(category=PersonalDataCategory.IDENTITY)
CONTACT = PersonalData(category=PersonalDataCategory.CONTACT)
FINANCIAL = PersonalData(category=PersonalDataCategory.FINANCIAL)
BEHAVIOURAL = PersonalData(category=PersonalDataCategory.BEHAVIOURAL)
SECRET = PersonalData(category=PersonalDataCategory.SECRET)

PAGED = ListSize(slicing_arguments=["first"], sized_fields=["edges"], require_one_slicing_argument=False)


def sized(most: int, *, by: str | None = None) -> ListSize:
    """For a list that hardly ever has more than so many items; the argument `by` tells how many are wanted, if any."""
    arguments = [by] if by else strawberry.UNSET
    return ListSize(assumed_size=most, slicing_arguments=arguments, require_one_slicing_argument=strawberry.UNSET)
