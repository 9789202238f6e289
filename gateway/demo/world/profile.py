"""What is particular about a household, before its people, books and meters are drawn.

The defaults describe the plain household: a running lease, rent paid by direct debit, one meter read by
radio, nothing owed and nothing odd. `rates.draw_profile` departs from them as often as real life does,
`showcase.SHOWCASE` one case at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gateway.demo.world.model import PdfCase

Method = Literal["CB", "PRLV", "VIR", "TIP", "CHQ", "ESP", "TIERS"]
LeaseStage = Literal["UPCOMING", "RUNNING", "NOTICE_GIVEN", "ENDED"]
Typology = Literal["T1", "T2", "T3", "T4", "T5"]
MeterStory = Literal["STEADY", "REPLACED", "REPLACED_UNREAD", "WENT_BACK", "ESTIMATED", "ROLLED_OVER"]
WorksStory = Literal["NONE", "OPEN", "LATE_ENTRY", "FINISHED"]


@dataclass(frozen=True, slots=True)
class HomeProfile:
    """The dwelling, the lease and who lives there."""

    typology: Typology = "T3"
    persons: int = 2
    stage: LeaseStage = "RUNNING"
    months_here: int = 78
    """From the start of the lease to its end, or to today."""
    ended_months_ago: int = 8
    in_advance: bool = False
    garage: bool = False
    cellar: bool = False
    joint: bool = False
    separated: bool = False
    shared_name: bool = False
    two_principals: bool = False
    has_email: bool = True
    unusable_phones: tuple[str, ...] = ()
    """What a clerk typed in place of a telephone number."""
    sentinel_dates: bool = False
    unknown_codes: bool = False
    works: WorksStory = "NONE"


@dataclass(frozen=True, slots=True)
class MoneyProfile:
    """The rent, the aid and how the tenant pays."""

    method: Method = "PRLV"
    benefit: bool = True
    supplement: bool = False
    insured: bool = False
    collective_heating: bool = False
    arrears_months: float = 0.0
    """How many months of net rent are overdue."""
    credit_cents: int = 0
    disputed: bool = False
    legal_fees: bool = False
    returned: int | None = None
    """Which payment came back, in months before the latest notice; so for the next ones."""
    benefit_corrected: int | None = None
    repaired: int | None = None
    penalised: int | None = None
    stored_difference_cents: int = 0


@dataclass(frozen=True, slots=True)
class NoticeProfile:
    """What went wrong with notices; keys are months before the latest one."""

    reissued: frozenset[int] = frozenset()
    cancelled: frozenset[int] = frozenset()
    pdf: Mapping[int, PdfCase] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WaterProfile:
    """Meters and what happened to them."""

    cold: bool = True
    hot: bool = False
    remote: bool = True
    advanced: bool = True
    """Whether water has advances of its own rather than a share of the general charges."""
    billed: bool = False
    """Whether cold water is billed by what the meter shows."""
    story: MeterStory = "STEADY"
    story_months_ago: int = 8
    leak_litres_a_day: int = 0
    leak_days: int = 0


@dataclass(frozen=True, slots=True)
class Profile:
    """One household's particulars; `case` names what it shows."""

    case: str = "ordinary"
    home: HomeProfile = HomeProfile()
    money: MoneyProfile = MoneyProfile()
    notices: NoticeProfile = NoticeProfile()
    water: WaterProfile = WaterProfile()
