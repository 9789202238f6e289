"""Further gateways on the database of one that is prepared, all started at once, and killed where a test says so."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from gateway.demo import gateway as demo
from tests.support import processes
from tests.support.gateway import RunningGateway, Systems


@dataclass(frozen=True, slots=True)
class Site:
    """Where gateways may run: `folder` holds the key that they share, `settings` say which database."""

    systems: Systems
    folder: Path
    settings: Mapping[str, str]
    staff: Mapping[str, str]

    def started(self) -> RunningGateway:
        """A gateway that may not answer yet."""
        port = processes.free_port()
        with processes.unmeasured():
            environment = {**demo.environment(self.folder, port=port, systems=self.systems.addresses), **self.settings}
        part = demo.serve(self.folder, settings=environment)
        url = environment["GATEWAY_DATABASE_URL"]
        return RunningGateway(self.folder, port, part, url, self.systems, httpx.Client(timeout=60), self.staff)


@contextmanager
def running_replicas(site: Site, count: int) -> Iterator[tuple[RunningGateway, ...]]:
    """`count` gateways that answer, until the block ends."""
    with ExitStack() as owned:
        replicas = [site.started() for _ in range(count)]
        for one in replicas:
            owned.callback(one.part.stop)
            owned.enter_context(one.http)
        for one in replicas:
            demo.wait_until_ready(one.part, port=one.port)
        yield tuple(replicas)


def killed(gateway: RunningGateway) -> None:
    """Ends the gateway without a chance to finish anything."""
    gateway.part.process.kill()
    gateway.part.process.wait()
