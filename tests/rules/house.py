"""The landlord's house on one day: its doors, and whoever comes to them."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Literal

from argon2 import PasswordHasher

from gateway.auth.knocking import Action as Knock
from gateway.auth.knocking import Knocking, Rule, rules
from gateway.domain.lockout import UNKNOWN_DEVICES, Bucket, GuardRecord
from gateway.ports.store import Transaction
from gateway.support.desk import AccountRules
from tests.rules.answers import Outcome
from tests.rules.people import Details, put_on_file
from tests.rules.someone import Someone, at
from tests.support.doors import RULES, Clock, Doors, opened_doors
from tests.support.letterbox import Letterbox

AS_OFTEN_AS_ONE_LIKES = rules(sign_ins=1_000_000, requests=1_000_000)
"""The limit on one address is tested elsewhere; here it would only hide the account's own."""


class CountingHasher(PasswordHasher):
    """A cheap hasher that counts the passwords it is asked to check, and holds one back when it is told to."""

    def __init__(self) -> None:
        super().__init__(memory_cost=8, time_cost=1, parallelism=1)
        self._checked: list[str | bytes] = []
        self._held: list[tuple[Event, Event]] = []

    @property
    def verifications(self) -> int:
        """How many passwords were checked, against a dummy or a real hash."""
        return len(self._checked)

    @contextmanager
    def holding_one_back(self) -> Iterator[Event]:
        """The next check waits until the block ends; the event tells that it has begun."""
        begun, released = Event(), Event()
        self._held.append((begun, released))
        try:
            yield begun
        finally:
            released.set()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's
        """As the library, and counted."""
        self._checked.append(hash)
        if self._held:
            begun, released = self._held.pop()
            begun.set()
            released.wait()
        return super().verify(hash, password)


@dataclass(frozen=True, slots=True)
class House:
    """The doors, and everybody who is at them."""

    doors: Doors
    hasher: CountingHasher
    guests: AsyncExitStack

    @property
    def clock(self) -> Clock:
        """It stands until it is moved."""
        return self.doors.clock

    @property
    def letterbox(self) -> Letterbox:
        """What arrived, once the errands are run."""
        return self.doors.letterbox

    async def somebody(self, **headers: str) -> Someone:
        """A stranger with a browser that was never here before."""
        return await self.guests.enter_async_context(at(self.doors, **headers))

    async def mail_to(self, address: str) -> list[str]:
        """The subjects of all letters to somebody until now, oldest first."""
        await self.doors.run_errands()
        return self.letterbox.subjects(address)

    async def letters_asked_for(self, who: Details, times: int) -> list[Outcome]:
        """The outcomes of so many requests for a link; each letter is sent before the next request."""
        stranger, outcomes = await self.somebody(), []
        for _ in range(times):
            outcomes.append(await stranger.ask_for_link(who))
            await self.doors.run_errands()
        return outcomes

    async def link_for(self, who: Details) -> str:
        """The token of the link that arrives when the holder asks for one."""
        stranger = await self.somebody()
        await stranger.ask_for_link(who)
        await self.doors.run_errands()
        return self.letterbox.link_token()

    async def guard_of(self, who: Details, bucket: Bucket = UNKNOWN_DEVICES) -> GuardRecord:
        """What is remembered of the guesses of a bucket at a reference."""

        async def read(tx: Transaction) -> GuardRecord:
            return await tx.guard(bucket)

        subject = self.doors.parts.desk.vault.subject(who.reference)
        return await self.doors.parts.store.transact(subject, read)

    async def change_account(self, who: Details, **changes: object) -> None:
        """Sets values of an account behind everybody's back, for example the day of its creation."""

        async def work(tx: Transaction) -> None:
            account = await tx.account(who.reference)
            assert account is not None
            await tx.save_account(replace(account, **changes))  # type: ignore[arg-type]  # any value of an account

        await self.doors.parts.store.transact(self.doors.parts.desk.vault.subject(who.reference), work)

    def count(self, table: str, where: str = "1") -> int:
        """Rows of a table."""
        [(rows,)] = self.doors.execute(f"SELECT count(*) FROM {table} WHERE {where}")  # noqa: S608 - words of ours
        assert isinstance(rows, int)
        return rows


@asynccontextmanager
async def opened_house(
    directory: Path,
    *,
    account_rules: AccountRules = RULES,
    knocking_rules: Mapping[Knock, Rule] = AS_OFTEN_AS_ONE_LIKES,
) -> AsyncIterator[House]:
    """The doors with everybody on file, and no limit on how often one address knocks unless one is given."""
    hasher = CountingHasher()
    async with (
        opened_doors(directory, rules=account_rules, hasher=hasher, knocking=Knocking(knocking_rules)) as doors,
        AsyncExitStack() as guests,
    ):
        put_on_file(doors.landlord)
        yield House(doors, hasher, guests)
