"""The Range header, one part only; what is not understood means the whole file."""

import pytest

from gateway.http.ranges import asked_part
from gateway.ports.documents import ByteRange


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-499", ByteRange(0, 499)),
        ("bytes=500-", ByteRange(500, None)),
        ("bytes=-500", ByteRange(None, 500)),
        ("bytes=0-0", ByteRange(0, 0)),
        ("bytes = 0 - 9", ByteRange(0, 9)),
        (None, None),
        ("", None),
        ("bytes=-", None),
        ("bytes=", None),
        ("bytes=9-0", None),
        ("bytes=0-1,3-4", None),
        ("bytes=a-b", None),
        ("bytes=٠-٩", None),
        ("Bytes=0-1", ByteRange(0, 1)),
        ("items=0-1", None),
        ("bytes=0-1; x", None),
        ("bytes=" + "9" * 16 + "-", None),
        ("bytes=0--1", None),
    ],
)
def test_one_part_is_understood(header: str | None, part: ByteRange | None) -> None:
    """From, to, both or the last bytes; everything else is ignored, as the standard says."""
    assert asked_part(header) == part
