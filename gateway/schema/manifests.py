"""Manifests: the files in which the build of a client lists the documents that it will send.

    Apollo          {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{id, name, type, body}]}
    client-preset   {"sha256:<64 digits>": text}       of GraphQL Code Generator; also without the prefix, and SHA-1
    Relay           {"<digits>": text}                 MD5 unless the compiler is told SHA-1 or SHA-256

In each, a document's id is the hash of its text, which is checked. MD5 and SHA-1 only name documents that a build of
the landlord's has listed; nothing is trusted for its hash.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import orjson

MAX_MANIFEST_BYTES = 5_000_000
MAX_DOCUMENTS = 1_000
"""In one manifest: each is read for every view, in some milliseconds."""

_APOLLO = "apollo-persisted-query-manifest"
_HEXADECIMAL = re.compile(r"[0-9a-f]+")
_HASHES: dict[int, Callable[[bytes], "hashlib._Hash"]] = {
    32: lambda text: hashlib.md5(text, usedforsecurity=False),
    40: lambda text: hashlib.sha1(text, usedforsecurity=False),
    64: hashlib.sha256,
}


class ManifestError(ValueError):
    """The file is no manifest. The sentence names the document at fault, and nothing of its text."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A document of a manifest: `id` is the hash of `source`, `name` is for people."""

    id: str
    name: str
    source: str = field(repr=False)


def is_hash(text: str) -> bool:
    """Whether a text can be the hash of a document: MD5, SHA-1 or SHA-256 in lower-case hexadecimal digits."""
    return len(text) in _HASHES and _HEXADECIMAL.fullmatch(text) is not None


def hash_of(source: str, *, like: str) -> str:
    """The hash of a document's text, made as the hash `like` is."""
    return _HASHES[len(like)](source.encode(errors="surrogatepass")).hexdigest()


def documents_in(manifest: bytes) -> list[Listed]:
    """The documents that a manifest of any format lists, each hash checked. Raises ManifestError."""
    if len(manifest) > MAX_MANIFEST_BYTES:
        raise ManifestError(f"a manifest is at most {MAX_MANIFEST_BYTES} bytes")
    root = _read(manifest)
    listed = [_checked(*entry) for entry in (_of_apollo(root) if "format" in root else _of_mapping(root))]
    if len(listed) > MAX_DOCUMENTS:
        raise ManifestError(f"a manifest has at most {MAX_DOCUMENTS} documents")
    if not listed:
        raise ManifestError("it lists no documents, so nobody could ask for anything")
    return listed


def _read(manifest: bytes) -> dict[str, object]:
    """The JSON object; nothing in it is said twice, for of two lists of documents one would be lost."""
    try:
        orjson.loads(manifest)  # strict, where the other is not: of its encoding, and of what is a number
        root = json.loads(manifest, object_pairs_hook=_without_repetition)
    except orjson.JSONDecodeError:
        raise ManifestError("it is not JSON in UTF-8") from None
    if not isinstance(root, dict):
        raise ManifestError("it is not a JSON object")
    return root


def _without_repetition(members: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(members)) < len(members):
        raise ManifestError("it says something twice")
    return dict(members)


def _of_apollo(root: dict[str, object]) -> Iterator[tuple[object, object, object]]:
    """Id, name and text of each operation, unchecked."""
    operations = root.get("operations")
    if root["format"] != _APOLLO or root.get("version") != 1 or not isinstance(operations, list):
        raise ManifestError(f"its format is not {_APOLLO} of version 1")
    for place, one in enumerate(operations, start=1):
        if not isinstance(one, dict):
            raise ManifestError(f"operation {place} is not an object")
        yield one.get("id"), one.get("name") or f"operation {place}", one.get("body")


def _of_mapping(root: dict[str, object]) -> Iterator[tuple[object, object, object]]:
    for name, source in root.items():
        yield name.removeprefix("sha256:"), name[:20], source


def _checked(name: object, shown: object, source: object) -> Listed:
    if not isinstance(name, str) or not is_hash(name):
        raise ManifestError(f"{shown}: its id is not the hash of its text in lower-case hexadecimal digits")
    if not isinstance(source, str):
        raise ManifestError(f"{shown}: its text is missing")
    if hash_of(source, like=name) != name:
        raise ManifestError(f"{shown}: its id is the hash of another text")
    return Listed(name, str(shown), source)
