"""What an operator sets, in the environment: read once at the start, and refused at the first fault."""

from gateway.settings.fields import ErpKind, Mode, PasswordProfile, Renewal, Settings, SmtpSecurity
from gateway.settings.kinds import Secret
from gateway.settings.manual import manual
from gateway.settings.reading import SettingsError, load

__all__ = [
    "ErpKind",
    "Mode",
    "PasswordProfile",
    "Renewal",
    "Secret",
    "Settings",
    "SettingsError",
    "SmtpSecurity",
    "load",
    "manual",
]
