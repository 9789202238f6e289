"""The way out: first nobody new is sent here, then what is open is brought to its end."""

import asyncio


class Draining:
    """Whether the gateway is on its way out. Belongs to one event loop; both steps may be taken again."""

    def __init__(self) -> None:
        self._has_begun = False
        self._last_call = asyncio.Event()

    @property
    def has_begun(self) -> bool:
        """Whether new clients should go elsewhere; those who come all the same are still served."""
        return self._has_begun

    def begin(self) -> None:
        """From now on the gateway is not ready, and each answer ends its connection."""
        self._has_begun = True

    def call_last(self) -> None:
        """From now on streams end: each tells its client, who may come back elsewhere."""
        self._has_begun = True
        self._last_call.set()

    async def until_last_call(self) -> None:
        """Returns when streams shall end."""
        await self._last_call.wait()
