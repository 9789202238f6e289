"""The landlord's staff: who they are and what they work with."""

from dataclasses import dataclass

from gateway.domain.access import Channel, Role

_CHANNELS = {
    Role.ADVISOR: Channel.DESK,
    Role.ANALYST: Channel.ANALYST_TOOL,
    Role.OPERATOR: Channel.DESK,
}


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who works for the landlord, by the name under which the access log shows them.

    `person` tells people apart and stays the same whatever they call themselves; the name does where it is absent.
    """

    name: str
    role: Role
    person: str | None = None

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.name.isprintable() or self.role not in _CHANNELS:
            raise ValueError("a member of staff has a name of one line and is advisor, analyst or operator")

    @property
    def identity(self) -> str:
        """What tells this person from others; two spellings of one name are one person."""
        return self.person or " ".join(self.name.split()).casefold()

    @property
    def channel(self) -> Channel:
        """What this member works with."""
        return _CHANNELS[self.role]
