"""What IMMO-GEST's three-letter codes stand for (interface note §5), on entries and on the lines of notices."""

from gateway.domain.ledger import ChargeKind, Direction, PaymentMethod

DIRECTIONS = {"D": Direction.DEBIT, "C": Direction.CREDIT}
KINDS = {
    "LOY": ChargeKind.RENT,
    "CHG": ChargeKind.SERVICE_CHARGE_ADVANCE,
    "EFR": ChargeKind.COLD_WATER_ADVANCE,
    "ECH": ChargeKind.HOT_WATER_ADVANCE,
    "CHF": ChargeKind.HEATING_ADVANCE,
    "REG": ChargeKind.CHARGE_SETTLEMENT,
    "RLS": ChargeKind.RENT_REDUCTION,
    "SLS": ChargeKind.RENT_SUPPLEMENT,
    "ENQ": ChargeKind.SURVEY_PENALTY,
    "APL": ChargeKind.HOUSING_BENEFIT,
    "APR": ChargeKind.HOUSING_BENEFIT_CORRECTION,
    "GAR": ChargeKind.PARKING,
    "ANX": ChargeKind.ANNEX,
    "ASS": ChargeKind.INSURANCE,
    "DEP": ChargeKind.DEPOSIT,
    "REP": ChargeKind.REPAIR_RECHARGE,
    "FRS": ChargeKind.LEGAL_FEES,
    "PLA": ChargeKind.PLAN_INSTALMENT,
    "TVA": ChargeKind.VAT,
    "ENC": ChargeKind.PAYMENT,
    "IMP": ChargeKind.PAYMENT_RETURNED,
    "REM": ChargeKind.REFUND,
    "OD": ChargeKind.CORRECTION,
}
# On a notice, water with a quantity was measured; without one it is an advance.
WATER = frozenset({ChargeKind.COLD_WATER_ADVANCE, ChargeKind.HOT_WATER_ADVANCE})
METHODS = {
    "CB": PaymentMethod.CARD,
    "PRLV": PaymentMethod.SEPA_DIRECT_DEBIT,
    "VIR": PaymentMethod.BANK_TRANSFER,
    "TIP": PaymentMethod.TIP_SEPA,
    "CHQ": PaymentMethod.CHEQUE,
    "ESP": PaymentMethod.CASH,
    "TIERS": PaymentMethod.THIRD_PARTY,
}
