"""What is remembered of guesses, as the JSON text that every store keeps of it. Instants are RFC 3339, in UTC."""

import msgspec

from gateway.domain.lockout import GuardRecord
from gateway.ports.store import StoreError

_DECODER = msgspec.json.Decoder(GuardRecord)


def encode(record: GuardRecord) -> str:
    """The text; `decode` gives the same record again, instants to the microsecond."""
    return msgspec.json.encode(record).decode()


def decode(text: str) -> GuardRecord:
    """The record; StoreError when the text is damaged, so that nobody guesses on as if nothing had been."""
    try:
        return _DECODER.decode(text)
    except msgspec.DecodeError as error:
        raise StoreError("a guard cannot be read") from error
