"""Answers put side by side: what each client made of one, and what the gateway gave."""

from typing import Any

_LEFT_OUT = frozenset(
    {"__typename", "fetchedAt", "asOf", "statement", "contextToken", "downloadUrl", "openAt", "reachableNow"}
)
"""What differs from one moment to the next, and the type names that caches ask for."""


def steady(value: Any) -> Any:
    """An answer without what need not be the same."""
    match value:
        case dict():
            return {name: steady(inner) for name, inner in value.items() if name not in _LEFT_OUT}
        case list():
            return [steady(inner) for inner in value]
        case _:
            return value
