"""What a protocol over HTTP makes of a sequence of answers: bytes, and nothing else."""

from typing import Protocol

from gateway.http.streaming.ending import Notice
from gateway.http.streaming.stream import Transport


class Framing(Protocol):
    """One protocol; it remembers nothing."""

    transport: Transport
    content_type: str
    heartbeat_seconds: float
    opening: bytes
    """Comes first, so that the client knows at once that it is connected."""
    heartbeat: bytes
    """Keeps proxies on the way from closing what is silent; it means nothing."""
    closing: bytes
    """Tells that the operation is complete."""

    def answer(self, encoded: bytes) -> bytes:
        """One answer, which is JSON in UTF-8."""
        ...

    def farewell(self, notice: Notice) -> bytes:
        """Tells that the stream ends although the operation does not, `closing` included where it is due."""
        ...
