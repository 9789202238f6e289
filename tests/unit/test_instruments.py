"""The gateway is watched as its settings say: metrics at a port of their own, spans where there is a collector."""

import socket
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway import __version__
from gateway.app import build
from gateway.commands import migrate
from gateway.instruments import opened
from gateway.settings import Settings
from gateway.telemetry.tracing import NOWHERE
from tests.support.collector import running_collector
from tests.support.processes import free_port
from tests.unit.test_app import HEALTH, settings_of


async def test_without_settings_nobody_looks(tmp_path: Path) -> None:
    """Nothing listens, and nothing is traced."""
    async with AsyncExitStack() as owned:
        watched = await opened(settings_of(tmp_path), owned)

    assert watched.tracer is NOWHERE
    assert watched.calls.tracer is NOWHERE
    assert watched.recorder.metrics is watched.metrics


async def test_metrics_are_served_at_their_port(tmp_path: Path) -> None:
    """In the format that Prometheus reads, with the version; the port is free again afterwards."""
    port = free_port()
    async with AsyncExitStack() as owned, httpx.AsyncClient() as client:
        await opened(settings_of(tmp_path, GATEWAY_METRICS_PORT=str(port)), owned)
        response = await client.get(f"http://127.0.0.1:{port}/metrics")

    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = {family.name: family for family in text_string_to_metric_families(response.text)}
    assert families["gateway_build_info"].samples[0].labels["version"] == __version__
    socket.create_server(("127.0.0.1", port)).close()


async def test_a_port_that_is_taken_stops_the_start(tmp_path: Path) -> None:
    """Rather than to be watched by nobody."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = settings_of(tmp_path, GATEWAY_METRICS_PORT=str(taken.getsockname()[1]))
        async with AsyncExitStack() as owned:
            with pytest.raises(OSError, match="in use"):
                await opened(settings, owned)


@pytest.fixture
def unwatched(tmp_path: Path) -> Settings:
    """Settings of a gateway with a database."""
    settings = settings_of(tmp_path)
    migrate(settings)
    return settings


async def test_a_gateway_that_is_built_is_watched_throughout(unwatched: Settings) -> None:
    """Its operations and calls come to the collector, and its parts' own counts to the metrics."""
    port = free_port()
    with running_collector() as collector:
        settings = replace(unwatched, metrics_port=port, otlp_endpoint=collector.url)
        async with build(settings) as app, httpx.AsyncClient() as client:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as inside:
                await inside.post("/graphql", json=HEALTH, headers={"Authorization": "Bearer nobody"})
                await inside.post("/graphql", json=HEALTH)
            text = (await client.get(f"http://127.0.0.1:{port}/metrics")).text

    samples = {
        sample.name: sample.value for family in text_string_to_metric_families(text) for sample in family.samples
    }
    assert samples["gateway_session_lookups_total"] == 1
    assert (samples["gateway_document_lookups_total"], samples["gateway_documents_remembered"]) == (1, 1)
    assert samples["gateway_operations_total"] == 1
    call, operation = sorted(collector.spans, key=lambda span: span.parent_id == "")
    assert (operation.name, operation.facts["gateway.outcome"]) == ("query free", "PARTIAL")
    assert (call.parent_id, call.facts["error.type"]) == (operation.span_id, "SOURCE_UNAVAILABLE")
