"""The simulated legacy systems as the demo starts them, each a process of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.demo.cast import World
from gateway.demo.parts import Part, start

NAMES = ("erp", "documents", "mail")

NOWHERE = "http://127.0.0.1:9"
"""Where nobody listens."""


@dataclass(frozen=True, slots=True)
class Simulator:
    """One simulator that answers: at `url` as the legacy system, at `control` as the demonstrator wishes.

    `smtp` is where the one that takes letters does so, `host:port`.
    """

    part: Part
    url: str
    control: str
    smtp: str | None = None


@dataclass(frozen=True, slots=True)
class Simulators:
    """What all simulators of one demo have in common. `folder` holds their data, `delay_ms` is added by each.

    `gateway` is the address that pages of the mail simulator speak to, whether it answers yet or not.
    """

    world: World
    folder: Path
    delay_ms: float = 0
    gateway: str = NOWHERE

    def start(self, name: str, *options: str) -> Part:
        """The process of one simulator, which goes on with the data it finds; `options` are added to ours."""
        return start(name, [*self._command(name), *options], log=self.folder / f"{name}.log")

    def _command(self, name: str) -> Sequence[str]:
        world = self.world
        return [
            f"gateway.demo.{name}",
            *("--data", str(self.folder / name)),
            *("--seed", str(world.seed), "--households", str(world.households), "--today", world.today.isoformat()),
            *("--delay-ms", str(self.delay_ms)),
            *self._options(name),
        ]

    def _options(self, name: str) -> Sequence[str]:
        match name:
            case "erp":
                return ("--batch", "off")  # whoever tries the demo at three in the morning sees it work
            case "mail":
                return ("--gateway", self.gateway)
            case _:
                return ()


def answering(part: Part) -> Simulator:
    """The simulator that `part` runs, once it answers. Raises StartError."""
    ready: Mapping[str, str] = part.ready_line()
    return Simulator(part, ready["url"], ready["control"], ready.get("smtp"))


def addresses(simulators: Mapping[str, Simulator]) -> dict[str, str]:
    """Where each of `simulators` answers, by name, and as `smtp` where letters are taken."""
    found = {name: simulator.url for name, simulator in simulators.items()}
    for simulator in simulators.values():
        if simulator.smtp is not None:
            found["smtp"] = simulator.smtp
    return found
