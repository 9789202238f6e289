"""The list of settings for people: docs/settings.md, and what `gateway settings` prints."""

from gateway.settings.fields import Setting, described

_TITLE = """\
# Settings

The gateway reads its settings from the environment, once, at its start. A setting that is missing, unknown or
contradicts another stops the start with one sentence that names it; an empty value counts as absent. Each secret
can come from a file instead: `GATEWAY_SECRET_KEY_FILE=/run/secrets/key`. Written by `gateway settings`.

| Setting | Meaning | Value | Default |
|---|---|---|---|
"""


def manual() -> str:
    """Markdown with one row for each setting."""
    return _TITLE + "".join(_row(name, setting) for name, setting in described().items())


def _row(name: str, setting: Setting) -> str:
    secret = " (secret)" if setting.kind.is_secret else ""
    absent = "none" if setting.is_optional else "required"
    default = f"`{setting.default}`" if setting.default else absent
    return f"| `{name}` | {setting.meaning} | {setting.kind.description}{secret} | {default} |\n"
