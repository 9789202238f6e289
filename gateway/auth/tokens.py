"""Opaque tokens: 256 random bits for the client, their hash for the store."""

import hashlib
import secrets


def new_token() -> str:
    """43 characters of the URL-safe base64 alphabet."""
    return secrets.token_urlsafe(32)


def token_sha256(token: str) -> bytes:
    """32 bytes. Takes whatever text a client sends as a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def new_id() -> str:
    """128 random bits in hexadecimal, for a row that nobody may guess or count."""
    return secrets.token_hex(16)
