"""What clerks, migrations and bad luck did to the rows of ordinary households, as often as real ones show it.

The showcase households keep clean rows but for their own oddity, so that a demonstration shows one thing at a time.
"""

from datetime import date
from random import Random

from gateway.demo.erp.formats import NO_END, day_number
from gateway.demo.world.model import Household, Party

_MOJIBAKE, _SENTINEL_END, _STRAY_SPACE, _UNREADABLE = 0.01, 0.08, 0.005, 0.0005
_ONE_FILE = 0.12
"""Of couples sharing a name; they are one household in four, so 3 % of files."""

_UNREADABLE_AMOUNT = "1.234"


class Blemishes:
    """Draws the blemishes of one household; the same for the same seed and household."""

    def __init__(self, household: Household, *, seed: int) -> None:
        self._case = household.case
        self._ordinary = household.case == "ordinary"
        self._rng = Random(f"immo-gest/{seed}/{household.index}")

    def label(self, text: str) -> str:
        """The label, perhaps stored in UTF-8 and read as windows-1252."""
        return _misread(text) if self._strikes(_MOJIBAKE) else text

    def end(self, day: date | None) -> int:
        """A last day that may be none: written as none, or as the year 9999."""
        number = day_number(day)
        return NO_END if number == 0 and self._strikes(_SENTINEL_END) else number

    def key(self, number: str) -> str:
        """A number as shown, perhaps with a space that a clerk typed in front."""
        return f" {number}" if self._strikes(_STRAY_SPACE) else number

    def unreadable_amount(self) -> str:
        """What is shown in place of the stored balance; empty for nearly everybody."""
        if self._case == "unreadable-amount" or self._strikes(_UNREADABLE):
            return _UNREADABLE_AMOUNT
        return ""

    def one_file(self, parties: tuple[Party, ...]) -> bool:
        """Whether one file stands for the couple that holds the lease."""
        couple = [party.person.last_name for party in parties if party.role in ("TITULAIRE", "COTITULAIRE")]
        if len(couple) != 2 or couple[0] != couple[1]:
            return False
        return self._case == "two-in-one-name" or self._strikes(_ONE_FILE)

    def _strikes(self, rate: float) -> bool:
        return self._ordinary and self._rng.random() < rate


def _misread(text: str) -> str:
    """The UTF-8 bytes of `text` read as windows-1252; as it is when they hold one of its five gaps."""
    try:
        return text.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return text
