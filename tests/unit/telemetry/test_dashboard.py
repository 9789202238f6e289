"""What operators look at exists: each metric and label of the dashboard and the alerts is one of the gateway's."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.telemetry.metrics import Metrics
from tests.support.processes import ROOT

DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana/gateway.json").read_text(encoding="utf-8"))
ALERTS = (ROOT / "deploy/prometheus/alerts.yaml").read_text(encoding="utf-8")

OF_EVERY_TARGET = frozenset({"instance", "job"})
SAMPLES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
NOT_SHOWN = {
    "process_virtual_memory_bytes": "resident memory is what runs out",
}
"""Metrics that the dashboard leaves out, with the reason."""

FUNCTIONS = frozenset(
    "absent by count histogram_quantile increase label_values max or rate sum time topk".split()  # noqa: SIM905 - a list of words reads better as words
)
_TEXT = re.compile(r'"[^"]*"')
_WORD = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_NAME = re.compile(r"\b(?:gateway|process)_[a-z0-9_]+")
_SELECTOR = re.compile(r"([a-z_]+)\{([^}]*)\}")
_RANGE = re.compile(r"\[[^\]]*\]")


def known() -> dict[str, frozenset[str]]:
    """The labels of each sample that the gateway exposes, by its name."""
    samples: dict[str, frozenset[str]] = {}
    for labels, families in _collected():
        for family in families:
            for suffix in SAMPLES[family.type]:
                also = {"le"} if suffix == "_bucket" else set()
                samples[family.name + suffix] = frozenset(labels) | also
    return samples


def _collected() -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    metrics = Metrics()
    # The library tells the labels of a metric that has no figures yet nowhere else.
    for collector in set(vars(metrics.registry)["_collector_to_names"]):
        labels = vars(collector).get("labels", vars(collector).get("_labelnames", ()))
        yield labels, [family for family in collector.collect() if not family.name.endswith("_created")]


KNOWN = known()


def panels() -> list[dict[str, Any]]:
    """The panels that show something."""
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def expressions() -> dict[str, str]:
    """What is asked of Prometheus, by where it stands."""
    shown = {f"{panel['title']} {target['refId']}": target["expr"] for panel in panels() for target in panel["targets"]}
    listed = DASHBOARD["templating"]["list"]
    variables = {one["name"]: one["query"]["query"] for one in listed if one["type"] == "query"}
    alerts = dict(re.findall(r"- alert: (\w+)\n +expr: (.+)\n", ALERTS))
    return shown | variables | alerts


EXPRESSIONS = expressions()


@pytest.mark.parametrize("where", EXPRESSIONS)
def test_an_expression_asks_for_what_is_exposed(where: str) -> None:
    """Names of samples, labels that select and labels that group; nothing else is a word in it but functions."""
    expression = EXPRESSIONS[where]
    names = set(_NAME.findall(_TEXT.sub("", expression)))
    assert names
    assert names <= KNOWN.keys()
    for name, selectors in _SELECTOR.findall(expression):
        assert set(_WORD.findall(_TEXT.sub("", selectors))) <= KNOWN[name] | OF_EVERY_TARGET

    labels = {label for name in names for label in KNOWN[name]} | OF_EVERY_TARGET
    words = set(_WORD.findall(_RANGE.sub("", _SELECTOR.sub(r"\1", _TEXT.sub("", expression)))))
    assert words - names - FUNCTIONS <= labels
    assert (expression.count("("), expression.count("{")) == (expression.count(")"), expression.count("}"))


def test_what_the_runbook_tells_of_is_exposed() -> None:
    """At three in the morning nobody looks for a metric that does not exist; the beginning of its name is enough."""
    told = set(re.findall(r"`(gateway_[a-z0-9_]+)", (ROOT / "docs/runbook.md").read_text(encoding="utf-8")))

    assert told
    assert {name for name in told if not any(known.startswith(name) for known in KNOWN)} == set()


@pytest.mark.parametrize("panel", panels(), ids=lambda panel: str(panel["title"]))
def test_a_panel_says_what_it_shows_and_can_be_narrowed_to_a_replica(panel: dict[str, Any]) -> None:
    """Each has a description; each legend names labels that its expression keeps."""
    assert panel["description"]
    for target in panel["targets"]:
        assert 'instance=~"$instance"' in target["expr"]
        for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
            grouped = re.search(rf"by \([^)]*\b{label}\b[^)]*\)", target["expr"])
            assert grouped or label == "instance"


def test_every_metric_is_on_the_dashboard_or_left_out_for_a_reason() -> None:
    """A new one is shown, or it is said why not."""
    used = {name for expression in EXPRESSIONS.values() for name in _NAME.findall(expression)}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in KNOWN}
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for name in used}

    assert families - shown == NOT_SHOWN.keys()


def test_panels_do_not_overlap() -> None:
    """Each has its own place on the page."""
    places = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in DASHBOARD["panels"]
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]

    assert len(set(places)) == len(places)
    assert max(x for x, _ in places) == 23
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_every_alert_says_what_happens_and_where_to_look() -> None:
    """At three in the morning."""
    names = re.findall(r"- alert: (\w+)", ALERTS)

    assert len(names) == len(set(names)) == ALERTS.count("summary: ") == ALERTS.count("look: ") == 9
    assert set(names) <= EXPRESSIONS.keys()
