"""What the tests of the world draw: any seed, any household, any day of a dozen years."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from hypothesis import strategies as st

from gateway.demo.world import household
from gateway.demo.world.model import Entry, Household
from gateway.demo.world.showcase import SHOWCASE

TODAY = date(2026, 11, 22)

seeds = st.integers(min_value=0, max_value=10_000)
indexes = st.integers(min_value=0, max_value=20_000)
days = st.dates(min_value=date(2021, 1, 1), max_value=date(2033, 12, 31))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a household stands: small enough to be shown when a test fails."""

    seed: int
    index: int
    today: date

    def household(self) -> Household:
        """The household itself."""
        return household(self.seed, self.index, self.today)


places = st.builds(Place, seeds, indexes, days)


@cache
def ordinary() -> tuple[Household, ...]:
    """The first two thousand households after the showcase, made once for all tests."""
    first = len(SHOWCASE)
    return tuple(household(57, index, TODAY) for index in range(first, first + 2_000))


def signed(entry: Entry) -> int:
    """The cents an entry adds to what the tenant owes."""
    return {"D": 1, "C": -1}[entry.direction] * entry.cents


def balance(one: Household) -> int:
    """The sum of all entries."""
    return sum(map(signed, one.entries))
