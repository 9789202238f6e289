"""Every document that may be asked for, as each view reads it.

Free documents are remembered up to a bound, and only those that fit. Registered ones are read when they are loaded and
stay until others are loaded in their place.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import GraphQLSchema

from gateway.schema.limits import LIMITS, Limits
from gateway.schema.reading import Document, Reader, Rejected, coded, sha256_of
from gateway.schema.registered import Registered
from gateway.schema.views import View

REMEMBERED_DOCUMENTS = 500
REMEMBERED_CHARACTERS = 100_000
"""Of the text of all documents remembered: the tree of one takes up to 350 bytes for each character of its text."""

_NOT_FOUND = Rejected((coded("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound"),))
"""By this very message clients know that they may send the text with its hash."""
_REQUIRED = Rejected((coded("PERSISTED_QUERY_REQUIRED", "only registered documents are served here"),))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asks to be run: a document by its text, by the hash of it, or both, which then agree."""

    source: str | None
    operation_name: str | None
    variables: Mapping[str, object]
    document_id: str | None = None
    """The hash of the text: SHA-256 if it comes with the text, else maybe another that a document is registered by."""
    wants_cost: bool = False
    only_registered: bool = False
    """For requests that may carry no free document, whoever sends them."""


@dataclass(slots=True)
class _Kept:
    """A free document. `characters` is the length of its text, and `is_named` whether its hash alone finds it."""

    document: Document
    characters: int
    is_named: bool = False


class Memory:
    """Free documents by view and hash, bounded in number and in characters; the one used longest ago goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[View, str], _Kept] = OrderedDict()
        self._characters = 0

    def __iter__(self) -> Iterator[tuple[View, str]]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def recall(self, view: View, sha256: str, *, by_name: bool = False) -> Document | None:
        """The document if it is remembered, `by_name` only if its hash alone may find it; it counts as used."""
        kept = self._kept.get((view, sha256))
        if kept is None or (by_name and not kept.is_named):
            return None
        self._kept.move_to_end((view, sha256))
        return kept.document

    def keep(self, view: View, document: Document, *, characters: int) -> None:
        """Remembers a document that is not yet, and forgets others until there is room for it."""
        self._kept[view, document.sha256] = _Kept(document, characters)
        self._characters += characters
        while len(self._kept) > REMEMBERED_DOCUMENTS or self._characters > REMEMBERED_CHARACTERS:
            _, forgotten = self._kept.popitem(last=False)
            self._characters -= forgotten.characters

    def name(self, view: View, sha256: str) -> None:
        """Lets the hash alone find a document that is remembered."""
        self._kept[view, sha256].is_named = True


class Documents:
    """Every document that may be asked for, by the view of who asks. `lookups` counts where those that fit were."""

    def __init__(self, graphs: Mapping[View, GraphQLSchema], limits: Mapping[View, Limits] = LIMITS) -> None:
        self.reader = Reader(graphs, limits)
        self._free = Memory()
        self._registered = Registered()
        self.lookups = Counter[tuple[str, ...]]()

    @property
    def remembered(self) -> int:
        """How many free documents are remembered."""
        return len(self._free)

    def register(self, registered: Registered) -> None:
        """Takes `registered` in the place of all that were; requests under way keep the documents that they have."""
        self._registered = registered

    def known(self, asked: Asked, view: View) -> Document | None:
        """The document asked for, if it has been read for `view` before; it may still not be theirs to send."""
        sha256 = asked.document_id or sha256_of(asked.source or "")
        registered = self._registered.find(sha256, view)
        return registered if isinstance(registered, Document) else self._free.recall(view, sha256)

    def find(self, asked: Asked, view: View, *, is_stranger: bool, takes_free: bool) -> Document | Rejected:
        """The document asked for, read for `view`; `takes_free` is whether it may be one that is not registered.

        A text that somebody signed in sends with its hash is found by the hash from then on (automatic persisted
        queries); a stranger's is not.
        """
        sha256 = asked.document_id or sha256_of(asked.source or "")
        registered = self._registered.find(sha256, view)
        if isinstance(registered, Document):
            self.lookups["registered",] += 1
            return registered
        takes_free = takes_free and not asked.only_registered
        if asked.source is None:
            known = self._free.recall(view, sha256, by_name=True) if takes_free else None
            self.lookups["remembered",] += known is not None
            return known or _NOT_FOUND  # what is registered for other views does not exist for this one
        if registered is not None:
            return registered
        if not takes_free:
            return _REQUIRED
        read = self._recalled(asked.source, sha256, view)
        if isinstance(read, Document) and asked.document_id and not is_stranger:
            self._free.name(view, sha256)
        return read

    def _recalled(self, source: str, sha256: str, view: View) -> Document | Rejected:
        """A free document, from memory if it is there, else read and remembered if it fits."""
        known = self._free.recall(view, sha256)
        if known is not None:
            self.lookups["remembered",] += 1
            return known
        read = self.reader.read(source, view)
        if isinstance(read, Document):
            self.lookups["read",] += 1
            self._free.keep(view, read, characters=len(source))
        return read
