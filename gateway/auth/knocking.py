"""How often one source may knock at the doors that cost or tell something: a soft limit in front of the guard.

It never touches an account: what is remembered of guesses is the guard's alone, so nobody can shut another person
out from here, and losing these counters gives nobody a free guess.
"""

import asyncio
import ipaddress
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

log = structlog.get_logger()


class Action(StrEnum):
    """What a source asks for when it knocks."""

    SIGN_IN = "SIGN_IN"
    LINK = "LINK"
    ASSISTANCE = "ASSISTANCE"
    CHOOSE = "CHOOSE"
    STAFF_SIGN_IN = "STAFF_SIGN_IN"


@dataclass(frozen=True, slots=True)
class Source:
    """Who knocks: `address` as narrowly as an internet connection can be named, `network` around it.

    For IPv4 the address itself and its /24; for IPv6 the /64, which is one connection with addresses in plenty.
    """

    address: str
    network: str


@dataclass(frozen=True, slots=True)
class Rule:
    """How many admissions a minute: for one address, for the network around it, and for the whole world."""

    per_address: int
    per_network: int
    overall: int

    def __post_init__(self) -> None:
        if not 0 < self.per_address <= self.per_network <= self.overall:
            raise ValueError("limits are positive, and no wider circle is allowed less than a narrower one")


def rules(*, sign_ins: int, requests: int) -> Mapping[Action, Rule]:
    """The rules for so many `sign_ins`, and `requests` for links or assistance, a minute from one address.

    A network may do four times as much, the world a hundred times: that circle only keeps the store from being filled,
    for whoever uses it up keeps everybody out. Links that were mailed are followed at a count of their own, so that a
    flood of requests for links holds up nobody who has one. Staff, who go to their provider and come back, may
    knock twice as often as a tenant signs in.
    """
    return {
        Action.SIGN_IN: _in_proportion(sign_ins),
        Action.LINK: _in_proportion(requests),
        Action.ASSISTANCE: _in_proportion(requests),
        Action.CHOOSE: _in_proportion(2 * sign_ins),
        Action.STAFF_SIGN_IN: _in_proportion(2 * sign_ins),
    }


def _in_proportion(per_address: int) -> Rule:
    return Rule(per_address, 4 * per_address, 100 * per_address)


RULES: Mapping[Action, Rule] = rules(sign_ins=60, requests=10)
"""The defaults: a family behind one address, or an office behind one network, never meets them."""


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """The source has knocked too often; it may try again in `seconds`, at least one."""

    seconds: int


def source_at(address: str) -> Source:
    """The source at an IP address; a text that is none, as for a Unix socket, is a source of its own."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return Source(address, address)
    if found.version == 4:
        return Source(str(found), str(ipaddress.ip_network((int(found), 24), strict=False)))
    network = str(ipaddress.IPv6Network((int(found), 64), strict=False))
    return Source(network, network)


class Knocking:
    """Admits sources by `rules`.

    Counters are in this process unless `storage` is another one of the `limits` library, made with
    `wrap_exceptions=True`: while that fails, each process counts for itself. Only admissions are counted, so there
    are never more counters than the overall limits allow, however many sources knock; they expire after two minutes.
    """

    def __init__(self, rules: Mapping[Action, Rule] = RULES, *, storage: Storage | None = None) -> None:
        self._rules = {action: _limits(action, rule) for action, rule in rules.items()}
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._limiter = SlidingWindowCounterRateLimiter(storage) if storage else self._own
        self._has_failed = False
        self._turn = asyncio.Lock()

    async def admit(self, source: Source, *, action: Action) -> RetryAfter | None:
        """None for a source that may go on; otherwise when to come back, and nothing is charged to anybody.

        What one address is refused does not count for its neighbours, nor for the world: an attacker at one address
        uses up that address's share and no more. (Of processes that share a storage, one that is beaten to the last
        place may have charged it beside that place's limit.)
        """
        asked = tuple(zip(self._rules[action], (source.address, source.network, "everybody"), strict=True))
        async with self._turn:  # testing all limits and charging them is one step
            try:
                refusal = await _admit(self._limiter, asked)
            except StorageError as error:
                self._tell(error)
                return await _admit(self._own, asked)
            self._has_failed = False
            return refusal

    def _tell(self, error: StorageError) -> None:
        """Logs the first failure of an outage."""
        if not self._has_failed:
            log.error("knocking.storage_failed", exc_info=error)
        self._has_failed = True


async def _admit(
    limiter: SlidingWindowCounterRateLimiter, asked: tuple[tuple[RateLimitItem, str], ...]
) -> RetryAfter | None:
    for limit, who in asked:
        if not await limiter.test(limit, who):
            return await _retry_after(limiter, limit, who)
    for limit, who in asked:
        if not await limiter.hit(limit, who):  # another process was faster
            return await _retry_after(limiter, limit, who)
    return None


async def _retry_after(limiter: SlidingWindowCounterRateLimiter, limit: RateLimitItem, who: str) -> RetryAfter:
    free_at, _ = await limiter.get_window_stats(limit, who)
    return RetryAfter(max(1, math.ceil(free_at - time.time())))


def _limits(action: Action, rule: Rule) -> tuple[RateLimitItem, RateLimitItem, RateLimitItem]:
    """The library's limits, from the narrowest circle to the widest."""
    return (
        RateLimitItemPerMinute(rule.per_address, namespace=f"{action}/address"),
        RateLimitItemPerMinute(rule.per_network, namespace=f"{action}/network"),
        RateLimitItemPerMinute(rule.overall, namespace=f"{action}/overall"),
    )
