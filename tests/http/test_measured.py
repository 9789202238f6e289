"""Every request is counted by where it knocked and what it got, and every operation by what became of it."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.types import Receive, Scope, Send

from gateway.app import Entrance, application
from gateway.domain.source import SourceSystem
from gateway.http.clients import Clients
from gateway.http.measured import Measured
from gateway.http.sources import Sources
from gateway.instruments import Instruments
from gateway.ports.errors import Call, UpstreamUnavailableError
from gateway.telemetry.metrics import Metrics
from tests.support.canary import STEM
from tests.support.doors import CAMILLE_TOKEN, Doors
from tests.unit.telemetry.test_metrics import figures

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
CAMILLE = {"Authorization": f"Bearer {CAMILLE_TOKEN}"}
OPERATION = ("client", "kind", "operation", "outcome")


@dataclass(frozen=True, slots=True)
class Watched:
    """Doors, and what they are watched with. `proxied` are the same ones behind a proxy of the landlord's."""

    doors: Doors
    proxied: Doors
    metrics: Metrics
    exporter: InMemorySpanExporter

    def counted(self, name: str, *labels: str) -> dict[tuple[str, ...], float]:
        """The figures of a counter by these of its labels."""
        return {
            tuple(dict(found)[label] for label in labels): value
            for found, value in figures(self.metrics, f"gateway_{name}_total").items()
        }

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        """Every span."""
        return self.exporter.get_finished_spans()

    def broken(self, error: Exception) -> Doors:
        """The doors, whose directory fails like this."""

        class Broken:
            def __getattr__(self, name: str) -> Any:
                raise error

        entrance = Entrance(clock=self.doors.clock, deadline_seconds=8, instruments=Instruments(self.metrics))
        ports = replace(self.doors.ports, directory=Broken())
        return replace(self.doors, app=application(self.doors.parts, ports, entrance))


@pytest.fixture
def watched(doors: Doors) -> Iterator[Watched]:
    """The doors, watched; one client is known by its name."""
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instruments = Instruments(Metrics(), provider.get_tracer("test"))
    entrance = Entrance(
        clock=doors.clock, deadline_seconds=8, instruments=instruments, clients=Clients(frozenset({"android"}))
    )
    behind = replace(entrance, sources=Sources((ipaddress.ip_network("127.0.0.0/8"),)))
    direct, proxied = (application(doors.parts, doors.ports, one) for one in (entrance, behind))
    yield Watched(replace(doors, app=direct), replace(doors, app=proxied), instruments.metrics, exporter)
    provider.shutdown()


async def ask(doors: Doors, query: str, **headers: str) -> httpx.Response:
    """The answer to a query."""
    return await doors.post({"query": query}, headers=headers)


async def test_requests_are_counted_by_door_and_status_and_code(watched: Watched) -> None:
    """A path of nobody's choosing is not among the doors."""
    await ask(watched.doors, "{ __typename }")
    await watched.doors.post(None, content=b"no JSON")
    async with watched.doors.client() as client:
        await client.get(f"/{STEM}/secret")
        await client.get("/livez")

    assert watched.counted("requests", "door", "status", "code") == {
        ("graphql", "200", "none"): 1,
        ("graphql", "400", "BAD_JSON"): 1,
        ("elsewhere", "404", "NOT_FOUND"): 1,
        ("livez", "200", "none"): 1,
    }
    assert figures(watched.metrics, "gateway_request_duration_seconds_count") == {
        (("door", "graphql"),): 2,
        (("door", "elsewhere"),): 1,
        (("door", "livez"),): 1,
    }
    assert STEM not in watched.metrics.exposed().decode()


