"""Whatever somebody could send to a GraphQL endpoint: requests as bytes, from nearly right to absurd."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.operations.catalogue import OPERATIONS
from tests.support.client import SIGN_IN

KNOWN = [*(operation.document for operation in OPERATIONS), SIGN_IN, "{ __typename }", "subscription { __typename }"]
_WORDS = (
    *("{", "}", "(", ")", "[", "]", "...", "on", "query", "mutation", "subscription", "fragment", ":", "=", "!", "$"),
    *("@skip(if: true)", "@include(if: $no)", "@defer", '"', '"""', "#", "\u2028", "\ufeff", "\x00", "1e999", "-0"),
    *("viewer", "tenant", "leases", "rentalAccount", "balance", "node", "nodes", "signIn", "__schema", "__type", "id"),
)
_KEYS = ("query", "variables", "operationName", "extensions", "documentId", "doc_id", "id", "persistedQuery", "x")


@dataclass(frozen=True, slots=True)
class Sending:
    """One request; `head` has neither its end nor what frames the body, and not who sends it."""

    head: str
    body: bytes
    sender: str = "STRANGER"

    def framed(self, host: str, *, bearer: str | None) -> bytes:
        """The bytes on the wire, the length of the body told as it is, the connection to be closed after it."""
        shown = f"Authorization: Bearer {bearer}\r\n" if bearer else ""
        told = f"{self.head}{shown}Host: {host}\r\nConnection: close\r\nContent-Length: {len(self.body)}\r\n\r\n"
        return told.encode("utf-8", "surrogatepass") + self.body


def _mutated(text: str) -> SearchStrategy[str]:
    """`text` with a stretch of it taken out, said twice, or something put in its place."""
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    return st.builds(
        lambda place, put, often: text[: place[0]] + put + text[place[0] : place[1]] * often + text[place[1] :],
        places,
        st.sampled_from(_WORDS),
        st.integers(0, 3),
    )


def _nested(depth: int, field: str) -> str:
    return "{" + f"{field} {{ " * depth + "__typename" + " }" * depth + "}"


def _doubling(fragments: int) -> str:
    chain = " ".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(fragments))
    return f"{{ ...f0 }} {chain} fragment f{fragments} on Query {{ __typename }}"


def _aliased(count: int, field: str) -> str:
    return "{" + " ".join(f"a{n}: {field}" for n in range(count)) + "}"


_FIELDS = st.sampled_from(["viewer", "tenant", "leases", "__typename", "__schema", "nodes(ids: [1])", "offices"])

DOCUMENTS: SearchStrategy[str] = st.one_of(
    st.sampled_from(KNOWN).flatmap(_mutated),
    st.lists(st.sampled_from(_WORDS), max_size=60).map(" ".join),
    st.text(max_size=80),
    st.builds(_nested, st.integers(1, 3_000), _FIELDS),
    st.builds(_doubling, st.integers(1, 40)),
    st.builds(_aliased, st.integers(1, 5_000), _FIELDS),
)

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**18, max_value=10**30),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    DOCUMENTS,
)
_VALUES: SearchStrategy[object] = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(_KEYS) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=6,
)
_QUESTIONS = st.fixed_dictionaries(
    {"query": DOCUMENTS | _VALUES},
    optional={key: _VALUES for key in _KEYS if key != "query"},
)

BODIES: SearchStrategy[bytes] = st.one_of(
    _QUESTIONS.map(lambda question: json.dumps(question).encode()),
    _QUESTIONS.map(lambda question: json.dumps(question, ensure_ascii=False).encode("utf-8", "surrogatepass")),
    _VALUES.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=60),
    st.builds(lambda depth, bracket: bracket * depth, st.integers(1, 40_000), st.sampled_from([b"[", b'{"a":', b'"'])),
    st.builds(
        lambda digits: b'{"query":"{__typename}","variables":{"a":' + b"9" * digits + b"}}", st.integers(1, 6_000)
    ),
    st.sampled_from(KNOWN).map(lambda text: json.dumps({"query": text}).encode("utf-16")),
    st.sampled_from(KNOWN).map(lambda text: b"\xef\xbb\xbf" + json.dumps({"query": text}).encode()),
    st.sampled_from([b"", b"NaN", b'{"query": NaN}', b'{"query":"{__typename}","query":1}', b"x" * 150_000]),
)

_TOKENS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=30)
_TYPES = (
    *("application/json", "application/json; charset=utf-8", "application/json; charset=utf-16", "text/plain"),
    *("application/graphql", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""),
)
_ACCEPTED = (
    *("*/*", "application/json", "application/graphql-response+json", "text/event-stream", "text/html", ";;,q=", ""),
    *("application/json;q=0, */*;q=0.1", "multipart/mixed;boundary=graphql;subscriptionSpec=1.0", "a/b;q=nan"),
)
_HEADERS = st.one_of(
    st.sampled_from(_TYPES).map(lambda value: ("Content-Type", value)),
    st.sampled_from(_ACCEPTED).map(lambda value: ("Accept", value)),
    st.tuples(st.just("Authorization"), st.builds("Bearer {}".format, _TOKENS) | _TOKENS),
    st.tuples(st.just("Cookie"), st.builds("__Host-gw_sid={}".format, _TOKENS) | _TOKENS),
    st.tuples(st.just("Origin"), st.sampled_from(["null", "https://evil.example.org", "x"])),
    st.tuples(st.just("X-GW-Client"), _TOKENS),
    st.tuples(st.sampled_from(["apollographql-client-name", "apollographql-client-version", "traceparent"]), _TOKENS),
    st.tuples(st.sampled_from(["Accept-Language", "X-Forwarded-For", "Sec-Fetch-Site", "Expect"]), _TOKENS),
    st.tuples(_TOKENS.filter(str.isalnum).map("x-{}".format), _TOKENS),
)


def _head(method: str, target: str, headers: Sequence[tuple[str, str]]) -> str:
    return f"{method} {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers)


_RIGHT = st.builds(
    _head,
    st.just("POST"),
    st.just("/graphql"),
    st.sampled_from(_ACCEPTED[:3]).map(lambda accepted: [("Content-Type", "application/json"), ("Accept", accepted)]),
)
_POSTS = st.builds(_head, st.just("POST"), st.just("/graphql"), st.lists(_HEADERS, max_size=8))
_OTHERS = st.builds(
    _head,
    st.sampled_from(["GET", "PUT", "DELETE", "OPTIONS", "PATCH", "POST"]),
    st.sampled_from(
        [
            *(
                "/graphql?query={__typename}",
                "/graphql?documentId=1&variables=%7B",
                "/graphql/",
                "/",
                "/readyz",
                "/livez",
            ),
            *("/documents/x", "/documents/%00", "/graphiql", "/staff/callback?state=1", "/graphql?" + "a=b&" * 500),
        ]
    ),
    st.lists(_HEADERS, max_size=8),
)

_SENDERS = st.sampled_from(["STRANGER", "TENANT", "ANALYST"])
_DEEP = st.fixed_dictionaries({"query": DOCUMENTS}).map(lambda question: json.dumps(question).encode())

QUESTIONS: SearchStrategy[Sending] = st.builds(Sending, _RIGHT, _DEEP, _SENDERS)
"""Requests that are right but for their document."""

SENDINGS: SearchStrategy[Sending] = st.one_of(
    st.builds(Sending, _RIGHT, BODIES, _SENDERS),
    st.builds(Sending, _POSTS, BODIES),
    st.builds(Sending, _OTHERS, BODIES),
)
"""Requests of which only the frame is right, so that each must be answered."""
