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


@pytest.mark.parametrize(("name", "role"), [("", Role.ADVISOR), (" ", Role.ANALYST), ("Louise", Role.TENANT)])
def test_staff_have_a_name_and_are_no_tenants(name: str, role: Role) -> None:
    """The access log must be able to say who it was."""
    with pytest.raises(ValueError, match="a member of staff has a name and is advisor, analyst or operator"):
        StaffMember(name, role)
