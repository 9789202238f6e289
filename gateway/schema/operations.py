"""Runs GraphQL documents. A document is parsed and validated once, then remembered, up to a bounded number of them."""

import inspect
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
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

MAX_LEXICAL_TOKENS = 4_000
MAX_SOURCE_CHARACTERS = 20_000
MAX_ERRORS = 10
REMEMBERED_DOCUMENTS = 500


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


class Operations:
    """Executor over one schema. `middleware` wraps every resolver; tests use it to make single fields fail."""

    def __init__(self, schema: strawberry.Schema, *, middleware: MiddlewareManager | None = None) -> None:
        self._schema = schema._schema  # noqa: SLF001 - Strawberry has no public way to its graphql-core schema
        self._middleware = middleware
        self._documents: OrderedDict[str, _Document] = OrderedDict()

    async def run(self, asked: Asked, context: Context) -> Executed | Rejected:
        """Runs the operation asked for, under the context's deadline."""
        document = self._document(asked.source)
        if document.tree is None or document.errors:
            return Rejected(document.errors)
        operation = get_operation_ast(document.tree, asked.operation_name)
        if operation is None:
            return Rejected((_unknown_operation(document.tree, asked.operation_name),))
        if operation.operation is OperationType.MUTATION and not _is_single_field(operation):
            return Rejected(
                (coded("ONE_MUTATION_PER_REQUEST", "a mutation asks for exactly one field, not in a fragment"),)
            )
        if operation.operation is OperationType.SUBSCRIPTION:
            return Rejected((coded("SUBSCRIPTION_NOT_SUPPORTED", "subscriptions are not offered here"),))
        return await self._execute(document.tree, asked, context)

    async def _execute(self, tree: DocumentNode, asked: Asked, context: Context) -> Executed:
        running = execute(
            self._schema,
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

    def _document(self, source: str) -> _Document:
        known = self._documents.get(source)
        if known is None:
            known = self._read(source)
            self._documents[source] = known
            if len(self._documents) > REMEMBERED_DOCUMENTS:
                self._documents.popitem(last=False)
        self._documents.move_to_end(source)
        return known

    def _read(self, source: str) -> _Document:
        if len(source) > MAX_SOURCE_CHARACTERS:
            return _Document(None, (coded("GRAPHQL_DOCUMENT_TOO_LARGE", "the document is too long"),))
        try:
            tree = parse(source, max_lexical_tokens=MAX_LEXICAL_TOKENS, allow_empty_selection_sets=False)
        except GraphQLSyntaxError as error:
            return _Document(None, (_with_code(error, "GRAPHQL_PARSE_FAILED"),))
        errors = validate(
            self._schema, tree, max_errors=MAX_ERRORS, hide_suggestions=True, allow_empty_selection_sets=False
        )
        return _Document(tree, tuple(_with_code(error, "GRAPHQL_VALIDATION_FAILED") for error in errors))


def coded(code: str, message: str) -> GraphQLError:
    """An error of the request as a whole."""
    return GraphQLError(message, extensions={"code": code})


def _with_code(error: GraphQLError, code: str) -> GraphQLError:
    error.extensions = {"code": code}
    return error


def _is_single_field(operation: OperationDefinitionNode) -> bool:
    """Whether the operation does one thing; aliases would let one request guess hundreds of passwords."""
    selections = operation.selection_set.selections
    return len(selections) == 1 and isinstance(selections[0], FieldNode)


def _unknown_operation(tree: DocumentNode, name: str | None) -> GraphQLError:
    count = sum(isinstance(definition, OperationDefinitionNode) for definition in tree.definitions)
    if name is None and count > 1:
        return coded("OPERATION_NAME_REQUIRED", "the document has several operations: operationName tells which to run")
    return coded("OPERATION_NOT_FOUND", "the document has no such operation")
