"""From the environment to settings, or to one sentence that names what is wrong."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gateway.settings.contradictions import CONTRADICTIONS
from gateway.settings.fields import PREFIX, Setting, Settings, described

_READ_BY_OTHERS = frozenset({"GATEWAY_DEMO_DIR"})


class SettingsError(Exception):
    """A setting is missing, unknown, unreadable or contradicts another. The sentence names it, and no secret."""


def load(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`; an empty value is an absent one. SettingsError."""
    given = {name: text for name, text in environ.items() if name.startswith(PREFIX) and text}
    known = described()
    _refuse_unknown(given, known)
    values: dict[str, Any] = {
        name.removeprefix(PREFIX).lower(): _value(name, setting, given) for name, setting in known.items()
    }
    settings = Settings(**values)
    for contradicts in CONTRADICTIONS:
        if sentence := contradicts(settings):
            raise SettingsError(sentence)
    return settings


def _refuse_unknown(given: Mapping[str, str], known: Mapping[str, Setting]) -> None:
    files = {f"{name}_FILE" for name, setting in known.items() if setting.kind.is_secret}
    names = known.keys() | files | _READ_BY_OTHERS
    for name in given:
        if name not in names:
            nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.8)
            raise SettingsError(f"{name} is not a setting{f'; did you mean {nearest[0]}?' if nearest else ''}")


def _value(name: str, setting: Setting, given: Mapping[str, str]) -> object:
    text = _text(name, given) or setting.default
    if text is None:
        if setting.is_optional:
            return None
        raise SettingsError(f"{name} is missing: it is {setting.kind.description}")
    try:
        return setting.kind.read(text)
    except ValueError:
        # Without its cause, which may repeat the text.
        raise SettingsError(f"{name} must be {setting.kind.description}") from None


def _text(name: str, given: Mapping[str, str]) -> str | None:
    file = f"{name}_FILE"
    if file not in given:
        return given.get(name)
    if name in given:
        raise SettingsError(f"{name} and {file} are both set: keep one")
    try:
        return Path(given[file]).read_text(encoding="utf-8").strip("\r\n")
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file} names a file that cannot be read as text") from error
