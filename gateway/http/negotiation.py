"""Which media type a client accepts (RFC 9110 §12.5.1), for the two that a GraphQL answer can have."""

from dataclasses import dataclass

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class _Range:
    """One media range: how closely it names `type`, and its weight in thousandths."""

    type: str
    weight: int


def answer_type(accept: str | None) -> str | None:
    """The media type to answer with; None when the client accepts neither.

    The type with the higher weight wins, then the one named first; no header, or `*/*`, means plain JSON, which
    every client reads.
    """
    if not accept or not accept.strip():
        return JSON
    ranges = [found for part in accept.split(",") if (found := _range(part))]
    best, best_rank = None, (0, 0, 0)
    for candidate in (GRAPHQL_RESPONSE, JSON):
        place, closeness, weight = _weight(candidate, ranges)
        rank = (weight, closeness, -place)
        if weight and (best is None or rank > best_rank):
            best, best_rank = candidate, rank
    return JSON if best and best_rank[1] == 0 else best


def _weight(candidate: str, ranges: list[_Range]) -> tuple[int, int, int]:
    """Place, closeness (2 exact, 1 `application/*`, 0 `*/*`) and weight of the range closest to `candidate`."""
    found = (0, -1, 0)
    for place, one in enumerate(ranges):
        closeness = {candidate: 2, "application/*": 1, "*/*": 0}.get(one.type, -1)
        if closeness > found[1]:
            found = (place, closeness, one.weight)
    return found


def _range(part: str) -> _Range | None:
    media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = 1000
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            weight = _thousandths(value.strip())
        elif name.strip() == "charset" and value.strip(' "') not in ("utf-8", "utf8"):
            return None
    return _Range(media_type, weight) if media_type else None


def _thousandths(quality: str) -> int:
    try:
        return round(min(max(float(quality), 0.0), 1.0) * 1000)
    except ValueError:
        return 0
