"""How often documents are read: what a registered one must not cost again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from graphql.language.parser import Parser
from graphql.validation import ValidationContext

from gateway.schema.survey import Surveyor


@contextmanager
def counted() -> Iterator[dict[str, int]]:
    """How often documents are parsed, surveyed for their costs and validated in the block."""
    counts = {"parsed": 0, "planned": 0, "validated": 0}
    patch = pytest.MonkeyPatch()

    def counting(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def counts_and_goes_on(*given: Any, **named: Any) -> Any:
            counts[name] += 1
            return step(*given, **named)

        return counts_and_goes_on

    patch.setattr(Parser, "parse_document", counting("parsed", Parser.parse_document))
    patch.setattr(Surveyor, "survey", counting("planned", Surveyor.survey))
    patch.setattr(ValidationContext, "__init__", counting("validated", ValidationContext.__init__))
    try:
        yield counts
    finally:
        patch.undo()
