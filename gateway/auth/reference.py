"""The account reference (intitulé de compte): one account, however its reference is written."""

import re
import unicodedata

_MAX_TYPED = 64
_MAX_CHARGED = 256
_CANONICAL = re.compile(r"[A-Z0-9/]{4,20}")
_DECORATION = re.compile(r"^(?:0|L(?=[0L]*[0-9]))+")
_IGNORED_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Pd", "Cf"})


def normalise(typed: str) -> str | None:
    """The canonical reference, for example `12345` for `0012345`, `12 345` and `L-12345`; None if it is none.

    Case, spaces, hyphens, invisible characters and full-width forms do not matter. Neither do zeros in front:
    notices print a fixed width, people leave the zeros out, and some systems lose them. The letter L in front
    of a number marks it as a lease (one system writes 12345, another L12345), so it does not matter either;
    other letters tell series apart and stay. What remains is filled up to four characters, so that account
    123 of a small landlord has one reference too, 0123, typed with or without its zeros.

    Every spelling of one account must end here as one: guesses are counted by canonical reference.
    """
    if len(typed) > _MAX_TYPED:
        return None
    visible = _visible(typed)
    canonical = _DECORATION.sub("", visible).zfill(4) if visible else ""
    return canonical if _CANONICAL.fullmatch(canonical) else None


def charged_as(typed: str) -> str:
    """What guesses at `typed` are counted under: its canonical reference, or the text itself without decoration.

    A text that no account can have is counted too: it must look like an account that nobody has told us of. What is
    returned can be written down anywhere, whatever was typed: halves of characters and control characters are left out.
    """
    return normalise(typed) or "?" + "".join(filter(str.isprintable, _visible(typed[:_MAX_CHARGED])))


def _visible(typed: str) -> str:
    return "".join(filter(_matters, unicodedata.normalize("NFKC", typed))).upper()


def _matters(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in _IGNORED_CATEGORIES
