"""What the gateway is watched with, as the settings want it: metrics on a port of their own, spans to a collector."""

import platform
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from gateway import __version__
from gateway.auth.errands import Errands
from gateway.http.server.sideline import Page, Sideline
from gateway.schema.documents import Documents
from gateway.settings import Settings
from gateway.support.desk import Foundation
from gateway.telemetry.calls import Calls
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.operations import OperationRecorder
from gateway.telemetry.tracing import NOWHERE, Tracer

_TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Instruments:
    """What the parts are handed to measure with. By default nobody looks at the figures, and nothing is traced."""

    metrics: Metrics = field(default_factory=Metrics)
    tracer: Tracer = NOWHERE

    @property
    def calls(self) -> Calls:
        """For the ways out."""
        return Calls(self.metrics, self.tracer)

    @property
    def recorder(self) -> OperationRecorder:
        """For the operations of all transports."""
        return OperationRecorder(self.metrics, self.tracer)

    def read_counts(self, accounts: Foundation, errands: Errands, documents: Documents) -> None:
        """From now on the metrics also tell what these parts count for themselves."""
        self.metrics.tallies.accounts.read_from(lambda: accounts.outcomes.counted)
        self.metrics.tallies.sessions.read_from(lambda: accounts.sessions.lookups)
        self.metrics.tallies.errands.read_from(lambda: errands.counted)
        self.metrics.tallies.documents.read_from(lambda: documents.lookups)
        self.metrics.documents_remembered.set_function(lambda: documents.remembered)


async def opened(settings: Settings, owned: AsyncExitStack) -> Instruments:
    """The instruments; `owned` puts them away. Raises OSError when the port for metrics is taken."""
    metrics = Metrics()
    metrics.build.labels(__version__, platform.python_version()).set(1)
    if settings.metrics_port is not None:
        pages = {"/metrics": lambda: Page(metrics.exposed(), media_type=_TEXT_FORMAT)}
        owned.enter_context(Sideline(pages, host=settings.metrics_host, port=settings.metrics_port))
    return Instruments(metrics, await _tracer(settings, metrics, owned))


async def _tracer(settings: Settings, metrics: Metrics, owned: AsyncExitStack) -> Tracer:
    if settings.otlp_endpoint is None:
        return NOWHERE
    from gateway.telemetry.export import exporting  # noqa: PLC0415 - the SDK is loaded only where there is a collector

    ratio = settings.trace_percent / 100
    return await owned.enter_async_context(exporting(settings.otlp_endpoint, ratio=ratio, metrics=metrics))
