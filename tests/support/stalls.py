"""A PostgreSQL that keeps whoever reports a sign-in waiting, so that a test can kill somebody right there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import asyncpg

_LOCK = 57
_TRIGGERS = f"""
CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared({_LOCK}); RETURN NEW; END $$;
CREATE TRIGGER stall_in_the_middle BEFORE INSERT ON audit
    FOR EACH ROW WHEN (NEW.action = 'SIGN_IN') EXECUTE FUNCTION stall();
CREATE CONSTRAINT TRIGGER stall_at_the_end AFTER INSERT ON audit DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.action = 'LINK_REQUESTED') EXECUTE FUNCTION stall();
"""
_WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted"


async def make_stallable(url: str) -> None:
    """Puts triggers on the trail: a sign-in waits before its report counts, a request for a link while it commits."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_TRIGGERS)
    finally:
        await connection.close()


@dataclass(frozen=True, slots=True)
class Stall:
    """The lock that they wait for."""

    connection: "asyncpg.Connection[asyncpg.Record]"

    async def reached(self) -> None:
        """Returns when somebody waits; TimeoutError after ten seconds."""
        async with asyncio.timeout(10):
            while not await self.connection.fetchval(_WAITING, _LOCK):  # noqa: ASYNC110 - the event is in the server
                await asyncio.sleep(0.01)

    async def release(self) -> None:
        """Lets them go on."""
        await self.connection.execute(f"SELECT pg_advisory_unlock({_LOCK})")


@asynccontextmanager
async def stalled(url: str) -> AsyncIterator[Stall]:
    """Nobody reports anything until the block ends; the server may be killed meanwhile."""
    connection = await asyncpg.connect(url)
    await connection.execute(f"SELECT pg_advisory_lock({_LOCK})")
    try:
        yield Stall(connection)
    finally:
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            await connection.close()
