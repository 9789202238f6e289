"""The invented tenants that a test Tryton is filled with, and the conventions by which it keeps them.

Tryton has no leases of its own. A landlord who runs on it keeps them, here, like this:

- a tenant is a party; its `code` is the reference of the rental account (intitulé de compte);
- a lease is an identifier without type, active as long as the party is bound by it, whose address is the dwelling;
  the address is deactivated when the lease has ended; `unit_number` says what is let (« Logement 12 », « Garage 7 »);
- the categories of a party say whether it is the principal holder or a co-holder of its leases;
- a notice is a customer invoice, for the month of its date; its `reference` is the lease, unless the `note` of a
  line names another one; products say what each line is for;
- journals say how money came in.

All dates are fixed, so that tests can strike balances at `TODAY` whatever the day is.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

TODAY = date(2026, 10, 28)
"""The last notices, of 25 October, are due on 10 November: not yet."""

CANCELLED_ON = date(2026, 10, 26)
"""Day of the credit notes for cancelled notices; Tryton numbers invoices in the order of their dates."""

PRODUCTS = {
    "LOYER": "Loyer principal",
    "CHARGES": "Provision pour charges",
    "EAU_FROIDE": "Provision eau froide",
    "GARAGE": "Loyer garage",
    "APL": "Aide personnalisée au logement",
    "RLS": "Réduction de loyer de solidarité",
    "DIVERS": "Badge d'accès supplémentaire",
}
JOURNALS = {
    "PRLV": "Prélèvements",
    "CB": "Cartes bancaires",
    "VIR": "Virements",
    "CHQ": "Chèques",
    "CAF": "Versements CAF",
    "MDT": "Mandats",
}
PRINCIPAL = "Titulaire"
CO_HOLDER = "Co-titulaire"

BARE_COUNT = 1000
"""Tenants without notices, for counting calls."""


class Pdf(Enum):
    """What is attached to a notice."""

    GOOD = "a PDF"
    NONE = "nothing"
    EMPTY = "a file of no bytes"
    ERROR_PAGE = "an HTML page named .pdf"


@dataclass(frozen=True, slots=True)
class Notice:
    """Notice of one month, issued on the 25th. `lines` are products and amounts; APL and RLS are negative.

    The rent of a garage goes to the tenant's second lease, everything else to the first.
    """

    month: int
    lines: tuple[tuple[str, Decimal], ...]
    pdf: Pdf = Pdf.GOOD
    cancelled: bool = False

    @property
    def issued_on(self) -> date:
        """The day the landlord sent it."""
        return date(2026, self.month, 25)

    @property
    def amount(self) -> Decimal:
        """What it asks for."""
        return sum((amount for _, amount in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money received, or taken back when negative. `settles` is the month of the notice it is matched with."""

    on: date
    amount: Decimal
    journal: str = "PRLV"
    settles: int | None = None
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Lease:
    """Lease of a tenant; `let` is what Tryton's `unit_number` says. A street of two lines is kept as it is."""

    reference: str
    street: str
    town: tuple[str, str]
    let: str = "Logement 1"
    building: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Tenant:
    """A party with everything booked on it."""

    code: str
    name: str
    leases: tuple[Lease, ...]
    notices: tuple[Notice, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()
    role: str | None = PRINCIPAL
    doubtful: Decimal = Decimal(0)
    """Amount moved to the doubtful account 416."""
    left: tuple[str, ...] = ()
    """References of leases this party has left: identifiers that were deactivated."""
    other_numbers: tuple[str, ...] = ()
    """Identifiers that are no leases."""


METZ = ("57000", "Metz")
THIONVILLE = ("57100", "Thionville")
WOIPPY = ("57140", "Woippy")
FORBACH = ("57600", "Forbach")


def _lines(rent: str, charges: str, **others: str) -> tuple[tuple[str, Decimal], ...]:
    amounts = {"LOYER": rent, "CHARGES": charges, **others}
    return tuple((product, Decimal(amount)) for product, amount in amounts.items())


def _months(lines: tuple[tuple[str, Decimal], ...], *months: int) -> tuple[Notice, ...]:
    return tuple(Notice(month, lines) for month in months)


def _settled(notices: tuple[Notice, ...], journal: str = "PRLV") -> tuple[Receipt, ...]:
    """Payment of each notice in full on the 10th of the next month, matched with it."""
    return tuple(
        Receipt(date(2026, notice.month + 1, 10), notice.amount, journal, settles=notice.month) for notice in notices
    )


_PLAIN = _months(_lines("412.37", "98.20", EAU_FROIDE="14.50"), 7, 8, 9, 10)
_JOINT = _months(_lines("505.00", "121.05", APL="-187.00", RLS="-52.24"), 8, 9, 10)
_CREDIT = _months(_lines("389.11", "74.02"), 9)
_LATE = _months(_lines("451.90", "88.88"), 7, 8, 9)
_EARLY = _months(_lines("367.45", "70.15"), 10)
_PART = _months(_lines("420.10", "92.24"), 9)
_DRAFT = _months(_lines("398.00", "14.37"), 9)
_TWO_UNITS = _months(_lines("478.25", "105.00", GARAGE="52.13"), 8, 9, 10)
_REISSUED = (
    Notice(9, _lines("433.33", "99.99"), cancelled=True),
    Notice(9, _lines("433.33", "79.99")),
)
_DISPUTED = _months(_lines("510.00", "90.00"), 7, 8)
_GONE = _months(_lines("344.00", "66.00"), 7)
_PDFS = (
    Notice(7, _lines("400.01", "50.00"), pdf=Pdf.NONE),
    Notice(8, _lines("400.02", "50.00"), pdf=Pdf.EMPTY),
    Notice(9, _lines("400.03", "50.00"), pdf=Pdf.ERROR_PAGE),
    Notice(10, _lines("400.04", "50.00")),
)
_CENTS = _months(_lines("333.33", "66.67", DIVERS="0.01"), 9, 10)

TENANTS = (
    Tenant(
        "4120001",
        "Anaïs Kieffer",
        (Lease("000101/01", "12 rue des Mirabelles", METZ, "Logement 12", "Bâtiment C"),),
        _PLAIN,
        _settled(_PLAIN[:3]),
        (("mobile", "06 39 98 11 22"), ("phone", "03 53 01 22 33"), ("email", "anais.kieffer@example.org")),
    ),
    Tenant(
        "4120002",
        "Sylvie Oberlé-Wagner",
        (Lease("000102/01", "3 place du Quarteau", METZ, "Logement 4"),),
        _JOINT,
        _settled(_JOINT[:2], "VIR"),
        (("email", "sylvie.oberle@example.com"),),
    ),
    Tenant(
        "4120003",
        "Karim Benali",
        (Lease("000102/01", "3 place du Quarteau", METZ, "Logement 4"),),
        role=CO_HOLDER,
        contacts=(("mobile", "+33 6 39 98 45 67"),),
    ),
    Tenant(
        "4120004",
        "Zoé Schœser",
        (Lease("000104/01", "8 allée des Tilleuls", WOIPPY),),
        _CREDIT,
        (*_settled(_CREDIT, "CHQ"), Receipt(date(2026, 10, 20), Decimal("100.00"), "VIR")),
        (("email", "nc@nc.fr"), ("phone", "SANS")),
    ),
    Tenant(
        "4120005",
        "Gaël Müller",
        (Lease("000105/01", "21 rue de la Fonderie", FORBACH),),
        _LATE,
        (
            *_settled(_LATE[:1]),
            Receipt(date(2026, 9, 10), _LATE[1].amount),
            Receipt(date(2026, 9, 14), -_LATE[1].amount),
        ),
        (("phone", "0353014455 (soir)"),),
    ),
    Tenant(
        "4120006",
        "Noëlla Weiss",
        (Lease("000106/01", "5 rue des Remparts", THIONVILLE),),
        _EARLY,
        (Receipt(date(2026, 10, 26), _EARLY[0].amount, "CB"),),
    ),
    Tenant(
        "4120007",
        "Éric Thill",
        (Lease("000107/01", "17 rue du Crève-Cœur", METZ),),
        _PART,
        (Receipt(date(2026, 10, 12), Decimal("200.00"), "CB"),),
    ),
    Tenant(
        "4120008",
        "Aïcha Fontaine",
        (Lease("000108/01", "2 impasse des Vignes", METZ),),
        _DRAFT,
        (Receipt(date(2026, 10, 15), Decimal("7.00"), "CB", draft=True),),
    ),
    Tenant(
        "4120009",
        "Jean-François Le Gall",
        (
            Lease("000109/01", "44 boulevard de Trèves", METZ, "Appartement 31"),
            Lease("000109/02", "46 boulevard de Trèves", METZ, "Garage 7"),
        ),
        _TWO_UNITS,
        (
            *_settled(_TWO_UNITS[:1]),
            Receipt(date(2026, 10, 12), Decimal("583.25"), "VIR"),
        ),
    ),
    Tenant(
        "4120010",
        "Chloé Muller",
        (Lease("000110/01", "9 rue du Pont-des-Morts", METZ),),
        _REISSUED,
    ),
    Tenant(
        "4120011",
        "Hervé Klein",
        (Lease("000111/01", "30 rue de Verdun", THIONVILLE),),
        _DISPUTED,
        doubtful=Decimal("600.00"),
    ),
    Tenant(
        "4120012",
        "Odile Marchal",
        (Lease("000112/01", "6 rue Haute-Seille", METZ, ended=True),),
        _GONE,
        _settled(_GONE),
    ),
    Tenant(
        "4120013",
        "Bénédicte Nadé",
        (Lease("000113/01", "1 chemin sous les Vignes", WOIPPY),),
        other_numbers=("CAF 7654321", "N/A"),
    ),
    Tenant(
        "4120014",
        "Loïc Roussel",
        (Lease("000114/01", "11 rue Taison", METZ),),
        _PDFS,
        _settled(_PDFS[:3]),
    ),
    Tenant("4120015", "Thierry et Agnès Wœrth", (Lease("000115/01", "7 rue aux Ours", METZ),), _CENTS),
    Tenant("4120016", "Denis Fabert", (), left=("000102/01",)),
    Tenant("4120017", "Maëlys Dory", (Lease("000117/01", "13 rue Mozart", METZ, "Cave 3"),)),
    Tenant("4120018", "Oğuz Yıldırım", (Lease("000118/01", "15 rue Mozart", METZ, "Local 2"),)),
    Tenant(
        "4120019",
        "Sœur Marie-Ange",
        (Lease("000119/01", "Résidence du Parc\n19 rue de l'Abbé-Risse", METZ, let=""),),
        _months(_lines("301.01", "49.49"), 10),
    ),
    Tenant(
        "4120020",
        "O'Brien Máire",
        (Lease("000120/01", "2 rue Paul-Verlaine", THIONVILLE),),
        _months(_lines("299.99", "0.01"), 9, 10),
        (
            Receipt(date(2026, 10, 10), Decimal("300.00"), "CAF", settles=9),
            Receipt(date(2026, 10, 20), Decimal("-20.00"), "CAF"),
            Receipt(date(2026, 10, 21), Decimal("5.00"), "MDT"),
        ),
    ),
    Tenant("4120021", "M. Jules Adam", (Lease("000121/01", "4 rue Serpenoise", METZ),)),
    Tenant("4120022", "Mme Lucie Adam", (Lease("000121/01", "4 rue Serpenoise", METZ),), other_numbers=("N/A",)),
    Tenant("4120023", "Paul Garant", (Lease("000101/01", "12 rue des Mirabelles", METZ),), role=None),
)


def notices_in_order() -> list[tuple[Tenant, Notice]]:
    """Every notice with its tenant, oldest month first."""
    issued = [(tenant, notice) for tenant in TENANTS for notice in tenant.notices]
    return sorted(issued, key=lambda it: it[1].month)


def bare_code(number: int) -> str:
    """Account reference of the bare tenant `number`, from 1 to `BARE_COUNT`."""
    return f"5{number:06d}"


def bare_lease(number: int) -> str:
    """Lease of the bare tenant `number`."""
    return f"9{number:05d}/01"
