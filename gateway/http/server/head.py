"""The head of one request while it comes: bounded before it is kept, refused when it could be read in two ways."""

import re

from gateway.http.server import rejections
from gateway.http.server.rejections import RejectedError
from gateway.http.server.terms import MAX_HEADER_BYTES, MAX_HEADERS, MAX_TARGET_BYTES

PIECE_BYTES = 8_192
"""As much is read before it is counted."""
_MAX_BYTES = MAX_TARGET_BYTES + MAX_HEADER_BYTES + PIECE_BYTES
_HOST = re.compile(rb"[A-Za-z0-9._~%:\[\]-]*")


class Head:
    """What has come of a head. Each method raises RejectedError for what is too much, or wrong."""

    __slots__ = ("_bytes", "_codings", "_header_bytes", "_headers", "_hosts", "_length")

    def __init__(self) -> None:
        self._bytes = 0
        self._headers = 0
        self._header_bytes = 0
        self._hosts: list[bytes] = []
        self._codings: list[bytes] = []
        self._length = b"0"

    @property
    def announces_body(self) -> bool:
        """Whether something is to come after the head."""
        return bool(self._codings) or bool(self._length.strip(b"0"))

    @property
    def has_begun(self) -> bool:
        """Whether the client has sent anything of it."""
        return self._bytes > 0

    def take(self, byte_count: int) -> None:
        """So many more bytes have been read and are not yet the end; the parser may hold back a header with them."""
        self._bytes += byte_count
        if self._bytes > _MAX_BYTES:
            raise RejectedError(rejections.HEADERS_TOO_LARGE)

    def check_target(self, target: bytes) -> None:
        """The address asked for, as far as it has come."""
        if len(target) > MAX_TARGET_BYTES:
            raise RejectedError(rejections.TARGET_TOO_LONG)

    def add(self, name: bytes, value: bytes) -> None:
        """One more header."""
        self._headers += 1
        self._header_bytes += len(name) + len(value) + len(b": \r\n")
        if self._headers > MAX_HEADERS or self._header_bytes > MAX_HEADER_BYTES:
            raise RejectedError(rejections.HEADERS_TOO_LARGE)
        match name.lower():
            case b"host":
                self._hosts.append(value)
            case b"content-length":
                self._length = value.strip()
            case b"transfer-encoding":
                self._codings.append(value.strip().lower())

    def complete(self, version: str) -> None:
        """All headers are there.

        Bare line feeds, folded lines, and two lengths (RFC 9112 §2.2, §5.2, §6.3) the parser refuses itself; it
        takes other versions, other codings, and a request without or with two hosts (§2.3, §6.1, §3.2). Older clients,
        probes among them, send no host.
        """
        older = version == "1.0"
        is_for_one_host = len(self._hosts) == 1 and _HOST.fullmatch(self._hosts[0]) is not None
        has_clear_length = not self._codings or (self._codings == [b"chunked"] and not older)
        if (not older and version != "1.1") or not (is_for_one_host or (older and not self._hosts)):
            raise RejectedError(rejections.NOT_HTTP)
        if not has_clear_length:
            raise RejectedError(rejections.NOT_HTTP)
