"""The scripts of this folder, run in Node."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from tests.support import node, processes

FOLDER = Path(__file__).parent
_SECONDS = 60
_RUNS = count()

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scripts:
    """The scripts in a place where they find their packages."""

    place: Path
    program: Path

    def run(self, name: str, /, **facts: object) -> list[Line]:
        """What a script tells, line by line, once it has ended well; `facts` are what it is told."""
        log = self.place / f"{name}-{next(_RUNS)}.log"
        environment = {"FACTS": json.dumps(facts), "NODE_ENV": "production"}
        with processes.running([self.program, self.place / f"{name}.mjs"], log=log, environment=environment) as script:
            status = script.process.wait(_SECONDS)
        said = log.read_text(encoding="utf-8")
        assert status == 0, said[-4000:]
        return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


def scripts_in(scratch: Path) -> Scripts:
    """The scripts, copied to `scratch`, with the packages that the lock names."""
    return Scripts(node.workplace(FOLDER, scratch=scratch), node.find().program)
