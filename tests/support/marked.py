"""Marked values for every argument of the schema, in every way that a client can give or garble them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from tests.schema.ways import Way, some_value, ways
from tests.support.canary import STEM

BIRTH_DATE = "1903-02-17"
PHONE = "+33199007357"
MARKED = {"stem": STEM, "birth date": BIRTH_DATE, "birth date in French": "17/02/1903", "telephone": PHONE[3:]}
"""What to look for: everything that this module marks has one of them inside."""

_SCALARS = {"Date": BIRTH_DATE, "PhoneNumber": PHONE, "EmailAddress": f"{STEM}@example.org"}
_MARKED_KINDS = frozenset({"String", "ID", "Secret"})


@dataclass(frozen=True, slots=True)
class Probe:
    """One request to `/graphql`: what it tries, and its body."""

    name: str
    content: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


def marked(kind: Any, place: str) -> Any:
    """A value of an input type that says where it was given; of every field, also those that may be left out."""
    plain = get_nullable_type(kind)
    if is_list_type(plain):
        return [marked(plain.of_type, place)]
    match plain:
        case GraphQLInputObjectType():
            return {name: marked(one.type, f"{place}-{name}") for name, one in plain.fields.items()}
        case GraphQLEnumType():
            return next(iter(plain.values))
        case _ if plain.name in _MARKED_KINDS:
            return f"{STEM}-{place}-Né57!"
        case _:
            return _SCALARS.get(plain.name, some_value(plain))


def probes(graph: GraphQLSchema, ids: Mapping[str, str]) -> Iterator[Probe]:
    """Every field with arguments, given rightly and wrongly; `ids` are those of objects by the name of their type."""
    for place, way in ways(graph).items():
        if way.steps[-1].field is not None and way.steps[-1].field.args:
            yield from _probes(graph, place.replace(".", ""), way, ids)


def _probes(graph: GraphQLSchema, place: str, way: Way, ids: Mapping[str, str]) -> Iterator[Probe]:
    arguments = {
        f"{name}{number}": (name, one.type)
        for number, step in enumerate(way.steps)
        if step.field
        for name, one in step.field.args.items()
    }
    values = {name: marked(kind, place) for name, (_, kind) in arguments.items()}
    if way.steps[0].name == "node":
        values["id0"] = next((ids[step.name] for step in way.steps if step.name in ids), values["id0"])
    document = _document(graph, way, {name: f"${name}" for name in arguments})
    declared = ", ".join(f"${name}: {kind}" for name, (_, kind) in arguments.items())
    right = {"query": f"{way.root} Marked({declared}) {document}", "variables": values}
    inline = _document(graph, way, {name: _literal(values[name], kind) for name, (_, kind) in arguments.items()})
    body = json.dumps(right).encode()
    yield Probe(f"{place} by variable", body)
    yield Probe(
        f"{place} of another type", _body(right | {"variables": {name: _wrong(values[name]) for name in values}})
    )
    yield Probe(f"{place} in the document", _body({"query": f"{way.root} {inline}"}))
    wrong = _document(graph, way, {name: _literal(_wrong(values[name]), None) for name in arguments})
    yield Probe(f"{place} in the document, of another type", _body({"query": f"{way.root} {wrong}"}))
    yield Probe(f"{place} unquoted", _body({"query": f"{way.root} {inline}".replace('"', "")}))
    yield Probe(f"{place} unclosed", _body({"query": f"{way.root} {inline}"[: -len(inline) // 3]}))
    yield Probe(
        f"{place} cut off", body[: body.rindex(STEM.encode()) + len(STEM)] if STEM.encode() in body else body[:-9]
    )


def _body(root: Mapping[str, object]) -> bytes:
    return json.dumps(root).encode()


def _document(graph: GraphQLSchema, way: Way, given: Mapping[str, str]) -> str:
    """The way's selection, with what is `given` for each argument."""
    text = _selection(graph, way)
    for number, step in reversed(list(enumerate(way.steps))):
        if step.field is None:
            text = f"{{ ... on {step.name} {text} }}"
            continue
        pairs = [f"{name}: {given[f'{name}{number}']}" for name in step.field.args]
        text = f"{{ {step.name}{'(' + ', '.join(pairs) + ')' if pairs else ''} {text} }}"
    return text


