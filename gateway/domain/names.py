"""People's names as legacy systems write them, in capitals, put into the spelling people use.

Accents that capitals have lost are not put back: nothing tells `HELENE` with them from `HELENE` without.
"""

import re

from gateway.domain.person import Civility

_WORD = re.compile(r"[^\W\d_]+")

# French usage writes the particle « de » in lower case and the articles « La », « Le », « Du », « Des » with
# a capital: Alfred de Musset, Jean de La Fontaine. Elided it follows the same rule, Jeanne d'Arc: we never
# show a last name without a first name or a form of address before it. German particles are lower-case too.
# « Van » is not: Belgian families and Vietnamese first names have a capital, as have Da Silva, El Amrani,
# Ben Ali in France.
_PARTICLES = frozenset({"de", "von", "der", "den"})

_MADAME = r"(?:MME|MADAME)"
_MONSIEUR = r"(?:MR?\.?|MONSIEUR)"
_AND = r"(?:\s+(?:ET|OU)\s+|\s*[&/]\s*)"
_CIVILITIES = (
    (Civility.COUPLE, rf"(?:{_MONSIEUR}{_AND}{_MADAME}|{_MADAME}{_AND}{_MONSIEUR})\s+"),
    (Civility.MME, r"(?:MME|MLLE|MELLE|MADAME|MADEMOISELLE)\.?\s+"),
    (Civility.M, r"(?:MR?\.\s*(?=[^\W\d_]{2})|(?:MR?\.?|MONSIEUR)\s+)"),
)


def usual_spelling(raw_upper: str) -> str:
    """`DUPONT-LE GALL` as `Dupont-Le Gall`, `D'ARC` as `d'Arc`, padding removed.

    A name that already has a lower-case letter keeps its letters: somebody has written it with care.
    """
    words = raw_upper.split()
    if any(letter.islower() for letter in raw_upper):
        return " ".join(words)
    last = len(words) - 1
    return " ".join(_spell(word, is_last=place == last) for place, word in enumerate(words))


def split_civility(raw: str) -> tuple[Civility, str]:
    """The form of address `raw` begins with, and the name that follows in its own letters, padding removed.

    `MR ET MME DUPONT` is `COUPLE`. Without a name behind it nothing is a form of address: the whole is the
    name.
    """
    text = " ".join(raw.split())
    for civility, pattern in _CIVILITIES:
        if match := re.match(pattern, text, re.IGNORECASE):
            return civility, text[match.end() :]
    return Civility.UNSPECIFIED, text


def _spell(word: str, *, is_last: bool) -> str:
    """One word; only a particle that something follows is a particle."""
    if word.lower() in _PARTICLES and not is_last:
        return word.lower()
    spelled = _WORD.sub(lambda part: part[0].capitalize(), word)
    return re.sub(r"\bD(?=['’]\w)", "d", spelled)
