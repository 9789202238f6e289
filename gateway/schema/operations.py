"""Runs operations: each document against the view of whoever asks, queries and mutations to their answer, subscriptions
to a stream of events that become answers one by one.
"""

import inspect
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import strawberry
from graphql import (
    ExecutionResult,
    Executor,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    create_source_event_stream,
)
from graphql.execution import MiddlewareManager

from gateway.schema.budget import BudgetedExecutor, ResultTooLargeError
from gateway.schema.context import Context
from gateway.schema.cost import MUTATION
from gateway.schema.documents import Asked, Documents
from gateway.schema.limits import LIMITS, Limit, Limits, refusal
from gateway.schema.policy import access_of
from gateway.schema.reading import MAX_ERRORS, Document, Rejected, coded
from gateway.schema.views import View, views
from gateway.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Executed:
    """The operation ran; `errors` concern single fields, or the variables when `data` is None and none ran.

    `cost` is what it cost indeed.
    """

    data: dict[str, Any] | None
    errors: tuple[GraphQLError, ...]
    started: bool
    cost: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Prepared:
    """One operation of a document, which fits and may be run for whoever asks, under their `limits`.

    `cost` is what it is reckoned to cost, from the document and its variables.
    """

    asked: Asked
    document: Document
    operation: OperationDefinitionNode
    limits: Limits
    cost: int

    @property
    def is_subscription(self) -> bool:
        """Whether it is answered by a stream."""
        return self.operation.operation is OperationType.SUBSCRIPTION

    @property
    def is_mutation(self) -> bool:
        """Whether it changes anything."""
        return self.operation.operation is OperationType.MUTATION


class Operations:
    """Executor over the views of one schema. `middleware` wraps every resolver; tests use it."""

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        limits: Mapping[View, Limits] = LIMITS,
        metrics: Metrics | None = None,
        middleware: MiddlewareManager | None = None,
    ) -> None:
        self.documents = Documents(views(schema), limits)
        self.limits = limits
        self._metrics = metrics or Metrics()
        self._middleware = middleware

    def prepare(self, asked: Asked, view: View, *, is_stranger: bool, takes_free: bool = True) -> Prepared | Rejected:
        """The operation asked for, if it may be run; nothing has run yet.

        `takes_free` is whether its document may be one that is not registered.
        """
        document = self.documents.find(asked, view, is_stranger=is_stranger, takes_free=takes_free)
        if isinstance(document, Rejected):
            self._count_refused(document.errors)
            return document
        operation = document.operation(asked.operation_name)
        if isinstance(operation, Rejected):
            return operation
        forbidden = _refusal(operation, document.graph, is_stranger=is_stranger)
        if forbidden is not None:
            return Rejected((forbidden,))
        cost = document.cost(operation, asked.variables)
        return self._within_limits(Prepared(asked, document, operation, self.limits[view], cost))

    def _within_limits(self, prepared: Prepared) -> Prepared | Rejected:
        """What was prepared, unless it costs too much; what only warns is counted."""
        limits = prepared.limits
        exceeded = [*prepared.document.warned, *limits.exceeded({Limit.COST: prepared.cost})]
        if limits.refused(exceeded):
            too_costly = refusal(Limit.COST, limits, estimated=prepared.cost)
            self._count_refused((too_costly,))
            return Rejected((too_costly,))
        for limit in exceeded:
            self._metrics.limits.labels(limit, "warned").inc()
        return prepared

    def _count_refused(self, errors: Iterable[GraphQLError]) -> None:
        for error in errors:
            limit = (error.extensions or {}).get("limit")
            if limit is not None:
                self._metrics.limits.labels(limit, "refused").inc()

    async def run(self, prepared: Prepared, context: Context, *, event: object = None) -> Executed:
        """Runs a query or mutation, or answers one `event` of a subscription, under the context's deadline."""
        executor = BudgetedExecutor.build(
            prepared.document.graph,
            prepared.document.tree,
            root_value=event,
            context_value=context,
            raw_variable_values=dict(prepared.asked.variables),
            operation_name=prepared.asked.operation_name,
            middleware=self._middleware,
            hide_suggestions=True,
            most_nodes=prepared.limits.allowed[prepared.document.nodes_limit],
        )
        if isinstance(executor, list):
            return _executed(ExecutionResult(None, executor))
        assert isinstance(executor, BudgetedExecutor)  # noqa: S101 - what `build` makes, typed as its base class
        try:
            result = await executor.run()
        except ResultTooLargeError:
            too_large = refusal(prepared.document.nodes_limit, prepared.limits)
            self._count_refused((too_large,))
            executed = Executed(None, (too_large,), started=True)
        else:
            executed = _executed(result)
        cost = executor.objects + MUTATION * prepared.is_mutation
        self._metrics.cost.labels("estimated").observe(prepared.cost)
        self._metrics.cost.labels("actual").observe(cost)
        return replace(executed, cost=cost)

    async def events(self, prepared: Prepared, context: Context) -> AsyncGenerator[object, None] | Executed:
        """What a subscription listens to, each event to be answered by `run`; or why it cannot be begun."""
        executor = Executor.build(
            prepared.document.graph,
            prepared.document.tree,
            context_value=context,
            raw_variable_values=dict(prepared.asked.variables),
            operation_name=prepared.asked.operation_name,
            hide_suggestions=True,
        )
        if isinstance(executor, list):
            return _executed(ExecutionResult(None, executor))
        beginning = create_source_event_stream(executor)
        begun = await beginning if inspect.isawaitable(beginning) else beginning
        if isinstance(begun, ExecutionResult):
            return _executed(begun)
        assert isinstance(begun, AsyncGenerator)  # noqa: S101 - so are resolvers of subscriptions: they can be closed
        return begun


def broken_off(error: Exception) -> Executed:
    """What becomes of a subscription whose source has raised `error`."""
    return Executed(None, (GraphQLError("the source of events failed", original_error=error),), started=False)


def _executed(result: ExecutionResult) -> Executed:
    errors = tuple(result.errors or ())
    # graphql-core reports a variable that does not fit before it runs anything: without data and without a path.
    started = result.data is not None or any(error.path for error in errors)
    return Executed(result.data, errors[:MAX_ERRORS], started)


def _refusal(operation: OperationDefinitionNode, graph: GraphQLSchema, *, is_stranger: bool) -> GraphQLError | None:
    """Why an operation that fits the view is not run."""
    if operation.operation is not OperationType.MUTATION:
        return None
    field = _single_field(operation)
    if field is None:
        return coded("ONE_MUTATION_PER_REQUEST", "a mutation asks for exactly one field, not in a fragment")
    if is_stranger and not _is_for_strangers(graph, field):
        return coded("NOT_SIGNED_IN", "sign in first")
    return None


def _single_field(operation: OperationDefinitionNode) -> FieldNode | None:
    """The one thing the operation does; aliases would let one request change hundreds."""
    first, *others = operation.selection_set.selections
    return first if isinstance(first, FieldNode) and not others else None


def _is_for_strangers(graph: GraphQLSchema, field: FieldNode) -> bool:
    """Whether a mutation may be run by somebody who is not signed in; a query has null for them, a mutation has not."""
    known = graph.mutation_type.fields.get(field.name.value) if graph.mutation_type else None
    access = access_of(known) if known else None
    return access is None or access.strangers
