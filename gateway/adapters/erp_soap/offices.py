"""Offices open to the public in IMMO-GEST (`Agence`)."""

from gateway.adapters.erp_soap import native
from gateway.adapters.erp_soap.hours import read_spans, read_week
from gateway.adapters.erp_soap.phones import read_phone
from gateway.adapters.erp_soap.places import read_address
from gateway.adapters.erp_soap.record import Record
from gateway.domain.directory import Office, OpeningHours, SpecialOpening
from gateway.domain.identifiers import OfficeId
from gateway.domain.source import DataQualityCode


def read_office(record: Record) -> Office:
    """One office, without hours when any of them cannot be read: nobody is sent to a closed door."""
    return Office(
        id=OfficeId(record.key("CODE_AGENCE")),
        name=record.text("NOM", "name"),
        address=read_address(record),
        phone=read_phone(record, "TEL", field="phone"),
        opening=_opening(record),
        step_free=record.flag("ACCES_PMR", "step_free"),
        issues=record.issues,
    )


def _opening(record: Record) -> OpeningHours | None:
    conditions = record.optional_text("CONDITIONS", "opening")
    if not record.code("HORAIRES"):
        record.note(DataQualityCode.MISSING_VALUE, "opening")
        return None
    week = record.moment("HORAIRES", "opening", read=read_week)
    special = [_special(part) for part in record.parts("HoraireSpecial")]
    certain = tuple(period for period in special if period)
    if week is None or len(certain) < len(special):
        return None
    return OpeningHours(regular=week, special=certain, conditions=conditions)


def _special(record: Record) -> SpecialOpening | None:
    first_day = record.moment("DAT_DEB", "opening", read=native.read_day)
    last_day = record.moment("DAT_FIN", "opening", read=native.read_day)
    spans = record.moment("HORAIRES", "opening", read=read_spans)
    if first_day is None or last_day is None or spans is None:
        return None
    return SpecialOpening(first_day, last_day, label=record.text("LIB", "opening"), spans=spans)
