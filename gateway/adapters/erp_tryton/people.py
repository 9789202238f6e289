"""People in Tryton: parties, with one field for the whole name and a list of ways to reach them."""

from collections.abc import Iterator, Sequence

import msgspec

from gateway.adapters.erp_tryton.conventions import ROLES
from gateway.adapters.erp_tryton.wire import Query
from gateway.domain.email import read_email
from gateway.domain.identifiers import PersonId, TenantId
from gateway.domain.names import split_civility, usual_spelling
from gateway.domain.person import ContactKind, ContactPoint, Person, Tenant
from gateway.domain.phone import is_mobile, parse_phones
from gateway.domain.source import DataQualityCode, DataQualityIssue

_PHONES = frozenset({"phone", "mobile"})


class ContactMechanism(msgspec.Struct, frozen=True):
    """A way to reach a party; kinds that a letter or a call cannot use are left aside."""

    type: str
    value: str | None


class PartyKey(msgspec.Struct, frozen=True):
    """The part of a party that tells its key."""

    code: str

    @property
    def key(self) -> str:
        """The party."""
        return self.code


class Party(PartyKey, frozen=True):
    """A party with what its file as a tenant needs."""

    name: str | None
    contact_mechanisms: tuple[ContactMechanism, ...] = msgspec.field(name="contact_mechanisms.")


def tenants(codes: Sequence[str], *fields: str) -> Query:
    """The tenants among the parties with these codes; suppliers and the landlord itself are parties too."""
    where = (("code", "in", codes), ("categories.name", "in", tuple(ROLES)))
    return Query("party.party", where, ("code", *fields))


def read_person(code: str, name: str | None) -> Person:
    """The person of a party. Nothing tells first and last names apart: the whole is the last name."""
    civility, rest = split_civility(name or "")
    issues = () if rest else (DataQualityIssue(DataQualityCode.MISSING_VALUE, "last_name"),)
    return Person(PersonId(code), civility, first_name=None, last_name=usual_spelling(rest), issues=issues)


def read_tenant(party: Party) -> Tenant:
    """The file of a tenant; Tryton keeps no birth dates."""
    contacts = tuple(point for mechanism in party.contact_mechanisms for point in _points(mechanism))
    unusable = (point.display for point in contacts if point.value is None)
    return Tenant(
        id=TenantId(party.code),
        person=read_person(party.code, party.name),
        birth_date=None,
        contacts=contacts,
        issues=tuple(DataQualityIssue(DataQualityCode.UNUSABLE_CONTACT, "contacts", typed) for typed in unusable),
    )


def _points(mechanism: ContactMechanism) -> Iterator[ContactPoint]:
    typed = (mechanism.value or "").strip()
    if mechanism.type == "email":
        yield ContactPoint(ContactKind.EMAIL, value=read_email(typed), display=typed)
    elif mechanism.type in _PHONES:
        yield from _calls(typed)


def _calls(typed: str) -> Iterator[ContactPoint]:
    """The numbers in `typed`, whatever Tryton calls it: clerks type mobile numbers as `phone` and reverse."""
    phones = parse_phones(typed)
    if not phones:
        yield ContactPoint(ContactKind.LANDLINE, value=None, display=typed)
    for phone in phones:
        kind = ContactKind.MOBILE if is_mobile(phone.e164) else ContactKind.LANDLINE
        yield ContactPoint(kind, value=phone.e164, display=phone.display)
