"""What a stranger sees is a function of the attempts alone, never of who has an account. And the test can fail."""

import asyncio
import copy
from collections.abc import Sequence
from dataclasses import fields
from datetime import timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gateway.auth.link_requests import Claim, LinkRequestOutcome, RequestLink
from gateway.auth.lockout import RecreationOffered, Suspended
from gateway.auth.outcomes import WrongCredentials
from gateway.auth.reference import normalise
from gateway.auth.sign_in import Credentials, SignIn, SignInOutcome
from gateway.auth.visitor import Visitor
from gateway.domain.lockout import Bucket
from gateway.ports.store import Transaction
from gateway.support.desk import AccountDesk
from tests.rules.worlds import HISTORIES, Act, AskForLink, Guess, MakeDesk, Wait, live, opened_worlds

pytestmark = pytest.mark.thorough


async def tells_apart(history: Sequence[Act], make_desk: MakeDesk | None = None) -> bool:
    """Whether a stranger sees in which world they are."""
    async with opened_worlds(make_desk) as house:
        try:
            await live(house, await house.somebody(), history)
        except AssertionError:
            return True
    return False


@settings(max_examples=20)
@given(HISTORIES, st.booleans())
async def test_a_stranger_cannot_tell_who_has_an_account(history: list[Act], has_own_account: bool) -> None:
    """Whatever a stranger tries and however long they wait, it looks the same for everybody (A14, A21, P14, G9)."""
    async with opened_worlds() as house:
        stranger = await house.somebody()
        if has_own_account:
            await stranger.sign_in("67890")

        await live(house, stranger, history)


PATIENCE: list[Act] = [
    *(Guess(3, "WEB"), AskForLink(4, is_right=True), Wait(600), Guess(4, "MOBILE"), AskForLink(1, is_right=True)),
    *(Wait(90_000), AskForLink(2, is_right=False), Wait(90_000), Guess(2, "WEB"), Wait(90_000), Guess(4, "WEB")),
]


async def test_patience_does_not_help_a_stranger() -> None:
    """Blocked, waited out, and again, over days in which old rows are purged: nothing tells the worlds apart (A14)."""
    assert not await tells_apart(PATIENCE)


class TellsWhoIsHeld(RequestLink):
    """Tells after the ten minutes that only the assistance form helps."""

    async def _charge(self, tx: Transaction, claim: Claim, bucket: Bucket, visitor: Visitor) -> LinkRequestOutcome:
        if await tx.is_held():
            return Suspended(tx.now + timedelta(minutes=10))
        return await super()._charge(tx, claim, bucket, visitor)


class SparesTheUnknown(SignIn):
    """Counts guesses at accounts only."""

    async def _admitted(self, credentials: Credentials, visitor: Visitor) -> SignInOutcome:
        account = await self.store.account(normalise(credentials.reference) or "")
        if account is None:
            await self.passwords.verify(credentials.password, against=None)
            return WrongCredentials()
        return await super()._admitted(credentials, visitor)


class RoundsForTheUnknown(SignIn):
    """Tells another time to wait where there is no account."""

    async def _admitted(self, credentials: Credentials, visitor: Visitor) -> SignInOutcome:
        outcome = await super()._admitted(credentials, visitor)
        account = await self.store.account(normalise(credentials.reference) or "")
        if account is None and isinstance(outcome, RecreationOffered):
            return RecreationOffered(outcome.until + timedelta(seconds=1))
        return outcome


def leaking(use_case: str, kind: type[RequestLink] | type[SignIn]) -> MakeDesk:
    """Puts a use case of that kind in the place of ours."""

    def make(desk: AccountDesk) -> AccountDesk:
        ours, leaky = getattr(desk, use_case), copy.copy(desk)
        leaky.__dict__[use_case] = kind(**{one.name: getattr(ours, one.name) for one in fields(ours)})
        return leaky

    return make


LEAKS = {
    "tells who is held": leaking("request_link", TellsWhoIsHeld),
    "spares the unknown": leaking("sign_in", SparesTheUnknown),
    "rounds for the unknown": leaking("sign_in", RoundsForTheUnknown),
}


@pytest.mark.parametrize("make_desk", LEAKS.values(), ids=LEAKS)
def test_the_property_finds_a_leak(make_desk: MakeDesk) -> None:
    """If the gateway gave away in any of these ways who has an account, the property would find it (A14, A21)."""

    @settings(max_examples=200, phases=(Phase.generate,))
    @given(HISTORIES)
    def property_of_the_leaky_gateway(history: list[Act]) -> None:
        assert not asyncio.run(tells_apart(history, make_desk))

    with pytest.raises(AssertionError):
        property_of_the_leaky_gateway()
