"""GraphQL over Server-Sent Events in the mode of distinct connections: one operation for each request.

Lines end with LF alone: some clients look for exactly two of them between events. The data of `complete` is empty, and
there: without the field a browser's EventSource keeps the event to itself, and one blank would be data to urql.
"""

import orjson

from gateway.http.streaming.ending import Notice
from gateway.http.streaming.stream import Transport

MEDIA_TYPE = "text/event-stream"


class ServerSentEvents:
    """An event for each answer, and one for the end."""

    transport = Transport.SSE
    content_type = f"{MEDIA_TYPE}; charset=utf-8"
    heartbeat_seconds = 12.0
    opening = heartbeat = b":\n\n"
    closing = b"event: complete\ndata:\n\n"

    def answer(self, encoded: bytes) -> bytes:
        """An event `next`; JSON as we write it has no line breaks."""
        return b"event: next\ndata: " + encoded + b"\n\n"

    def farewell(self, notice: Notice) -> bytes:
        """An error and the end; nothing for whoever may return, because clients do so when a stream just breaks off."""
        return b"" if notice.may_return else self.answer(orjson.dumps({"errors": [notice.error]})) + self.closing
