"""What the store holds at this moment: documents found by number or identifier, each with its condition."""

from dataclasses import dataclass

from gateway.demo.control import VirtualClock
from gateway.demo.documents.archive import Archive, Download, File
from gateway.demo.documents.catalogue import Catalogue, Filed
from gateway.demo.documents.conditions import Condition, condition_of


@dataclass(frozen=True, slots=True)
class Holding:
    """One document."""

    filed: Filed
    condition: Condition


class Holdings:
    """The catalogue, the archive and the clock together. One thread at a time may call."""

    def __init__(self, archive: Archive, clock: VirtualClock) -> None:
        self._archive = archive
        self._catalogue = Catalogue(archive.origin)
        self._clock = clock

    def by_reference(self, reference: str) -> Holding | None:
        """The document of a notice number; None when there is no such notice."""
        return self._held(self._catalogue.find(reference))

    def by_identifier(self, identifier: str) -> Holding | None:
        """The document of an identifier; None when the store never gave it."""
        return self._held(self._catalogue.identified(identifier))

    def file(self, filed: Filed) -> File:
        """What the archive knows of the file."""
        return self._archive.file(filed)

    def content(self, filed: Filed) -> bytes:
        """The archived bytes."""
        return self._archive.content(filed)

    def delivered(self, identifier: str, *, status: int, first_byte: int, last_byte: int) -> None:
        """Log that a file or a part of it leaves now."""
        at = self._clock.now().isoformat()
        self._archive.record(Download(at, identifier, status, first_byte, last_byte))

    def stamp(self) -> str:
        """`AAAAMMJJHHMMSS` in Paris."""
        return f"{self._clock.paris_now():%Y%m%d%H%M%S}"

    def _held(self, filed: Filed | None) -> Holding | None:
        if filed is None:
            return None
        made_on = self._archive.origin.today
        return Holding(filed, condition_of(filed.notice, made_on=made_on, now=self._clock.now()))
