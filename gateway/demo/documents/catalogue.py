"""Which documents exist: one for each notice of the invented world, found by its number alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from gateway.demo.documents.identifiers import identifier_of, reference_of
from gateway.demo.documents.titles import title_of
from gateway.demo.world import household, index_of
from gateway.demo.world.model import Household, Notice

_HOUSEHOLDS_KEPT = 500


@dataclass(frozen=True, slots=True)
class Origin:
    """The world the store belongs to, as it was on the day the store was made."""

    seed: int
    households: int
    today: date


@dataclass(frozen=True, slots=True)
class Filed:
    """One notice with the household it was sent to."""

    notice: Notice
    household: Household

    @property
    def identifier(self) -> str:
        """The identifier of its document."""
        return identifier_of(self.notice.number)

    @property
    def title(self) -> str:
        """Its French title."""
        return title_of(self.notice, household=self.household)


class Catalogue:
    """Finds notices by number or identifier. Households are made again when asked for, some are kept."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._household: Callable[[int], Household] = lru_cache(_HOUSEHOLDS_KEPT)(self._made)

    def find(self, reference: str) -> Filed | None:
        """The notice of that number; None when there is none."""
        index = index_of(reference)
        if index is None or index >= self._origin.households:
            return None
        found = self._household(index)
        notice = next((notice for notice in found.notices if notice.number == reference), None)
        return Filed(notice, found) if notice else None

    def identified(self, identifier: str) -> Filed | None:
        """The notice whose document has that identifier; None when the store never gave it."""
        reference = reference_of(identifier)
        return self.find(reference) if reference else None

    def _made(self, index: int) -> Household:
        return household(self._origin.seed, index, self._origin.today)
