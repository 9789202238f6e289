"""How many connections each address has open, so that one cannot take the places of all."""

import ipaddress
from collections import Counter

from gateway.http.sources import Sources


class Crowd:
    """Counts connections by address, those of IPv6 by the network that one customer has (/64).

    Behind a trusted proxy all connections come from few addresses, so proxies have no bound of their own.
    """

    def __init__(self, sources: Sources, *, most: int) -> None:
        self._sources = sources
        self._most = most
        self._present: Counter[str] = Counter()

    def enter(self, host: str) -> str | None:
        """The place of one more connection, to be left when it ends; None when there is none left for `host`."""
        place = _place(host)
        if self._present[place] >= self._most and not self._sources.trusts(host):
            return None
        self._present[place] += 1
        return place

    def leave(self, place: str) -> None:
        """One connection fewer."""
        self._present[place] -= 1
        if not self._present[place]:
            del self._present[place]


def _place(host: str) -> str:
    if ":" not in host:
        return host
    return str(ipaddress.ip_network((host.partition("%")[0], 64), strict=False))
