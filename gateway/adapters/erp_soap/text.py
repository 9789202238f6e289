"""Text as IMMO-GEST sends it: windows-1252 whatever its label says, sometimes spoilt before it was stored.

Its interface note fixes the charset (§ « Every answer »), so a label that lies changes nothing here.
"""

_UNDEFINED = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})
_FROM_CONTROL = {code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in _UNDEFINED}
_TO_CONTROL = {ord(character): code for code, character in _FROM_CONTROL.items()}
_CONTROLS = frozenset(map(chr, range(0x80, 0xA0)))


def decode(body: bytes) -> str:
    """`body` read as windows-1252; its five undefined bytes become the control characters of Latin-1."""
    try:
        return body.decode("cp1252")
    except UnicodeDecodeError:
        return body.decode("latin-1").translate(_FROM_CONTROL)


def repair(text: str) -> tuple[str, bool]:
    """`text` as it was meant, and whether anything was wrong with it.

    Control characters of Latin-1 become the windows-1252 characters they stand for; UTF-8 that was read as
    windows-1252 (`DÃ©biteur`) is read again, when that gives back exactly the same bytes and only characters
    which IMMO-GEST can store.
    """
    if text.isascii():
        return text, False
    meant = _undoubled(text.translate(_FROM_CONTROL))
    return meant, meant != text or not _CONTROLS.isdisjoint(meant)


def _undoubled(text: str) -> str:
    try:
        meant = _encode(text).decode("utf-8")
        _encode(meant)
    except UnicodeError:
        return text
    return meant


def _encode(text: str) -> bytes:
    return text.translate(_TO_CONTROL).encode("latin-1")
