"""Reads documents: each parsed, measured and validated against the view of whoever asks, once.

What is refused here has run nothing and is not quoted: a password may be written in it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    parse,
    validate,
)

from gateway.schema import credentials, shape
from gateway.schema.limits import Limit, Limits, refusal
from gateway.schema.survey import Planned, Survey, Surveyor
from gateway.schema.views import INTROSPECTABLE, View

MAX_ERRORS = 10


@dataclass(frozen=True, slots=True)
class Rejected:
    """Nothing ran: the document cannot be read, or does not fit the schema, or is not to be run."""

    errors: tuple[GraphQLError, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A document that fits the view it was read for.

    `plans` tell the costs of its operations by their names, and `warned` the limits it exceeds that only warn.
    """

    tree: DocumentNode
    graph: GraphQLSchema
    sha256: str
    takes_credential: bool
    is_registered: bool
    introspects: bool
    plans: Mapping[str | None, Planned]
    warned: tuple[Limit, ...]

    @property
    def nodes_limit(self) -> Limit:
        """The limit of the objects in an answer."""
        return Limit.INTROSPECTION_NODES if self.introspects else Limit.NODES

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

    def gives_credential(self, name: str | None) -> bool:
        """Whether the operation of that name is the one in which the document gives a secret."""
        operation = get_operation_ast(self.tree, name)
        mutations = self.graph.mutation_type
        if operation is None or operation.operation is not OperationType.MUTATION or mutations is None:
            return False
        asked = (one for one in operation.selection_set.selections if isinstance(one, FieldNode))
        return any(credentials.takes_secret(mutations.fields.get(one.name.value)) for one in asked)

    def cost(self, operation: OperationDefinitionNode, variables: Mapping[str, object]) -> int:
        """What an operation of the document is reckoned to cost, by the sizes that lists usually have."""
        return self.plans[operation.name.value if operation.name else None].cost(variables)


class Reader:
    """Reads documents for the views of one schema."""

    def __init__(self, graphs: Mapping[View, GraphQLSchema], limits: Mapping[View, Limits]) -> None:
        self._graphs = graphs
        self._surveyors = {view: Surveyor(graph) for view, graph in graphs.items()}
        self.limits = limits

    def read(self, source: str, view: View) -> Document | Rejected:
        """The document, if it fits the view."""
        tree = _parsed(source, self.limits[view])
        return tree if isinstance(tree, Rejected) else self._fitted(tree, sha256_of(source), view)

    def read_registered(self, source: str) -> Mapping[View, Document | Rejected]:
        """What each view makes of a document that stays: read once for those with the same limits.

        Its nodes do not tell where they stand in the text, which clients do not send; that takes most of the memory.
        """
        sha256 = sha256_of(source)
        trees: dict[int, DocumentNode | Rejected] = {}
        read: dict[View, Document | Rejected] = {}
        for view, limits in self.limits.items():
            if id(limits) not in trees:
                trees[id(limits)] = _parsed(source, limits, no_location=True)
            tree = trees[id(limits)]
            if isinstance(tree, Rejected):
                read[view] = tree
            else:
                read[view] = self._fitted(tree, sha256, view, is_registered=True)
        return read

    def _fitted(
        self, tree: DocumentNode, sha256: str, view: View, *, is_registered: bool = False
    ) -> Document | Rejected:
        limits, graph = self.limits[view], self._graphs[view]
        exceeded = shape.exceeded(tree, limits)
        refused = limits.refused(exceeded)
        if refused:
            return Rejected(tuple(refusal(limit, limits) for limit in refused))
        survey = self._surveyors[view].survey(tree)
        faults = _faults(survey, view) or _misfits(graph, tree)
        if faults:
            return Rejected(faults)
        return Document(
            tree,
            graph,
            sha256,
            survey.takes_credential,
            is_registered,
            survey.introspects,
            survey.plans,
            tuple(exceeded),
        )


def _parsed(source: str, limits: Limits, *, no_location: bool = False) -> DocumentNode | Rejected:
    """The tree of a document whose text is not too much; with `no_location`, without its places in the text."""
    allowed = limits.allowed
    if len(source) > allowed[Limit.SOURCE]:
        return Rejected((refusal(Limit.SOURCE, limits),))
    try:
        return parse(
            source,
            no_location=no_location,
            max_lexical_tokens=allowed[Limit.TOKENS],
            max_comments=allowed[Limit.COMMENTS],
            allow_empty_selection_sets=False,
        )
    except GraphQLSyntaxError as error:
        limit = _limit_of(error)
        return Rejected((refusal(limit, limits) if limit else _with_code(error, "GRAPHQL_PARSE_FAILED"),))


def _limit_of(error: GraphQLSyntaxError) -> Limit | None:
    """The limit at which the parser gave up, which only its message tells."""
    if not error.description.startswith("Document contains more than "):
        return None
    return Limit.COMMENTS if "comments" in error.description else Limit.TOKENS


def _faults(survey: Survey, view: View) -> tuple[GraphQLError, ...]:
    """Why a document is not to be run, whether or not it is valid."""
    if not survey.faults and survey.introspects and view not in INTROSPECTABLE:
        return (coded("INTROSPECTION_NOT_ALLOWED", "the schema is published in schema.graphql"),)
    return credentials.told(survey.faults)


def _misfits(graph: GraphQLSchema, tree: DocumentNode) -> tuple[GraphQLError, ...]:
    """Why a document is not valid."""
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
