"""Runs operations: each document against the view of whoever asks, queries and mutations to their answer, subscriptions
to a stream of events that become answers one by one.
"""

import inspect
from collections.abc import AsyncIterator
from dataclasses import dataclass
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
    execute,
)
from graphql.execution import MiddlewareManager

from gateway.schema.context import Context
from gateway.schema.documents import Asked, Documents
from gateway.schema.policy import access_of
from gateway.schema.reading import MAX_ERRORS, Document, Rejected, coded
from gateway.schema.views import View, views


@dataclass(frozen=True, slots=True)
class Executed:
    """The operation ran; `errors` concern single fields, or the variables when `data` is None and none ran."""

    data: dict[str, Any] | None
    errors: tuple[GraphQLError, ...]
    started: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """One operation of a document, which fits and may be run for whoever asks."""

    asked: Asked
    document: Document
    operation: OperationDefinitionNode

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

    def __init__(self, schema: strawberry.Schema, *, middleware: MiddlewareManager | None = None) -> None:
        self.documents = Documents(views(schema))
        self._middleware = middleware

    def prepare(self, asked: Asked, view: View, *, is_stranger: bool) -> Prepared | Rejected:
        """The operation asked for, if it may be run; nothing has run yet."""
        document = self.documents.find(asked, view)
        if isinstance(document, Rejected):
            return document
        operation = document.operation(asked.operation_name)
        if isinstance(operation, Rejected):
            return operation
        refusal = _refusal(operation, document.graph, is_stranger=is_stranger)
        return Prepared(asked, document, operation) if refusal is None else Rejected((refusal,))

    async def run(self, prepared: Prepared, context: Context, *, event: object = None) -> Executed:
        """Runs a query or mutation, or answers one `event` of a subscription, under the context's deadline."""
        running = execute(
            prepared.document.graph,
            prepared.document.tree,
            root_value=event,
            context_value=context,
            variable_values=dict(prepared.asked.variables),
            operation_name=prepared.asked.operation_name,
            middleware=self._middleware,
            hide_suggestions=True,
        )
        result = await running if inspect.isawaitable(running) else running
        assert isinstance(result, ExecutionResult)  # noqa: S101 - neither @defer nor @stream is in the schema
        return _executed(result)

    async def events(self, prepared: Prepared, context: Context) -> AsyncIterator[object] | Executed:
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
        return _executed(begun) if isinstance(begun, ExecutionResult) else aiter(begun)


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
