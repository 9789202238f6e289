"""Offices, advisors, announcements and advice: what belongs to the landlord and to no tenant."""

from collections.abc import Iterable

from gateway.demo.erp.formats import day_number, minute_text
from gateway.demo.erp.store.rows import Rows
from gateway.demo.world.model import Address, Landlord, Office, Span

_SEVERITIES = {"INFO": "I", "ALERTE": "A", "URGENCE": "U"}
_STEP_FREE = {True: "O", False: "N", None: ""}


def add_directory(rows: Rows, landlord: Landlord) -> None:
    """All rows of the landlord."""
    for office in landlord.offices:
        _add_office(rows, office)
    for advisor in landlord.advisors:
        rows.add(
            "conseiller",
            advisor.code,
            advisor.last_name.upper(),
            advisor.first_name,
            advisor.title,
            advisor.phone,
            advisor.office_code,
            day_number(advisor.absent_until),
            advisor.stand_in_code or "",
        )
    for news in landlord.announcements:
        gravity, until = _SEVERITIES[news.severity], minute_text(news.until)
        rows.add("information", news.number, news.title, news.body, gravity, minute_text(news.since), until)
    for advice in landlord.advice:
        rows.add("conseil", advice.number, advice.title, advice.body, advice.topic)


def address_columns(address: Address) -> tuple[str, str, str, str, str, str]:
    """ADR_1 to INSEE; lines beyond the second join it."""
    first, second = address.complement[:1], address.complement[1:]
    return (
        " ".join(first),
        ", ".join(second),
        address.street,
        address.postal_code,
        address.city,
        address.insee_code,
    )


def _add_office(rows: Rows, office: Office) -> None:
    rows.add(
        "agence",
        office.code,
        office.name,
        *address_columns(office.address),
        office.phone,
        ";".join(f"{day}:{_spans(spans)}" for day, spans in office.weekdays),
        office.conditions or "",
        _STEP_FREE[office.step_free],
    )
    for rank, hours in enumerate(office.special):
        first, last = day_number(hours.first_day), day_number(hours.last_day)
        rows.add("horaire_special", office.code, rank, first, last, hours.label, _spans(hours.spans))


def _spans(spans: Iterable[Span]) -> str:
    return "/".join(f"{span.opens:%H%M}-{span.closes:%H%M}" for span in spans)