async def test_a_request_without_an_answer_is_counted_too() -> None:
    """The application crashed before it said anything."""

    async def crashing(scope: Scope, receive: Receive, send: Send) -> None:
        raise KeyError

    measured = Measured(crashing, frozenset({"graphql"}))
    with pytest.raises(KeyError):
        await measured({"type": "http", "path": "/graphql", "headers": []}, _nothing, _nowhere)

    assert figures(measured.metrics, "gateway_requests_total") == {
        (("code", "none"), ("door", "graphql"), ("status", "none")): 1
    }
    assert figures(measured.metrics, "gateway_request_duration_seconds_count") == {}


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
async def test_what_is_no_request_goes_through_unmeasured(kind: str) -> None:
    """Streams over sockets are measured by themselves."""
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    measured = Measured(app, frozenset())
    await measured({"type": kind, "path": "/graphql", "headers": []}, _nothing, _nowhere)

    assert seen == [kind]
    assert figures(measured.metrics, "gateway_requests_total") == {}


async def test_operations_are_counted_by_what_became_of_them(watched: Watched) -> None:
    """Answered, refused before anything ran, and failed in part, with the system that failed."""
    error = UpstreamUnavailableError(Call(SourceSystem.DIRECTORY, "offices"))
    broken = watched.broken(error)

    await ask(watched.doors, "{ __typename }")
    await ask(watched.doors, "{ nonsense }")
    await ask(broken, "{ offices { name } __typename }")
    await ask(watched.broken(KeyError("secret")), "{ offices { name } }")

    assert watched.counted("operations", "kind", "operation", "outcome") == {
        ("query", "free", "OK"): 1,
        ("unread", "free", "REFUSED"): 1,
        ("query", "free", "PARTIAL"): 2,
    }
    assert watched.counted("errors", "code", "source") == {
        ("GRAPHQL_VALIDATION_FAILED", "none"): 1,
        ("SOURCE_UNAVAILABLE", "DIRECTORY"): 1,
        ("INTERNAL", "none"): 1,
    }


async def test_ten_thousand_names_that_clients_choose_make_no_series(watched: Watched) -> None:
    """A hundred here: of operations, of clients, and of their versions; nor are they in the log or in a span."""
    for number in range(100):
        await ask(
            watched.doors,
            f"query {STEM}{number} {{ __typename }}",
            **{"apollographql-client-name": f"{STEM}{number}", "apollographql-client-version": f"{number}-{STEM}"},
        )

    assert watched.counted("operations", *OPERATION) == {("other", "query", "free", "OK"): 100}
    told = [f"{span.name} {dict(span.attributes or {})}" for span in watched.spans]
    assert len(told) == 100
    assert STEM not in "".join(told) + watched.doors.log.getvalue() + watched.metrics.exposed().decode()


async def test_a_client_that_is_known_is_told_with_its_version(watched: Watched) -> None:
    """To see which build of the application has trouble."""
    headers = {"apollographql-client-name": "android", "apollographql-client-version": "4.2.0"}

    response = await ask(watched.doors, "{ viewer { roles } nonsense }", **headers, **CAMILLE)

    (line,) = (line for line in watched.doors.log.lines if line["event"] == "operation.done")
    assert (line["client"], line["client_version"], line["role"]) == ("android", "4.2.0", "TENANT")
    assert (line["kind"], line["outcome"], line["code"]) == ("unread", "REFUSED", "GRAPHQL_VALIDATION_FAILED")
    assert line["request_id"] == response.json()["errors"][0]["extensions"]["requestId"]
    assert watched.counted("operations", "client") == {("android",): 1}


async def test_a_trace_is_continued_for_a_proxy_of_the_landlord(watched: Watched) -> None:
    """It vouches for the header; the operation belongs to its trace."""
    await ask(watched.proxied, "{ __typename }", **TRACEPARENT)

    (span,) = watched.spans
    assert span.parent is not None
    assert (f"{span.parent.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE, PARENT)


async def test_a_stranger_chooses_no_trace(watched: Watched) -> None:
    """Their header is not looked at: they could have everything traced, or hide among the traces of others."""
    await ask(watched.doors, "{ __typename }", **TRACEPARENT)

    (span,) = watched.spans
    assert span.parent is None
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" != TRACE


async def _nothing() -> Any:
    raise AssertionError("nobody listens")


async def _nowhere(message: Any) -> None:
    raise AssertionError("nobody speaks")
