"""What an operator sets, in the environment: read once at the start, and refused at the first fault."""

from gateway.settings.fields import (
    ErpKind,
    FreeDocuments,
    Mode,
    PasswordProfile,
    Renewal,
    Settings,
    SmtpSecurity,
    StatusPolicy,
)
from gateway.settings.kinds import Secret
from gateway.settings.manual import manual
from gateway.settings.reading import SettingsError, load
from gateway.settings.tiers import limits_of

__all__ = [
    "ErpKind",
    "FreeDocuments",
    "Mode",
    "PasswordProfile",
    "Renewal",
    "Secret",
    "Settings",
    "SettingsError",
    "SmtpSecurity",
    "StatusPolicy",
    "limits_of",
    "load",
    "manual",
]
