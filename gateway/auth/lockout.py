"""The rules of the lockout, pure: (record, event, now) -> (record, decision).

Every password is charged before it is checked: a permit is reserved, the password checked, the outcome reported. A
permit that is never reported counts as a failure, so that a crash gives nobody a free guess. Time is applied when
somebody asks, never by a timer. What is denied changes nothing: who knocks on a closed door does not keep it closed.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from gateway.domain.lockout import GuardRecord, LockoutRules, Permit, Phase


@dataclass(frozen=True, slots=True)
class Permitted:
    """One password may be checked. `epoch` goes back with the report."""

    permit_id: str
    epoch: int


@dataclass(frozen=True, slots=True)
class RecreationOffered:
    """No password is checked; a new one may be chosen, or it opens by itself at `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Suspended:
    """Nothing is checked before `until`, but a mailed link."""

    until: datetime


@dataclass(frozen=True, slots=True)
class InProgress:
    """As many passwords are being checked as may still fail; ask again in a moment. Nothing was charged."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The password was right and nothing has changed meanwhile: a session may be opened."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The password was wrong, and may be tried again."""


@dataclass(frozen=True, slots=True)
class Void:
    """The permit is worth nothing any more: it expired, or the account was re-created meanwhile."""


@dataclass(frozen=True, slots=True)
class Charged:
    """The attempt to re-create is counted. `blocks` tells that it was the one that blocks; it is still dealt with."""

    blocks: bool


Reservation: TypeAlias = Permitted | RecreationOffered | Suspended | InProgress
Report: TypeAlias = Accepted | Failed | RecreationOffered | Suspended | Void


def reserve(
    record: GuardRecord, *, now: datetime, permit_id: str, rules: LockoutRules
) -> tuple[GuardRecord, Reservation]:
    """Asks to check one password. Only a `Permitted` changes the record beyond the passing of time."""
    record, now = settle(record, now=now, rules=rules), _not_before(record, now)
    if denial := _denial(record):
        return record, denial
    if len(record.spent) >= rules.daily_failures:
        return record, Suspended(record.spent[0] + rules.decay)
    if record.permits and _failures_left(record, rules=rules) <= len(record.permits):
        return record, InProgress()
    permits = (*record.permits, Permit(permit_id, now + rules.permit))
    return replace(record, permits=permits, last=now), Permitted(permit_id, record.epoch)


def report_success(
    record: GuardRecord, permitted: Permitted, *, now: datetime, rules: LockoutRules
) -> tuple[GuardRecord, Report]:
    """The password was right. Counters go back to zero, but not the day's: successes in between wear no limit down."""
    record = settle(record, now=now, rules=rules)
    if not _is_held(record, permitted):
        return record, Void()
    record = _without(record, permitted.permit_id)
    if record.phase is not Phase.OPEN:
        return record, Accepted()  # reserved before the block, which stays for everybody else
    return replace(record, failures=0, recreations=0), Accepted()


def report_failure(
    record: GuardRecord, permitted: Permitted, *, now: datetime, rules: LockoutRules
) -> tuple[GuardRecord, Report]:
    """The password was wrong; the third time, none is checked any more."""
    record, now = settle(record, now=now, rules=rules), _not_before(record, now)
    if not _is_held(record, permitted):
        return record, Void()
    record = _fail(_without(record, permitted.permit_id), at=now, rules=rules)
    return record, _denial(record) or Failed()


def charge_recreation(
    record: GuardRecord, *, now: datetime, rules: LockoutRules
) -> tuple[GuardRecord, Charged | Suspended]:
    """One attempt to create or re-create the account, charged before anything is compared and never given back."""
    record, now = settle(record, now=now, rules=rules), _not_before(record, now)
    if record.phase is Phase.LOCKED and record.until is not None:
        return record, Suspended(record.until)
    record = replace(record, recreations=record.recreations + 1, last=now)
    if record.recreations < rules.recreation_failures:
        return record, Charged(blocks=False)
    return replace(record, phase=Phase.LOCKED, until=now + rules.block), Charged(blocks=True)


def settle(record: GuardRecord, *, now: datetime, rules: LockoutRules) -> GuardRecord:
    """The record as time has left it at `now`; doing it twice changes nothing."""
    now = _not_before(record, now)
    expired = sorted((one for one in record.permits if one.expires_at <= now), key=lambda one: one.expires_at)
    for permit in expired:
        record = _fail(_without(record, permit.id), at=permit.expires_at, rules=rules)
    return _pass_time(record, at=now, rules=rules)


def _not_before(record: GuardRecord, now: datetime) -> datetime:
    """`now`, or the latest attempt when the clock was set back: going back in time opens nothing."""
    return max(now, record.last) if record.last else now


def _pass_time(record: GuardRecord, *, at: datetime, rules: LockoutRules) -> GuardRecord:
    if record.until is not None and at >= record.until:
        record = replace(
            record, phase=Phase.OPEN, failures=0, recreations=0, until=None, permits=(), epoch=record.epoch + 1
        )
    if record.phase is Phase.OPEN and record.last is not None and at - record.last >= rules.decay:
        record = replace(record, failures=0, recreations=0)
    return replace(record, spent=tuple(one for one in record.spent if at - one < rules.decay))


def _failures_left(record: GuardRecord, *, rules: LockoutRules) -> int:
    """How many more passwords may be wrong; less than one only if the rules were stricter when the record was made."""
    return min(rules.sign_in_failures - record.failures, rules.daily_failures - len(record.spent))


def _fail(record: GuardRecord, *, at: datetime, rules: LockoutRules) -> GuardRecord:
    record = replace(record, failures=record.failures + 1, spent=(*record.spent, at), last=at)
    if record.phase is not Phase.OPEN or record.failures < rules.sign_in_failures:
        return record
    return replace(record, phase=Phase.RECREATE, recreations=0, until=at + rules.block)


def _denial(record: GuardRecord) -> RecreationOffered | Suspended | None:
    if record.until is None:
        return None
    return RecreationOffered(record.until) if record.phase is Phase.RECREATE else Suspended(record.until)


def _is_held(record: GuardRecord, permitted: Permitted) -> bool:
    return record.epoch == permitted.epoch and any(permit.id == permitted.permit_id for permit in record.permits)


def _without(record: GuardRecord, permit_id: str) -> GuardRecord:
    return replace(record, permits=tuple(permit for permit in record.permits if permit.id != permit_id))
