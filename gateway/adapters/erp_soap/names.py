"""Names of people: `MME DUPONT-LE GALL MARIE CLAIRE` in one field, its first names repeated in another."""

from dataclasses import dataclass

from gateway.domain.names import split_civility, usual_spelling
from gateway.domain.person import Civility


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its usual spelling; `first` is None when it cannot be told from `last`."""

    civility: Civility
    first: str | None
    last: str


def read_name(whole: str, *, first: str) -> Name:
    """The parts of `whole`, which is civility, last name and first names, the latter repeated in `first`.

    Where they are not, nothing tells last and first names apart, and all of it is given as the last name. A
    couple has no first name: greeting one of two people would be wrong.
    """
    civility, rest = split_civility(whole)
    given = " ".join(first.split())
    last = rest.removesuffix(f" {given}")
    if not given or last == rest or civility is Civility.COUPLE:
        return Name(civility, first=None, last=usual_spelling(rest))
    return Name(civility, first=usual_spelling(given), last=usual_spelling(last))
