"""Two invented households in the landlord's books, on Tuesday 17 March 2026 at half past ten in Paris.

Camille Roussel holds a dwelling and a garage, charged to one account, together with Dominique. Noor Haddad, a
stranger to them, holds a dwelling elsewhere. All that one of them may see, the other must not.
"""

from datetime import date

from gateway.domain.directory import LeaseContacts
from gateway.domain.document import DocumentAvailability
from gateway.domain.identifiers import DocumentId, NoticeId
from gateway.domain.ledger import StoredBalance
from gateway.domain.money import Money
from gateway.domain.period import YearMonth
from tests.support.household import account, directory, homes, surroundings
from tests.support.household.directory import METZ
from tests.support.household.names import (
    ACCOUNT,
    CAMILLE,
    CLOSED_AT,
    DWELLING,
    FOREIGN_ACCOUNT,
    FOREIGN_LEASE,
    FOREIGN_NOTICE,
    GARAGE,
    MARCH_FILE,
    MARCH_NOTICE,
    NOOR,
    NOW,
    PDF,
    READ_AT,
)
from tests.support.memory import Books, Landlord

__all__ = [
    "ACCOUNT",
    "CAMILLE",
    "DWELLING",
    "GARAGE",
    "MARCH_FILE",
    "MARCH_NOTICE",
    "METZ",
    "NOOR",
    "NOW",
    "PDF",
    "books",
    "landlord",
]


def landlord() -> Landlord:
    """The landlord's systems with both households in their books; the ERP closed them last night."""
    return Landlord(
        clock=lambda: NOW,
        books=books(),
        as_of={"balances": CLOSED_AT, "entries": CLOSED_AT, "meters": READ_AT},
    )


def books() -> Books:
    """What the systems know."""
    return Books(
        tenants={CAMILLE: homes.camille(), NOOR: homes.noor()},
        leases_of={CAMILLE: (homes.dwelling(), homes.garage()), NOOR: (homes.foreign_lease(),)},
        balances={
            ACCOUNT: StoredBalance(ACCOUNT, Money(47710), overdue=Money(15500), next_due_on=date(2026, 4, 10)),
            FOREIGN_ACCOUNT: StoredBalance(FOREIGN_ACCOUNT, Money(0), overdue=Money(0), next_due_on=None),
        },
        entries={ACCOUNT: account.entries(), FOREIGN_ACCOUNT: (account.debit("E-HADDAD", date(2026, 3, 1), 30000),)},
        notices={ACCOUNT: account.notices(), FOREIGN_ACCOUNT: (account.notice(FOREIGN_NOTICE, YearMonth(2026, 3)),)},
        documents={
            MARCH_NOTICE: account.file(MARCH_FILE, DocumentAvailability.AVAILABLE),
            NoticeId("N-2026-02-B"): account.file(DocumentId("D-2026-02"), DocumentAvailability.MISSING),
            FOREIGN_NOTICE: account.file(DocumentId("D-HADDAD"), DocumentAvailability.AVAILABLE),
        },
        files={MARCH_FILE: PDF, DocumentId("D-HADDAD"): PDF},
        meters={
            DWELLING: surroundings.meters(DWELLING, ""),
            FOREIGN_LEASE: surroundings.meters(FOREIGN_LEASE, "-HADDAD"),
        },
        works={
            DWELLING: (surroundings.windows(), surroundings.lift()),
            GARAGE: (surroundings.lift(),),
            FOREIGN_LEASE: (surroundings.painting(),),
        },
        contacts={
            DWELLING: LeaseContacts(directory.advisor(), METZ, (directory.CARETAKER, directory.EMERGENCY_LINE)),
            GARAGE: LeaseContacts(directory.unreachable_advisor(), None, ()),
            FOREIGN_LEASE: LeaseContacts(directory.foreign_advisor(), None, ()),
        },
        offices=(METZ, directory.THIONVILLE),
        editorial=directory.editorial(),
    )
