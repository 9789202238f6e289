"""How often the gateways of a test check a password: each call of the verifier itself, in whichever process."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class VerifierCount:
    """The count, kept in `file`, to which each call adds a byte."""

    file: Path

    @property
    def settings(self) -> Mapping[str, str]:
        """What lets a gateway take part: Python imports the `sitecustomize` beside this file when it starts."""
        return {"PYTHONPATH": str(Path(__file__).parent), "COUNTED_VERIFICATIONS": str(self.file)}

    @property
    def calls(self) -> int:
        """Passwords checked up to now."""
        return self.file.stat().st_size if self.file.exists() else 0
