"""What a request asks for: the head is checked, the parameters read, and what stands in them put into one form.

A document is asked for by its text, by its hash in one of several places, or by both if they agree:

    documentId                              sha256:<64 digits>, or the digits alone     GraphQL over HTTP, appendix
    doc_id                                  the digits alone                            Relay
    extensions.persistedQuery.sha256Hash    the digits alone                            Apollo, urql
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from gateway.http import body
from gateway.http.authentication import require_evidence
from gateway.http.negotiation import GRAPHQL_RESPONSE, JSON
from gateway.http.refusals import RequestRefusedError
from gateway.schema.documents import Asked
from gateway.schema.manifests import hash_of, is_hash
from gateway.schema.operations import Prepared
from gateway.schema.reading import Rejected

MAX_QUERY_BYTES = 8_000
"""Of the query string of a GET: what proxies on the way take, too."""
_MAX_PARAMETERS = 100
_SHA256 = 64
_IN_JSON = frozenset({"variables", "extensions"})
_TAKEN = frozenset({"query", "documentId", "doc_id", "operationName"}) | _IN_JSON


async def asked_of(request: Request, *, seconds: float) -> Asked:
    """What is asked, once its body has come within `seconds`.

    Raises RequestRefusedError: 400, 408, 413, 415; for a GET 403 and 414.
    """
    if request.method != "POST":
        require_evidence(request)
        return _asked_by_get(request.scope["query_string"])
    _check_content_type(request)
    return asked_in(body.decode(await body.read(request, seconds=seconds)))


def asked_in(root: object, *, only_registered: bool = False) -> Asked:
    """What the decoded parameters of a request ask for; unknown ones are ignored.

    Raises RequestRefusedError (400) for anything that is not exactly one request.
    """
    if not isinstance(root, dict):
        raise _bad("a request is one JSON object; batches are not served")
    source, extensions = _text(root, "query"), _object(root, "extensions")
    return Asked(
        source,
        _text(root, "operationName"),
        _object(root, "variables"),
        document_id=_document_id(source, root, extensions),
        wants_cost=extensions.get("cost") is True,
        only_registered=only_registered,
    )


def check_accepted(media_type: str | None) -> None:
    """Raises RequestRefusedError (406) when no media type of ours is accepted."""
    if media_type is None:
        raise RequestRefusedError(406, "NOT_ACCEPTABLE", f"accept {GRAPHQL_RESPONSE} or {JSON}")


def check_method(asked: Asked, prepared: Prepared | Rejected) -> None:
    """Raises RequestRefusedError (405) for a mutation by GET, which must change nothing."""
    if asked.only_registered and isinstance(prepared, Prepared) and prepared.is_mutation:
        raise RequestRefusedError(405, "METHOD_NOT_ALLOWED", "send a mutation by POST", headers={"Allow": "POST"})


def _asked_by_get(query: bytes) -> Asked:
    """A GET stands in histories and logs, so it asks only for documents that are registered, and for no secret."""
    if len(query) > MAX_QUERY_BYTES:
        raise RequestRefusedError(414, "URI_TOO_LONG", f"a query string has at most {MAX_QUERY_BYTES} bytes; POST more")
    root: dict[str, object] = {}
    for name, text in _parameters(query):
        if name in _TAKEN and text:
            if name in root:
                raise _bad(f"{name} is given twice")
            root[name] = body.decode(text.encode()) if name in _IN_JSON else text
    return asked_in(root, only_registered=True)


def _parameters(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query.decode("ascii"), errors="strict", max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        raise _bad("the query string is no form in UTF-8") from None


def _document_id(source: str | None, root: Mapping[str, Any], extensions: Mapping[str, Any]) -> str | None:
    """The hash by which a document is asked for, in whatever form; it must be one, and that of `source`."""
    named = {
        (_text(root, "documentId") or "").removeprefix("sha256:"),
        _text(root, "doc_id") or "",
        _persisted(extensions) or "",
    } - {""}
    if not named and source is None:
        raise _bad("query is the text of a GraphQL document, or documentId the hash of one")
    if not named:
        return None
    [name, *others] = named
    if others:
        raise _bad("the request names two documents")
    if not is_hash(name):
        raise _bad("a document is named by the hash of its text in lower-case hexadecimal digits")
    if source is not None and hash_of(source, like=name) != name:
        raise RequestRefusedError(400, "PERSISTED_QUERY_HASH_MISMATCH", "the hash is that of another document")
    return name if source is None or len(name) == _SHA256 else None


def _persisted(extensions: Mapping[str, Any]) -> str | None:
    persisted = _object(extensions, "persistedQuery")
    if persisted and (persisted.get("version") != 1 or persisted["version"] is True):
        raise _bad("persistedQuery is of version 1")
    return _text(persisted, "sha256Hash")


def _text(root: Mapping[str, Any], name: str) -> str | None:
    """A parameter that is a text; null and nothing are the same, and so is an empty one, which some clients send."""
    value = root.get(name)
    if value is not None and not isinstance(value, str):
        raise _bad(f"{name} is a string or null")
    return value or None


def _object(root: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = root.get(name)
    if value is not None and not isinstance(value, dict):
        raise _bad(f"{name} is an object or null")
    return value or {}


def _check_content_type(request: Request) -> None:
    media_type, *parameters = request.headers.get("content-type", "").split(";")
    charsets = [
        parameter.partition("=")[2].strip(' "').lower()
        for parameter in parameters
        if parameter.strip().lower().startswith("charset=")
    ]
    if media_type.strip().lower() != JSON or any(charset not in ("utf-8", "utf8") for charset in charsets):
        raise RequestRefusedError(415, "UNSUPPORTED_MEDIA_TYPE", f"send {JSON} in UTF-8")


def _bad(message: str) -> RequestRefusedError:
    return RequestRefusedError(400, "BAD_REQUEST", message)
