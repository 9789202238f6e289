"""The nightly batch: from 02:00 to 04:00 Paris time nobody is served."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from gateway.demo.control import PARIS
from gateway.demo.erp.refusal import RefusalError

Mode = Literal["auto", "off", "on"]

_OPENS, _CLOSES = 2, 4


@dataclass(slots=True)
class BatchWindow:
    """By the clock, or never, or always."""

    mode: Mode = "auto"

    def refuse_during_batch(self, now: datetime) -> None:
        """Refuse everything while the batch runs."""
        by_clock = self.mode == "auto" and _OPENS <= now.astimezone(PARIS).hour < _CLOSES
        if by_clock or self.mode == "on":
            raise RefusalError("BATCH_EN_COURS", "Traitement de nuit en cours, service fermé de 2 h à 4 h")
