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
    ranks = {candidate: _rank(candidate, ranges) for candidate in (GRAPHQL_RESPONSE, JSON)}
    acceptable = [candidate for candidate, rank in ranks.items() if rank[0]]
    return max(acceptable, key=ranks.__getitem__, default=None)


def _rank(candidate: str, ranges: list[_Range]) -> tuple[int, int, int, bool]:
    """Weight, closeness (2 exact, 1 `application/*`, 0 `*/*`) and earliness of the range closest to `candidate`.

    Of two candidates in one range the newer type comes first, unless `*/*` shows that the client does not care.
    """
    closest = (0, -1, 0)
    for place, one in enumerate(ranges):
        closeness = {candidate: 2, "application/*": 1, "*/*": 0}.get(one.type, -1)
        if closeness > closest[1]:
            closest = (one.weight, closeness, -place)
    return (*closest, (candidate == JSON) is (closest[1] == 0))


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
