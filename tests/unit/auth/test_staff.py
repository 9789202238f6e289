"""Who works for the landlord."""

import pytest

from gateway.auth.staff import StaffMember
from gateway.domain.access import Channel, Role


@pytest.mark.parametrize(
    ("role", "channel"),
    [
        (Role.ADVISOR, Channel.DESK),
        (Role.ANALYST, Channel.ANALYST_TOOL),
        (Role.OPERATOR, Channel.DESK),
    ],
)
def test_each_role_has_its_channel(role: Role, channel: Channel) -> None:
    """Advisors and operators work at the desk, analysts with their tool."""
    assert StaffMember("Camille Roth", role).channel is channel


@pytest.mark.parametrize("spelled", ["Ludovic Becker", "ludovic  becker", " LUDOVIC BECKER "])
def test_two_spellings_of_a_name_are_one_person(spelled: str) -> None:
    """Nobody becomes a second person by typing their name otherwise."""
    assert StaffMember(spelled, Role.ADVISOR).identity == "ludovic becker"


def test_a_provider_tells_people_apart_whatever_they_call_themselves() -> None:
    """Two people may have one name."""
    one, another = (StaffMember("Ludovic Becker", Role.ADVISOR, person=f"https://sso.example.org {n}") for n in (1, 2))

    assert one.identity != another.identity


@pytest.mark.parametrize(("name", "role"), [("", Role.ADVISOR), (" ", Role.ANALYST), ("Louise", Role.TENANT)])
def test_staff_have_a_name_and_are_no_tenants(name: str, role: Role) -> None:
    """The access log must be able to say who it was."""
    with pytest.raises(
        ValueError, match="a member of staff has a name of one line and is advisor, analyst or operator"
    ):
        StaffMember(name, role)
