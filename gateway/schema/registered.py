"""The documents that clients have registered: read when they are loaded, once for each view, and not again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import GraphQLError, OperationDefinitionNode

from gateway.schema.errors import reason_of
from gateway.schema.limits import Limit, Limits, refusal
from gateway.schema.manifests import Listed
from gateway.schema.reading import Document, Reader, Rejected, sha256_of
from gateway.schema.views import View

Readings = Mapping[View, Document | Rejected]


@dataclass(frozen=True, slots=True)
class Unfit:
    """A document that fits no view: why it does not fit the one that it comes closest to. Nothing of its text."""

    name: str
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name}: {'; '.join(self.reasons)}"


@dataclass(frozen=True, slots=True)
class Registered:
    """What each view makes of each registered document, by its ids: the one it was listed under, and its SHA-256."""

    readings: Mapping[str, Readings] = field(default_factory=dict)
    unfit: tuple[Unfit, ...] = ()

    def find(self, name: str, view: View) -> Document | Rejected | None:
        """What `view` makes of the document with that id; None if there is none."""
        readings = self.readings.get(name)
        return readings[view] if readings else None

    @property
    def count(self) -> int:
        """How many documents these are."""
        return len({id(one) for one in self.readings.values()})


def read_registered(listed: Iterable[Listed], reader: Reader) -> Registered:
    """All of them, read for every view. A document that fits none of them is `unfit`."""
    readings: dict[str, Readings] = {}
    unfit = []
    for one in listed:
        sha256 = sha256_of(one.source)
        read = readings.get(sha256) or _read(one.source, reader)
        readings[sha256] = readings[one.id] = read
        if all(isinstance(reading, Rejected) for reading in read.values()):
            unfit.append(Unfit(one.name, _reasons(one.source, read, reader)))
    return Registered(readings, tuple(unfit))


def _read(source: str, reader: Reader) -> Readings:
    """What each view makes of a document; it fits if it does so with its smallest lists, as far as its cost goes."""
    return {view: _affordable(one, reader.limits[view]) for view, one in reader.read_registered(source).items()}


def _affordable(read: Document | Rejected, limits: Limits) -> Document | Rejected:
    if isinstance(read, Rejected):
        return read
    least = max(_least_cost(read, one) for one in read.tree.definitions if isinstance(one, OperationDefinitionNode))
    if limits.refused(limits.exceeded({Limit.COST: least})):
        return Rejected((refusal(Limit.COST, limits, estimated=least),))
    return read


def _reasons(source: str, readings: Readings, reader: Reader) -> tuple[str, ...]:
    """Why a document does not fit the view that it comes closest to, with the places in its text."""
    rejected = {view: one for view, one in readings.items() if isinstance(one, Rejected)}
    closest = min(rejected, key=lambda view: len(rejected[view].errors))
    again = reader.read(source, closest)
    return tuple(map(_told, (again if isinstance(again, Rejected) else rejected[closest]).errors))


def _least_cost(document: Document, operation: OperationDefinitionNode) -> int:
    """What the operation costs when its variables ask for nothing."""
    return document.cost(operation, {one.variable.name.value: 0 for one in operation.variable_definitions or ()})


def _told(error: GraphQLError) -> str:
    place = f"line {error.locations[0].line}, column {error.locations[0].column}: " if error.locations else ""
    return f"{place}{reason_of(error)}"
