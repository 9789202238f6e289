"""How much one request may ask for, by the view of whoever asks: an analyst's questions are larger than a page's."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.schema.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one tier. `deadline_seconds` is for one operation with all that it asks of the systems."""

    deadline_seconds: float = 8.0


PUBLIC = Limits()
ANALYST = Limits(deadline_seconds=60.0)

LIMITS: Mapping[View, Limits] = {view: ANALYST if view in (View.ANALYST, View.OPERATOR) else PUBLIC for view in View}
"""The defaults of each view."""


def with_deadline(limits: Mapping[View, Limits], seconds: float) -> Mapping[View, Limits]:
    """`limits`, but for tenants' operations, which may take so many seconds."""
    return {
        view: replace(one, deadline_seconds=seconds) if one.deadline_seconds == PUBLIC.deadline_seconds else one
        for view, one in limits.items()
    }
