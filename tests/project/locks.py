"""What the locks in requirements/ pin."""

import re
from dataclasses import dataclass

from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.support.processes import ROOT

LOCKS = ("bootstrap", "dev", "run", "tryton")
_PIN = re.compile(r"(?P<name>[\w.-]+)(\[.*\])?==(?P<version>[\w.!+-]+)( ; .*?)?( --hash=sha256:[0-9a-f]{64})+\n")
_DIRECT = re.compile(r"tenant-gateway \(pyproject\.toml|-r requirements/\w+\.in")


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a lock; `is_direct` when we ask for it ourselves."""

    version: Version
    is_direct: bool


def text_of(lock: str) -> str:
    """The lock as it is installed."""
    return (ROOT / "requirements" / f"{lock}.lock").read_text()


def pins(lock: str) -> dict[str, Pin]:
    """The packages of a lock by canonical name; AssertionError for a line that is not pinned with hashes."""
    stanzas = re.split(r"^(?=[^ #])", text_of(lock).replace(" \\\n    ", " "), flags=re.MULTILINE)
    found: dict[str, Pin] = {}
    for stanza in filter(None, stanzas):
        pin = _PIN.match(stanza)
        assert pin, f"not pinned with hashes: {stanza}"
        found[canonicalize_name(pin["name"])] = Pin(Version(pin["version"]), bool(_DIRECT.search(stanza)))
    return found
