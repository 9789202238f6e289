"""Subscriptions over multipart HTTP in version 1.0, as Apollo's clients for iOS, Kotlin and the web ask for them.

A part is read when the boundary behind it has come, so each is sent with the boundary that the next one begins with.
"""

import orjson

from gateway.http.streaming.ending import Notice
from gateway.http.streaming.stream import Transport

MEDIA_TYPE = "multipart/mixed"
VERSION = ("subscriptionspec", "1.0")
"""The parameter of the media type, in lower case, that a client names the protocol with."""

_BOUNDARY = b"\r\n--graphql"


def _part(content: bytes) -> bytes:
    return b"\r\nContent-Type: application/json\r\n\r\n" + content + _BOUNDARY


class MultipartSubscription:
    """A part for each answer; what concerns the stream stands beside the payload, not in it."""

    transport = Transport.MULTIPART
    content_type = f'{MEDIA_TYPE};boundary="graphql";subscriptionSpec=1.0'
    heartbeat_seconds = 5.0
    heartbeat = _part(b"{}")
    opening = _BOUNDARY + heartbeat
    closing = b"--\r\n"

    def answer(self, encoded: bytes) -> bytes:
        """A part with a payload."""
        return _part(b'{"payload":' + encoded + b"}")

    def farewell(self, notice: Notice) -> bytes:
        """A part with an error of the stream, and the end."""
        return _part(orjson.dumps({"payload": None, "errors": [notice.error]})) + self.closing
