"""Reads documents: each parsed, measured and validated against the view of whoever asks, once.

What is refused here has run nothing and is not quoted: a password may be written in it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    validate,
)

from gateway.schema.credentials import credential_faults, takes_credential
from gateway.schema.limits import Limits
from gateway.schema.shape import introspects, shape_faults
from gateway.schema.views import INTROSPECTABLE, View

MAX_LEXICAL_TOKENS = 4_000
MAX_SOURCE_CHARACTERS = 20_000
MAX_ERRORS = 10


@dataclass(frozen=True, slots=True)
class Rejected:
    """Nothing ran: the document cannot be read, or does not fit the schema, or is not to be run."""

    errors: tuple[GraphQLError, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A document that fits the view it was read for."""

    tree: DocumentNode
    graph: GraphQLSchema
    sha256: str
    takes_credential: bool
    is_registered: bool = False

    def operation(self, name: str | None) -> OperationDefinitionNode | Rejected:
        """The operation to run; without a name, the only one."""
        found = get_operation_ast(self.tree, name)
        if found is not None:
            return found
        count = sum(isinstance(definition, OperationDefinitionNode) for definition in self.tree.definitions)
        if name is None and count > 1:
            message = "the document has several operations: operationName tells which to run"
            return Rejected((coded("OPERATION_NAME_REQUIRED", message),))
        return Rejected((coded("OPERATION_NOT_FOUND", "the document has no such operation"),))


class Reader:
    """Reads documents for the views of one schema."""

    def __init__(self, graphs: Mapping[View, GraphQLSchema], limits: Mapping[View, Limits]) -> None:
        self._graphs = graphs
        self._limits = limits

    def read(self, source: str, view: View, *, is_registered: bool = False) -> Document | Rejected:
        """The document, if it fits the view."""
        if len(source) > MAX_SOURCE_CHARACTERS:
            return Rejected((coded("GRAPHQL_DOCUMENT_TOO_LARGE", "the document is too long"),))
        try:
            tree = parse(source, max_lexical_tokens=MAX_LEXICAL_TOKENS, allow_empty_selection_sets=False)
        except GraphQLSyntaxError as error:
            return Rejected((_with_code(error, "GRAPHQL_PARSE_FAILED"),))
        faults = self._faults(tree, view)
        if faults:
            return Rejected(faults)
        graph = self._graphs[view]
        return Document(tree, graph, sha256_of(source), takes_credential(graph, tree), is_registered)

    def _faults(self, tree: DocumentNode, view: View) -> tuple[GraphQLError, ...]:
        graph = self._graphs[view]
        faults = shape_faults(tree) or credential_faults(graph, tree)
        if not faults and view not in INTROSPECTABLE and introspects(tree):
            faults = (coded("INTROSPECTION_NOT_ALLOWED", "the schema is published in schema.graphql"),)
        if faults:
            return faults
        errors = validate(graph, tree, max_errors=MAX_ERRORS, hide_suggestions=True, allow_empty_selection_sets=False)
        return tuple(_with_code(error, "GRAPHQL_VALIDATION_FAILED") for error in errors)


def sha256_of(source: str) -> str:
    """The hash by which a document is asked for, in lower-case hexadecimal digits."""
    return hashlib.sha256(source.encode(errors="surrogatepass")).hexdigest()


def coded(code: str, message: str) -> GraphQLError:
    """An error of the request as a whole."""
    return GraphQLError(message, extensions={"code": code})


def _with_code(error: GraphQLError, code: str) -> GraphQLError:
    error.extensions = {"code": code}
    return error
