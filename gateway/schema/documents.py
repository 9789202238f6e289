"""Every document that may be asked for, as each view reads it.

Free documents are remembered up to a bound, and only those that fit. Registered ones are read when they are loaded and
stay until others are loaded in their place.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import GraphQLSchema

from gateway.schema.limits import LIMITS, Limits
from gateway.schema.reading import Document, Reader, Rejected, coded
from gateway.schema.views import View

REMEMBERED_DOCUMENTS = 500
REMEMBERED_CHARACTERS = 100_000
"""Of the text of all documents remembered: the tree of one takes up to 350 bytes for each character of its text."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asks to be run: a document by its text, by the hash of it, or both."""

    source: str | None
    operation_name: str | None
    variables: Mapping[str, object]
    sha256: str | None = None
    """Of the text, 64 lower-case hexadecimal digits."""
    wants_cost: bool = False


class Memory:
    """Free documents by view and source, bounded in number and in characters; the one used longest ago goes first."""

    def __init__(self) -> None:
        self._documents: OrderedDict[tuple[View, str], Document] = OrderedDict()
        self._characters = 0

    def __iter__(self) -> Iterator[tuple[View, str]]:
        return iter(self._documents)

    def recall(self, view: View, source: str) -> Document | None:
        """The document if it is remembered; it counts as used."""
        known = self._documents.get((view, source))
        if known is not None:
            self._documents.move_to_end((view, source))
        return known

    def keep(self, view: View, source: str, document: Document) -> None:
        """Remembers a document that is not yet, and forgets others until there is room for it."""
        self._documents[view, source] = document
        self._characters += len(source)
        while len(self._documents) > REMEMBERED_DOCUMENTS or self._characters > REMEMBERED_CHARACTERS:
            (_, forgotten), _ = self._documents.popitem(last=False)
            self._characters -= len(forgotten)


class Documents:
    """Every document that may be asked for, by the view of who asks."""

    def __init__(self, graphs: Mapping[View, GraphQLSchema], limits: Mapping[View, Limits] = LIMITS) -> None:
        self._reader = Reader(graphs, limits)
        self._free = Memory()

    def find(self, asked: Asked, view: View) -> Document | Rejected:
        """The document asked for, read for `view`."""
        if asked.source is None:
            return Rejected((coded("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound"),))
        known = self._free.recall(view, asked.source)
        if known is not None:
            return known
        read = self._reader.read(asked.source, view)
        if isinstance(read, Document):
            self._free.keep(view, asked.source, read)
        return read
