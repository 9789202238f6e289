"""Answers with their opaque tokens opened, so that a test can compare them whole, and a reader can read them."""

from collections.abc import Mapping
from typing import Any

from gateway.schema.seals import Purpose, Seals

_PURPOSES: Mapping[str, Purpose] = {
    "id": Purpose.NODE,
    "cursor": Purpose.CURSOR,
    "endCursor": Purpose.CURSOR,
    "startCursor": Purpose.CURSOR,
    "contextToken": Purpose.CONTEXT,
    "downloadUrl": Purpose.DOWNLOAD,
}


def legible(answer: Any, seals: Seals) -> Any:
    """`answer` with what each token holds, parted by ` | `, in place of the token."""
    match answer:
        case dict():
            return {name: _opened(name, value, seals) for name, value in answer.items()}
        case list():
            return [legible(item, seals) for item in answer]
        case _:
            return answer


def _opened(name: str, value: Any, seals: Seals) -> Any:
    purpose = _PURPOSES.get(name)
    if purpose is None or not isinstance(value, str):
        return legible(value, seals)
    before, slash, token = value.rpartition("/")
    return before + slash + " | ".join(seals.open(purpose, token))
