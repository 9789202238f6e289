"""What an operator sets, in the environment: read once at the start, and refused at the first fault."""

from gateway.settings.fields import ErpKind, Mode, Settings
from gateway.settings.kinds import Secret
from gateway.settings.manual import manual
from gateway.settings.reading import SettingsError, load, require_servable

__all__ = ["ErpKind", "Mode", "Secret", "Settings", "SettingsError", "load", "manual", "require_servable"]
