"""How the outside fails.

    UpstreamError                  system and operation only: no address, no body, no name of a tenant
    ├── UpstreamTimeoutError       no complete answer before the deadline; a write may have happened
    ├── UpstreamUnavailableError   refused, reset, 5xx, or a page where data was due
    ├── UpstreamOverloadedError    we keep calls back ourselves, to spare the system
    ├── UpstreamRefusedError       the system understood and said no, with a code of its own
    ├── UpstreamGarbledError       the answer, or one field of it, cannot be read exactly
    │   └── UpstreamAmountError    that field is an amount: it is shown as unknown, never as zero
    └── UpstreamAbsentError        the landlord has no such system, or has not connected it

HTTP status alone decides nothing: the systems behind us fail inside 200.
"""

from dataclasses import dataclass
from typing import ClassVar

from gateway.domain.source import SourceSystem


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked of whom: `operation` is a constant of ours (`balances`), never data."""

    system: SourceSystem
    operation: str


class UpstreamError(Exception):
    """A system behind the gateway did not give what was asked. `code` is stable and may be shown to clients."""

    code: ClassVar[str] = "SOURCE_ERROR"
    retryable: ClassVar[bool] = True

    def __init__(self, call: Call, detail: str = "") -> None:
        super().__init__(f"{call.system}.{call.operation}: {detail or self.code}")
        self.call = call


class UpstreamTimeoutError(UpstreamError):
    """No complete answer before the deadline. A write that timed out may have happened: it is never sent again."""

    code = "SOURCE_TIMEOUT"


class UpstreamUnavailableError(UpstreamError):
    """The system does not answer, or answers with an error page. `retry_after_seconds` when it says so itself."""

    code = "SOURCE_UNAVAILABLE"

    def __init__(self, call: Call, detail: str = "", *, retry_after_seconds: int | None = None) -> None:
        super().__init__(call, detail)
        self.retry_after_seconds = retry_after_seconds


class UpstreamOverloadedError(UpstreamError):
    """Our own limit on calls to this system is reached."""

    code = "SOURCE_OVERLOADED"


class UpstreamRefusedError(UpstreamError):
    """The system said no. `refusal` is its own code, for logs and staff; tenants never see it."""

    code = "SOURCE_REFUSED"
    retryable = False

    def __init__(self, call: Call, refusal: str) -> None:
        super().__init__(call, f"refused with {refusal}")
        self.refusal = refusal


class UpstreamGarbledError(UpstreamError):
    """The answer cannot be read. `field` names what; its value is never kept here."""

    code = "SOURCE_UNREADABLE"
    retryable = False

    def __init__(self, call: Call, field: str) -> None:
        super().__init__(call, f"cannot read {field}")
        self.field = field


class UpstreamAmountError(UpstreamGarbledError):
    """An amount cannot be read exactly, so what depends on it is not shown."""

    code = "UNREADABLE_AMOUNT"


class UpstreamAbsentError(UpstreamError):
    """No system that could answer is connected to this gateway."""

    code = "SOURCE_NOT_CONNECTED"
    retryable = False
