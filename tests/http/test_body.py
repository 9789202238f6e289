"""A body is read within its bounds, and is exactly one JSON value or refused; never does it break the door."""

import json
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.app import Entrance, application
from gateway.http.asking import asked_in
from gateway.http.body import MAX_BODY_BYTES, MAX_JSON_DEPTH, decode
from gateway.http.refusals import RequestRefusedError
from tests.support.asgi import Exchange
from tests.support.doors import Doors

TYPENAME = b'{"query": "{ __typename }"'


def test_of_a_key_that_comes_twice_the_last_counts() -> None:
    """As in every browser."""
    assert decode(b'{"query": "{ a }", "query": "{ b }"}') == {"query": "{ b }"}


NOT_JSON = "the request is not JSON in UTF-8"
TOO_DEEP = "the request nests deeper than 64 levels"
TOO_LONG = "an integer of the request does not fit into 64 bits"


def with_number(number: str) -> bytes:
    """A request with a variable that is a number."""
    return b'{"query": "{ __typename }", "variables": {"x": %s}}' % number.encode()


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", NOT_JSON),
    "a space": (b" ", NOT_JSON),
    "no JSON": (b"query { a }", NOT_JSON),
    "two objects": (TYPENAME + b"}{}", NOT_JSON),
    "an unfinished object": (TYPENAME, NOT_JSON),
    "invalid UTF-8": (b'{"query": "\xff"}', NOT_JSON),
    "Latin-1": ('{"query": "é"}'.encode("latin-1"), NOT_JSON),
    "UTF-16": ('{"query": "{ a }"}'.encode("utf-16"), NOT_JSON),
    "UTF-16 without a mark": ('{"query": "{ a }"}'.encode("utf-16-le"), NOT_JSON),
    "a byte order mark": (b"\xef\xbb\xbf" + TYPENAME + b"}", NOT_JSON),
    "NaN": (with_number("NaN"), NOT_JSON),
    "infinity": (with_number("1e999"), NOT_JSON),
    "an integer of 5,000 digits": (with_number("9" * 5000), NOT_JSON),
    "an integer of 300 digits": (with_number("9" * 300), TOO_LONG),
    "an integer of 21 digits": (with_number("1" + "0" * 20), TOO_LONG),
    "the first integer past 64 bits": (with_number(str(2**64)), TOO_LONG),
    "the first integer below 64 bits": (with_number(str(-(2**63) - 1)), TOO_LONG),
    "a long integer behind a text": (b'{"a": "\\"", "x": %d}' % 2**64, TOO_LONG),
    "an unpaired surrogate": (TYPENAME + rb', "variables": {"x": "\ud800"}}', NOT_JSON),
    "a surrogate in UTF-8": (b'{"query": "\xed\xa0\x80"}', NOT_JSON),
    "a control character": (b'{"query": "\x00"}', NOT_JSON),
    "lists 65 levels deep": (b"[" * 65 + b"]" * 65, TOO_DEEP),
    "objects 65 levels deep": (b'{"a":' * 65 + b"1" + b"}" * 65, TOO_DEEP),
    "nearly 100,000 levels": (b"[" * (MAX_BODY_BYTES - 1), TOO_DEEP),
    "levels behind an escaped quote": (rb'{"x": "\"", "y": ' + b"[" * 64 + b"]" * 64 + b"}", TOO_DEEP),
    "levels behind two backslashes": (rb'{"x": "\\", "y": ' + b"[" * 64 + b"]" * 64 + b"}", TOO_DEEP),
}


