"""The store's own identifiers of documents: a check sum, then the digits of the notice number.

20 characters, `b4c0b2b5000003261001`. They lead back to the notice without a table; a made-up one leads nowhere.
"""

from zlib import crc32

_PREFIX = "AE"
_SUM_LENGTH = 8


def identifier_of(reference: str) -> str:
    """The identifier of the document of a notice."""
    return f"{draw_of(reference):08x}{reference.removeprefix(_PREFIX)}"


def reference_of(identifier: str) -> str | None:
    """The notice number behind an identifier; None when the store never gave it."""
    reference = _PREFIX + identifier[_SUM_LENGTH:]
    return reference if identifier_of(reference) == identifier else None


def draw_of(reference: str) -> int:
    """A number that looks drawn and is always the same for a notice."""
    return crc32(reference.encode())
