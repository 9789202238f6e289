"""The lockout as the landlord's page tells it, worked out each time from everything that ever happened."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway.auth.lockout import (
    Accepted,
    Charged,
    Failed,
    InProgress,
    RecreationOffered,
    Report,
    Suspended,
    Void,
)

PERMIT = timedelta(seconds=15)
BLOCK = timedelta(minutes=10)
DAY = timedelta(hours=24)


@dataclass(slots=True)
class Guess:
    """One password. Nobody reported it as long as `reported_at` is None."""

    id: str
    began_at: datetime
    reported_at: datetime | None = None
    was_right: bool = False

    def is_out(self, now: datetime) -> bool:
        """Whether it is being checked, as far as anybody can tell."""
        return self.reported_at is None and now < self.began_at + PERMIT

    def failed_at(self, now: datetime) -> datetime | None:
        """When it was wrong or lost, if it was by `now`."""
        if self.was_right or self.is_out(now):
            return None
        return self.reported_at or self.began_at + PERMIT


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand at some instant. `denial` is what everybody is told, if the door is closed."""

    wrong: int
    recreations: int
    denial: RecreationOffered | Suspended | None


@dataclass(slots=True)
class NaiveLockout:
    """Remembers every guess and every attempt at a new password since the latest redeemed link; forgets nothing else.

    Its clock must not go back.
    """

    guesses: list[Guess] = field(default_factory=list)
    happened: list[tuple[datetime, str]] = field(default_factory=list)

    def begin(self, guess_id: str, now: datetime) -> None:
        """A password is being checked."""
        self.guesses.append(Guess(guess_id, now))
        self.happened.append((now, "asked"))

    def refusal(self, now: datetime) -> RecreationOffered | Suspended | InProgress | None:
        """What stands in the way of a password at this instant."""
        standing, of_the_day, out = self.standing(now), self.of_the_day(now), self.out(now)
        if standing.denial:
            return standing.denial
        if len(of_the_day) >= 24:
            return Suspended(of_the_day[0] + DAY)
        return InProgress() if standing.wrong + out >= 3 or len(of_the_day) + out >= 24 else None

    def report(self, guess_id: str, now: datetime, *, was_right: bool) -> Report:
        """The outcome of a guess."""
        guess = next((one for one in self.guesses if one.id == guess_id and one.is_out(now)), None)
        if guess is None:
            return Void()
        guess.reported_at, guess.was_right = now, was_right
        self.happened.append((now, "right" if was_right else "wrong"))
        return Accepted() if was_right else self.standing(now).denial or Failed()

    def recreate(self, now: datetime) -> Charged | Suspended:
        """An attempt to choose a new password."""
        denial = self.standing(now).denial
        if isinstance(denial, Suspended):
            return denial
        self.happened.append((now, "recreation"))
        return Charged(blocks=isinstance(self.standing(now).denial, Suspended))

    def redeem(self) -> None:
        """A mailed link led to a new password."""
        self.guesses.clear()
        self.happened.clear()

    def of_the_day(self, now: datetime) -> list[datetime]:
        """The wrong passwords of the last 24 hours, oldest first."""
        return sorted(at for one in self.guesses if (at := one.failed_at(now)) and at > now - DAY)

    def out(self, now: datetime) -> int:
        """How many passwords are being checked."""
        return sum(one.is_out(now) for one in self.guesses)

    def standing(self, now: datetime) -> Standing:
        """The whole story, from its beginning to `now`."""
        standing = Standing(0, 0, None)
        latest = datetime.min.replace(tzinfo=now.tzinfo)
        for at, what in [*self._story(now), (now, "")]:
            if standing.denial and at >= standing.denial.until:
                standing = Standing(0, 0, None)
            if standing.denial is None and at - latest >= DAY:
                standing = Standing(0, 0, None)
            standing = _tell(standing, at=at, what=what)
            latest = at if what != "right" else latest
        return standing

    def _story(self, now: datetime) -> list[tuple[datetime, str]]:
        """Everything that had happened by `now`; of things at one instant, lost guesses come first."""
        lost = [(at, "wrong") for one in self.guesses if not one.reported_at and (at := one.failed_at(now))]
        return sorted(lost + self.happened, key=lambda one: one[0])


def _tell(standing: Standing, *, at: datetime, what: str) -> Standing:
    """The next sentence of the story."""
    wrong, recreations, denial = standing.wrong, standing.recreations, standing.denial
    match what:
        case "right" if denial is None:
            return Standing(0, 0, None)
        case "wrong" if denial is None and wrong == 2:
            return Standing(3, 0, RecreationOffered(at + BLOCK))
        case "wrong":
            return Standing(wrong + 1, recreations, denial)
        case "recreation" if recreations == 2:
            return Standing(wrong, 3, Suspended(at + BLOCK))
        case "recreation":
            return Standing(wrong, recreations + 1, denial)
        case _:
            return standing
