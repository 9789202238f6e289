"""The occasions on which the account writes."""

from enum import StrEnum


class LetterKind(StrEnum):
    """Why a letter is written."""

    ACCOUNT_LINK = "ACCOUNT_LINK"
    """Asked for, no account yet: the link creates it."""
    PASSWORD_LINK = "PASSWORD_LINK"  # noqa: S105 - a kind of letter
    """Asked for, account there: the link chooses a new password."""
    ASSISTANCE_LINK = "ASSISTANCE_LINK"
    """The staff identified the person: the account is unblocked and can be created again."""
    SIGN_IN_SUSPENDED = "SIGN_IN_SUSPENDED"
    """Three wrong passwords: for some minutes no password is checked from unknown devices."""
    ACCOUNT_BLOCKED = "ACCOUNT_BLOCKED"
    """Three wrong passwords, then three failed re-creations."""
    CREDENTIAL_DISABLED = "CREDENTIAL_DISABLED"
    """A hundred failures in a row: the password is of no use any more."""
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - a kind of letter
    """A new password was chosen, in whatever way."""
    SESSION_REVOKED_REUSE = "SESSION_REVOKED_REUSE"
    """A refresh token came back after it was replaced: the application is signed out."""
    RENEWAL_SOON = "RENEWAL_SOON"
    """Two weeks before the yearly renewal."""
    RENEWAL_DUE = "RENEWAL_DUE"
    """On the day of the yearly renewal."""


LINK_KINDS = frozenset({LetterKind.ACCOUNT_LINK, LetterKind.PASSWORD_LINK, LetterKind.ASSISTANCE_LINK})
"""The letters that carry a link. No other does, so that links in mail stay rare and expected."""
