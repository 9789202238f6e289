"""Mail that arrives in memory, as the port promises it."""

from dataclasses import dataclass, field

from gateway.domain.letter import Letter
from gateway.ports.mail import MailRefusedError, MailUnavailableError


@dataclass(slots=True)
class Letterbox:
    """Keeps every letter; fails with `failure` as long as that is set."""

    letters: list[Letter] = field(default_factory=list)
    failure: MailRefusedError | MailUnavailableError | None = None

    async def send(self, letter: Letter) -> None:
        """As the port says."""
        if self.failure:
            raise self.failure
        self.letters.append(letter)

    def to(self, address: str) -> list[Letter]:
        """What somebody received, oldest first."""
        return [letter for letter in self.letters if letter.to == address]

    def subjects(self, address: str) -> list[str]:
        """What the letters to somebody are about, oldest first."""
        return [letter.subject for letter in self.to(address)]

    def link_token(self) -> str:
        """The token of the link in the latest letter that has one."""
        latest = next(letter for letter in reversed(self.letters) if "#" in letter.body)
        return token_in(latest)


def token_in(letter: Letter) -> str:
    """The token of the link in a letter."""
    return next(word.partition("#")[2] for word in letter.body.split() if "#" in word).rstrip(".")
