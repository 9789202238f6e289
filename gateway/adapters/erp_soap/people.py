"""People in IMMO-GEST: a file for each, repeated on every lease they are party to."""

from collections.abc import Iterator

from gateway.adapters.erp_soap.names import read_name
from gateway.adapters.erp_soap.record import Record
from gateway.domain.email import read_email
from gateway.domain.identifiers import PersonId, TenantId
from gateway.domain.person import Civility, ContactKind, ContactPoint, Person, Tenant
from gateway.domain.phone import is_mobile, parse_phones
from gateway.domain.source import DataQualityCode


def read_person(record: Record) -> Person:
    """The person of a record with `NUM_LOC`, `LIB_NOM` and `LIB_PRENOM`."""
    number = record.key("NUM_LOC")
    whole = record.text("LIB_NOM", "last_name")
    name = read_name(whole, first=record.text("LIB_PRENOM", "first_name"))
    if not name.last:
        record.note(DataQualityCode.MISSING_VALUE, "last_name")
    if name.first is None and name.civility is not Civility.COUPLE:
        record.note(DataQualityCode.MISSING_VALUE, "first_name", whole or None)
    return Person(
        id=PersonId(number),
        civility=name.civility,
        first_name=name.first,
        last_name=name.last,
        issues=record.issues,
    )


def read_tenant(record: Record) -> Tenant:
    """The file of a tenant (`Locataire`)."""
    person = read_person(record)
    return Tenant(
        id=TenantId(person.id),
        person=person,
        birth_date=record.day("DAT_NAISS", "birth_date"),
        contacts=tuple(_contacts(record)),
        issues=record.issues,
    )


def _contacts(record: Record) -> Iterator[ContactPoint]:
    for tag in ("TEL_1", "TEL_2", "TEL_3"):
        yield from _phones(record, record.text(tag, "contacts"))
    if typed := record.text("MEL", "contacts"):
        yield _email(record, typed)


def _phones(record: Record, typed: str) -> Iterator[ContactPoint]:
    phones = parse_phones(typed)
    if typed and not phones:
        record.note(DataQualityCode.UNUSABLE_CONTACT, "contacts", typed)
        yield ContactPoint(ContactKind.LANDLINE, value=None, display=typed)
    for phone in phones:
        kind = ContactKind.MOBILE if is_mobile(phone.e164) else ContactKind.LANDLINE
        yield ContactPoint(kind, value=phone.e164, display=phone.display)


def _email(record: Record, typed: str) -> ContactPoint:
    address = read_email(typed)
    if address is None:
        record.note(DataQualityCode.UNUSABLE_CONTACT, "contacts", typed)
    return ContactPoint(ContactKind.EMAIL, value=address, display=typed)
