"""A gateway under watch: its spans at a collector, its metrics at their port, its log; no person in any of them.

One gateway of its own serves a tenant's home page while its systems fare well and ill, and everything a client can
mark is marked. What was told of it is read with OpenTelemetry's and Prometheus' own readers.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.journeys.conftest import Cast
from tests.support.canary import STEM, leaks
from tests.support.client import Client, document_of, question
from tests.support.collector import Collector, Seen, running_collector
from tests.support.gateway import RunningGateway, Systems, copied, credentials_of, household_of, running_gateway
from tests.support.processes import free_port, wait_until

pytestmark = [pytest.mark.servers, pytest.mark.sqlite]

CASE = "plain"
HOME = document_of("web_home")
OF_OPERATIONS = {
    "graphql.operation.type",
    "graphql.operation.name",
    "gateway.document.sha256",
    "gateway.client.name",
    "gateway.client.version",
    "gateway.role",
    "gateway.request_id",
    "gateway.outcome",
    "gateway.error.codes",
}
OF_CALLS = {
    "gateway.system",
    "gateway.operation",
    "http.response.status_code",
    "error.type",
    "gateway.retry_after_seconds",
}
_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")
TOO_COMMON = 5
"""A text that is shorter says nothing: a door, a floor, a number of rooms."""


@dataclass(slots=True)
class Watch:
    """What went in and came out by name, and all that was told of it."""

    secrets: dict[str, str] = field(default_factory=dict)
    told: dict[str, bytes] = field(default_factory=dict)
    home: list[Seen] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    spans: list[Seen] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The log."""
        return [json.loads(line) for line in self.told["log"].splitlines()]

    @property
    def figures(self) -> dict[str, list[tuple[Mapping[str, str], float]]]:
        """The samples of the metrics with their labels, by name."""
        found: dict[str, list[tuple[Mapping[str, str], float]]] = {}
        for family in text_string_to_metric_families(self.told["metrics"].decode()):
            for sample in family.samples:
                found.setdefault(sample.name, []).append((sample.labels, sample.value))
        return found


