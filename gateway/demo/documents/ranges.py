"""Which part of a file a request asks for (RFC 9110, §13 and §14). One part only: of several we send all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=\s*(?:(?P<first>[0-9]{1,18})-(?P<last>[0-9]{0,18})|-(?P<suffix>[0-9]{1,18}))\s*")


class OutsideFileError(Exception):
    """The part asked for has no byte in common with the file."""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes `first` to `last`, both included."""

    first: int
    last: int


def asked_part(headers: Mapping[str, str], *, size: int, validators: frozenset[str]) -> Part | None:
    """The part of a file of `size` bytes that a GET asks for; None for all of it. OutsideFileError for no byte.

    `validators` are the values of If-Range that stand for the file as it is: its strong ETag, its date.
    """
    found = _ONE_RANGE.fullmatch(headers.get("range", ""))
    if found is None or not _is_current(headers, validators):
        return None
    if found["suffix"] is not None:
        part = Part(max(size - int(found["suffix"]), 0), size - 1)
    else:
        part = Part(int(found["first"]), min(int(found["last"] or size), size - 1))
    if found["last"] and int(found["last"]) < int(found["first"]):
        return None
    if part.first > part.last:
        raise OutsideFileError
    return part


def is_known(headers: Mapping[str, str], *, etag: str) -> bool:
    """Whether If-None-Match says that the client has the file already; weak comparison, as the RFC asks."""
    known = [tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")]
    return "*" in known or etag in known


def _is_current(headers: Mapping[str, str], validators: frozenset[str]) -> bool:
    condition = headers.get("if-range")
    return condition is None or condition in validators
