"""The domain's enumerations as GraphQL enums, each value described. A value without a description stops the start."""

from enum import Enum
from typing import Any, TypeVar

import strawberry

from gateway.domain.access import Channel, Role
from gateway.domain.balance import BalanceLineKind, BalanceState
from gateway.domain.directory import UsefulContactKind
from gateway.domain.document import DocumentAvailability, DocumentKind
from gateway.domain.editorial import AnnouncementSeverity
from gateway.domain.lease import LeasePartyRole, LeaseState, RentTerm, UnitKind
from gateway.domain.ledger import ChargeKind, Direction, PaymentMethod
from gateway.domain.notice import NoticeState
from gateway.domain.person import ContactKind
from gateway.domain.source import DataQualityCode, SourceSystem, StaleReason
from gateway.domain.water import ReadingOrigin, WaterKind
from gateway.domain.water_alerts import WaterAlertKind
from gateway.domain.water_consumption import ConsumptionQuality
from gateway.domain.water_series import Granularity
from gateway.domain.works import WorksImpact, WorksScope, WorksState
from gateway.schema.directives import PersonalDataCategory

E = TypeVar("E", bound=type[Enum])


def described(enum: E, name: str, description: str, values: dict[str, str]) -> E:
    """`enum` as the GraphQL enum `name`. Raises ValueError when `values` and the members differ."""
    members = set(enum.__members__)
    if members != set(values):
        raise ValueError(f"{name}: described and real values differ: {sorted(members ^ set(values))}")
    strawberry.enum(enum, name=name, description=description)
    definition: Any = enum.__strawberry_definition__  # type: ignore[attr-defined]  # set by the line above
    for value in definition.values:
        value.description = values[value.name]
    return enum


