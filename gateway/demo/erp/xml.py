"""Fragments of answers, from rows of the books: one printf template for each element of the contract."""

from collections.abc import Iterable, Mapping

Value = str | int

TEXT = "%s"
DAY = "%08d"
STAMP = "%014d"
CENTS = "%010d"
PERIOD = "%06d"


def escaped(text: str) -> str:
    """The text as it stands between two tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code(width: int) -> str:
    """The format of a char(`width`) column."""
    return f"%-{width}s"


class Record:
    """An element named `tag` whose children are `fields`, each with its printf format, in this order.

    Whatever of the element follows the fields (repeated children) is given as the `content` of `render`.
    """

    def __init__(self, tag: str, fields: Mapping[str, str]) -> None:
        inside = "".join(f"<{name}>{form}</{name}>" for name, form in fields.items())
        self._open = f"<{tag}>{inside}"
        self._close = f"</{tag}>"
        self._tags = self._open.count("<")

    def render(self, row: Iterable[Value], *, content: str = "") -> str:
        """The element holding `row`, one value for each field."""
        values = tuple(row)
        text = self._open % values
        # Nearly no value needs escaping, and looking once at the whole is faster than at each.
        if "&" in text or text.count("<") != self._tags:
            text = self._open % tuple(escaped(value) if isinstance(value, str) else value for value in values)
        return text + content + self._close
