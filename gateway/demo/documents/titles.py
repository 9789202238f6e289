"""What a notice is called, in the index, in the file and in its name."""

from urllib.parse import quote

from gateway.demo.world.model import Household, Notice

_MONTHS = (
    "de janvier",
    "de février",
    "de mars",
    "d’avril",
    "de mai",
    "de juin",
    "de juillet",
    "d’août",
    "de septembre",
    "d’octobre",
    "de novembre",
    "de décembre",
)


def title_of(notice: Notice, *, household: Household) -> str:
    """`Avis d’échéance d’octobre 2026`, with ` (rectifié)` when it replaces another."""
    year, month = notice.period.split("-")
    replaces = any(other.replaced_by == notice.number for other in household.notices)
    return f"Avis d’échéance {_MONTHS[int(month) - 1]} {year}{' (rectifié)' if replaces else ''}"


def disposition_of(notice: Notice, *, household: Household) -> str:
    """The Content-Disposition: a plain name for old clients, the French one for the others (RFC 6266, RFC 8187)."""
    full = quote(f"{title_of(notice, household=household)}.pdf", safe="")
    return f"attachment; filename=\"avis-{notice.period}.pdf\"; filename*=UTF-8''{full}"
