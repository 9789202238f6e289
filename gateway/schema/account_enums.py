"""Enumerations of the online account, its password and its lockout."""

from enum import StrEnum

from gateway.domain.assistance import AssistanceState
from gateway.domain.password import PasswordRefusal
from gateway.domain.renewal import RenewalMode
from gateway.schema.enums import described


class OnlineAccountStatus(StrEnum):
    """State of the online account as its holder sees it."""

    ACTIVE = "ACTIVE"
    CLOSED = "CLOSED"


class UnlockRoute(StrEnum):
    """Ways out of a block."""

    MAILED_LINK = "MAILED_LINK"
    WAIT = "WAIT"
    ASSISTANCE_FORM = "ASSISTANCE_FORM"
    CALL = "CALL"


class AssistanceDecision(StrEnum):
    """Decisions on an assistance request."""

    IDENTIFIED = "IDENTIFIED"
    REJECTED = "REJECTED"


class LinkAddress(StrEnum):
    """Where the letter with the link goes."""

    ON_FILE = "ON_FILE"
    GIVEN = "GIVEN"


described(
    OnlineAccountStatus,
    "OnlineAccountStatus",
    "State of the online account as its holder sees it.",
    {"ACTIVE": "Usable.", "CLOSED": "Closed by the tenant or after the end of the lease."},
)
described(
    UnlockRoute,
    "UnlockRoute",
    "Ways out of a block.",
    {
        "MAILED_LINK": "Use the link received by e-mail.",
        "WAIT": "Wait: it opens by itself.",
        "ASSISTANCE_FORM": "Fill in the assistance form, for someone who never created an account.",
        "CALL": "Call the landlord.",
    },
)
described(
    PasswordRefusal,
    "PasswordRefusal",
    "Why a password is refused.",
    {
        "TOO_SHORT": "Fewer characters than `PasswordPolicy.minLength`.",
        "TOO_LONG": "More characters than `PasswordPolicy.maxLength`, or more than 1,024 bytes.",
        "NO_DIGIT": "No digit.",
        "NO_UPPERCASE": "No upper-case letter.",
        "NO_SPECIAL": "No special character.",
        "TOO_PREDICTABLE": "Eight characters without any lower-case letter; add one, or a ninth character.",
        "TOO_COMMON": "A well-known password under its ornaments.",
        "CONTAINS_PERSONAL_WORD": "Built on the person's name, reference, town or the landlord's name.",
        "SAME_AS_BEFORE": "The same as the present one.",
        "UNUSABLE_CHARACTER": "Contains a character that cannot be typed reliably.",
    },
)
described(
    RenewalMode,
    "RenewalMode",
    "What happens on the anniversary of the creation of the account.",
    {
        "INVITE": "The tenant is invited to choose a new password and may put it off (default).",
        "REQUIRE": "The session can do nothing else until a new password is chosen.",
    },
)
described(
    AssistanceDecision,
    "AssistanceDecision",
    "Decisions on an assistance request.",
    {
        "IDENTIFIED": "The person is the holder: unblock and send the link by e-mail.",
        "REJECTED": "The person could not be identified.",
    },
)
described(
    AssistanceState,
    "AssistanceState",
    "State of an assistance request.",
    {
        "SUBMITTED": "Received.",
        "IDENTIFIED": "The holder is identified; a link was sent.",
        "REJECTED": "Not identified.",
        "CLOSED": "Closed; personal data erased.",
    },
)
described(
    LinkAddress,
    "LinkAddress",
    "Where the letter with the link goes.",
    {
        "ON_FILE": "To the address that the landlord has on file.",
        "GIVEN": "To the address given in the form; this takes a second member of staff.",
    },
)
