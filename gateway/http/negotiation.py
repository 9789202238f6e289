"""Which media type a client accepts (RFC 9110 §12.5.1), of those that an answer can have."""

from collections.abc import Sequence
from dataclasses import dataclass, field

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Offer:
    """A media type that an answer can have.

    One that is `by_name` is for clients that ask for it, not for those that take anything; and only with `parameters`
    as they stand here, names and values in lower case.
    """

    type: str
    by_name: bool = False
    parameters: frozenset[tuple[str, str]] = frozenset()


ANSWERS = (Offer(GRAPHQL_RESPONSE), Offer(JSON))
"""What one answer can be, the newer type first."""


@dataclass(frozen=True, slots=True)
class _Range:
    """One media range: its weight in thousandths, and what parameters it has beside the weight."""

    type: str
    weight: int = 1000
    parameters: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def closeness(self, offer: Offer) -> int:
        """2 for a range that names the offered type, 1 for `application/*`, 0 for `*/*`, -1 if it is none of them."""
        if self.type == offer.type:
            return 2 if offer.parameters <= self.parameters else -1
        if offer.by_name:
            return -1
        return {"application/*": 1, "*/*": 0}.get(self.type, -1)


def answer_type(accept: str | None, *, offers: Sequence[Offer] = ANSWERS) -> str | None:
    """The media type to answer with, of `offers`; None when the client accepts none of them.

    The type with the higher weight wins, then the one named first; no header, or `*/*`, means plain JSON, which
    every client reads.
    """
    if not accept or not accept.strip():
        return JSON
    ranges = [found for part in accept.split(",") if (found := _range(part))]
    ranks = {offer.type: _rank(offer, ranges) for offer in offers}
    acceptable = [offered for offered, rank in ranks.items() if rank[0]]
    return max(acceptable, key=ranks.__getitem__, default=None)


def _rank(offer: Offer, ranges: list[_Range]) -> tuple[int, int, int, bool]:
    """Weight, closeness and earliness of the range closest to `offer`.

    Of two offers in one range the newer type comes first, unless `*/*` shows that the client does not care.
    """
    closest = (0, -1, 0)
    for place, one in enumerate(ranges):
        closeness = one.closeness(offer)
        if closeness > closest[1]:
            closest = (one.weight, closeness, -place)
    return (*closest, (offer.type == JSON) is (closest[1] == 0))


def _range(part: str) -> _Range | None:
    media_type, *pieces = (piece.strip().lower() for piece in part.split(";"))
    weight, parameters = 1000, set[tuple[str, str]]()
    for piece in pieces:
        name, _, value = (text.strip(' "') for text in piece.partition("="))
        if name == "q":
            weight = _thousandths(value)
        elif name == "charset" and value not in ("utf-8", "utf8"):
            return None
        else:
            parameters.add((name, value))
    return _Range(media_type, weight, frozenset(parameters)) if media_type else None


def _thousandths(quality: str) -> int:
    try:
        return round(min(max(float(quality), 0.0), 1.0) * 1000)
    except ValueError:
        return 0
