"""The numbers printed on paper, and the way from a notice back to its household.

Zeros in front are part of the numbers: clerks drop them, tenants drop them, the books never do.
"""

import re

_FIRST = 12_000
"""Where the landlord's numbering starts, so that no number looks like a list position."""

_NOTICE = re.compile(r"AE([0-9]{6})[0-9]{6}")


def account_number(index: int) -> str:
    """The account reference (intitulé de compte), 7 digits: `0012345`."""
    return f"{_FIRST + index:07d}"


def lease_number(index: int, *, rank: int) -> str:
    """The lease number as printed, 9 characters: `012345/01` for the first lease of the account."""
    return f"{_FIRST + index:06d}/{rank:02d}"


def person_number(index: int, *, rank: int) -> str:
    """The file of a person, 8 characters: `P0123451`."""
    return f"P{_FIRST + index:06d}{rank}"


def unit_number(index: int, *, rank: int) -> str:
    """The unit in the estate register, 9 characters: `U01234501`."""
    return f"U{_FIRST + index:06d}{rank:02d}"


def entry_number(index: int, *, rank: int) -> str:
    """The voucher of one entry (numéro de pièce), 11 digits."""
    return f"{(_FIRST + index) * 100_000 + rank:011d}"


def works_number(index: int, *, rank: int) -> str:
    """The works order, 9 characters: `OT0123451`."""
    return f"OT{_FIRST + index:06d}{rank}"


def meter_number(index: int, *, rank: int) -> str:
    """The number engraved on a water meter, 11 characters: `FR570123451`."""
    return f"FR57{_FIRST + index:06d}{rank}"


def notice_number(index: int, *, period: str, rank: int) -> str:
    """The notice number, 14 characters; `period` is YYYY-MM, `rank` counts the notices of it from 1."""
    return f"AE{index:06d}{period[2:4]}{period[5:]}{rank:02d}"


def index_of(notice: str) -> int | None:
    """The household a notice number belongs to; None when it is no notice number."""
    found = _NOTICE.fullmatch(notice)
    return int(found[1]) if found else None
