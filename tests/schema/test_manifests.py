"""Manifests of three kinds of clients are read, each hash is checked, and what is no manifest is refused whole."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.schema.manifests import (
    MAX_DOCUMENTS,
    MAX_MANIFEST_BYTES,
    Listed,
    ManifestError,
    documents_in,
    hash_of,
    is_hash,
)

TEXT = "query Home { viewer { roles } } # é"
SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()
SHA1 = hashlib.sha1(TEXT.encode(), usedforsecurity=False).hexdigest()
MD5 = hashlib.md5(TEXT.encode(), usedforsecurity=False).hexdigest()


def apollo(*operations: Any, **changes: Any) -> dict[str, Any]:
    """A manifest as `generate-persisted-query-manifest` writes it."""
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": list(operations), **changes}


HOME = {"id": SHA256, "name": "Home", "type": "query", "body": TEXT}


@pytest.mark.parametrize(
    ("manifest", "listed"),
    [
        (apollo(HOME), Listed(SHA256, "Home", TEXT)),
        (apollo({"id": SHA256, "body": TEXT}), Listed(SHA256, "operation 1", TEXT)),
        ({f"sha256:{SHA256}": TEXT}, Listed(SHA256, f"sha256:{SHA256[:13]}", TEXT)),
        ({SHA256: TEXT}, Listed(SHA256, SHA256[:20], TEXT)),
        ({SHA1: TEXT}, Listed(SHA1, SHA1[:20], TEXT)),
        ({MD5: TEXT}, Listed(MD5, MD5[:20], TEXT)),
    ],
    ids=["Apollo", "Apollo without a name", "client preset", "Relay", "Relay by SHA-1", "Relay by MD5"],
)
def test_each_format_is_read(manifest: Any, listed: Listed) -> None:
    """The documents come with the ids by which their clients ask for them."""
    assert documents_in(json.dumps(manifest).encode()) == [listed]


NO_ID = "its id is not the hash of its text in lower-case hexadecimal digits"
NOT_APOLLO = "its format is not apollo-persisted-query-manifest of version 1"
REFUSED: list[tuple[Any, str]] = [
    ([], "it is not a JSON object"),
    (apollo(format="other"), NOT_APOLLO),
    (apollo(version=2), NOT_APOLLO),
    (apollo(operations={}), NOT_APOLLO),
    (apollo(HOME, "Home"), "operation 2 is not an object"),
    (apollo(HOME | {"id": "Home"}), f"Home: {NO_ID}"),
    (apollo(HOME | {"id": None}), f"Home: {NO_ID}"),
    (apollo(HOME | {"id": SHA256.upper()}), f"Home: {NO_ID}"),
    (apollo(HOME | {"body": None}), "Home: its text is missing"),
    (apollo(HOME | {"body": TEXT + " "}), "Home: its id is the hash of another text"),
    ({f"sha256:{SHA256}": TEXT + " "}, f"sha256:{SHA256[:13]}: its id is the hash of another text"),
    ({MD5: TEXT + " "}, f"{MD5[:20]}: its id is the hash of another text"),
    ({MD5: {}}, f"{MD5[:20]}: its text is missing"),
    ({"Home": TEXT}, f"Home: {NO_ID}"),
    ({hash_of(str(n), like=MD5): str(n) for n in range(MAX_DOCUMENTS + 1)}, "a manifest has at most 1000 documents"),
]


@pytest.mark.parametrize(("manifest", "reason"), REFUSED, ids=map(str, range(len(REFUSED))))
def test_what_is_no_manifest_is_refused(manifest: Any, reason: str) -> None:
    """One fault, and nothing of the file counts; the sentence names the document and repeats none of its text."""
    with pytest.raises(ManifestError) as raised:
        documents_in(json.dumps(manifest).encode())

    assert str(raised.value) == reason


def test_a_manifest_of_the_largest_number_is_read() -> None:
    """The limit itself is still allowed."""
    manifest = {hash_of(str(n), like=MD5): str(n) for n in range(MAX_DOCUMENTS)}

    assert len(documents_in(json.dumps(manifest).encode())) == MAX_DOCUMENTS


def test_a_file_that_is_too_large_is_not_decoded() -> None:
    """Its size is told, whatever stands in it."""
    whole = json.dumps({SHA256: TEXT}).encode()
    assert len(documents_in(whole.ljust(MAX_MANIFEST_BYTES))) == 1

    with pytest.raises(ManifestError, match=r"^a manifest is at most 5000000 bytes$"):
        documents_in(b"{}".ljust(MAX_MANIFEST_BYTES + 1))


@given(manifest=st.binary(max_size=200))
def test_no_bytes_break_the_reading(manifest: bytes) -> None:
    """Refused with a sentence of ours, never anything else."""
    with pytest.raises(ManifestError, match=r"^it |: its "):
        documents_in(manifest)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SHA256, True),
        (SHA1, True),
        (MD5, True),
        (MD5 + "0", False),
        (MD5.upper(), False),
        ("", False),
        ("é" * 32, False),
    ],
)
def test_a_hash_is_known_by_its_length_and_digits(text: str, expected: bool) -> None:
    """Of three kinds, and nothing else."""
    assert is_hash(text) is expected


def test_a_text_is_not_shown_where_a_listed_document_is() -> None:
    """A log or a traceback that shows one repeats nothing of it."""
    assert TEXT not in repr(Listed(SHA256, "Home", TEXT))


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (b"{}", "lists no documents"),
        (b'{"format": "apollo-persisted-query-manifest", "version": 1, "operations": []}', "lists no documents"),
        (b'{"operations": [], "operations": []}', "says something twice"),
        (b'{"a": {"b": 1, "b": 1}}', "says something twice"),
    ],
)
def test_a_manifest_that_would_shut_everybody_out_is_refused(manifest: bytes, message: str) -> None:
    """A build that failed softly writes such a file; to take it would be an outage that is logged as a success."""
    with pytest.raises(ManifestError, match=message):
        documents_in(manifest)
