"""Scopes: nobody looks at what the way from their own session does not lead to."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import gateway
from gateway.auth import scopes
from gateway.auth.scopes import (
    AccountScope,
    LeaseScope,
    NoticeScope,
    TenantScope,
    account_scope,
    lease_scope,
    notice_scope,
    tenant_scope,
)
from gateway.domain.access import Channel, OnlineAccountId, Role
from gateway.domain.identifiers import AccountId, LeaseId, NoticeId, TenantId
from tests.support.doors import opened_session
from tests.support.household import ACCOUNT, CAMILLE, DWELLING, landlord

KINDS = {"TenantScope", "LeaseScope", "AccountScope", "NoticeScope"}
MADE_BY = "a scope is made by the functions of gateway.auth.scopes"
BOOKS = landlord().books
LEASE = BOOKS.leases_of[CAMILLE][0]
NOTICE = BOOKS.notices[AccountId(ACCOUNT)][0]


def own() -> TenantScope:
    """The scope of Camille's session."""
    scope = tenant_scope(opened_session("s", account_id=OnlineAccountId("a"), tenant_id=CAMILLE))
    assert scope is not None
    return scope


def test_a_tenant_s_session_opens_the_tenant_s_file() -> None:
    """From there to the leases, their accounts, and the notices of these."""
    scope = own()
    account = account_scope(scope, LEASE)

    assert (scope.tenant_id, lease_scope(scope, LEASE).lease_id) == (CAMILLE, DWELLING)
    assert (account.account_id, notice_scope(account, NOTICE).notice_id) == (ACCOUNT, NOTICE.id)


def test_the_same_thing_has_the_same_scope() -> None:
    """Two looks at one lease are one question to the landlord's system."""
    assert lease_scope(own(), LEASE) == lease_scope(own(), LEASE)
    assert len({account_scope(own(), lease) for lease in BOOKS.leases_of[CAMILLE]}) == 1


@pytest.mark.parametrize("role", [None, Role.ADVISOR, Role.ANALYST, Role.OPERATOR])
def test_others_have_no_file(role: Role | None) -> None:
    """Strangers and staff are nobody's tenant."""
    session = opened_session("s", role=role, channel=Channel.DESK, staff_name="Sam Fournier") if role else None

    assert tenant_scope(session) is None


def test_a_notice_of_another_account_is_not_opened() -> None:
    """It was not found by this way."""
    foreign = replace(NOTICE, account_id=AccountId("A-HADDAD"))

    with pytest.raises(ValueError, match="the notice belongs to another account"):
        notice_scope(account_scope(own(), LEASE), foreign)


FORGERIES: list[Callable[[], object]] = [
    lambda: TenantScope(TenantId("T-NOOR"), None),
    lambda: LeaseScope(own(), LeaseId("L-HADDAD"), object()),
    lambda: AccountScope(own(), AccountId("A-HADDAD"), own()),
    lambda: NoticeScope(account_scope(own(), LEASE), NoticeId("N-HADDAD"), True),
]


@pytest.mark.parametrize("forge", FORGERIES, ids=range(len(FORGERIES)))
def test_a_scope_cannot_be_made_elsewhere(forge: Callable[[], object]) -> None:
    """An identifier that somebody sent does not become a scope."""
    with pytest.raises(TypeError, match=MADE_BY):
        forge()


def test_a_scope_cannot_be_turned_into_another() -> None:
    """Neither by a copy with another identifier nor by writing into it."""
    scope = own()

    with pytest.raises(ValueError, match="InitVar 'proof' must be specified"):
        replace(scope, tenant_id=TenantId("T-NOOR"))  # type: ignore[call-arg]  # the type checker sees it too
    with pytest.raises(AttributeError):
        scope.tenant_id = TenantId("T-NOOR")  # type: ignore[misc]  # the type checker sees it too


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the gateway but the one that makes scopes."""
    for path in sorted(Path(gateway.__file__).parent.rglob("*.py")):
        if path != Path(scopes.__file__):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_nobody_makes_scopes_but_their_room() -> None:
    """No call of their classes, no use of what makes them, in the whole source."""
    makers = [
        (path.name, ast.unparse(node))
        for path, tree in modules()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in KINDS | {"__new__"})
        or (isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node).rpartition(".")[2] == "_PROOF")
    ]

    assert makers == []


PERSONAL_PORTS = {
    f"gateway.ports.{name}" for name in ("documents", "ledger", "metering", "notices", "tenancy", "works")
}


def test_resolvers_have_no_way_around_the_loaders() -> None:
    """In the schema only the loaders know the ports of personal data; by scope, as the type checker sees to."""
    knowing = {
        path.name
        for path, tree in modules()
        if path.parent.name == "schema"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in PERSONAL_PORTS
    }

    assert knowing == {"loaders.py"}
