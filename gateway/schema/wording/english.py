"""English, for readers who ask for it. Amounts and dates keep the account's meaning: euro, Paris time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar, assert_never

from gateway.domain.balance import Balance, BalanceLine, BalanceLineKind, BalanceState
from gateway.domain.ledger import ChargeKind
from gateway.domain.money import Money
from gateway.domain.notices import NoticeTitle
from gateway.domain.opening import WeekdayGroup
from gateway.domain.password import PasswordRules
from gateway.domain.period import PARIS, YearMonth
from gateway.domain.source import DataQualityCode, Origin, SourceSystem
from gateway.domain.water_alerts import (
    AbnormalVolume,
    Evidence,
    IndexWentBack,
    ReadingOverdue,
    WaterAlertKind,
)
from gateway.domain.water_consumption import Remark, RemarkKind
from gateway.schema.watch import SourceHealth
from gateway.schema.wording.base import LONGEST_IN_MINUTES, Language, Wording

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class English(Wording):
    """Numbers as in « €1,234.56 »."""

    language = Language.ENGLISH
    holiday_language = "en_US"
    sentences: ClassVar[Mapping[str, str]] = {
        "INTERNAL": "Something went wrong on our side. Please try again in a moment.",
        "DENIED": "Account reference or password incorrect.",
        "BUSY": "Service very busy. Please try again in a moment.",
        "LATE": "The answer took too long. Please try again in a moment.",
        "STORE": "Service not available at the moment. Please try again shortly.",
        "RECREATE_OFFERED": (
            "Too many attempts. You can choose a new password with “Forgot password”, or try again in {duration}."
        ),
        "SUSPENDED": (
            "For security, access is suspended. If you already have an account, try again in {duration} or "
            "use the link we e-mailed. If you never created one, fill in the assistance form."
        ),
        "LINK_SENT_IF_MATCH": (
            "If these details match a lease, an e-mail has just been sent to the address your landlord has on file."
        ),
        "LINK_INVALID": "This link is no longer valid. Please request a new one.",
        "PASSWORD_REJECTED": "This password does not meet the rules; please choose another.",
        "ASSIST_RECEIVED": "Your request has been recorded.",
        "SESSION_ENDED": "Your session has ended. Please sign in again.",
        "NOT_FOUND": "Not found.",
        "RENEWAL_REQUIRED": "Please choose a new password first: it is renewed every year.",
        "SECOND_PERSON_REQUIRED": "A new address needs the agreement of a second member of staff.",
        "INVALID": "Some of the information needs correcting.",
        "REQUIRED": "This information is needed.",
        "TOO_LONG": "This text is too long.",
        "UNUSABLE_ADDRESS": "This e-mail address cannot be used.",
        "UNUSABLE_PHONE": "This telephone number cannot be used.",
    }
    sources: ClassVar[Mapping[SourceSystem, str]] = {
        SourceSystem.RENT_ERP: "Rent management",
        SourceSystem.PAYMENT_PROVIDER: "Online payment",
        SourceSystem.METERING: "Meter readings",
        SourceSystem.WORKS: "Works",
        SourceSystem.DOCUMENT_STORE: "Documents",
        SourceSystem.DIRECTORY: "Landlord's directory",
        SourceSystem.GATEWAY: "Tenant account",
    }
    issues: ClassVar[Mapping[DataQualityCode, str]] = {
        DataQualityCode.MISSING_VALUE: "A required piece of information is missing from our files.",
        DataQualityCode.SENTINEL_DATE: "No date is given.",
        DataQualityCode.INVALID_DATE: "A date in our files is impossible; it is not shown.",
        DataQualityCode.UNREADABLE_AMOUNT: "An amount could not be read with certainty; it is not shown.",
        DataQualityCode.ENCODING_REPAIRED: "Damaged characters were restored.",
        DataQualityCode.UNKNOWN_CODE: "A piece of information could not be interpreted.",
        DataQualityCode.UNUSABLE_CONTACT: "A number or an address in our files cannot be used.",
        DataQualityCode.DUPLICATE_RECORD: "The same record exists twice in our files.",
        DataQualityCode.TOTAL_MISMATCH: "Total and details do not agree; the difference is shown.",
        DataQualityCode.INDEX_WENT_BACK: "A meter's index went back; consumption is not computed.",
        DataQualityCode.DOCUMENT_MISSING: "The document cannot be found at the moment; the amounts are still shown.",
    }
    helps: ClassVar[Mapping[ChargeKind, str]] = {
        ChargeKind.SERVICE_CHARGE_ADVANCE: "Monthly advance on the building's charges, settled once a year.",
        ChargeKind.COLD_WATER_ADVANCE: "Monthly advance on your cold water, settled by your meter.",
        ChargeKind.HOT_WATER_ADVANCE: "Monthly advance on your hot water, settled by your meter.",
        ChargeKind.HEATING_ADVANCE: "Monthly advance on heating, settled once a year.",
        ChargeKind.CHARGE_SETTLEMENT: "Difference between the year's real charges and the advances already paid.",
        ChargeKind.RENT_REDUCTION: "Solidarity rent reduction, taken off your rent according to your income.",
        ChargeKind.RENT_SUPPLEMENT: "Solidarity rent supplement, due when income exceeds the ceiling.",
        ChargeKind.SURVEY_PENALTY: "Fee for an income survey left unanswered.",
        ChargeKind.HOUSING_BENEFIT: "Housing benefit paid straight to your landlord and taken off your rent.",
        ChargeKind.HOUSING_BENEFIT_CORRECTION: "Correction of housing benefit for past months.",
        ChargeKind.PAYMENT_RETURNED: "A payment was returned by the bank; the sum is still to be paid.",
    }
    health: ClassVar[Mapping[SourceHealth, str]] = {
        SourceHealth.UP: "This service answers normally.",
        SourceHealth.DEGRADED: "This service has difficulties; some information may be missing.",
        SourceHealth.DOWN: "This service does not answer at the moment.",
    }
    remarks: ClassVar[Mapping[RemarkKind, str]] = {
        RemarkKind.INDEX_WENT_BACK: "The meter's index went back{on}: consumption not computed.",
        RemarkKind.REMOVAL_INDEX_MISSING: "Meter replaced{on} without a last reading of the old one: not computed.",
        RemarkKind.NOT_OVER_YET: "Period not over yet.",
        RemarkKind.READING_MISSING: "No reading for this period.",
        RemarkKind.METER_REPLACED: "Meter replaced{on}.",
        RemarkKind.METER_REMOVED: "Meter taken away{on}.",
        RemarkKind.METER_INSTALLED: "Meter installed{on}.",
        RemarkKind.ROLLED_OVER: "The meter went back to zero{on}; this is taken into account.",
        RemarkKind.ESTIMATE_CORRECTED: "Estimate corrected by the reading{on}.",
    }
    alert_advice: ClassVar[Mapping[WaterAlertKind, Sequence[str]]] = {
        WaterAlertKind.ABNORMAL_VOLUME: (
            "Close all taps and write down the meter's index.",
            "Read it again an hour later: if it has moved, there is a leak.",
            "Check the toilet cistern and the water heater's safety valve.",
            "If the leak goes on, close the water supply and call your advisor.",
        ),
        WaterAlertKind.NO_READING: (
            "Check that the meter can be reached.",
            "Tell your advisor the index if you can read it.",
        ),
        WaterAlertKind.INDEX_WENT_BACK: (
            "Write down the index and the number engraved on the meter.",
            "Tell your advisor: the consumption will be corrected.",
        ),
    }

    def money(self, amount: Money) -> str:
        euros, cents = divmod(abs(amount.cents), 100)
        return f"{'-' if amount.cents < 0 else ''}€{euros:,}.{cents:02d}"

    def day(self, day: date) -> str:
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def month(self, month: YearMonth) -> str:
        return f"{MONTHS[month.month - 1]} {month.year}"

    def moment(self, instant: datetime) -> str:
        local = instant.astimezone(PARIS)
        return f"{self.day(local.date())} at {local:%H:%M}"

    def source_absent(self, system: SourceSystem) -> str:
        return f"{self.sources[system]}: your landlord does not offer this information."

    def source_failed(self, system: SourceSystem, *, retryable: bool) -> str:
        if retryable:
            return f"{self.sources[system]}: not available at the moment. Please try again in a few minutes."
        return f"{self.sources[system]}: this could not be read with certainty; it is not shown."

    def provenance(self, origin: Origin) -> str:
        when = self.moment(origin.as_of or origin.fetched_at)
        if origin.stale:
            return f"Last known position, on {when}"
        return f"Position on {when}" if origin.as_of else f"Read on {when}"

    def notice_title(self, title: NoticeTitle) -> str:
        return f"Notice for {self.month(title.period)}" + (" (corrected)" if title.corrected else "")

    def balance_line(self, line: BalanceLine) -> str:
        if line.period is None:
            return "Balance brought forward"
        month = self.month(line.period)
        match line.kind:
            case BalanceLineKind.BROUGHT_FORWARD:
                return "Balance brought forward"
            case BalanceLineKind.NOTICE:
                return f"Rent and charges for {month}"
            case BalanceLineKind.HOUSING_BENEFIT:
                corrected = line.charge is ChargeKind.HOUSING_BENEFIT_CORRECTION
                return f"Housing benefit{' correction' if corrected else ''} for {month}"
            case BalanceLineKind.ADJUSTMENT:
                return f"{_ADJUSTMENTS.get(line.charge, 'Adjustment')}, {month}"
            case BalanceLineKind.PAYMENTS:
                return f"Your payments in {month}"
            case _:
                assert_never(line.kind)

    def balance(self, balance: Balance) -> str:
        told = [self._situation(balance)]
        if balance.pending.cents:
            told.append(
                f"A payment of {self.money(balance.pending)} is being recorded; "
                f"{self.money(balance.due_after_pending)} will then remain."
            )
        if balance.later_entries:
            told.append("Operations recorded since then will be part of the next closing of the account.")
        if balance.unexplained_difference is not None:
            told.append(
                f"The details do not explain {self.money(balance.unexplained_difference)} of this amount: "
                "report it to your advisor, who will check."
            )
        return " ".join(told)

    def _situation(self, balance: Balance) -> str:
        day = self.day(balance.on)
        match balance.state:
            case BalanceState.SETTLED:
                return f"On {day}, your account is up to date."
            case BalanceState.IN_CREDIT:
                return f"On {day}, your account is {self.money(-balance.due)} in credit: there is nothing to pay."
            case BalanceState.DUE:
                limit = f", due by {self.day(balance.next_due_on)}" if balance.next_due_on else ""
                return f"On {day}, the balance to pay is {self.money(balance.due)}{limit}."
            case BalanceState.OVERDUE:
                late = f", of which {self.money(balance.overdue)} past its due date" if balance.overdue else ""
                return (
                    f"On {day}, the balance to pay is {self.money(balance.due)}{late}. "
                    "If this is difficult, your advisor can help to find a solution."
                )
            case _:
                assert_never(balance.state)

    def water_remark(self, remark: Remark) -> str:
        return self.remarks[remark.kind].format(on=f" on {self.day(remark.on)}" if remark.on else "")

    def water_evidence(self, evidence: Evidence) -> str:
        match evidence:
            case AbnormalVolume():
                return (
                    f"{_cubic_metres(evidence.litres)} in {self.month(evidence.month)}, against the usual "
                    f"{_cubic_metres(evidence.usual_litres)} ({evidence.compared_months} months compared)."
                )
            case ReadingOverdue():
                if evidence.last_on is None:
                    return "No reading of this meter."
                return f"Last reading on {self.day(evidence.last_on)}, {evidence.days} days ago."
            case IndexWentBack():
                return (
                    f"Index {_cubic_metres(evidence.before.index_litres)} on {self.day(evidence.before.on)}, then "
                    f"{_cubic_metres(evidence.after.index_litres)} on {self.day(evidence.after.on)}."
                )
            case _:
                assert_never(evidence)

    def duration(self, seconds: int) -> str:
        minutes = -(-seconds // 60)
        if minutes <= LONGEST_IN_MINUTES:
            return f"{minutes} min"
        hours = -(-minutes // 60)
        return f"{hours} h"

    def password_rules(self, rules: PasswordRules) -> str:
        required = [
            (rules.min_digits, "one digit", "digits"),
            (rules.min_uppercase, "one capital letter", "capital letters"),
            (rules.min_special, "one special character", "special characters"),
        ]
        classes = [one if count == 1 else f"{count} {many}" for count, one, many in required if count]
        listed = f", with at least {', '.join(classes)}" if classes else ""
        shortest = rules.min_length_without_lowercase
        listed += f", and a lower-case letter below {shortest} characters" if shortest else ""
        return (
            f"From {rules.min_length} to {rules.max_length} characters{listed}; neither a common password nor your "
            "name, your reference or your landlord's name."
        )

    def opening(self, groups: Sequence[WeekdayGroup]) -> str:
        if not groups:
            return "Closed to the public"
        return "Open " + ", ".join(_hours_of(group) for group in groups)


_ADJUSTMENTS: dict[ChargeKind | None, str] = {
    ChargeKind.CHARGE_SETTLEMENT: "Settlement of charges",
    ChargeKind.WATER_ACTUAL: "Water used",
    ChargeKind.SURVEY_PENALTY: "Income survey",
    ChargeKind.DEPOSIT: "Security deposit",
    ChargeKind.REPAIR_RECHARGE: "Repair charged to you",
    ChargeKind.LEGAL_FEES: "Legal fees",
    ChargeKind.PLAN_INSTALMENT: "Instalment of the payment plan",
    ChargeKind.PAYMENT_RETURNED: "Payment returned by the bank",
    ChargeKind.REFUND: "Refund",
    ChargeKind.CORRECTION: "Correction",
}


def _cubic_metres(litres: int) -> str:
    whole, rest = divmod(litres, 1000)
    return f"{whole:,}" + (f".{rest:03d}".rstrip("0") if rest else "") + " m³"


def _hours_of(group: WeekdayGroup) -> str:
    first, last = WEEKDAYS[group.first], WEEKDAYS[group.last]
    if group.first == group.last:
        days = f"on {first}"
    elif group.last == group.first + 1:
        days = f"on {first} and {last}"
    else:
        days = f"{first} to {last}"
    spans = " and ".join(f"from {span.opens:%H:%M} to {span.closes:%H:%M}" for span in group.spans)
    return f"{days} {spans}"
