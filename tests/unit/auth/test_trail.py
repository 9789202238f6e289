"""The trail names nobody, and names them the same every time."""

import re
from dataclasses import replace

import pytest

from gateway.auth.trail import Trail
from gateway.auth.vault import Vault
from gateway.domain.access import OnlineAccountId
from gateway.domain.audit import Action, AuditEntry
from tests.support.account_world import SECRET, advisor
from tests.support.household import NOW

PSEUDONYM = re.compile(r"(account|tenant|staff):[0-9a-f]{24}")


@pytest.fixture
def trail() -> Trail:
    """The trail of one gateway."""
    return Trail(Vault(SECRET))


def test_every_spelling_of_a_reference_has_one_pseudonym(trail: Trail) -> None:
    """Whoever follows an account finds all that was done to it; another account has another."""
    names = {trail.about(spelling) for spelling in ("0012345", "12345", "L-12 345", "１２３４５")}

    assert len(names) == 1
    assert PSEUDONYM.fullmatch(names.pop())
    assert trail.about("12346") != trail.about("12345")


def test_a_pseudonym_needs_the_key(trail: Trail) -> None:
    """Whoever copies the table cannot try all references: another key makes other names."""
    other = Trail(Vault(bytes(32)))

    assert trail.about("12345") != other.about("12345")
    assert trail.staff("Sam Fournier") != other.staff("Sam Fournier")


def test_replicas_write_the_same_names(trail: Trail) -> None:
    """They share the key."""
    assert Trail(Vault(SECRET)).about("12345") == trail.about("12345")


def test_names_of_different_kinds_never_meet(trail: Trail) -> None:
    """A member of staff who is called like an account's id is somebody else."""
    holder, member = trail.tenant(OnlineAccountId("same")), trail.staff("same")

    assert PSEUDONYM.fullmatch(holder)
    assert PSEUDONYM.fullmatch(member)
    assert holder.partition(":")[2] != member.partition(":")[2]


def test_a_stranger_and_the_gateway_act_on_a_reference(trail: Trail) -> None:
    """They have no pseudonym themselves."""
    subject = trail.about("12345")

    assert trail.by_stranger(Action.SIGN_IN, "Failed", at=NOW, reference="0012345") == AuditEntry(
        NOW, Action.SIGN_IN, "Failed", "stranger", subject
    )
    assert trail.by_gateway(Action.LINK_ANSWERED, "Mailed", at=NOW, reference="0012345") == AuditEntry(
        NOW, Action.LINK_ANSWERED, "Mailed", "gateway", subject
    )


def test_a_holder_acts_on_their_own_account_and_staff_on_none(trail: Trail) -> None:
    """The session is named in both lines; its id opens nothing."""
    staffs = replace(advisor("Sam Fournier"), staff_person="https://sso.example.org 7")
    holders = replace(staffs, account_id=OnlineAccountId("a-1"), staff_name=None)
    holder = trail.tenant(OnlineAccountId("a-1"))

    assert trail.by_session(Action.SIGN_OUT, "Ended", at=NOW, session=holders) == AuditEntry(
        NOW, Action.SIGN_OUT, "Ended", holder, holder, staffs.id
    )
    assert trail.by_session(Action.SIGN_OUT, "Ended", at=NOW, session=staffs) == AuditEntry(
        NOW, Action.SIGN_OUT, "Ended", trail.staff("https://sso.example.org 7"), None, staffs.id
    )
