"""Runs GraphQL documents, each against the view of whoever asks.

A document that fits a view is parsed and validated once, then remembered, up to a bounded number of them. One that is
refused is forgotten at once: a password may be written in it.
"""

import inspect
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_operation_ast,
    parse,
    validate,
)
from graphql.execution import MiddlewareManager

from gateway.schema.context import Context
from gateway.schema.credentials import credential_faults
from gateway.schema.policy import access_of
from gateway.schema.shape import introspects, shape_faults
from gateway.schema.views import INTROSPECTABLE, View, views

MAX_LEXICAL_TOKENS = 4_000
MAX_SOURCE_CHARACTERS = 20_000
MAX_ERRORS = 10
REMEMBERED_DOCUMENTS = 500
REMEMBERED_CHARACTERS = 100_000
"""Of the text of all documents remembered: the tree of one takes up to 350 bytes for each character of its text."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asks to be run."""

    source: str
    operation_name: str | None
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Executed:
    """The operation ran; `errors` concern single fields, or the variables when `data` is None and none ran."""

    data: dict[str, Any] | None
    errors: tuple[GraphQLError, ...]
    started: bool


@dataclass(frozen=True, slots=True)
class Rejected:
    """Nothing ran: the document cannot be read, or does not fit the schema."""

    errors: tuple[GraphQLError, ...]


@dataclass(frozen=True, slots=True)
class _Document:
    tree: DocumentNode | None
    errors: tuple[GraphQLError, ...]


class _Memory:
    """Documents by view and source, bounded in number and in characters; the one used longest ago goes first."""

    def __init__(self) -> None:
        self._documents: OrderedDict[tuple[View, str], _Document] = OrderedDict()
        self._characters = 0

    def __iter__(self) -> Iterator[tuple[View, str]]:
        return iter(self._documents)

    def recall(self, view: View, source: str) -> _Document | None:
        """The document if it is remembered; it counts as used."""
        known = self._documents.get((view, source))
        if known is not None:
            self._documents.move_to_end((view, source))
        return known

    def keep(self, view: View, source: str, document: _Document) -> None:
        """Remembers a document that is not yet, and forgets others until there is room for it."""
        self._documents[view, source] = document
        self._characters += len(source)
        while len(self._documents) > REMEMBERED_DOCUMENTS or self._characters > REMEMBERED_CHARACTERS:
            (_, forgotten), _ = self._documents.popitem(last=False)
            self._characters -= len(forgotten)


class Operations:
    """Executor over the views of one schema. `middleware` wraps every resolver; tests use it."""

    def __init__(self, schema: strawberry.Schema, *, middleware: MiddlewareManager | None = None) -> None:
        self._views = views(schema)
        self._middleware = middleware
        self._documents = _Memory()

    async def run(self, asked: Asked, context: Context) -> Executed | Rejected:
        """Runs the operation asked for, under the context's deadline."""
        view = context.view
        document = self._document(asked.source, view)
        if document.tree is None or document.errors:
            return Rejected(document.errors)
        operation = get_operation_ast(document.tree, asked.operation_name)
        if operation is None:
            return Rejected((_unknown_operation(document.tree, asked.operation_name),))
        refusal = _refusal(operation, self._views[view], is_stranger=context.session is None)
        if refusal is not None:
            return Rejected((refusal,))
        return await self._execute(self._views[view], document.tree, asked=asked, context=context)

    async def _execute(self, graph: GraphQLSchema, tree: DocumentNode, *, asked: Asked, context: Context) -> Executed:
        running = execute(
            graph,
            tree,
            context_value=context,
            variable_values=dict(asked.variables),
            operation_name=asked.operation_name,
            middleware=self._middleware,
            hide_suggestions=True,
        )
        result = await running if inspect.isawaitable(running) else running
        assert isinstance(result, ExecutionResult)  # noqa: S101 - neither @defer nor @stream is in the schema
        errors = tuple(result.errors or ())
        # graphql-core reports a variable that does not fit before it runs anything: without data and without a path.
        started = result.data is not None or any(error.path for error in errors)
        return Executed(result.data, errors[:MAX_ERRORS], started)

    def _document(self, source: str, view: View) -> _Document:
        known = self._documents.recall(view, source)
        if known is not None:
            return known
        read = self._read(source, view)
        if not read.errors:
            self._documents.keep(view, source, read)
        return read

    def _read(self, source: str, view: View) -> _Document:
        if len(source) > MAX_SOURCE_CHARACTERS:
            return _Document(None, (coded("GRAPHQL_DOCUMENT_TOO_LARGE", "the document is too long"),))
        try:
            tree = parse(source, max_lexical_tokens=MAX_LEXICAL_TOKENS, allow_empty_selection_sets=False)
        except GraphQLSyntaxError as error:
            return _Document(None, (_with_code(error, "GRAPHQL_PARSE_FAILED"),))
        return _Document(tree, self._faults(tree, view))

    def _faults(self, tree: DocumentNode, view: View) -> tuple[GraphQLError, ...]:
        graph = self._views[view]
        faults = shape_faults(tree) or credential_faults(graph, tree)
        if not faults and view not in INTROSPECTABLE and introspects(tree):
            faults = (coded("INTROSPECTION_NOT_ALLOWED", "the schema is published in schema.graphql"),)
        if faults:
            return faults
        errors = validate(graph, tree, max_errors=MAX_ERRORS, hide_suggestions=True, allow_empty_selection_sets=False)
        return tuple(_with_code(error, "GRAPHQL_VALIDATION_FAILED") for error in errors)


def _refusal(operation: OperationDefinitionNode, graph: GraphQLSchema, *, is_stranger: bool) -> GraphQLError | None:
    """Why an operation that fits the view is not run."""
    if operation.operation is OperationType.SUBSCRIPTION:
        return coded("SUBSCRIPTION_NOT_SUPPORTED", "subscriptions are not offered here")
    if operation.operation is OperationType.QUERY:
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


def coded(code: str, message: str) -> GraphQLError:
    """An error of the request as a whole."""
    return GraphQLError(message, extensions={"code": code})


def _with_code(error: GraphQLError, code: str) -> GraphQLError:
    error.extensions = {"code": code}
    return error


def _unknown_operation(tree: DocumentNode, name: str | None) -> GraphQLError:
    count = sum(isinstance(definition, OperationDefinitionNode) for definition in tree.definitions)
    if name is None and count > 1:
        return coded("OPERATION_NAME_REQUIRED", "the document has several operations: operationName tells which to run")
    return coded("OPERATION_NOT_FOUND", "the document has no such operation")
