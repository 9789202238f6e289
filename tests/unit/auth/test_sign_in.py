"""Signing in: what a tenant gets, and what a stranger learns, which is nothing."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest

from gateway.auth.passwords import HashPool
from gateway.auth.sessions import Sessions
from gateway.auth.sign_in import Credentials, ServiceBusy, SignedIn, SignIn, WrongCredentials
from gateway.domain.access import Channel, OnlineAccount, Role
from tests.ports.stores import NOON
from tests.unit.auth.conftest import PASSWORD, CountingHasher, CountingStore


@pytest.fixture
def sign_in(store: CountingStore, passwords: HashPool, sessions: Sessions) -> SignIn:
    """The use case."""
    return SignIn(store, passwords=passwords, sessions=sessions)


@pytest.mark.parametrize("reference", ["0012345", "12345", "L-12 345", "Ｌ１２３４５"])
async def test_reference_and_password_open_a_session(
    sign_in: SignIn, sessions: Sessions, louise: OnlineAccount, reference: str
) -> None:
    """In whichever spelling; the token opens that session again."""
    outcome = await sign_in(Credentials(reference, PASSWORD), channel=Channel.WEB, device="Firefox")

    assert isinstance(outcome, SignedIn)
    assert outcome.account == louise
    assert outcome.session.role is Role.TENANT
    assert outcome.session.account_id == louise.id
    assert outcome.session.tenant_id == "T1"
    assert outcome.session.device == "Firefox"
    assert await sessions.resolve(outcome.token) == outcome.session


async def test_the_application_gets_a_short_session(sign_in: SignIn, louise: OnlineAccount) -> None:
    """Ten minutes, which is what `accessExpiresAt` tells it."""
    outcome = await sign_in(Credentials("12345", PASSWORD), channel=Channel.MOBILE)

    assert isinstance(outcome, SignedIn)
    assert outcome.session.channel is Channel.MOBILE
    assert outcome.session.expires_at == NOON + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("reference", "password"),
    [("12345", "Mirabelle-57"), ("99999", PASSWORD), ("?!", PASSWORD), ("9" * 21, PASSWORD), ("12345", "\ud800")],
    ids=["wrong password", "unknown reference", "no reference", "too long", "odd password"],
)
async def test_wrong_credentials_get_one_answer_for_the_same_work(
    sign_in: SignIn, louise: OnlineAccount, hasher: CountingHasher, reference: str, password: str
) -> None:
    """One hash of the same parameters is computed, whether or not the account exists; no session opens."""
    outcome = await sign_in(Credentials(reference, password), channel=Channel.WEB)

    assert outcome == WrongCredentials()
    assert hasher.checked == ["$argon2id$v=19$m=8,t=1,p=1"]


async def test_too_many_at_once_are_told_to_come_back(
    store: CountingStore, sessions: Sessions, hasher: CountingHasher, louise: OnlineAccount
) -> None:
    """Nothing is checked for those who find no seat."""
    full = HashPool(hasher, workers=1, queue=0)
    sign_in = SignIn(store, passwords=full, sessions=sessions)

    outcomes = await asyncio.gather(*(sign_in(Credentials("12345", PASSWORD), channel=Channel.WEB) for _ in range(32)))

    turned_away = outcomes.count(ServiceBusy(retry_after_seconds=2))
    assert turned_away == 32 - len(hasher.checked)
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == len(hasher.checked) > 0
    full.close()


async def test_nobody_gets_in_without_the_store(
    sign_in: SignIn, store: CountingStore, louise: OnlineAccount, hasher: CountingHasher
) -> None:
    """Neither is a password checked that could not be counted."""
    await store.close()

    outcome = await sign_in(Credentials("12345", PASSWORD), channel=Channel.WEB)

    assert outcome == ServiceBusy(retry_after_seconds=5)
    assert hasher.checked == []


async def test_nobody_gets_in_when_the_session_cannot_be_stored(
    sign_in: SignIn, louise: OnlineAccount, tmp_path: Path
) -> None:
    """A right password alone is not enough."""
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")

        outcome = await sign_in(Credentials("12345", PASSWORD), channel=Channel.WEB)

        assert outcome == ServiceBusy(retry_after_seconds=5)


async def test_a_password_changed_while_it_is_checked_opens_nothing(
    store: CountingStore, sessions: Sessions, louise: OnlineAccount, tmp_path: Path
) -> None:
    """The old password was right when it was read, and is not any more."""

    class ChangingHasher(CountingHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's
            with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
                connection.execute("UPDATE online_account SET credential_version = 2")
            return super().verify(hash, password)

    changing = HashPool(ChangingHasher())

    outcome = await SignIn(store, passwords=changing, sessions=sessions)(
        Credentials("12345", PASSWORD), channel=Channel.WEB
    )

    assert outcome == WrongCredentials()
    assert await store.sessions_of(louise.id, now=NOON) == ()
    changing.close()


@pytest.mark.parametrize("channel", [Channel.DESK, Channel.ANALYST_TOOL])
async def test_tenants_do_not_sign_in_on_the_channels_of_staff(
    sign_in: SignIn, louise: OnlineAccount, hasher: CountingHasher, channel: Channel
) -> None:
    """Nothing is checked."""
    with pytest.raises(ValueError, match="tenants do not sign in on the channel"):
        await sign_in(Credentials("12345", PASSWORD), channel=channel)

    assert hasher.checked == []


async def test_neither_password_nor_token_is_shown(sign_in: SignIn, louise: OnlineAccount) -> None:
    """Neither in a log nor in a traceback."""
    credentials = Credentials("12345", PASSWORD)

    outcome = await sign_in(credentials, channel=Channel.WEB)

    assert isinstance(outcome, SignedIn)
    assert PASSWORD not in repr(credentials)
    assert outcome.token not in repr(outcome)
    assert louise.password_hash not in repr(outcome)