@pytest.fixture(scope="module")
def watch(systems: Systems, cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Watch:
    """Everything that was told of one gateway, after its end."""
    folder, staff = cast
    home = copied(folder, to=tmp_path_factory.mktemp("watched") / "data")
    systems.calm()
    watch, port = Watch(), free_port()
    with running_collector() as collector:
        settings = {
            "GATEWAY_LOG_LEVEL": "debug",
            "GATEWAY_METRICS_PORT": str(port),
            "GATEWAY_OTLP_ENDPOINT": collector.url,
            "GATEWAY_REGISTERED_DOCUMENTS": str(manifest(home)),
            "GATEWAY_FREE_DOCUMENTS": "everyone",
        }
        with running_gateway(systems, home, staff=staff, **settings) as gateway:
            tenant = signed_in(gateway, watch)
            look_at_home(gateway, tenant, watch, collector)
            misuse(gateway, tenant, watch)
            watch.told["metrics"] = gateway.http.get(f"http://127.0.0.1:{port}/metrics").content
            watch.told["public"] = gateway.http.get(f"{gateway.url}/metrics").content
        watch.told["log"] = gateway.part.log.read_bytes()
        watch.told["spans"] = b"\n".join(collector.bodies)
        watch.spans = collector.spans
    systems.calm()
    return watch


def manifest(folder: Path) -> Path:
    """A file that registers the home page."""
    file = folder / "documents.json"
    file.write_text(json.dumps({f"sha256:{hashlib.sha256(HOME.encode()).hexdigest()}": HOME}), encoding="utf-8")
    return file


def signed_in(gateway: RunningGateway, watch: Watch) -> Client:
    """The tenant; what they type and what opens their account is secret, and so is who they are."""
    reference, password = credentials_of(CASE)
    tenant = gateway.stranger().sign_in(reference, password)
    assert tenant.token is not None
    holder = household_of(CASE).holder
    watch.secrets |= {"reference": reference, "password": password, "token": tenant.token, "STEM": STEM}
    watch.secrets |= {"first name": holder.first_name, "last name": holder.last_name, "e-mail": holder.email or STEM}
    return tenant


def look_at_home(gateway: RunningGateway, tenant: Client, watch: Watch, collector: Collector) -> None:
    """One registered operation, alone, from systems that have been called before."""
    ask(gateway, tenant, HOME)
    wait_until(lambda: any(span.name == "query WebHome" for span in collector.spans), seconds=10)
    gateway.systems.calm()
    before = len(collector.spans)
    data = ask(gateway, tenant, HOME)["data"]
    watch.secrets |= {f"answer {number}": text for number, text in enumerate(sorted(set(texts(data))))}
    for simulator in (gateway.systems.erp, gateway.systems.documents):
        watch.calls.update(call["operation"] for call in simulator.journal())
    wait_until(lambda: any(span.name == "query WebHome" for span in collector.spans[before:]), seconds=10)
    watch.home = collector.spans[before:]


def misuse(gateway: RunningGateway, tenant: Client, watch: Watch) -> None:
    """Marks wherever a client can write, while the ERP is in trouble."""
    marked = {
        "apollographql-client-name": f"{STEM}-client",
        "apollographql-client-version": f"1.0-{STEM}",
        "traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01",
        "tracestate": f"landlord={STEM}",
        "baggage": f"tenant={STEM}",
        "X-Request-Id": STEM,
    }
    gateway.systems.erp.order("http_503")
    ask(gateway, tenant, HOME, **marked)
    gateway.systems.calm()
    for document in (
        f"query {STEM} {{ {STEM}: viewer {{ roles }} }}",
        f'{{ node(id: "{STEM}") {{ __typename }} }}',
        f"{{ {STEM} }}",
        f'{{ viewer {{ tenant {{ greetingName(of: "{STEM}") }} }} }}',
    ):
        watch.codes |= {
            error["extensions"]["code"] for error in ask(gateway, tenant, document, **marked).get("errors", ())
        }
    gateway.http.get(f"{gateway.url}/{STEM}", headers=marked)


def ask(gateway: RunningGateway, tenant: Client, document: str, **headers: str) -> Any:
    """The answer, of whatever status."""
    headers["Authorization"] = f"Bearer {tenant.token}"
    response: httpx.Response = gateway.http.post(tenant.graphql, json=question(document, {}), headers=headers)
    return response.json()


def texts(found: Any) -> Iterator[str]:
    """Every text of an answer that tells of somebody: no constants and no days, which logs have too, nor short ones."""
    if isinstance(found, dict | list):
        for one in found.values() if isinstance(found, dict) else found:
            yield from texts(one)
    elif isinstance(found, str) and len(found) > TOO_COMMON and not (found.isupper() or _DAY.fullmatch(found)):
        yield found


def test_one_operation_is_one_span_and_a_child_for_each_call(watch: Watch) -> None:
    """The systems' own journals tell how many calls there were; all spans are of one trace."""
    operations = [span for span in watch.home if "graphql.operation.type" in span.facts]
    calls = [span for span in watch.home if "gateway.system" in span.facts]

    (operation,) = operations
    assert (operation.name, operation.parent_id) == ("query WebHome", "")
    assert len(calls) == watch.calls.total() == 10
    assert {call.parent_id for call in calls} == {operation.span_id}
    assert {span.trace_id for span in watch.home} == {operation.trace_id}
    assert len(watch.home) == 11
    assert {call.facts["http.response.status_code"] for call in calls} == {200}
    assert {name: operation.facts[name] for name in OF_OPERATIONS & operation.facts.keys()} == {
        "graphql.operation.type": "query",
        "graphql.operation.name": "WebHome",
        "gateway.document.sha256": hashlib.sha256(HOME.encode()).hexdigest(),
        "gateway.client.name": "none",
        "gateway.role": "TENANT",
        "gateway.request_id": operation.facts["gateway.request_id"],
        "gateway.outcome": "OK",
    }


def test_line_and_span_of_an_operation_name_each_other(watch: Watch) -> None:
    """By the id of the request and by that of the trace."""
    lines = {line["request_id"]: line for line in watch.lines if line["event"] == "operation.done"}
    operations = [span for span in watch.spans if "graphql.operation.type" in span.facts]

    assert len(operations) == len(lines) > 5
    for span in operations:
        line = lines[span.facts["gateway.request_id"]]
        assert (line["trace_id"], line["outcome"]) == (span.trace_id, span.facts["gateway.outcome"])


def test_spans_hold_facts_of_a_closed_list_and_nothing_else(watch: Watch) -> None:
    """No event, which could hold an exception, and no fact by another name."""
    for span in watch.spans:
        is_operation = "graphql.operation.type" in span.facts
        assert span.facts.keys() <= (OF_OPERATIONS if is_operation else OF_CALLS)
        assert span.events == 0


def test_trouble_is_told_by_its_codes(watch: Watch) -> None:
    """In the span of the operation, in those of its calls, and in the figures."""
    operations = [span for span in watch.spans if "gateway.error.codes" in span.facts]
    failed_calls = [span for span in watch.spans if span.facts.get("error.type")]

    troubled = next(span for span in operations if span.name == "query WebHome")
    assert troubled.facts["gateway.error.codes"] == ["SOURCE_UNAVAILABLE"]
    assert {call.facts["error.type"] for call in failed_calls} == {"SOURCE_UNAVAILABLE"}
    assert all(call.has_failed for call in failed_calls)
    sources = {(labels["code"], labels["source"]) for labels, _ in watch.figures["gateway_errors_total"]}
    assert ("SOURCE_UNAVAILABLE", "RENT_ERP") in sources
    assert watch.codes <= {code for code, _ in sources}


def test_a_stranger_chooses_no_trace(watch: Watch) -> None:
    """No proxy is trusted here: the trace that the marked requests named has no span."""
    assert "ab" * 16 not in {span.trace_id for span in watch.spans}


def test_metrics_are_read_by_prometheus_at_their_own_port_only(watch: Watch) -> None:
    """They tell what has happened; at the public port there are none."""
    figures = watch.figures
    lookups = {labels["place"]: value for labels, value in figures["gateway_session_lookups_total"]}
    accounts = {
        (labels["event"], labels["outcome"]): value for labels, value in figures["gateway_account_events_total"]
    }

    assert accounts == {("sign_in", "SignedIn"): 1}
    assert lookups["memory"] >= 1
    assert sum(value for labels, value in figures["gateway_operations_total"] if labels["operation"] == "WebHome") == 3
    assert figures["gateway_loop_lag_seconds_count"][0][1] > 0
    assert figures["process_resident_memory_bytes"][0][1] > 10_000_000
    assert {labels["code"] for labels, _ in figures["gateway_requests_total"]} >= {"none", "NOT_FOUND"}
    assert b"gateway_" not in watch.told["public"]


def test_no_person_and_no_word_of_a_client_is_in_any_of_it(watch: Watch) -> None:
    """Neither names, references, amounts and tokens, nor what a client wrote into documents and headers."""
    assert len(watch.secrets) > 40

    assert leaks(watch.told, watch.secrets) == []
