"""Opaque tokens: global ids, cursors, context tokens, download links. Nothing in them can be read or forged outside.

AES-SIV (RFC 5297) is deterministic, so that one object keeps one id, and authenticated, so that an id cannot be made
up; each purpose has a key of its own, so that a cursor is never taken for an id.
"""

import base64
import json
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from gateway.auth.keys import derive_key


class Purpose(StrEnum):
    """What a token is for."""

    NODE = "node-id"
    CURSOR = "cursor"
    CONTEXT = "context-token"
    DOWNLOAD = "download-link"


class SealBrokenError(ValueError):
    """The token was not made here, was made for something else, or was altered."""


class Seals:
    """Makes and opens tokens. `secret` is the gateway's own key, at least 32 bytes; replicas share it."""

    def __init__(self, secret: bytes) -> None:
        self._ciphers = {purpose: AESSIV(derive_key(secret, purpose=f"seal/{purpose}")) for purpose in Purpose}

    def seal(self, purpose: Purpose, *parts: str) -> str:
        """URL-safe token that holds `parts`."""
        plain = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
        return _text(self._ciphers[purpose].encrypt(plain, None))

    def open(self, purpose: Purpose, token: str) -> tuple[str, ...]:
        """The parts of a token made for `purpose`. Raises SealBrokenError for anything else."""
        try:
            sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            plain = self._ciphers[purpose].decrypt(sealed, None)
        except (ValueError, InvalidTag) as error:
            raise SealBrokenError("not a token of this gateway") from error
        if _text(sealed) != token:  # base64 has several spellings of the same bytes; a token has one
            raise SealBrokenError("not the spelling of this gateway")
        return tuple(json.loads(plain))


def _text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
