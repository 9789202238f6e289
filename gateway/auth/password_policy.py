"""Whether a new password meets the rules. Applied when one is set, never when one is checked."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator

from gateway.auth.weak_words import SHORTEST, bare, folded, is_weak, spellings
from gateway.domain.password import MAX_TYPED, PasswordRefusal, PasswordRules, composed

_LONG_ENOUGH = 16
"""Characters. From here on a password may contain words: a passphrase is made of them."""

_UNUSABLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Zero-width characters and fillers that Unicode counts among marks and letters."""

_LETTERS = re.compile(r"[^\W\d_]+")


def refusals(password: str, *, rules: PasswordRules, personal: Collection[str]) -> tuple[PasswordRefusal, ...]:
    """Every rule that `password` does not meet, in the order of the enum; none if it is accepted.

    Takes any string that a client can send. `personal` are words that somebody who knows the person tries
    first: names, account reference, birth year, town, the landlord. Of a password too long to be looked at
    whole, only that is said. SAME_AS_BEFORE is not ours to say: it takes the stored hash.
    """
    if len(password) > MAX_TYPED:
        return (PasswordRefusal.TOO_LONG,)
    text = composed(password)
    found = {*_of_shape(text, rules), *_of_words(text, personal)}
    return tuple(refusal for refusal in PasswordRefusal if refusal in found)


def _of_shape(text: str, rules: PasswordRules) -> Iterator[PasswordRefusal]:
    categories = Counter(map(unicodedata.category, text))
    special = sum(count for category, count in categories.items() if category[0] in "PS" or category == "Zs")
    if len(text) < rules.min_length:
        yield PasswordRefusal.TOO_SHORT
    elif len(text) < rules.min_length_without_lowercase and not categories["Ll"]:
        yield PasswordRefusal.TOO_PREDICTABLE
    if len(text) > rules.max_length:
        yield PasswordRefusal.TOO_LONG
    if categories["Nd"] < rules.min_digits:
        yield PasswordRefusal.NO_DIGIT
    if categories["Lu"] + categories["Lt"] < rules.min_uppercase:
        yield PasswordRefusal.NO_UPPERCASE
    if special < rules.min_special:
        yield PasswordRefusal.NO_SPECIAL
    if not _UNUSABLE.isdisjoint(categories) or _INVISIBLE.search(text):
        yield PasswordRefusal.UNUSABLE_CHARACTER


def _of_words(text: str, personal: Collection[str]) -> Iterator[PasswordRefusal]:
    if len(text) >= _LONG_ENOUGH:
        return
    plain = folded(text)
    if is_weak(plain):
        yield PasswordRefusal.TOO_COMMON
    words = {part for name in personal for part in _parts(folded(name[:MAX_TYPED]))}
    if any(_contains(spelling, words) for spelling in spellings(plain)):
        yield PasswordRefusal.CONTAINS_PERSONAL_WORD


def _parts(name: str) -> Iterator[str]:
    """A folded name in one, and its long parts: of Montigny-lès-Metz `montignylesmetz`, `montigny`, `metz`."""
    yield bare(name)
    yield from (part for part in map(bare, re.split(r"[\W_]+", name)) if len(part) > SHORTEST)


def _contains(text: str, words: Collection[str]) -> bool:
    """Whether one of `words` is somewhere in `text`; the shortest only if no letter touches it."""
    whole = bare(text)
    alone = set(_LETTERS.findall(text))
    return any(word in alone if len(word) == SHORTEST else word in whole for word in words if len(word) >= SHORTEST)
