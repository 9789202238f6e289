"""Parts of files, against a model that counts bytes one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.demo.documents.ranges import OutsideFileError, Part, asked_part, is_known

ETAG = '"abc"'
VALIDATORS = frozenset({ETAG, "Mon, 26 Oct 2026 21:15:00 GMT"})
SIZE = 100


def asked(value: str, **headers: str) -> Part | None:
    """What `Range: value` asks of a file of a hundred bytes."""
    return asked_part({"range": value} | headers, size=SIZE, validators=VALIDATORS)


def chosen_by_model(first: int | None, last: int | None, size: int) -> list[int]:
    """The places of the bytes that a range means, found one by one."""
    if first is None:
        return [place for place in range(size) if size - place <= (last or 0)]
    return [place for place in range(size) if first <= place <= (size if last is None else last)]


numbers = st.integers(min_value=0, max_value=140)


@given(first=st.none() | numbers, last=st.none() | numbers, size=st.integers(min_value=1, max_value=120))
def test_a_range_means_the_bytes_it_names(first: int | None, last: int | None, size: int) -> None:
    """First to last, from first on, or the last few: exactly those bytes that exist."""
    value = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    backwards = first is not None and last is not None and last < first
    expected = chosen_by_model(first, last, size)

    if backwards or (first is None and last is None):
        assert asked_part({"range": value}, size=size, validators=VALIDATORS) is None
    elif not expected:
        with pytest.raises(OutsideFileError):
            asked_part({"range": value}, size=size, validators=VALIDATORS)
    else:
        assert asked_part({"range": value}, size=size, validators=VALIDATORS) == Part(expected[0], expected[-1])


@pytest.mark.parametrize(
    "value",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=0-1,5-6",
        "lines=0-1",
        "bytes=5-2",
        "bytes=١-٢",
        pytest.param(f"bytes=0-{'9' * 5_000}", id="endless"),
    ],
)
def test_what_is_no_single_range_of_bytes_asks_for_all(value: str) -> None:
    """Several ranges, other units, nonsense and endless numbers get the whole file."""
    assert asked(value) is None


def test_a_part_is_only_given_of_the_file_one_knows() -> None:
    """If-Range with the file's ETag or date gives the part; with anything else, all of the file."""
    part = Part(0, 9)

    assert asked("bytes=0-9", **{"if-range": ETAG}) == part
    assert asked("bytes=0-9", **{"if-range": "Mon, 26 Oct 2026 21:15:00 GMT"}) == part
    assert asked("bytes=0-9", **{"if-range": '"other"'}) is None
    assert asked("bytes=0-9", **{"if-range": f"W/{ETAG}"}) is None


@pytest.mark.parametrize(
    ("value", "known"),
    [(ETAG, True), (f'"x", W/{ETAG}', True), ("*", True), ('"x"', False), ("abc", False), ("", False)],
)
def test_a_known_file_is_recognised(value: str, *, known: bool) -> None:
    """If-None-Match holds one tag of several, weak or strong, or the star."""
    assert is_known({"if-none-match": value}, etag=ETAG) is known


def test_no_condition_knows_nothing() -> None:
    """Without If-None-Match the file is sent."""
    assert not is_known({}, etag=ETAG)
