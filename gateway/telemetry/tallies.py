"""Counters that other rooms keep for themselves, read when the metrics are: where they count, it costs an addition."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

Tally = Mapping[tuple[str, ...], int]
"""How often each combination of labels has occurred; it only grows."""


class Tallied(Collector):
    """A counter by `labels`, empty until it is told where to read."""

    def __init__(self, name: str, documentation: str, labels: Sequence[str], *, registry: CollectorRegistry) -> None:
        self.labels = tuple(labels)
        self._name, self._documentation = name, documentation
        self._read: Callable[[], Tally] = dict
        registry.register(self)

    def read_from(self, read: Callable[[], Tally]) -> None:
        """From now on `read` tells the figures, on whatever thread the metrics are asked for."""
        self._read = read

    def describe(self) -> Iterator[Metric]:
        """The metric without figures."""
        yield self._family()

    def collect(self) -> Iterator[Metric]:
        """The metric with its figures."""
        family = self._family()
        for labels, count in dict(self._read()).items():
            family.add_metric(labels, count)
        yield family

    def _family(self) -> CounterMetricFamily:
        return CounterMetricFamily(self._name, self._documentation, labels=self.labels)


class Tallies:
    """What other rooms count."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.accounts = Tallied(
            "gateway_account_events_total",
            "Outcomes of sign-ins and of whatever else is done with online accounts.",
            ["event", "outcome"],
            registry=registry,
        )
        self.sessions = Tallied(
            "gateway_session_lookups_total",
            "Tokens by where their session was looked for.",
            ["place"],
            registry=registry,
        )
        self.documents = Tallied(
            "gateway_document_lookups_total",
            "Documents by where they came from: registered, remembered, or read anew.",
            ["place"],
            registry=registry,
        )
        self.errands = Tallied(
            "gateway_errands_total",
            "Promised work, letters among it, by what became of it.",
            ["task", "outcome"],
            registry=registry,
        )
