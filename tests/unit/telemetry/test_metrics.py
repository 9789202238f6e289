"""Metrics are what Prometheus reads, and never more of them than the gateway's own names allow."""

import tomllib
from collections import Counter

import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway import __version__
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.names import OTHER, Names
from gateway.telemetry.operations import MOST_NAMES, Operation, OperationRecorder, Outcome
from tests.support.processes import ROOT

pytestmark = pytest.mark.thorough


def figures(metrics: Metrics, name: str) -> dict[tuple[tuple[str, str], ...], float]:
    """The samples of this name by their labels, read by Prometheus' own parser."""
    return {
        tuple(sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(metrics.exposed().decode())
        for sample in family.samples
        if sample.name == name
    }


def test_what_is_exposed_is_read_by_the_parser_of_prometheus() -> None:
    """Counters, histograms, and what the process itself uses."""
    metrics = Metrics()
    metrics.requests.labels("graphql", "200", "none").inc()
    metrics.loop_lag_seconds.observe(0.003)

    assert figures(metrics, "gateway_requests_total") == {
        (("code", "none"), ("door", "graphql"), ("status", "200")): 1.0
    }
    assert figures(metrics, "gateway_loop_lag_seconds_bucket")[("le", "0.0025"),] == 0.0
    assert figures(metrics, "gateway_loop_lag_seconds_bucket")[("le", "0.005"),] == 1.0
    assert figures(metrics, "process_resident_memory_bytes")[()] > 1_000_000
    assert figures(metrics, "process_open_fds")[()] > 0


def test_the_version_that_is_told_is_the_one_that_is_published() -> None:
    """Also where the gateway runs from its sources and no package is installed."""
    published = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    assert __version__ == published


def test_each_process_part_has_figures_of_its_own() -> None:
    """Nothing is shared by way of the library's global registry."""
    one, other = Metrics(), Metrics()

    one.spans.labels("delivered").inc()

    assert figures(one, "gateway_spans_total") == {(("outcome", "delivered"),): 1.0}
    assert figures(other, "gateway_spans_total") == {}


def test_what_others_count_is_read_when_it_is_asked_for() -> None:
    """Where it is counted, nobody knows of Prometheus."""
    metrics, counted = Metrics(), Counter[tuple[str, ...]]()
    metrics.tallies.accounts.read_from(lambda: counted)
    assert figures(metrics, "gateway_account_events_total") == {}

    counted["sign_in", "SignedIn"] += 2

    assert figures(metrics, "gateway_account_events_total") == {(("event", "sign_in"), ("outcome", "SignedIn")): 2.0}


def test_ten_thousand_names_of_operations_make_a_bounded_number_of_series() -> None:
    """Registered documents may come and go; those beyond the bound are counted together."""
    recorder = OperationRecorder()

    for number in range(10_000):
        operation = Operation(kind="query", request_id="r", name=f"Operation{number}", client="web")
        with recorder.recorded(operation) as ending:
            ending.comes_to(Outcome.OK)

    counted = figures(recorder.metrics, "gateway_operations_total")
    assert len(counted) == MOST_NAMES + 1
    assert sum(counted.values()) == 10_000
    others = (("client", "web"), ("kind", "query"), ("operation", OTHER), ("outcome", "OK"))
    assert counted[others] == 10_000 - MOST_NAMES


def test_a_name_that_was_taken_keeps_its_place() -> None:
    """However many came after it."""
    names = Names(most=2)

    shown = [names.bounded(name) for name in ("one", "two", "three", "one", "three")]

    assert shown == ["one", "two", OTHER, "one", OTHER]
