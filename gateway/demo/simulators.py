"""The simulated legacy systems as the demo starts them, each a process of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.demo.cast import World
from gateway.demo.parts import Part, start

NAMES = ("erp", "documents")

_OPTIONS = {
    "erp": ("--batch", "off"),  # whoever tries the demo at three in the morning sees it work
}


@dataclass(frozen=True, slots=True)
class Simulator:
    """One simulator that answers: at `url` as the legacy system, at `control` as the demonstrator wishes."""

    part: Part
    url: str
    control: str


@dataclass(frozen=True, slots=True)
class Simulators:
    """What all simulators of one demo have in common. `folder` holds their data, `delay_ms` is added by each."""

    world: World
    folder: Path
    delay_ms: float = 0

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
            *_OPTIONS.get(name, ()),
        ]


def answering(part: Part) -> Simulator:
    """The simulator that `part` runs, once it answers. Raises StartError."""
    ready: Mapping[str, str] = part.ready_line()
    return Simulator(part, ready["url"], ready["control"])
