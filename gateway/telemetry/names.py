"""Names that become labels, however many there are."""

OTHER = "other"


class Names:
    """Takes the first `most` names as they are; those that come after them are all `other`."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._taken: set[str] = set()

    def bounded(self, name: str) -> str:
        """The name to show for `name`."""
        if name in self._taken:
            return name
        if len(self._taken) == self._most:
            return OTHER
        self._taken.add(name)
        return name
