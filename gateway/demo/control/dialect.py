"""How one legacy system speaks, for the faults that must sound like it."""

from typing import Protocol

from gateway.demo.control.exchange import Reply


class Dialect(Protocol):
    """One system's own way of refusing, and the place of a field in its answers."""

    @property
    def content_type(self) -> str:
        """Content type of its ordinary answers."""

    def in_band(self, operation: str, *, code: str, label: str) -> Reply:
        """Its own error envelope, with status 200."""

    def corrupted(self, reply: Reply, *, field: str, value: str) -> Reply:
        """The same answer with `value` in every occurrence of `field`."""


class PlainHttp:
    """A system without an envelope of its own: errors are lines of plain text, fields are headers."""

    content_type = "application/octet-stream"

    def in_band(self, operation: str, *, code: str, label: str) -> Reply:
        """One line of text, status 200."""
        return Reply.of("text/plain; charset=utf-8", f"{operation}: {code} {label}\n".encode())

    def corrupted(self, reply: Reply, *, field: str, value: str) -> Reply:
        """The same answer with `value` in the header `field`."""
        return reply.with_headers([(field.lower().encode("ascii"), value.encode("latin-1"))])
