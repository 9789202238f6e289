"""The index of documents by notice number: `POST /ged/index`, INTERFACE.md §2."""

from dataclasses import dataclass

import msgspec
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response

from gateway.demo.documents import envelope, pages
from gateway.demo.documents.access import is_admitted
from gateway.demo.documents.conditions import Condition
from gateway.demo.documents.holdings import Holding, Holdings

MOST_REFERENCES = 100

_STATES = {Condition.LATE: "ATTENTE", Condition.LOST: "ABSENT"}
"""What is not said to be there; everything else is, rightly or wrongly."""


class Question(msgspec.Struct, frozen=True):
    """What is asked of the index."""

    references: list[str]


@dataclass(frozen=True, slots=True)
class Index:
    """Answers which documents there are. `one_thread` lets one thread at a time into `holdings`."""

    holdings: Holdings
    one_thread: CapacityLimiter

    async def answer(self, request: Request) -> Response:
        """The listing, or a refusal in band."""
        if not is_admitted(request.headers):
            return envelope.refused("ACCES_REFUSE")
        try:
            references = msgspec.json.decode(await request.body(), type=Question).references
        except (msgspec.DecodeError, UnicodeDecodeError):
            return envelope.refused("REQUETE_ILLISIBLE")
        if len(references) > MOST_REFERENCES:
            return envelope.refused("TROP_DE_REFERENCES")
        listing = await to_thread.run_sync(self._listing, references, limiter=self.one_thread)
        return Response(msgspec.json.encode(listing), media_type=envelope.CONTENT_TYPE)

    def _listing(self, references: list[str]) -> envelope.Listing:
        found = (self.holdings.by_reference(reference) for reference in dict.fromkeys(references))
        entries = [self._entry(holding) for holding in found if holding is not None]
        return envelope.Listing(self.holdings.stamp(), entries)

    def _entry(self, holding: Holding) -> envelope.Entry:
        size, fingerprint = self._claimed(holding)
        notice = holding.filed.notice
        return envelope.Entry(
            reference=notice.number,
            identifiant=holding.filed.identifier,
            libelle=holding.filed.title,
            type="AVIS",
            date=f"{notice.issued_on:%Y%m%d}",
            taille=f"{size:09d}",
            empreinte=fingerprint,
            statut=_STATES.get(holding.condition, "DISPO"),
        )

    def _claimed(self, holding: Holding) -> tuple[int, str]:
        """Size and fingerprint as the index believes them: of what was archived, whatever became of it."""
        match holding.condition:
            case Condition.THERE | Condition.DAMAGED | Condition.BROKEN_OFF:
                file = self.holdings.file(holding.filed)
                return file.size, file.sha256
            case Condition.ERROR_PAGE:
                return len(pages.ERROR), ""
            case _:
                return 0, ""