def _selection(graph: GraphQLSchema, way: Way) -> str:
    """Everything that the last field answers without being asked for more."""
    last = way.steps[-1].field
    target: GraphQLNamedType | None = get_named_type(last.type) if last else None
    if target is None or is_leaf_type(target):
        return ""
    if not isinstance(target, GraphQLUnionType):
        return "{ __typename }"
    parts = [f"... on {kind.name} {{ {_leaves(kind)} }}" for kind in graph.get_possible_types(target)]
    return f"{{ {' '.join(parts)} }}"


def _leaves(kind: Any) -> str:
    return " ".join(
        ["__typename", *(name for name, one in kind.fields.items() if is_leaf_type(get_named_type(one.type)))]
    )


def _literal(value: Any, kind: Any) -> str:
    """The value as it is written into a document; of no type that it would fit, when there is no `kind`."""
    plain = get_nullable_type(kind) if kind else None
    match value:
        case dict():
            kinds = {name: one.type for name, one in plain.fields.items()} if plain else {}
            return "{" + ", ".join(f"{name}: {_literal(one, kinds.get(name))}" for name, one in value.items()) + "}"
        case list():
            return f"[{', '.join(_literal(one, plain.of_type if plain else None) for one in value)}]"
        case str() if isinstance(plain, GraphQLEnumType):
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)


def _wrong(value: Any) -> Any:
    """Something of another type with the same marks."""
    match value:
        case dict():
            return {name: _wrong(one) for name, one in value.items()}
        case str():
            return {"value": [value, f"{STEM}-wrong"]}
        case _:
            return f"{STEM}-wrong"


def garbled(graph: GraphQLSchema) -> Iterator[Probe]:
    """Bodies that are no request, or carry more than one needs to."""
    secret, kind = f"{STEM}-garbled-Né57!", get_named_type(graph.type_map["SignInInput"])
    document = "mutation SignIn($input: SignInInput!) { signIn(input: $input) { __typename } }"
    root = {"query": document, "variables": {"input": marked(kind, "garbled")}}
    whole = _body(root)
    yield Probe("a batch", b"[" + whole + b"]")
    yield Probe("not a number", whole[:-1] + b', "x": NaN}')
    yield Probe("in UTF-16", whole.decode().encode("utf-16"))
    yield Probe("half a character", whole.replace(b"garbled-password", rb"\ud800"))
    yield Probe("nested too deeply", whole[:-1] + b', "x": ' + b"[" * 100 + b"]" * 100 + b"}")
    yield Probe("too large", whole + secret.encode() * 5_000)
    yield Probe("a document too long", _body({"query": f"{{ {'a' * 30_000} }} # {secret}"}))
    yield Probe("no document", _body({"variables": secret, "query": [secret]}))
    yield Probe("variables that are none", _body(root | {"variables": secret}))
    yield Probe("an operation without a name", _body(root | {"operationName": secret}))
    yield Probe("a name that is none", _body(root | {"operationName": {"name": secret}}))
    yield Probe("more than is asked", _body(root | {secret: secret, "extensions": {"persistedQuery": secret}}))
    yield Probe("other variables", _body({"query": "{ sources { system } }", "variables": {"a": secret, secret: "b"}}))
    yield Probe("a remark", _body({"query": f"{{ sources {{ system }} }} # {secret}"}))
    yield Probe("a document that is a password", _body({"query": secret}))
    yield Probe("a name too many", _body({"query": f'{{ sources {{ system }} }} "{secret}" {STEM}'}))
    yield Probe("a bare word", _body({"query": f"{{ sources {{ system }} }} {STEM}"}))
    yield Probe("a default", _body({"query": f'query ($a: Date = "{secret}") {{ viewer {{ roles }} }}'}))
    yield Probe("a directive", _body({"query": f'{{ sources @include(if: "{secret}") {{ system }} }}'}))
    for media_type in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", secret):
        content_type = media_type.encode("ascii", "replace").decode()
        yield Probe(f"as {content_type}", whole, {"Content-Type": content_type})
    yield Probe("in a charset", whole, {"Content-Type": f"application/json; charset={STEM}"})
