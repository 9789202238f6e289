"""E-mail addresses in the landlord's files: one that can be written to, or what a clerk typed for « none »."""

import re

from gateway.domain.letter import EmailAddress, parse_address

# « nc » is « non communiqué ». Whatever stands before the @, some of these are mailboxes of strangers.
_PLACEHOLDERS = re.compile(
    r"nc|x+|aucune?|inconnue?|neant|non(?:communique|connu|renseigne)|sans(?:e?mail|adresse)?|"
    r"(?:no|pasd?e?)(?:e?mail|adresse)"
)
_PARTED_BY = str.maketrans("", "", "._-'")


def read_email(typed: str) -> EmailAddress | None:
    """The address in `typed`; None when it is none, or several, or stands for none."""
    address = parse_address(typed)
    if address is None:
        return None
    mailbox = address.partition("@")[0].lower().translate(_PARTED_BY)
    return None if _PLACEHOLDERS.fullmatch(mailbox) else address
