"""A real store before whose verbs things happen: somebody else is quicker, the database goes, the process dies."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from gateway.domain.lockout import Subject
from gateway.ports.store import Store, StoreError, Transaction

T = TypeVar("T")
Act = Callable[[], Awaitable[object]]


class ProcessDied(BaseException):
    """The process is killed here: nothing after it runs, and no `except Exception` sees it."""


@dataclass(slots=True)
class _Planned:
    step: str
    act: Act
    uses_left: int


class TroubledStore:
    """Hands every verb on to `store`, inside transactions too, and counts nothing but what is planned."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._planned: list[_Planned] = []

    def as_store(self) -> Store:
        """The same, as the use cases take it: every verb that is not here is the store's own."""
        return cast(Store, self)

    def run_before(self, step: str, act: Act, *, nth: int = 1) -> None:
        """Has `act` done before the verb `step` is carried out the `nth` time from now; once."""
        self._planned.append(_Planned(step, act, nth))

    def crash_at(self, step: str, *, nth: int = 1, error: BaseException | None = None) -> None:
        """The verb `step` is not carried out the `nth` time from now: StoreError, or `error`."""

        async def crash() -> None:
            raise error or StoreError("the database is gone")

        self.run_before(step, crash, nth=nth)

    async def transact(self, subject: Subject, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """As the store; steps of the transaction can be planned for like any other, and `commit` after the last."""
        await self._before("transact")

        async def watched(tx: Transaction) -> T:
            result = await work(cast(Transaction, _Watched(tx, self)))
            await self._before("commit")
            return result

        return await self._store.transact(subject, watched)

    def __getattr__(self, name: str) -> Any:
        return getattr(_Watched(self._store, self), name)

    async def _before(self, step: str) -> None:
        planned = [one for one in self._planned if one.step == step]
        for one in planned:
            one.uses_left -= 1
        for one in planned:
            if not one.uses_left:
                self._planned.remove(one)
                await one.act()

    def verb(self, inner: object, name: str) -> Any:
        """A verb of `inner`, with what is planned for it; anything else as it is."""
        found = getattr(inner, name)
        if not callable(found):
            return found

        async def watched(*given: Any, **more: Any) -> Any:
            await self._before(name)
            return await found(*given, **more)

        return watched


class _Watched:
    def __init__(self, inner: object, trouble: TroubledStore) -> None:
        self._inner = inner
        self._trouble = trouble

    def __getattr__(self, name: str) -> Any:
        return self._trouble.verb(self._inner, name)
