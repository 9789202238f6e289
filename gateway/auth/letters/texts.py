"""How a letter is written down before the facts are filled in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway.auth.letters.kinds import LetterKind


@dataclass(frozen=True, slots=True)
class Text:
    """A subject and a body. `{landlord}`, `{phone}`, `{link}`, `{duration}` and `{day}` stand for the facts.

    Empty lines part the paragraphs of a body; other line breaks are the source file's own.
    """

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All letters of one language, between the same greeting and the same ending.

    `typeset` does to subjects and paragraphs what good printing in that language asks for.
    """

    greeting: str
    ending: str
    texts: Mapping[LetterKind, Text]
    typeset: Callable[[str], str] = str

    def subject(self, kind: LetterKind) -> str:
        """The subject of a kind of letter, facts still open."""
        return self.typeset(self.texts[kind].subject)

    def body(self, kind: LetterKind) -> str:
        """The whole body of a kind of letter, facts still open: one line for each paragraph, empty ones between."""
        blocks = "\n\n".join((self.greeting, self.texts[kind].body, self.ending)).strip().split("\n\n")
        return "\n\n".join(self.typeset(" ".join(block.split())) for block in blocks) + "\n"
