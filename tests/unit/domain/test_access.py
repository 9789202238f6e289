"""Sessions have one owner and an end."""

from dataclasses import replace

import pytest

from gateway.domain.access import Channel, OnlineAccountId, Role, Session, SessionId
from gateway.domain.identifiers import TenantId
from tests.unit.domain.samples import at


def session(*, account: str | None = "O1", staff: str | None = None) -> Session:
    """A session of an hour that ends after half an hour without use."""
    return Session(
        id=SessionId("S1"),
        role=Role.TENANT if account else Role.ADVISOR,
        channel=Channel.WEB,
        account_id=OnlineAccountId(account) if account else None,
        tenant_id=TenantId("T1") if account else None,
        staff_name=staff,
        device=None,
        started_at=at("2026-03-02T09:00"),
        last_seen_at=at("2026-03-02T09:00"),
        idle_expires_at=at("2026-03-02T09:30"),
        expires_at=at("2026-03-02T10:00"),
    )


@pytest.mark.parametrize(
    ("instant", "opened"),
    [("2026-03-02T09:29", True), ("2026-03-02T09:30", False), ("2026-03-02T10:00", False)],
)
def test_a_session_ends_when_it_is_not_used(instant: str, *, opened: bool) -> None:
    """The end itself is no longer part of it."""
    assert session().is_open_at(at(instant)) is opened


def test_a_session_in_use_ends_at_its_last_moment() -> None:
    """However often it is used."""
    used = replace(session(), idle_expires_at=at("2026-03-02T10:30"))

    assert used.is_open_at(at("2026-03-02T09:59"))
    assert not used.is_open_at(at("2026-03-02T10:00"))


@pytest.mark.parametrize(("account", "staff"), [(None, None), ("O1", "advisor")])
def test_a_session_is_either_a_tenants_or_a_staff_members(account: str | None, staff: str | None) -> None:
    """Staff never act as a tenant."""
    with pytest.raises(ValueError, match="either to an online account or to a member of staff"):
        session(account=account, staff=staff)
