"""Telephone numbers in IMMO-GEST: whatever a clerk typed."""

from gateway.adapters.erp_soap.record import Record
from gateway.domain.directory import Phone
from gateway.domain.phone import parse_phones
from gateway.domain.source import DataQualityCode


def read_phone(record: Record, tag: str, *, field: str) -> Phone | None:
    """The first usable number of a field, noted when there is something else in it."""
    typed = record.text(tag, field)
    phones = parse_phones(typed)
    if typed and not phones:
        record.note(DataQualityCode.UNUSABLE_CONTACT, field, typed)
    return phones[0] if phones else None
