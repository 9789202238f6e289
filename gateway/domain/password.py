"""What a new password must be, and why one is refused."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

MAX_TYPED = 1024
"""Characters that are looked at. A keyboard may send one composed character in up to four parts."""

_COMPOSED_AT_MOST = MAX_TYPED // 4

_UNUSUAL_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


class PasswordRefusal(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"
    NO_DIGIT = "NO_DIGIT"
    NO_UPPERCASE = "NO_UPPERCASE"
    NO_SPECIAL = "NO_SPECIAL"
    TOO_PREDICTABLE = "TOO_PREDICTABLE"
    TOO_COMMON = "TOO_COMMON"
    CONTAINS_PERSONAL_WORD = "CONTAINS_PERSONAL_WORD"
    SAME_AS_BEFORE = "SAME_AS_BEFORE"
    UNUSABLE_CHARACTER = "UNUSABLE_CHARACTER"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRules:
    """How long a password is and what it contains. Lengths are code points of the composed form."""

    min_length: int
    max_length: int = 128
    min_digits: int = 0
    min_uppercase: int = 0
    min_special: int = 0
    min_length_without_lowercase: int = 0

    def __post_init__(self) -> None:
        if not 8 <= self.min_length <= self.max_length:
            raise ValueError("a password has 8 characters at least, and its minimum is not above its maximum")
        if self.max_length > _COMPOSED_AT_MOST:
            raise ValueError("a password has 256 characters at most, which are 1,024 bytes of UTF-8 at most")


# The CNIL asks for 50 bits where attempts are limited (recommendation 2022-100). Eight characters drawn from
# capitals, digits and 37 specials have 49.5: hence the ninth, or a lower-case letter.
LANDLORD = PasswordRules(min_length=8, min_digits=1, min_uppercase=1, min_special=1, min_length_without_lowercase=9)
"""The landlord's published rule."""

NIST = PasswordRules(min_length=15)
"""NIST SP 800-63B-4 for a password without a second factor: length, and no classes of characters."""


def composed(typed: str) -> str:
    """`typed` as passwords are counted, hashed and compared: NFC, and every space the plain one.

    Keyboards compose accents differently, and some send a no-break space for a space (RFC 8265, OpaqueString).
    Bound the length before: composing takes quadratic time on piled-up accents.
    """
    return _UNUSUAL_SPACE.sub(" ", unicodedata.normalize("NFC", typed))
