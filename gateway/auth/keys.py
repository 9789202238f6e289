"""One secret of the operator, one key for each purpose."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derive_key(secret: bytes, *, purpose: str) -> bytes:
    """32 bytes (HKDF-SHA256, RFC 5869) that tell nothing about `secret` or the keys of other purposes."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)
