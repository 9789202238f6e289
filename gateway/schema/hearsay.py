"""What the replicas of the gateway tell each other about the systems, so that a client sees the same at each of them.

Each says what it makes of the systems by its own calls: when that changes, and again from time to time, for those who
missed it or have just started. Whoever is silent for longer than `gateway.schema.watch.HEARD_FOR` has gone.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from typing import NamedTuple

from gateway.domain.source import SourceSystem
from gateway.ports.events import Events, Heard, Topic
from gateway.schema.watch import SourceHealth, SourceWatch, Verdicts

LOOK_SECONDS = 1.0
REPEAT_SECONDS = 15.0


class Hearsay:
    """Tells and hears, for one watch, until it is cancelled."""

    def __init__(self, watch: SourceWatch, events: Events) -> None:
        self._watch = watch
        self._events = events
        self._replica = secrets.token_hex(8)
        self._said: Verdicts | None = None
        self._said_at = 0.0

    async def run(self) -> None:
        """Judges every second, also by the time that passes, and takes note of what the others say."""
        with self._events.listen(Topic.SOURCES) as heard:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._look())
                both.create_task(self._note(heard))

    async def _look(self) -> None:
        while True:
            self._watch.health()
            self._say(self._watch.verdicts())
            await asyncio.sleep(LOOK_SECONDS)

    def _say(self, verdicts: Verdicts) -> None:
        """Tells the others what is new to them, or what they have not heard for a while."""
        now = asyncio.get_running_loop().time()
        if verdicts != self._said or now - self._said_at >= REPEAT_SECONDS:
            self._said, self._said_at = verdicts, now
            self._events.publish(Topic.SOURCES, written(Word(self._replica, verdicts)))

    async def _note(self, heard: AsyncIterator[Heard]) -> None:
        async for one in heard:
            if not isinstance(one, str):
                self._said = None  # what was missed here may have been ours: said again at the next look
            elif (word := read(one)) and word.replica != self._replica:
                self._watch.hear(word.replica, word.verdicts)


class Word(NamedTuple):
    """What a replica says. `replica` is a name that it has drawn by lot at its start."""

    replica: str
    verdicts: Verdicts


def written(word: Word) -> str:
    """A word as it travels: `{"replica": "9f…", "verdicts": {"RENT_ERP": "DOWN"}}`."""
    return json.dumps({"replica": word.replica, "verdicts": word.verdicts})


def read(text: str) -> Word | None:
    """The word in a message, None if there is none; of systems and health that only a newer release knows, nothing."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match said:
        case {"replica": str(replica), "verdicts": dict(verdicts)}:
            return Word(replica, _known(verdicts))
        case _:
            return None


def _known(verdicts: dict[str, object]) -> Verdicts:
    systems, healths = frozenset(SourceSystem), frozenset(SourceHealth)
    return {
        SourceSystem(system): SourceHealth(health)
        for system, health in verdicts.items()
        if system in systems and isinstance(health, str) and health in healths
    }
