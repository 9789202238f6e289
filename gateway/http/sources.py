"""Where a request comes from, as far as that can be believed: what a client writes about itself counts for nothing."""

import ipaddress
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from gateway.auth.knocking import Source, source_at

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_MOST_HOPS = 20


@dataclass(frozen=True, slots=True)
class Sources:
    """Reads sources. `trusted_proxies` are the networks of the landlord's own proxies, none by default."""

    trusted_proxies: tuple[Network, ...] = ()

    def of(self, request: HTTPConnection) -> Source:
        """The source of `request`: its peer or, behind proxies of ours, the last hop that is none of them.

        Each proxy appends who spoke to it to `X-Forwarded-For`, so the header is read from its end; what stands
        before the first hop we do not trust was written by that hop. A malformed hop ends the reading at the proxy
        that passed it on.
        """
        peer = _address(request.client.host if request.client else "")
        if peer is None:  # a Unix socket, which has no addresses
            return source_at("local")
        for hop in reversed(_hops(request)):
            if not self._is_trusted(peer):
                break
            before = _address(hop)
            if before is None:
                break
            peer = before
        return source_at(str(peer))

    def trusts(self, host: str) -> bool:
        """Whether a peer with this address is one of the landlord's own proxies."""
        address = _address(host)
        return address is not None and self._is_trusted(address)

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self.trusted_proxies)


TRUSTING_NOBODY = Sources()
"""For a gateway without a proxy in front."""


def _hops(request: HTTPConnection) -> list[str]:
    """The latest hops told, oldest first. A header given twice is one list (RFC 9110 §5.3)."""
    told = ",".join(request.headers.getlist("x-forwarded-for"))
    return [hop.strip() for hop in told.split(",")[-_MOST_HOPS:]] if told else []


def _address(text: str) -> Address | None:
    """The address; one of IPv4 that is written as IPv6 is of IPv4. None for anything else, also with a port."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
