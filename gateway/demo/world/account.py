"""What the books of a household rest on: who, which leases, how long, and seen from which day."""

from dataclasses import dataclass
from datetime import date, timedelta

from gateway.demo.world.homes import Tenure
from gateway.demo.world.model import Lease
from gateway.demo.world.months import BillingMonth, billing_months
from gateway.demo.world.profile import Profile


@dataclass(frozen=True, slots=True)
class Account:
    """One rental account before anything is charged to it."""

    index: int
    profile: Profile
    leases: tuple[Lease, ...]
    tenure: Tenure
    today: date

    @property
    def main_lease(self) -> str:
        """The number of the dwelling's lease."""
        return self.leases[0].number

    @property
    def last_night(self) -> date:
        """The last day that is in the books."""
        return self.today - timedelta(days=1)

    def months(self) -> tuple[BillingMonth, ...]:
        """The months billed so far, oldest first: from the first of the lease to its last."""
        first, last = _period(self.tenure.starts_on), _period(self.tenure.ends_on or date.max)
        billed = billing_months(self.today, in_advance=self.profile.home.in_advance)
        return tuple(month for month in billed if first <= month.period <= last)


def _period(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"
