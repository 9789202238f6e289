"""The general accounts that face the tenants' (plan comptable)."""

TENANTS = "411000"
DISPUTED = "416000"
BENEFITS = "467100"
"""What the family allowance fund and other third parties owe the landlord."""

_BANK, _CHEQUES, _TIP, _CASH = "512100", "511200", "511300", "530000"
_ADVANCES, _OTHER = "419100", "658000"

_BY_METHOD = {
    "CB": _BANK,
    "PRLV": _BANK,
    "VIR": _BANK,
    "TIP": _TIP,
    "CHQ": _CHEQUES,
    "ESP": _CASH,
    "TIERS": BENEFITS,
}
_BY_CODE = {
    "LOY": "706100",
    "SLS": "706120",
    "RLS": "706190",
    "GAR": "706300",
    "ANX": "706400",
    "CHG": _ADVANCES,
    "EFR": _ADVANCES,
    "ECH": _ADVANCES,
    "CHF": _ADVANCES,
    "REG": _ADVANCES,
    "APL": BENEFITS,
    "APR": BENEFITS,
    "ASS": "467200",
    "DEP": "165000",
    "REP": "791000",
    "ENQ": "758000",
    "FRS": "791100",
    "PLA": "411900",
    "TVA": "445710",
    "IMP": _BANK,
    "REM": _BANK,
}

METHODS = frozenset(_BY_METHOD)
TREASURY = frozenset(_BY_METHOD.values())
"""The accounts a receipt may be debited to."""


def counterpart(code: str, method: str) -> str:
    """The general account that faces a line of this code, and for a receipt of this method."""
    if code == "ENC":
        return _BY_METHOD.get(method, _BANK)
    return _BY_CODE.get(code, _OTHER)
