"""What a language must be able to say. Each method returns one complete text, ready to be read out."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, Literal

from gateway.domain.balance import Balance, BalanceLine
from gateway.domain.ledger import ChargeKind
from gateway.domain.money import Money
from gateway.domain.notices import NoticeTitle
from gateway.domain.opening import WeekdayGroup
from gateway.domain.password import PasswordRules
from gateway.domain.period import YearMonth
from gateway.domain.source import DataQualityCode, Origin, SourceSystem
from gateway.domain.water_alerts import Evidence, WaterAlertKind
from gateway.domain.water_consumption import Remark, RemarkKind
from gateway.schema.watch import SourceHealth

LONGEST_IN_MINUTES = 90
"""Longer times to wait are told in hours."""


class Language(StrEnum):
    """Languages spoken; French unless the reader asks otherwise."""

    FRENCH = "fr"
    ENGLISH = "en"


class Wording(ABC):
    """One language. The mappings hold whole sentences by code; a test checks that no language lacks one."""

    language: ClassVar[Language]
    holiday_language: ClassVar[Literal["fr", "en_US"]]
    sentences: ClassVar[Mapping[str, str]]
    sources: ClassVar[Mapping[SourceSystem, str]]
    issues: ClassVar[Mapping[DataQualityCode, str]]
    helps: ClassVar[Mapping[ChargeKind, str]]
    health: ClassVar[Mapping[SourceHealth, str]]
    remarks: ClassVar[Mapping[RemarkKind, str]]
    alert_advice: ClassVar[Mapping[WaterAlertKind, Sequence[str]]]

    def sentence(self, code: str) -> str:
        """The sentence for a stable code."""
        return self.sentences[code]

    def waiting(self, code: str, *, seconds: int) -> str:
        """The sentence for a refusal that ends by itself after `seconds`, said in minutes or hours, rounded up."""
        return self.sentence(code).format(duration=self.duration(seconds))

    def source_label(self, system: SourceSystem) -> str:
        """Human name of a system."""
        return self.sources[system]

    def issue(self, code: DataQualityCode) -> str:
        """What was odd in the source data."""
        return self.issues[code]

    def charge_help(self, kind: ChargeKind) -> str | None:
        """Help on a kind of line; None when its label says it all."""
        return self.helps.get(kind)

    def source_health(self, health: SourceHealth) -> str:
        """How a system is doing, for tenants."""
        return self.health[health]

    def water_advice(self, kind: WaterAlertKind) -> Sequence[str]:
        """What to do about an alert, in order."""
        return self.alert_advice[kind]

    @abstractmethod
    def money(self, amount: Money) -> str:
        """Amount with its currency."""

    @abstractmethod
    def day(self, day: date) -> str:
        """Date in full."""

    @abstractmethod
    def month(self, month: YearMonth) -> str:
        """Month in full."""

    @abstractmethod
    def moment(self, instant: datetime) -> str:
        """Paris date and time of an aware instant."""

    @abstractmethod
    def source_absent(self, system: SourceSystem) -> str:
        """No such system is connected."""

    @abstractmethod
    def source_failed(self, system: SourceSystem, *, retryable: bool) -> str:
        """A value could not be had from `system`; whether trying again may help."""

    @abstractmethod
    def provenance(self, origin: Origin) -> str:
        """As of when a value is, for example « Situation au 14 avril 2021 à 18 h 02 »."""

    @abstractmethod
    def notice_title(self, title: NoticeTitle) -> str:
        """Title of a notice, for example « Avis de mars 2021 (rectifié) »."""

    @abstractmethod
    def balance_line(self, line: BalanceLine) -> str:
        """Label of a line in the composition of a balance."""

    @abstractmethod
    def balance(self, balance: Balance) -> str:
        """The balance in two or three plain sentences, without blame."""

    @abstractmethod
    def water_remark(self, remark: Remark) -> str:
        """What needs explaining in a consumption figure."""

    @abstractmethod
    def water_evidence(self, evidence: Evidence) -> str:
        """What was measured against what."""

    @abstractmethod
    def duration(self, seconds: int) -> str:
        """A time to wait, rounded up to whole minutes, or to whole hours beyond ninety minutes."""

    @abstractmethod
    def password_rules(self, rules: PasswordRules) -> str:
        """The rules for a new password as one sentence."""

    @abstractmethod
    def opening(self, groups: Sequence[WeekdayGroup]) -> str:
        """The usual week as one sentence."""
