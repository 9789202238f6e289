"""Words that people build passwords on: « Soleil-2026 » is `soleil`, dressed up to please the rules.

Lists of leaked passwords know the words, hardly ever their ornaments, so ornaments are taken off before looking.
The words are in `weak_words.txt`, their licences in `weak_words.LICENCES`; `scripts/weak_words.py` makes the list.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

SHORTEST = 3
"""Letters. What is shorter is no word."""

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})
_LEET = (
    str.maketrans("0134578@$!|+€", "oieastbasiite"),
    str.maketrans("0134578@$!|+€", "oleastbasllte"),
)
_PUNCTUATION = re.compile(r"[\W_]+")


@cache
def weak_words() -> frozenset[str]:
    """The list: folded, letters and digits only. The first call reads it, in some 20 ms; it stays in memory."""
    lines = files("gateway.auth").joinpath("weak_words.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def folded(text: str) -> str:
    """`text` without case, accents, ligatures and typographic forms. Bound its length before."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LIGATURES)
    return "".join(character for character in plain if not unicodedata.category(character).startswith("M"))


def spellings(text: str) -> tuple[str, ...]:
    """Folded `text` as it stands, and with the letters that digits and signs stand for, 1 being an i or an l."""
    return text, *(text.translate(leet) for leet in _LEET)


def bare(text: str) -> str:
    """Letters and digits of `text`."""
    return _PUNCTUATION.sub("", text)


def is_weak(text: str) -> bool:
    """Whether folded `text` is a word of the list, or one twice, under digits and signs.

    Takes time in proportion to the square of the digits and signs around the word: bound the length before.
    """
    return any(core in weak_words() or _half(core) in weak_words() for core in cores(text))


def cores(text: str) -> Iterator[str]:
    """What folded `text` may be built on: all from its first letter to its last, and more of its ends or less.

    Where hardly a letter is, its digits too.
    """
    letters = [place for place, character in enumerate(text) if character.isalpha()]
    if len(letters) < SHORTEST:
        yield "".join(filter(str.isdecimal, text))
    for spelling in spellings(text) if letters else ():
        for start in range(letters[0] + 1):
            for end in range(letters[-1] + 1, len(text) + 1):
                yield bare(spelling[start:end])


def _half(core: str) -> str:
    """What `core` says twice; the core itself if it does not."""
    half = core[: len(core) // 2]
    return half if half * 2 == core else core
