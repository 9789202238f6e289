"""In which form a client takes its answers: as one, or as a stream."""

from dataclasses import dataclass

from gateway.http.negotiation import ANSWERS, Offer, answer_type
from gateway.http.streaming import multipart, sse
from gateway.http.streaming.framing import Framing

_EVENTS = Offer(sse.MEDIA_TYPE, by_name=True)
_PARTS = Offer(multipart.MEDIA_TYPE, by_name=True, parameters=frozenset({multipart.VERSION}))
_FRAMINGS: dict[str | None, Framing] = {
    sse.MEDIA_TYPE: sse.ServerSentEvents(),
    multipart.MEDIA_TYPE: multipart.MultipartSubscription(),
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an `Accept` header comes to.

    `plain` is the media type of an answer without a stream, `stream` the framing of a subscription's. `single` is the
    framing of one answer, for clients that like a stream better than any other form of it.
    """

    plain: str | None
    stream: Framing | None
    single: Framing | None

    @classmethod
    def of(cls, accept: str | None) -> "Accepted":
        """What the header asks for; a stream must be named, and goes to nobody who takes just anything."""
        plain = answer_type(accept)
        stream = _FRAMINGS.get(answer_type(accept, offers=(_EVENTS, _PARTS)))
        preferred = _FRAMINGS.get(answer_type(accept, offers=(*ANSWERS, _EVENTS)))
        return cls(plain, stream, stream if plain is None else preferred)
