"""A letter as the bytes that travel (RFC 5322), in ASCII whatever its language."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from gateway.domain.letter import EmailAddress, Letter


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom letters come: an address that the relay lets us use, and the landlord's name."""

    address: EmailAddress
    name: str

    @property
    def domain(self) -> str:
        """The part of the address after its @."""
        return self.address.rpartition("@")[2]


def message_bytes(letter: Letter, *, sender: Sender, at: datetime) -> bytes:
    """The whole message, sent at the aware instant `at`; lines ended by CRLF."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: absence notes stay away
    # Quoted-printable is read everywhere and stays ASCII, so no relay needs 8BITMIME or alters the text.
    message.set_content(letter.body, charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = letter.language  # after the content, which replaces all headers of its kind
    return message.as_bytes()
