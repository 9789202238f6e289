"""What the account writes to its holder, in French and English.

No letter names the account reference, a person or a birth date, and none asks for a password: whoever reads over a
shoulder, or in a mailbox that is not the holder's any more, learns nothing. Only three kinds carry a link.
"""

from gateway.auth.letters.facts import Facts
from gateway.auth.letters.kinds import LINK_KINDS, LetterKind
from gateway.auth.letters.writing import Addressee, compose, link_url

__all__ = ["LINK_KINDS", "Addressee", "Facts", "LetterKind", "compose", "link_url"]
