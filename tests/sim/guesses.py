"""What really happened to every password, written down beside the guard, and what must be true of it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from gateway.domain.lockout import Bucket, Subject

PERMIT = timedelta(seconds=15)
BLOCK = timedelta(minutes=10)
DAY = timedelta(hours=24)

Door: TypeAlias = tuple[Subject, Bucket]


@dataclass(slots=True)
class Guess:
    """One permit: when it was given, whether the password was looked at, and what was reported when, if anything."""

    permitted_at: datetime
    is_right: bool | None = None
    reported_at: datetime | None = None
    was_accepted: bool = False
    is_void: bool = False

    @property
    def failed_at(self) -> datetime | None:
        """When it must have counted as a failure: at the latest when the permit expired."""
        if self.was_accepted or self.is_void:
            return None
        expiry = self.permitted_at + PERMIT
        return self.reported_at if self.reported_at and self.reported_at < expiry else expiry


@dataclass(slots=True)
class Book:
    """Every guess, in the order of the permits. Instants are those of the store's clock, which never goes back."""

    guesses: dict[Door, dict[str, Guess]] = field(default_factory=lambda: defaultdict(dict))
    forgiven_at: dict[Door, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    checks: int = 0

    def permit(self, door: Door, permit_id: str, *, at: datetime) -> None:
        """A permit was given."""
        assert permit_id not in self.guesses[door]
        self.guesses[door][permit_id] = Guess(at)

    def check(self, door: Door, permit_id: str, *, is_right: bool) -> None:
        """A password is looked at, once for each permit, and within the limits."""
        guess = self.guesses[door][permit_id]
        assert guess.is_right is None, "one permit, two passwords"
        guess.is_right = is_right
        self.checks += 1
        self._require_limits(door)

    def report(self, door: Door, permit_id: str, *, at: datetime, was_accepted: bool) -> None:
        """The outcome is committed."""
        guess = self.guesses[door][permit_id]
        assert not (was_accepted and (guess.is_void or not guess.is_right)), "let in without a right password"
        guess.reported_at, guess.was_accepted = at, was_accepted
        if was_accepted:
            self.forgiven_at[door].append(at)

    def redeem(self, subject: Subject, *, at: datetime) -> None:
        """A link was used: nothing is held against the subject any more, and what is out opens nothing."""
        for door in [one for one in self.guesses if one[0] == subject]:
            self.forgiven_at[door].append(at)
            for guess in self.guesses[door].values():
                guess.is_void = True

    def failures_of_the_day(self, door: Door, *, now: datetime) -> list[datetime]:
        """The instants at which passwords of the last 24 hours failed or were lost."""
        failed = sorted(at for guess in self.guesses[door].values() if (at := guess.failed_at))
        return [at for at in failed if at <= now < at + DAY]

    def _require_limits(self, door: Door) -> None:
        counted = [guess for guess in self.guesses[door].values() if not guess.is_void]
        wrong = [guess.permitted_at for guess in counted if guess.is_right is False]
        for first, fourth in zip(wrong, wrong[3:], strict=False):
            was_forgiven = any(first <= at <= fourth for at in self.forgiven_at[door])
            assert fourth >= first + BLOCK or was_forgiven, f"a fourth wrong password within ten minutes, at {fourth}"
        for first, last in zip(wrong, wrong[24:], strict=False):
            assert last >= first + DAY, f"a 25th wrong password within a day, at {last}"
