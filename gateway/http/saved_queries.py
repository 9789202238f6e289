"""Queries kept for analysts: files of GraphQL, each with its title and what it is for in its first comments."""

from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

BUILT_IN = Path(__file__).parents[1] / "static" / "saved_queries"


class SavedQueryError(ValueError):
    """A file that is no saved query; the message names the file and what is missing."""


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """One query. `name` is that of its file, and `document` its text without the comments that tell the rest."""

    name: str
    title: str
    description: str
    document: str


def saved_queries(own: Path | None = None) -> tuple[SavedQuery, ...]:
    """The gateway's queries, then those in the landlord's `own` folder, each by name.

    One of the landlord's takes the place of the gateway's of the same name. Raises SavedQueryError.
    """
    folders = [BUILT_IN] if own is None else [BUILT_IN, own]
    found = {file.stem: _read(file) for folder in folders for file in sorted(folder.glob("*.graphql"))}
    return tuple(found.values())


def as_json(queries: tuple[SavedQuery, ...]) -> bytes:
    """What the page asks for."""
    return orjson.dumps({"queries": [asdict(query) for query in queries]})


def _read(file: Path) -> SavedQuery:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SavedQueryError(f"{file} cannot be read as UTF-8") from error
    told = _leading_comments(lines)
    title, *description = [line.removeprefix("#").strip() for line in told] or [""]
    document = "\n".join(lines[len(told) :]).strip()
    if not title or not document:
        raise SavedQueryError(f"{file} begins with a comment, its title, and has a query below it")
    return SavedQuery(file.stem, title, " ".join(description), document + "\n")


def _leading_comments(lines: list[str]) -> list[str]:
    end = next((place for place, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return lines[:end]
