"""The budget of an execution: where lists are longer than an answer may be, everything ends, and nothing stays."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from graphql import ExecutionResult, build_schema, parse

from gateway.schema.budget import BudgetedExecutor, ResultTooLargeError

TOY = build_schema(
    "type Query { one: Item! gone: Item items: [Item] sure: [Item!]! words: [String!]! grid: [[Int]] slow: Item } "
    "interface Named { name: String } type Item implements Named { name: String items: [Item] words: [String] }"
)
THREE = [{"name": "a", "words": ["x"]}] * 3


async def later(value: Any) -> Any:
    """`value`, in the next turn of the loop."""
    await asyncio.sleep(0)
    return value


def executor(document: str, root: object, *, most_nodes: int) -> BudgetedExecutor:
    """One execution."""
    built = BudgetedExecutor.build(TOY, parse(document), root, most_nodes=most_nodes)
    assert isinstance(built, BudgetedExecutor)
    return built


ROOTS: dict[str, Callable[[], dict[str, Any]]] = {
    "as they are": lambda: {"one": THREE[0], "items": THREE, "sure": THREE, "words": ["x", "y"], "grid": [[1, 2], [3]]},
    "later": lambda: {
        "one": lambda _: later(THREE[0]),
        "items": lambda _: later(THREE),
        "sure": lambda _: [later(one) for one in THREE],
        "words": lambda _: later(["x", "y"]),
        "grid": lambda _: later([[1, 2], [3]]),
    },
    "one by one": lambda: {
        "one": THREE[0],
        "items": (one for one in THREE),
        "sure": (one for one in THREE),
        "words": (one for one in ("x", "y")),
        "grid": ((one for one in row) for row in ([1, 2], [3])),
    },
}

NODES = {
    "{ one { name } }": (1, 1),
    "{ items { name } }": (3, 3),
    "{ sure { name } }": (3, 3),
    "{ words }": (2, 0),
    "{ grid }": (5, 2),
    "{ one { words } items { words } }": (1 + 1 + 3 + 3, 4),
    "{ gone { name } }": (0, 0),
}
"""Of each document the nodes of its answer, and how many of them count as objects: rows of a grid do."""


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("document", NODES)
async def test_an_answer_has_so_many_nodes(document: str, root: str) -> None:
    """As many as it may have are executed, one more is not, however they come; nothing of it is told."""
    nodes, objects = NODES[document]
    just_enough = executor(document, ROOTS[root](), most_nodes=nodes)

    result = await just_enough.run()

    assert isinstance(result, ExecutionResult)
    assert (result.errors, just_enough.objects) == (None, objects)
    if nodes:
        with pytest.raises(ResultTooLargeError):
            await executor(document, ROOTS[root](), most_nodes=nodes - 1).run()


async def test_a_list_that_is_too_long_is_not_begun() -> None:
    """None of its items is looked at, and of one that never ends no more are taken than may be."""
    seen: list[object] = []

    def endless() -> Iterator[dict[str, Any]]:
        while True:
            seen.append(len(seen))
            yield {"name": lambda _: seen.append("name")}

    with pytest.raises(ResultTooLargeError):
        await executor("{ items { name } }", {"items": endless()}, most_nodes=5).run()

    assert seen == [0, 1, 2, 3, 4, 5]


async def test_what_is_under_way_is_ended() -> None:
    """A field beside the list that is too long, which still waits, is cancelled before anybody is told."""
    began, ended = asyncio.Event(), []

    async def slow(_: object) -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("slow")

    async def items(_: object) -> list[Any]:
        await began.wait()
        return THREE

    before = asyncio.all_tasks()
    with pytest.raises(ResultTooLargeError):
        await executor("{ slow { name } items { name } }", {"slow": slow, "items": items}, most_nodes=2).run()

    assert ended == ["slow"]
    assert asyncio.all_tasks() == before


async def test_what_was_about_to_begin_is_ended_too() -> None:
    """When a list that needs no waiting is too long, what was left to be awaited meanwhile is not run to its end."""
    reached = []

    async def slow(_: object) -> None:
        await asyncio.sleep(0)
        reached.append("end")

    before = asyncio.all_tasks()
    with pytest.raises(ResultTooLargeError):
        await executor("{ slow { name } items { name } }", {"slow": slow, "items": THREE}, most_nodes=2).run()

    assert asyncio.all_tasks() == before
    assert reached == []


async def test_what_fails_is_still_null() -> None:
    """Only the end of the budget ends everything."""
    failing = {"items": [{"name": ValueError("no")}, {"name": "b"}], "one": THREE[0]}

    result = await executor("{ items { name } one { name } }", failing, most_nodes=3).run()

    assert result.data == {"items": [{"name": None}, {"name": "b"}], "one": {"name": "a"}}
    assert [error.path for error in result.errors or ()] == [["items", 0, "name"]]
