"""Whoever copies the database cannot sign in with what it says."""

from gateway.auth.accounts import NewAccount, create_account
from gateway.auth.guard import Guard
from gateway.auth.knocking import Knocking, Source
from gateway.auth.passwords import HashPool
from gateway.auth.sessions import Sessions
from gateway.auth.sign_in import Credentials, SignedIn, SignIn
from gateway.auth.tokens import Mint
from gateway.auth.trail import Trail
from gateway.auth.vault import Vault
from gateway.auth.visitor import Visitor
from gateway.domain.access import Channel
from gateway.domain.identifiers import TenantId
from gateway.domain.lockout import LockoutRules
from tests.ports.stores import NOON, DatabaseUnderTest

SECRET = b"the gateway's own, 32 bytes long"
VISITOR = Visitor(Source("192.0.2.1", "192.0.2.0/24"))


async def test_neither_passwords_nor_tokens_rest_in_the_store(database: DatabaseUnderTest) -> None:
    """After an account is created and used, no byte of the database tells how to get in."""
    passwords = HashPool()
    sign_in = sign_in_over(database, passwords)
    new = NewAccount("0012345", TenantId("T1"), "Mirabelle-57!")
    await create_account(new, store=database.store, passwords=passwords, now=NOON)

    wrong = await sign_in(Credentials("0012345", "Quetsche-88?"), visitor=VISITOR)
    outcome = await sign_in(Credentials("0012345", "Mirabelle-57!", Channel.MOBILE), visitor=VISITOR)

    assert not isinstance(wrong, SignedIn)
    assert isinstance(outcome, SignedIn)
    kept = await database.everything()
    assert b"12345" in kept
    assert outcome.session.id.encode() in kept
    for secret in ("Mirabelle-57!", "Quetsche-88?", outcome.token, outcome.refresh_token, outcome.device_token):
        assert secret is not None
        assert secret.encode() not in kept
        assert secret.encode().hex().encode() not in kept
    passwords.close()


def sign_in_over(database: DatabaseUnderTest, passwords: HashPool) -> SignIn:
    """The use case over that database."""
    vault, rules = Vault(SECRET), LockoutRules()
    return SignIn(
        store=database.store,
        guard=Guard(database.store, rules=rules),
        rules=rules,
        passwords=passwords,
        sessions=Sessions(database.store, clock=database.clock, mint=Mint(SECRET)),
        vault=vault,
        trail=Trail(vault),
        knocking=Knocking(),
    )