@pytest.mark.parametrize(("body", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_exactly_one_value_is_refused(body: bytes, message: str) -> None:
    """The client learns what is wrong with the form; nothing it sent is repeated."""
    with pytest.raises(RequestRefusedError) as refusal:
        decode(body)

    assert (refusal.value.status, refusal.value.code, str(refusal.value)) == (400, "BAD_JSON", message)


async def test_the_door_answers_what_it_refuses(doors: Doors) -> None:
    """Whatever the bytes are, the answer is 400 in JSON with a stable code."""
    for body, message in REFUSED.values():
        response = await doors.post(None, content=body)

        [error] = response.json()["errors"]
        assert (response.status_code, error["extensions"]["code"], error["message"]) == (400, "BAD_JSON", message)


@pytest.mark.parametrize(
    "number", [str(2**64 - 1), str(-(2**63)), "0.12345678901234567890123", "12345678901234567890123.5", "1e22", "-0"]
)
def test_a_number_that_is_read_as_it_is_meant_passes(number: str) -> None:
    """Integers of 64 bits are exact, and a fraction is none."""
    assert decode(with_number(number)) == json.loads(with_number(number))


def test_long_digits_in_a_text_are_no_number() -> None:
    """A reference of thirty digits is a text."""
    assert decode(b'{"x": "\\\\", "y": "%s"}' % (b"9" * 30)) == {"x": "\\", "y": "9" * 30}


@pytest.mark.parametrize(
    "brackets",
    [
        '"' + "[{" * 500 + '"',
        '"' + r"\"" * 50 + "{" * 500 + '"',
        "[[]]," * 200 + "1",
        "{}," * 200 + "1",
        "[" * 61 + "]" * 61,
    ],
    ids=["in a string", "behind quotes", "side by side", "objects side by side", "64 levels"],
)
def test_brackets_that_do_not_nest_do_not_count(brackets: str) -> None:
    """A long text, or a long list, is not a deep one."""
    values = json.loads(f"[{brackets}]")

    assert decode(f'{{"variables": {{"x": [{brackets}]}}}}'.encode()) == {"variables": {"x": values}}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=20,
)


@given(variables=st.dictionaries(st.text(), json_values))
def test_what_a_json_library_writes_is_read_back(variables: dict[str, object]) -> None:
    """Strictness refuses no honest client, however many brackets and quotes its texts have."""
    body = json.dumps({"query": "{ a }", "variables": variables}).encode()

    try:
        value = decode(body)
    except RequestRefusedError:
        assert depth(variables) >= MAX_JSON_DEPTH
    else:
        assert value == {"query": "{ a }", "variables": variables}


@given(body=st.binary(max_size=300))
def test_no_bytes_break_the_decoding(body: bytes) -> None:
    """Decoded or refused, never anything else."""
    try:
        asked_in(decode(body))
    except RequestRefusedError as refusal:
        assert refusal.status == 400  # noqa: PT017 - most bytes are refused, and some are not


def depth(value: object) -> int:
    """How deep a JSON value nests."""
    match value:
        case dict():
            return 1 + max(map(depth, value.values()), default=0)
        case list():
            return 1 + max(map(depth, value), default=0)
        case _:
            return 0


def padded(size: int) -> bytes:
    """A valid body of exactly `size` bytes."""
    return TYPENAME + b"}" + b" " * (size - len(TYPENAME) - 1)


async def test_a_body_of_the_largest_size_is_served(doors: Doors) -> None:
    """The limit itself is still allowed."""
    response = await doors.post(None, content=padded(MAX_BODY_BYTES))

    assert (response.status_code, response.json()) == (200, {"data": {"__typename": "Query"}})


class Chunks:
    """A body that comes piece by piece, with no length announced; counts what was taken."""

    def __init__(self, count: int) -> None:
        self.pieces = iter([b" " * 10_000] * count)
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Each piece, counted when it is asked for."""
        for piece in self._counted():
            yield piece

    def _counted(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.taken += 1
            yield piece


@pytest.mark.parametrize("length", [str(MAX_BODY_BYTES + 1), "9" * 5000])
async def test_a_body_announced_too_long_is_refused_before_it_is_read(length: str, doors: Doors) -> None:
    """413, and nothing of the body is held; also for a length of five thousand digits."""
    response = await doors.post(None, content=b"{}", headers={"Content-Length": length})

    assert response.status_code == 413
    [error] = response.json()["errors"]
    assert error["extensions"]["code"] == "BODY_TOO_LARGE"
    assert error["message"] == "the body is at most 100000 bytes"


async def test_a_body_that_grows_too_long_is_refused_while_it_comes(doors: Doors) -> None:
    """A client that announces no length is cut off as soon as it has sent too much."""
    chunks = Chunks(50)

    response = await doors.post(None, content=chunks)

    assert (response.status_code, chunks.taken) == (413, 11)
    assert response.json()["errors"][0]["extensions"]["code"] == "BODY_TOO_LARGE"


async def test_a_length_that_is_no_number_does_not_count(doors: Doors) -> None:
    """What is read is measured anyway."""
    response = await doors.post(None, content=TYPENAME + b"}", headers={"Content-Length": "many"})

    assert response.status_code == 200


async def test_a_body_that_comes_too_slowly_is_given_up(doors: Doors) -> None:
    """A client that sends one byte and falls silent is told so, and its connection is not kept."""
    app = application(doors.parts, doors.ports, Entrance(clock=doors.clock, deadline_seconds=0.05))
    exchange = Exchange([{"type": "http.request", "body": b"{", "more_body": True}])

    await exchange.run(app, "/graphql", method="POST", headers=[("Content-Type", "application/json")])

    assert (exchange.status, json.loads(exchange.body)["errors"][0]["extensions"]["code"]) == (408, "BODY_TOO_SLOW")
    assert (b"connection", b"close") in exchange.sent[0]["headers"]
