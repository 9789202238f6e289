"""Execution within a budget of nodes: how long lists are is data, so that no document tells how large an answer gets.

Where the budget ends, execution ends at once, with all that is still under way for it.
"""

import asyncio
import inspect
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Any

from graphql import ExecutionResult, Executor, is_leaf_type
from graphql.type import GraphQLNonNull


class ResultTooLargeError(Exception):
    """The answer has more nodes than it may have."""


class BudgetedExecutor(Executor[Any]):
    """Executes one operation, and counts the nodes of its answer: items of lists, and objects that are none.

    It overrides what graphql-core does not promise to keep: tests hold each of these methods to its effect.
    """

    def __init__(self, *arguments: Any, most_nodes: int, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._left = self._most = most_nodes
        self._values = 0

    @property
    def objects(self) -> int:
        """The objects counted so far."""
        return self._most - self._left - self._values

    async def run(self) -> ExecutionResult:
        """The result. Raises ResultTooLargeError, when nothing of it is under way any more."""
        try:
            running = self.execute_operation()
            result = await running if inspect.isawaitable(running) else running
        except ResultTooLargeError:
            await self._abandon()
            raise
        assert isinstance(result, ExecutionResult)  # noqa: S101 - only incremental executors have other results
        return result

    def collect_and_execute_subfields(self, return_type: Any, details: Any, path: Any, *rest: Any) -> Any:
        """Counts an object that is no item of a list; once the budget is spent, none is begun."""
        self._take(isinstance(path.key, str))
        return super().collect_and_execute_subfields(return_type, details, path, *rest)

    def complete_iterable_value(
        self, item_type: Any, details: Any, info: Any, path: Any, items: Iterable[Any], *rest: Any
    ) -> Any:
        """Counts the items of a list, before any of them is completed."""
        counted = items if isinstance(items, Collection) else list(islice(items, self._left + 1))
        try:
            self._take(len(counted))
        except ResultTooLargeError:
            self.track_async_work(list(counted))
            raise
        if is_leaf_type(item_type.of_type if isinstance(item_type, GraphQLNonNull) else item_type):
            self._values += len(counted)
        return super().complete_iterable_value(item_type, details, info, path, counted, *rest)

    def handle_field_error(self, raw_error: Exception, *around: Any) -> None:
        """Makes what fails null, but for the budget: where that ends, everything does."""
        if isinstance(raw_error, ResultTooLargeError):
            raise raw_error
        super().handle_field_error(raw_error, *around)

    def _take(self, nodes: int) -> None:
        self._left -= nodes
        if self._left < 0:
            raise ResultTooLargeError

    async def _abandon(self) -> None:
        """Ends what was begun beside that which was too large: in the next turn, when all of it has been begun."""
        await asyncio.sleep(0)
        pending = list(self.background_futures)
        for future in pending:
            future.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
