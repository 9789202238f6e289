"""People party to a lease and the ways to reach them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from gateway.domain.identifiers import PersonId, TenantId
from gateway.domain.source import DataQualityIssue


class Civility(StrEnum):
    """Form of address. `COUPLE` is the ERP's « M. et Mme » in one record: two people, one name."""

    MME = "MME"
    M = "M"
    COUPLE = "COUPLE"
    UNSPECIFIED = "UNSPECIFIED"


@dataclass(frozen=True, slots=True)
class Person:
    """Natural person; names in their usual spelling.

    `first_name` is None when the source does not tell it apart.
    """

    id: PersonId
    civility: Civility
    first_name: str | None
    last_name: str
    issues: tuple[DataQualityIssue, ...] = ()

    @property
    def greeting_name(self) -> str:
        """Name to greet with: the first name, else « M. et Mme Dupont »; empty rather than wrong."""
        if self.first_name:
            return self.first_name
        match self.civility:
            case Civility.COUPLE:
                return f"M. et Mme {self.last_name}"
            case Civility.MME:
                return f"Mme {self.last_name}"
            case Civility.M:
                return f"M. {self.last_name}"
            case Civility.UNSPECIFIED:
                return ""
            case _:
                assert_never(self.civility)


class ContactKind(StrEnum):
    """Kinds of contact."""

    MOBILE = "MOBILE"
    LANDLINE = "LANDLINE"
    EMAIL = "EMAIL"
    POSTAL = "POSTAL"


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """One way to reach a person.

    `value` is usable as it is (E.164, address), None when the source's is not.
    """

    kind: ContactKind
    value: str | None
    display: str
    verified_on: date | None = None


@dataclass(frozen=True, slots=True)
class Tenant:
    """File of a tenant. `birth_date` is compared during account recovery, never shown."""

    id: TenantId
    person: Person
    birth_date: date | None
    contacts: tuple[ContactPoint, ...]
    issues: tuple[DataQualityIssue, ...] = ()
