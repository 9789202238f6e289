"""What the OpenID provider vouches for behind sessions of staff."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.access import SessionId, StaffGrant
from gateway.ports.store import Store, StoreError
from tests.ports.store_contract.values import grant, staff
from tests.ports.stores import NOON, session, token

ISSUER = "https://id.example.org"


async def sign_in(store: Store, *grants: StaffGrant) -> None:
    """Opens a session for each grant."""
    for number, one in enumerate(grants):
        assert await store.open_session(staff(one.session_id), token_sha256=token(number))
        await store.add_staff_grant(one)


@pytest.mark.parametrize("added", [grant(), grant(provider_session=None)], ids=["named", "nameless"])
async def test_a_grant_is_found_by_its_session(store: Store, added: StaffGrant) -> None:
    """Every value comes back exactly; a session without a provider has none."""
    await sign_in(store, added)
    await store.open_session(session(), token_sha256=token(9))

    assert await store.staff_grant(added.session_id) == added
    assert await store.staff_grant(SessionId("s-1")) is None
    assert await store.staff_grant(SessionId("s-9")) is None


@pytest.mark.parametrize("refused", [grant("s-9"), grant("s-staff", subject="other")], ids=["unknown", "taken"])
async def test_a_session_has_one_grant_and_a_grant_its_session(store: Store, refused: StaffGrant) -> None:
    """Anything else is an error."""
    await sign_in(store, grant())

    with pytest.raises(StoreError):
        await store.add_staff_grant(refused)

    assert await store.staff_grant(SessionId("s-staff")) == grant()


async def test_saving_replaces_the_grant_of_its_session(store: Store) -> None:
    """Every value; the grants of other sessions stay."""
    await sign_in(store, grant(), grant("s-2"))
    changed = StaffGrant(SessionId("s-staff"), "https://b.example.org", "b", None, b"b", NOON + timedelta(hours=1))

    await store.save_staff_grant(changed)

    assert await store.staff_grant(SessionId("s-staff")) == changed
    assert await store.staff_grant(SessionId("s-2")) == grant("s-2")


async def test_saving_a_grant_that_is_gone_does_nothing(store: Store) -> None:
    """It does not come back."""
    await store.save_staff_grant(grant())

    assert await store.staff_grant(SessionId("s-staff")) is None


GRANTS = (
    grant("s-1"),
    grant("s-2", provider_session="p-2"),
    grant("s-3", provider_session=None),
    grant("s-4", subject="noor"),
    grant("s-5", issuer="https://other.example.org"),
)


@pytest.mark.parametrize(
    ("subject", "provider_session", "expected"),
    [
        ("camille", None, {"s-1", "s-2", "s-3"}),
        (None, "p-1", {"s-1", "s-4"}),
        ("camille", "p-1", {"s-1"}),
        ("noor", "p-2", set()),
        ("nobody", None, set()),
    ],
)
async def test_sessions_are_found_by_person_or_session_at_the_provider(
    store: Store, subject: str | None, provider_session: str | None, expected: set[str]
) -> None:
    """Those of that provider; both must be right where both are given."""
    await sign_in(store, *GRANTS)

    found = await store.staff_sessions(ISSUER, subject=subject, provider_session=provider_session, now=NOON)

    assert len(found) == len(set(found))
    assert set(found) == expected


async def test_sessions_that_have_ended_are_not_found(store: Store) -> None:
    """Closed, or expired at that instant."""
    await sign_in(store, *GRANTS)
    await store.close_session(SessionId("s-1"), now=NOON)
    end = staff().idle_expires_at

    seen = [
        await store.staff_sessions(ISSUER, subject="camille", provider_session=None, now=now)
        for now in (NOON, end - timedelta(microseconds=1), end)
    ]

    assert [set(one) for one in seen] == [{"s-2", "s-3"}, {"s-2", "s-3"}, set()]
    assert await store.staff_grant(SessionId("s-1")) == replace(GRANTS[0])
