"""JSON-RPC as Tryton speaks it: questions as bytes, and bytes as the records of an accepted answer.

Fields of a related record come in an object named after the relation and a dot: `party.code` is in `party.`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

import msgspec

from gateway.adapters.upstream import Reply
from gateway.domain.source import Origin
from gateway.ports.answers import Answer, Failed, Seen
from gateway.ports.errors import Call, UpstreamGarbledError, UpstreamRefusedError

# Where a value is wrong, in the words of msgspec: « … - at `$.debit.decimal` ».
_PLACE = re.compile(r"`\$\.?([^`]*)`")
_REFUSAL = re.compile(r"[A-Za-z]{1,40}", re.ASCII)

V = TypeVar("V")


class Keyed(Protocol):
    """A record, or the part of it that tells which key it answers."""

    @property
    def key(self) -> str:
        """One of the keys asked for."""
        ...


K = TypeVar("K", bound=Keyed)
R = TypeVar("R", bound=Keyed)


class Coded(msgspec.Struct, frozen=True):
    """A related record of which only the code is wanted."""

    code: str


class OfParty(msgspec.Struct, frozen=True):
    """The part of a record that tells whose it is."""

    party: Coded = msgspec.field(name="party.")

    @property
    def key(self) -> str:
        """The party."""
        return self.party.code


@dataclass(frozen=True, slots=True)
class Query:
    """The records of `model` that satisfy every clause of `where`, with these `fields` beside their `id`."""

    model: str
    where: tuple[tuple[str, str, object], ...]
    fields: tuple[str, ...]


class SessionLostError(Exception):
    """Tryton does not know our session, or not any more."""


@dataclass(frozen=True, slots=True)
class Found:
    """The records of one answer, each read only when asked for; `origin` says when they were fetched."""

    call: Call
    records: Sequence[msgspec.Raw]
    origin: Origin

    def answers(self, record: type[R], *, keyed: type[K], read: Callable[[list[R]], V]) -> dict[str, Answer[V]]:
        """What `read` makes of the records of each key; a key with one that cannot be read fails alone.

        `keyed` reads the key even then. Raises UpstreamGarbledError for a record that does not tell its key.
        """
        groups: dict[str, list[R]] = {}
        failed: dict[str, Answer[V]] = {}
        for raw in self.records:
            try:
                row = decoded(self.call, raw, of=record)
                groups.setdefault(row.key, []).append(row)
            except UpstreamGarbledError as error:
                failed[decoded(self.call, raw, of=keyed).key] = Failed(error)
        return {key: self._answer(rows, read) for key, rows in groups.items()} | failed

    def _answer(self, rows: list[R], read: Callable[[list[R]], V]) -> Answer[V]:
        try:
            return Seen(read(rows), self.origin)
        except UpstreamGarbledError as error:
            return Failed(error)


class _Envelope(msgspec.Struct, frozen=True):
    result: msgspec.Raw = msgspec.Raw()
    error: list[object] | None = None


def write(method: str, params: Sequence[object]) -> bytes:
    """The body of a question. Values are data inside JSON and stay so."""
    return msgspec.json.encode({"id": 1, "method": method, "params": params})


def write_query(query: Query) -> bytes:
    """The body of a question for records: domain, offset, limit, order, fields, context."""
    return write(f"model.{query.model}.search_read", (query.where, 0, None, None, query.fields, {}))


def read(call: Call, reply: Reply) -> msgspec.Raw:
    """The result in `reply`, not yet decoded.

    Raises SessionLostError; UpstreamRefusedError with the name of Tryton's own error, which comes with status
    200; UpstreamGarbledError.
    """
    if reply.status == 401:
        raise SessionLostError
    envelope = decoded(call, reply.body, of=_Envelope)
    if envelope.error is not None:
        raise UpstreamRefusedError(call, _refusal(envelope.error))
    if not bytes(envelope.result):
        raise UpstreamGarbledError(call, "result")
    return envelope.result


def read_records(call: Call, reply: Reply, *, fetched_at: datetime) -> Found:
    """The records in `reply`; fails as `read` does."""
    records = decoded(call, read(call, reply), of=list[msgspec.Raw])
    # Tryton answers from its live books, and does not say as of when.
    return Found(call, records, Origin(call.system, as_of=None, fetched_at=fetched_at))


def decoded(call: Call, body: bytes | msgspec.Raw, *, of: type[V]) -> V:
    """`body` as a value of type `of`. Raises UpstreamGarbledError naming the field that is none."""
    try:
        return msgspec.json.decode(body, type=of)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        place = _PLACE.search(str(error))
        raise UpstreamGarbledError(call, place[1] if place else "result") from error


def _refusal(error: list[object]) -> str:
    """The class of Tryton's error; its text may quote the books. A `KeyError` shows as the name of a field."""
    match error:
        case [str(name), *_] if _REFUSAL.fullmatch(name):
            return name
        case _:
            return "error"
