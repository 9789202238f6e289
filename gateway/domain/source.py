"""Where a value comes from, from when it is, and how far it can be trusted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SourceSystem(StrEnum):
    """Systems behind the gateway, named by what they are for, never by their vendor."""

    RENT_ERP = "RENT_ERP"
    PAYMENT_PROVIDER = "PAYMENT_PROVIDER"
    METERING = "METERING"
    WORKS = "WORKS"
    DOCUMENT_STORE = "DOCUMENT_STORE"
    DIRECTORY = "DIRECTORY"
    GATEWAY = "GATEWAY"


class StaleReason(StrEnum):
    """Why an older value is shown instead of the present one."""

    TIMEOUT = "TIMEOUT"
    SOURCE_ERROR = "SOURCE_ERROR"
    CIRCUIT_OPEN = "CIRCUIT_OPEN"
    MAINTENANCE = "MAINTENANCE"
    UNREADABLE_ANSWER = "UNREADABLE_ANSWER"


class DataQualityCode(StrEnum):
    """Known oddities of legacy data."""

    MISSING_VALUE = "MISSING_VALUE"
    SENTINEL_DATE = "SENTINEL_DATE"
    INVALID_DATE = "INVALID_DATE"
    UNREADABLE_AMOUNT = "UNREADABLE_AMOUNT"
    ENCODING_REPAIRED = "ENCODING_REPAIRED"
    UNKNOWN_CODE = "UNKNOWN_CODE"
    UNUSABLE_CONTACT = "UNUSABLE_CONTACT"
    DUPLICATE_RECORD = "DUPLICATE_RECORD"
    TOTAL_MISMATCH = "TOTAL_MISMATCH"
    INDEX_WENT_BACK = "INDEX_WENT_BACK"
    DOCUMENT_MISSING = "DOCUMENT_MISSING"


@dataclass(frozen=True, slots=True)
class DataQualityIssue:
    """One oddity met in the source data.

    `field` is the domain attribute affected; `raw` is for staff only.
    """

    code: DataQualityCode
    field: str
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Provenance shared by everything one answer of a system contained.

    `as_of` is what the system itself says (None when it does not), `fetched_at` is our clock; both aware UTC.
    """

    source: SourceSystem
    as_of: datetime | None
    fetched_at: datetime
    stale: StaleReason | None = None
