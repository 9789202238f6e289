"""What Tryton's records stand for at the landlord's.

- A tenant is a party; its `code` is the reference of the rental account (intitulé de compte). A code is printed as
  it is, and does not begin with a zero.
- A lease is an identifier without type that looks like `000101/01`, active as long as the party is bound by it.
  Its address is that of the dwelling, deactivated when the lease has ended; the first word of the address's
  `unit_number` says what is let. The categories of the party say in which role it is bound.
- A notice is a customer invoice, for the month of its date. Its `reference` is the lease, unless the `note` of a
  line names another one. The code of a line's product says what the line is for. An invoice whose lines come from
  another one takes that one back, and is no notice.
- The journal of a move says how money came in.
- What is owed stands on accounts of a receivable type; those below 416 hold what is in dispute.

A landlord who keeps them otherwise changes this module and nothing else.
"""

import re

from gateway.domain.identifiers import LeaseId
from gateway.domain.lease import LeasePartyRole, UnitKind
from gateway.domain.ledger import ChargeKind, PaymentMethod

_CODE = re.compile(r"[0-9A-Z][0-9A-Z._-]{0,31}", re.ASCII)
_LEASE = re.compile(r"\d{6}/\d{2}", re.ASCII)

DISPUTED = "416"
ROLES = {"Titulaire": LeasePartyRole.PRINCIPAL_HOLDER, "Co-titulaire": LeasePartyRole.CO_HOLDER}
UNITS = {
    "LOGEMENT": UnitKind.DWELLING,
    "APPARTEMENT": UnitKind.DWELLING,
    "MAISON": UnitKind.DWELLING,
    "GARAGE": UnitKind.PARKING,
    "PARKING": UnitKind.PARKING,
    "CAVE": UnitKind.ANNEX,
    "JARDIN": UnitKind.ANNEX,
}
PRODUCTS = {
    "LOYER": ChargeKind.RENT,
    "CHARGES": ChargeKind.SERVICE_CHARGE_ADVANCE,
    "EAU_FROIDE": ChargeKind.COLD_WATER_ADVANCE,
    "EAU_CHAUDE": ChargeKind.HOT_WATER_ADVANCE,
    "CHAUFFAGE": ChargeKind.HEATING_ADVANCE,
    "REGULARISATION": ChargeKind.CHARGE_SETTLEMENT,
    "GARAGE": ChargeKind.PARKING,
    "ANNEXE": ChargeKind.ANNEX,
    "ASSURANCE": ChargeKind.INSURANCE,
    "APL": ChargeKind.HOUSING_BENEFIT,
    "RLS": ChargeKind.RENT_REDUCTION,
    "SLS": ChargeKind.RENT_SUPPLEMENT,
}
JOURNALS = {
    "CB": PaymentMethod.CARD,
    "PRLV": PaymentMethod.SEPA_DIRECT_DEBIT,
    "VIR": PaymentMethod.BANK_TRANSFER,
    "TIP": PaymentMethod.TIP_SEPA,
    "CHQ": PaymentMethod.CHEQUE,
    "ESP": PaymentMethod.CASH,
    "CAF": PaymentMethod.THIRD_PARTY,
}


def read_code(text: str) -> str | None:
    """The canonical form of a party's code, trimmed and in capitals; None outside the grammar."""
    code = text.strip().upper()
    return code if _CODE.fullmatch(code) else None


def read_account(reference: str) -> str | None:
    """The code of the party whose account has this canonical reference, in which zeros may fill up a short number."""
    code = read_code(reference)
    return (code or "").lstrip("0") or None


def read_lease_id(text: str | None) -> LeaseId | None:
    """The lease that `text` names, if it looks like one: other identifiers and notes never bind a tenant."""
    reference = (text or "").strip()
    return LeaseId(reference) if _LEASE.fullmatch(reference) else None
