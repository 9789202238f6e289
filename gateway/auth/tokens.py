"""Opaque tokens: 256 bits for the client, their hash for the store.

Most are random. Those of a mobile session are made from its id and a counter with the gateway's key, so that the answer
to a refresh that got lost can be given again, and the store still holds nothing that opens anything.
"""

import base64
import hashlib
import hmac
import re
import secrets

from gateway.auth.keys import derive_key
from gateway.domain.access import SessionId

_REFRESH = re.compile(r"([0-9a-f]{32})\.([0-9]{1,9})\.([A-Za-z0-9_-]{43})")


def new_token() -> str:
    """43 characters of the URL-safe base64 alphabet."""
    return secrets.token_urlsafe(32)


def token_sha256(token: str) -> bytes:
    """32 bytes. Takes whatever text a client sends as a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def new_id() -> str:
    """128 random bits in hexadecimal, for a row that nobody may guess or count."""
    return secrets.token_hex(16)


class Mint:
    """Makes the tokens of mobile sessions. `secret` is the gateway's own key; replicas share it."""

    def __init__(self, secret: bytes) -> None:
        self._access_key = derive_key(secret, purpose="mobile-access-token")
        self._refresh_key = derive_key(secret, purpose="mobile-refresh-token")

    def access_token(self, session_id: SessionId, *, counter: int) -> str:
        """The bearer token that belongs to this turn of the session's counter."""
        return _mac(self._access_key, session_id, counter)

    def refresh_token(self, session_id: SessionId, *, counter: int) -> str:
        """The token that asks for the next turn: id, counter, and a code that proves both."""
        return f"{session_id}.{counter}.{_mac(self._refresh_key, session_id, counter)}"

    def read_refresh_token(self, token: str) -> tuple[SessionId, int] | None:
        """Session and counter of a refresh token of ours; None for any other text."""
        match = _REFRESH.fullmatch(token)
        if match is None:
            return None
        session_id, counter = SessionId(match[1]), int(match[2])
        is_ours = hmac.compare_digest(match[3], _mac(self._refresh_key, session_id, counter))
        return (session_id, counter) if is_ours else None


def _mac(key: bytes, session_id: SessionId, counter: int) -> str:
    code = hmac.digest(key, f"{session_id}.{counter}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(code).rstrip(b"=").decode()
