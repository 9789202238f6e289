"""Prints what the pass over a document costs that goes before validation, and how much dearer it can be made."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

from graphql import DocumentNode, GraphQLSchema, GraphQLSyntaxError, parse, validate

from gateway.schema import shape
from gateway.schema.build import build_schema
from gateway.schema.limits import LIMITS, Limit, Limits
from gateway.schema.survey import Surveyor
from gateway.schema.views import View, views
from tests.schema.misshapen import GRAPH, MADE
from tests.support.client import document_of

_FANS, _LEVELS, _LEAVES = (2, 3, 4, 5, 6, 8), (2, 3, 4, 5), (1, 2, 4)


@dataclass(frozen=True, slots=True)
class Passed:
    """Microseconds of one document: of the pass, and of parsing and validating it."""

    pass_us: float
    reading_us: float


def measure_passes(*, repeats: int) -> None:
    """`web_home`, and beside it the dearest of many documents that fit the limits of each tier."""
    graph = views(build_schema())[View.TENANT]
    home = _passed(document_of("web_home"), graph, LIMITS[View.TENANT], repeats)
    _print("web_home", home, home)
    for view in (View.TENANT, View.ANALYST):
        limits = LIMITS[view]
        tries = min(repeats, 3)
        found = [(_pass_us(parse(text), GRAPH, limits, tries), name, text) for name, text in _fitting(limits)]
        _, name, text = max(found)
        _print(f"worst {view.name.lower()} ({name})", _passed(text, GRAPH, limits, repeats), home)


def _print(name: str, found: Passed, home: Passed) -> None:
    print(
        f"pass over {name}: {found.pass_us:.0f} us, {found.pass_us / home.reading_us:.0%} of parsing and validating "
        f"web_home, {found.pass_us / found.reading_us:.0%} of its own",
        flush=True,
    )


def _fitting(limits: Limits) -> Iterator[tuple[str, str]]:
    """Names and texts of documents within the limits: as much as there may be of each thing, and fragments in fans."""
    for limit, make in MADE.items():
        text = make(limits.allowed[limit])
        if _fits(text, limits):
            yield limit.value, text
    for fan, levels, leaves in product(_FANS, _LEVELS, _LEAVES):
        text = _fanned(fan, levels, leaves=leaves, limits=limits)
        if _fits(text, limits):
            yield f"fragments {levels} deep, {fan} of each", text


def _fanned(fan: int, levels: int, *, leaves: int, limits: Limits) -> str:
    """Fragments that spread the next one in `fan` fields, at as many roots as the limits leave."""
    size = leaves
    for _ in range(levels):
        size = fan * (size + 2)
    roots = min(limits.allowed[Limit.ROOT_FIELDS], (limits.allowed[Limit.SELECTIONS] - 2) // (size + 2))
    spread = [f"fragment f{level} on Query {{ {_fields(fan, level + 1)} }}" for level in range(levels)]
    bottom = f"fragment f{levels} on Query {{ {' '.join(f'x{leaf}' for leaf in range(leaves))} }}"
    return f"{{ x {_fields(roots - 1, 0)} }} {' '.join(spread)} {bottom}"


def _fields(count: int, fragment: int) -> str:
    return " ".join(f"p{number} {{ ...f{fragment} }}" for number in range(count))


def _fits(text: str, limits: Limits) -> bool:
    try:
        tree = parse(text, max_lexical_tokens=limits.allowed[Limit.TOKENS])
    except GraphQLSyntaxError:
        return False
    return len(text) <= limits.allowed[Limit.SOURCE] and not shape.exceeded(tree, limits)


def _passed(text: str, graph: GraphQLSchema, limits: Limits, repeats: int) -> Passed:
    tree = parse(text)
    reading_us = _fastest_us(lambda: parse(text), repeats) + _fastest_us(lambda: validate(graph, tree), repeats)
    return Passed(_pass_us(tree, graph, limits, repeats), reading_us)


def _pass_us(tree: DocumentNode, graph: GraphQLSchema, limits: Limits, repeats: int) -> float:
    surveyor = Surveyor(graph)
    surveyor.survey(tree)  # fields are looked up once for all documents
    return _fastest_us(lambda: (shape.exceeded(tree, limits), surveyor.survey(tree)), repeats)


def _fastest_us(work: Callable[[], object], repeats: int) -> float:
    """Of several times, because whatever else happens on the machine only ever adds to it."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times) * 1_000_000
