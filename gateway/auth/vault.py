"""What must rest unreadable: contents of promised work, addresses of links, forms; and names that tell nothing.

One secret of the operator, a key for each purpose. Whoever copies the database learns neither whom a row is about nor
what it says.
"""

import hashlib
import hmac
import secrets
from enum import StrEnum
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from gateway.auth.keys import derive_key
from gateway.auth.reference import charged_as
from gateway.domain.lockout import Subject

T = TypeVar("T")

_NONCE_BYTES = 16


class Content(StrEnum):
    """What a sealed value is."""

    WORK = "outbox-item"
    LINK = "account-link"
    ASSISTANCE = "assistance-request"
    PROVIDER_TOKEN = "provider-token"  # noqa: S105 - a purpose, not a token


class SealedValueError(Exception):
    """A sealed value was made with another key, for another purpose, or altered."""


class Vault:
    """Seals values and makes pseudonyms. `secret` is the gateway's own key, at least 32 bytes; replicas share it."""

    def __init__(self, secret: bytes) -> None:
        self._ciphers = {content: AESSIV(derive_key(secret, purpose=f"rest/{content}")) for content in Content}
        self._subject_key = derive_key(secret, purpose="guard-subject")
        self._pseudonym_key = derive_key(secret, purpose="pseudonym")

    def subject(self, typed_reference: str) -> Subject:
        """The subject that guesses at this reference are charged to, whatever was typed and in whatever spelling."""
        return Subject(_mac(self._subject_key, charged_as(typed_reference).encode()))

    def pseudonym(self, kind: str, name: str) -> str:
        """A name for the audit trail: the same for the same `name`, and nothing to whoever lacks the key."""
        return f"{kind}:{_mac(self._pseudonym_key, f'{kind}/{name}'.encode('utf-8', 'surrogatepass')).hex()[:24]}"

    def seal(self, content: Content, value: object) -> bytes:
        """`value`, a msgspec structure, so that only this gateway reads it; two seals of one value differ."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._ciphers[content].encrypt(msgspec.json.encode(value), [nonce])

    def open(self, content: Content, sealed: bytes, kind: type[T]) -> T:
        """The value of class `kind` that was sealed as `content`. SealedValueError for anything else."""
        nonce, encrypted = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return msgspec.json.decode(self._ciphers[content].decrypt(encrypted, [nonce]), type=kind)
        except (InvalidTag, ValueError) as error:
            raise SealedValueError("not sealed by this gateway for this purpose") from error


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, hashlib.sha256)
