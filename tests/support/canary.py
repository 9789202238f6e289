"""Finds marked values wherever they come to rest, in any form that software gives a text on its way."""

import base64
import json
import unicodedata
from collections.abc import Iterator, Mapping
from urllib.parse import quote

STEM = "Kanari3Sch4tten"
"""In every marked value, so that one search finds them all; nobody in the demo is called like this."""


def forms(secret: str) -> dict[str, bytes]:
    """The bytes by which `secret` would be found, by the name of the form."""
    return {f"{spelling}, {coding}": found for spelling, text in _spellings(secret) for coding, found in _codings(text)}


def leaks(sinks: Mapping[str, bytes], secrets: Mapping[str, str]) -> list[str]:
    """Which of `secrets` is in which sink, in which form; each by its name, never by its value."""
    sought = {(name, form): found for name, secret in secrets.items() for form, found in forms(secret).items()}
    return [
        f"{name} in {sink} ({form})"
        for sink, content in sinks.items()
        for (name, form), found in sought.items()
        if found in content
    ]


def _spellings(secret: str) -> Iterator[tuple[str, str]]:
    yield "as it is", secret
    yield "decomposed", unicodedata.normalize("NFD", secret)
    yield "backwards", secret[::-1]
    yield "upper case", secret.upper()
    yield "lower case", secret.lower()


def _codings(text: str) -> Iterator[tuple[str, bytes]]:
    utf8 = text.encode()
    yield "plain", utf8
    yield "latin-1", text.encode("latin-1", "replace")
    yield "utf-16", text.encode("utf-16-le")
    yield "in a URL", quote(text, safe="").encode()
    yield "in JSON", json.dumps(text)[1:-1].encode()
    yield "hexadecimal", utf8.hex().encode()
    for offset in range(3):
        inside = _inside_base64(utf8, offset=offset)
        yield f"base64 from {offset}", inside
        yield f"base64 for URLs from {offset}", inside.translate(bytes.maketrans(b"+/", b"-_"))


def _inside_base64(content: bytes, *, offset: int) -> bytes:
    """What `content` looks like in base64 when `offset` bytes, of three, stand before it: whole characters only."""
    coded = base64.b64encode(bytes(offset) + content)
    first, last = -(-offset * 8 // 6), (offset + len(content)) * 8 // 6
    return coded[first:last]
