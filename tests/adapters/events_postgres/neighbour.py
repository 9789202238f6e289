"""Another gateway, as a process: answers each message it hears with its own number in front, until it is stopped.

python -m tests.adapters.events_postgres.neighbour URL NUMBER
"""

import asyncio
import sys

from gateway.adapters.events_postgres import PostgresEvents
from gateway.ports.events import Topic
from gateway.telemetry.metrics import Metrics


async def main(url: str, number: str) -> None:
    """Answers what does not look like an answer, and says hello when it can be heard."""
    async with PostgresEvents.open(url, Metrics()) as events:
        with events.listen(Topic.SOURCES) as heard:
            async for one in heard:
                if not isinstance(one, str):
                    events.publish(Topic.SOURCES, f"{number}: hello")
                elif ":" not in one:
                    events.publish(Topic.SOURCES, f"{number}: {one}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