described(
    SourceSystem,
    "SourceSystem",
    "Legacy systems behind the gateway.",
    {
        "RENT_ERP": "Rental ERP: leases, accounts, notices, ledger.",
        "PAYMENT_PROVIDER": "Payment provider: card payments, mandates.",
        "METERING": "Metering operator: water meters and readings.",
        "WORKS": "Works and repairs system.",
        "DOCUMENT_STORE": "Electronic document store.",
        "DIRECTORY": "Staff directory and offices.",
        "GATEWAY": "The gateway itself: online accounts, consents, reports.",
    },
)
described(
    StaleReason,
    "StaleReason",
    "Why a stale value is shown.",
    {
        "TIMEOUT": "The source did not answer in time.",
        "SOURCE_ERROR": "The source refused connections or answered with an error.",
        "CIRCUIT_OPEN": "Calls to the source are suspended after repeated failures.",
        "MAINTENANCE": "The source is in an announced maintenance window.",
        "UNREADABLE_ANSWER": "The source answered with data that could not be read.",
    },
)
described(
    DataQualityCode,
    "DataQualityCode",
    "Known oddities of legacy data.",
    {
        "MISSING_VALUE": "A mandatory value was absent.",
        "SENTINEL_DATE": "A date stands for « none » (0001-01-01, 1900-01-01, 9999-12-31).",
        "INVALID_DATE": "A date that does not exist or contradicts another one.",
        "UNREADABLE_AMOUNT": "An amount could not be read exactly.",
        "ENCODING_REPAIRED": "Text was in another encoding than announced and was repaired.",
        "UNKNOWN_CODE": "The code is not in the code list; shown as `UNKNOWN` or `OTHER`.",
        "UNUSABLE_CONTACT": "A telephone number or e-mail address could not be normalised.",
        "DUPLICATE_RECORD": "The same record came under two identifiers.",
        "TOTAL_MISMATCH": "The lines do not add up to the total given by the source.",
        "INDEX_WENT_BACK": "A meter index went backwards without a recorded replacement.",
        "DOCUMENT_MISSING": "A document is announced but cannot be found.",
    },
)
described(
    PersonalDataCategory,
    "PersonalDataCategory",
    "Kinds of personal data, for masking and for the processing register.",
    {
        "IDENTITY": "Name, date of birth.",
        "CONTACT": "Address, telephone, e-mail.",
        "FINANCIAL": "Amounts, bank details.",
        "BEHAVIOURAL": "Consumption, which reveals habits.",
        "SECRET": "Passwords and codes.",
    },
)
described(
    Role,
    "Role",
    "Roles of a signed-in person.",
    {
        "TENANT": "Holder or co-holder of a lease.",
        "ADVISOR": "Housing advisor (conseiller habitat).",
        "ANALYST": "Analyst: aggregated figures, no personal data.",
        "OPERATOR": "IT operator: health of sources, data quality.",
    },
)
described(
    Channel,
    "Channel",
    "Channel a request comes from.",
    {
        "WEB": "The account on the web site.",
        "MOBILE": "Mobile application.",
        "DESK": "Advisor's desk.",
        "ANALYST_TOOL": "GraphiQL or a script of an analyst.",
    },
)
described(
    ContactKind,
    "ContactKind",
    "Kinds of contact.",
    {
        "MOBILE": "Mobile telephone.",
        "LANDLINE": "Fixed telephone.",
        "EMAIL": "E-mail.",
        "POSTAL": "Postal address.",
    },
)
described(
    UnitKind,
    "UnitKind",
    "What is let.",
    {
        "DWELLING": "Dwelling.",
        "PARKING": "Garage or parking space.",
        "ANNEX": "Cellar, garden, storage and other annexes.",
        "OTHER": "Anything else, including codes the gateway does not know.",
    },
)
described(
    LeaseState,
    "LeaseState",
    "State of a lease.",
    {
        "UPCOMING": "Signed, not begun.",
        "CURRENT": "Running.",
        "NOTICE_GIVEN": "Notice given, still running.",
        "ENDED": "Ended; accounts may still be open.",
        "UNKNOWN": "Code of the source not known to the gateway.",
    },
)
described(
    LeasePartyRole,
    "LeasePartyRole",
    "Part a person has in a lease.",
    {
        "PRINCIPAL_HOLDER": "Principal holder (titulaire principal).",
        "CO_HOLDER": "Co-holder (co-titulaire).",
        "OCCUPANT": "Occupant without being party to the lease.",
        "GUARANTOR": "Guarantor.",
    },
)
described(
    RentTerm,
    "RentTerm",
    "When rent falls due.",
    {
        "IN_ARREARS": "At the end of the month it pays for (terme échu), the rule for conventioned housing "
        "(CCH R353-21).",
        "IN_ADVANCE": "At the start of the month it pays for (terme à échoir).",
    },
)
described(
    BalanceState,
    "BalanceState",
    "Situation of an account, so that no client has to interpret a sign.",
    {
        "SETTLED": "Nothing to pay.",
        "DUE": "Something to pay, not yet overdue.",
        "OVERDUE": "Something overdue.",
        "IN_CREDIT": "The landlord owes the tenant.",
    },
)
described(
    BalanceLineKind,
    "BalanceLineKind",
    "Groups of lines in the composition of a balance.",
    {
        "BROUGHT_FORWARD": "Balance before the first notice shown (solde antérieur).",
        "NOTICE": "Rent and charges of a notice.",
        "PAYMENTS": "Payments received.",
        "HOUSING_BENEFIT": "Housing benefit paid straight to the landlord (APL, tiers payant).",
        "ADJUSTMENT": "Corrections, settlements of charges, fees.",
    },
)
described(
    Direction,
    "EntryDirection",
    "Direction of an entry.",
    {"DEBIT": "Increases what the tenant owes.", "CREDIT": "Decreases what the tenant owes."},
)
described(
    ChargeKind,
    "ChargeKind",
    "What an amount is for.",
    {
        "RENT": "Principal rent (loyer principal).",
        "SERVICE_CHARGE_ADVANCE": "Monthly advance on service charges (provision pour charges).",
        "COLD_WATER_ADVANCE": "Monthly advance on cold water.",
        "HOT_WATER_ADVANCE": "Monthly advance on hot water.",
        "HEATING_ADVANCE": "Monthly advance on heating.",
        "WATER_ACTUAL": "Cold or hot water billed on real consumption.",
        "CHARGE_SETTLEMENT": "Yearly settlement of charges (régularisation).",
        "RENT_REDUCTION": "Solidarity rent reduction (RLS).",
        "RENT_SUPPLEMENT": "Solidarity rent supplement (SLS, surloyer).",
        "SURVEY_PENALTY": "Penalty or fee for an unanswered income survey.",
        "HOUSING_BENEFIT": "Housing benefit (APL) of the month.",
        "HOUSING_BENEFIT_CORRECTION": "Correction of housing benefit for earlier months (rappel, indu).",
        "PARKING": "Garage or parking space.",
        "ANNEX": "Cellar, garden and other annexes.",
        "INSURANCE": "Contribution to home insurance taken out by the landlord.",
        "DEPOSIT": "Security deposit.",
        "REPAIR_RECHARGE": "Repair charged to the tenant.",
        "LEGAL_FEES": "Legal and bailiff fees.",
        "PLAN_INSTALMENT": "Instalment of a payment plan.",
        "VAT": "Value added tax.",
        "PAYMENT": "Payment received.",
        "PAYMENT_RETURNED": "Payment that came back unpaid (rejet, impayé bancaire).",
        "REFUND": "Refund to the tenant.",
        "CORRECTION": "Correction entry.",
        "OTHER": "Label known, kind not.",
    },
)
described(
    PaymentMethod,
    "PaymentMethod",
    "Ways to pay rent in France.",
    {
        "CARD": "Card on the provider's page.",
        "SEPA_DIRECT_DEBIT": "SEPA direct debit (prélèvement).",
        "BANK_TRANSFER": "Bank transfer.",
        "TIP_SEPA": "SEPA payment slip returned by post (TIP SEPA).",
        "CHEQUE": "Cheque.",
        "CASH": "Cash at the post office (Eficash) or at an office.",
        "THIRD_PARTY": "Paid by a third party (CAF, MSA, FSL, Action Logement …).",
        "UNKNOWN": "Not stated by the source.",
    },
)
described(
    NoticeState,
    "NoticeState",
    "State of a notice.",
    {
        "ISSUED": "In force.",
        "REPLACED": "Replaced by a later one for the same month.",
        "CANCELLED": "Cancelled.",
    },
)
described(
    DocumentKind,
    "DocumentKind",
    "Kinds of document.",
    {
        "RENT_NOTICE": "Rent notice.",
        "RENT_RECEIPT": "Receipt.",
        "LEASE": "Lease.",
        "INVENTORY": "Inventory of fixtures (état des lieux).",
        "CHARGE_SETTLEMENT": "Settlement of charges.",
        "WORKS_NOTIFICATION": "Works notification.",
        "DIAGNOSTIC": "Diagnostics (DPE, amiante, plomb …).",
        "INSURANCE": "Insurance certificate.",
        "LETTER": "Letter.",
        "OTHER": "Other.",
    },
)
described(
    DocumentAvailability,
    "DocumentAvailability",
    "Whether a document can be had.",
    {
        "AVAILABLE": "Can be downloaded.",
        "BEING_PREPARED": "Announced, not yet in the store.",
        "MISSING": "The store does not find it; the figures of the notice are still shown.",
    },
)
described(
    WaterKind,
    "WaterKind",
    "What a meter measures.",
    {"COLD": "Cold water.", "HOT": "Hot water produced for the building."},
)
described(
    Granularity,
    "Granularity",
    "Step of a series.",
    {"DAY": "Day.", "MONTH": "Month.", "YEAR": "Calendar year."},
)
described(
    ReadingOrigin,
    "ReadingOrigin",
    "How a reading was obtained.",
    {
        "REMOTE": "Read by radio or network (télérelève).",
        "MANUAL": "Read by a person on site.",
        "SELF_READING": "Given by the tenant.",
        "ESTIMATED": "Estimated.",
        "REMOVAL": "Last index of a meter that was taken away.",
        "INSTALLATION": "First index of a new meter.",
    },
)
described(
    ConsumptionQuality,
    "ConsumptionQuality",
    "How far a consumption figure can be trusted.",
    {
        "MEASURED": "From two real readings.",
        "ESTIMATED": "At least one reading is estimated.",
        "INTERPOLATED": "Spread over a longer interval between readings.",
        "UNAVAILABLE": "Not computable (missing reading, index went back).",
    },
)
described(
    WaterAlertKind,
    "WaterAlertKind",
    "Kinds of water alert.",
    {
        "ABNORMAL_VOLUME": "Volume above twice the usual for the span (CGCT L2224-12-4 III bis, taken as yardstick).",
        "NO_READING": "No reading for longer than agreed.",
        "INDEX_WENT_BACK": "Index went back.",
    },
)
described(
    WorksState,
    "WorksState",
    "State of works.",
    {
        "ANNOUNCED": "Planned and told to occupants.",
        "IN_PROGRESS": "Under way.",
        "SUSPENDED": "Interrupted.",
        "COMPLETED": "Done.",
        "CANCELLED": "Given up.",
        "UNKNOWN": "Code of the source not known to the gateway.",
    },
)
described(
    WorksScope,
    "WorksScope",
    "What works touch.",
    {
        "DWELLING": "Inside the dwelling (parties privatives).",
        "COMMON_PARTS": "Shared parts of the building (parties communes).",
        "ESTATE": "Outdoor spaces of the estate.",
        "UNKNOWN": "Code of the source not known to the gateway.",
    },
)
described(
    WorksImpact,
    "WorksImpact",
    "What occupants will notice.",
    {
        "WATER_CUT": "Water cut.",
        "POWER_CUT": "Power cut.",
        "HEATING_CUT": "Heating cut.",
        "LIFT_OUT": "Lift out of service.",
        "NOISE": "Noise.",
        "SCAFFOLDING": "Scaffolding.",
        "PARKING_RESTRICTED": "Parking restricted.",
    },
)
described(
    UsefulContactKind,
    "UsefulContactKind",
    "Kinds of useful contact.",
    {
        "CARETAKER": "Caretaker (gardien).",
        "EMERGENCY_LINE": "Emergency line outside office hours (astreinte).",
        "MAINTENANCE_FIRM": "Maintenance firm under contract.",
        "TENANT_ASSOCIATION": "Tenants' association.",
        "SOCIAL_WORKER": "Social worker.",
        "OTHER": "Other.",
    },
)
described(
    AnnouncementSeverity,
    "AnnouncementSeverity",
    "Weight of an announcement.",
    {"INFO": "Information.", "WARNING": "Warning.", "EMERGENCY": "Emergency."},
)
