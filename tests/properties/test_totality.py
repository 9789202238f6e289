"""No rule of the domain fails on a value that its types allow, except where its docstring says « Raises »."""

import builtins
import importlib
import inspect
import pkgutil
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import domain
from gateway.domain.period import YearMonth
from tests.properties import strategies

pytestmark = pytest.mark.thorough

Rule = Callable[..., object]

# What docstrings bound and types cannot: today is a day that a clock shows, and callers bound a range.
CLOCK_INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given
BOUNDED: dict[str, st.SearchStrategy[Any]] = {
    "created_at": CLOCK_INSTANTS,
    "credential_set_at": CLOCK_INSTANTS,
    "renewal_due.now": CLOCK_INSTANTS,
    "due_on.now": CLOCK_INSTANTS,
    "grace": st.timedeltas(timedelta(0), timedelta(days=366)),
    "anniversary.years": st.integers(0, 200),
    "today": strategies.clock_days,
    "first_day": strategies.current_days,
    "last_day": strategies.current_days,
    "series.months": st.none() | st.tuples(strategies.months_of_a_decade, strategies.months_of_a_decade),
}


def public_rules() -> Iterator[tuple[str, Rule]]:
    """Every public function, method and property that the domain defines, by its name within the domain."""
    for found in pkgutil.iter_modules(domain.__path__, f"{domain.__name__}."):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isclass(value) and is_dataclass(value):
                yield from methods(value)
            elif inspect.isfunction(inspect.unwrap(value)):
                yield name, value


def methods(kind: type) -> Iterator[tuple[str, Rule]]:
    """The public methods and properties of a class, as functions of an instance."""
    for name, member in vars(kind).items():
        rule = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if not name.startswith("_") and inspect.isfunction(rule):
            yield f"{kind.__name__}.{name}", rule


RULES = dict(public_rules())


@st.composite
def calls(draw: st.DrawFn, name: str) -> inspect.BoundArguments:
    """Arguments of any value that the rule's types allow."""
    rule = inspect.unwrap(RULES[name])
    owner = getattr(importlib.import_module(rule.__module__), name.split(".", maxsplit=1)[0])
    known = {**BOUNDED, "self": st.from_type(owner), "cls": st.just(owner)}
    hints, drawn = get_type_hints(rule), OrderedDict[str, Any]()
    for parameter in inspect.signature(rule).parameters.values():
        bounded = known.get(f"{name}.{parameter.name}", known.get(parameter.name))
        drawn[parameter.name] = draw(st.from_type(hints[parameter.name]) if bounded is None else bounded)
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            drawn[parameter.name] = (drawn[parameter.name],)
    return inspect.BoundArguments(inspect.signature(rule), drawn)


def documented_errors(rule: Rule) -> list[type[Exception]]:
    """Errors that the docstring announces."""
    return [getattr(builtins, name) for name in re.findall(r"Raises (\w+Error)", rule.__doc__ or "")]


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=10)
@given(st.data())
def test_a_rule_answers_whatever_its_types_allow(name: str, data: st.DataObject) -> None:
    """An empty text, an absurd date, a contradiction of the source: an answer all the same."""
    call = data.draw(calls(name))

    with suppress(*documented_errors(RULES[name])):
        RULES[name](*call.args, **call.kwargs)


def test_every_room_of_the_domain_is_tried() -> None:
    """The list of rules is not empty by mistake: some that must be there are."""
    assert {"strike", "series", "alerts", "next_opening", "parse_phones", "YearMonth.plus"} <= RULES.keys()


def test_a_month_beyond_the_calendar_is_the_documented_exception() -> None:
    """An exception that no docstring announced would fail here."""
    assert documented_errors(RULES["YearMonth.plus"]) == [ValueError]
    with pytest.raises(ValueError, match="not a calendar month"):
        YearMonth(9999, 12).plus(1)
