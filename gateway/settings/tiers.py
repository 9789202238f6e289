"""From settings to the limits of each view."""

from collections.abc import Mapping

from gateway.schema.limits import ANALYST, PUBLIC, Limit, Limits, by_view
from gateway.schema.views import View
from gateway.settings.fields import Settings


def limits_of(settings: Settings) -> Mapping[View, Limits]:
    """The limits that a landlord wants; those that are no settings are as they always are."""
    warned = frozenset(settings.limits_warn_only)
    public = PUBLIC.but(
        {
            Limit.DEPTH: settings.max_depth,
            Limit.COST: settings.max_cost,
            Limit.SPENDING: settings.cost_per_minute,
            Limit.NODES: settings.max_nodes,
            Limit.ANSWER: settings.max_answer_kilobytes * 1_000,
        },
        deadline_seconds=settings.request_deadline_seconds,
        warned=warned,
    )
    analyst = ANALYST.but(
        {
            Limit.DEPTH: settings.analyst_max_depth,
            Limit.COST: settings.analyst_max_cost,
            Limit.SPENDING: settings.analyst_cost_per_minute,
            Limit.NODES: settings.analyst_max_nodes,
            Limit.ANSWER: settings.analyst_max_answer_kilobytes * 1_000,
        },
        deadline_seconds=settings.analyst_deadline_seconds,
        warned=warned,
    )
    return by_view(public, analyst)
