"""Every metric of one process, in a registry of its own.

Labels are bounded: they come from enumerations, settings and registered documents, never from what a client sends.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from gateway.telemetry.streams import StreamMetrics
from gateway.telemetry.tallies import Tallies

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_SLOW = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of buckets in seconds: for waiting in this process, and for work that others take part in."""

_COSTS = (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000)


class Metrics:
    """The metrics; who measures something is handed this.

    `tallies` are read from what other rooms count for themselves; the composition root joins them.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.operations = Counter(
            "gateway_operations_total",
            "GraphQL operations by what became of them, events of subscriptions each for itself.",
            ["kind", "operation", "outcome", "client"],
            registry=self.registry,
        )
        self.operation_seconds = Histogram(
            "gateway_operation_duration_seconds",
            "Time from the beginning of an operation to its answer.",
            ["kind", "operation"],
            buckets=_SLOW,
            registry=self.registry,
        )
        self.errors = Counter(
            "gateway_errors_total",
            "Errors in answers by their code, with the system that failed.",
            ["code", "source"],
            registry=self.registry,
        )
        self.requests = Counter(
            "gateway_requests_total",
            "HTTP requests by door and status, with the code of those that were refused.",
            ["door", "status", "code"],
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "gateway_request_duration_seconds",
            "Time from the head of a request to the head of its answer.",
            ["door"],
            buckets=_SLOW,
            registry=self.registry,
        )
        self.limits = Counter(
            "gateway_limits_exceeded_total",
            "Documents and operations over a limit, refused or only warned of.",
            ["limit", "verdict"],
            registry=self.registry,
        )
        self.cost = Histogram(
            "gateway_operation_cost",
            "Cost of operations that ran: estimated from the document, and actual, from the objects of the answer.",
            ["reckoned"],
            buckets=_COSTS,
            registry=self.registry,
        )
        self.events_lost = Counter(
            "gateway_events_lost_total",
            "Messages between gateways that were not sent, or that a listener of this one was too slow for.",
            ["reason"],
            registry=self.registry,
        )
        self.upstream_seconds = Histogram(
            "gateway_upstream_duration_seconds",
            "Time of one call to a system, its turn included, by what became of it.",
            ["system", "operation", "outcome"],
            buckets=_SLOW,
            registry=self.registry,
        )
        self.upstream_wait_seconds = Histogram(
            "gateway_upstream_wait_seconds",
            "Time that calls to a system waited for their turn.",
            ["system"],
            buckets=_FAST,
            registry=self.registry,
        )
        self.tallies = Tallies(self.registry)
        self.documents_remembered = Gauge(
            "gateway_documents_remembered",
            "Free documents that are remembered.",
            registry=self.registry,
        )
        self.streams = StreamMetrics(self.registry)
        self.loop_lag_seconds = Histogram(
            "gateway_loop_lag_seconds",
            "How much later than planned the event loop came to a task.",
            buckets=_FAST,
            registry=self.registry,
        )
        self.connections_ended = Counter(
            "gateway_connections_ended_total",
            "Connections that the gateway ended because of their clients, by the reason.",
            ["reason"],
            registry=self.registry,
        )
        self.shed = Counter(
            "gateway_shed_total",
            "Operations turned away under load, by who asked.",
            ["rank"],
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "gateway_operations_in_flight",
            "GraphQL operations that are being answered, open streams not among them.",
            registry=self.registry,
        )
        self.load_grade = Gauge(
            "gateway_load_grade",
            "Who is turned away: 0 nobody, 1 analysts, 2 strangers too, 3 all who are not signing in.",
            registry=self.registry,
        )
        self.spans = Counter(
            "gateway_spans_total",
            "Spans that have ended, by what became of them.",
            ["outcome"],
            registry=self.registry,
        )
        self.registered_documents = Gauge(
            "gateway_registered_documents",
            "Documents that clients have registered.",
            registry=self.registry,
        )
        self.registered_documents_reload_failures = Counter(
            "gateway_registered_documents_reload_failures_total",
            "Manifests that were refused when they changed; the documents from before go on.",
            registry=self.registry,
        )
        self.build = Gauge(
            "gateway_build_info",
            "Always 1, for the version that runs.",
            ["version", "python"],
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)

    def exposed(self) -> bytes:
        """All of them in the text format of Prometheus, version 0.0.4; from any thread."""
        return generate_latest(self.registry)
