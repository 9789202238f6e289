"""Every metric of one process, in a registry of its own.

Labels are bounded: they come from enumerations, settings and registered documents, never from what a client sends.
"""

from prometheus_client import CollectorRegistry, Counter


class Metrics:
    """The metrics; who measures something is handed this."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.limits = Counter(
            "gateway_limits_exceeded_total",
            "Documents and operations over a limit, refused or only warned of.",
            ["limit", "verdict"],
            registry=self.registry,
        )
