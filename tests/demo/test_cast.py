"""Who has an account in the demo, and where letters reach them."""

from datetime import date

import pytest

from gateway.demo.cast import NO_ACCOUNT, Tenant, World, tenants, without_account
from gateway.demo.world.showcase import SHOWCASE

pytestmark = pytest.mark.thorough

WORLD = World(seed=57, households=50, today=date(2026, 3, 17))


def test_a_seed_holds_the_address_that_the_holder_can_be_reached_at() -> None:
    """The one in the landlord's file."""
    tenant = tenants(WORLD)[0]

    assert tenant.as_seed() == {
        "reference": tenant.household.account_number,
        "tenant": tenant.household.holder.number,
        "password": tenant.password,
        "email": tenant.household.holder.email,
        "created_at": None,
    }


def test_nobody_is_written_to_at_a_clerks_placeholder() -> None:
    """Some files hold nothing, or nc@…: their holders have no address."""
    typed = {tenant.household.holder.email: tenant.email for tenant in tenants(WORLD)}

    assert (typed[None], typed[""], typed["nc@example.com"]) == (None, None, None)
    assert all(kept == email for email, kept in typed.items() if email and email != "nc@example.com")


def of_case(case: str, today: date) -> Tenant:
    """The tenant with the account of that case."""
    (found,) = [tenant for tenant in tenants(World(seed=57, households=50, today=today)) if tenant.case == case]
    return found


def test_one_household_has_its_account_still_to_create() -> None:
    """Its holder can be mailed, and everything that creating an account asks for is told."""
    (holder,) = without_account(WORLD)

    assert holder.email
    person = holder.as_person()
    assert list(person) == ["accountReference", "firstName", "lastName", "birthDate", "case"]
    assert person["case"] == NO_ACCOUNT
    assert holder.household.index >= len(SHOWCASE)
    assert len(tenants(WORLD)) == 49
    assert holder.household.account_number not in {tenant.as_seed()["reference"] for tenant in tenants(WORLD)}


@pytest.mark.parametrize("count", [1, len(SHOWCASE)])
def test_a_small_world_has_accounts_only(count: int) -> None:
    """The showcase is complete."""
    world = World(seed=57, households=count, today=WORLD.today)

    assert without_account(world) == []
    assert [tenant.case for tenant in tenants(world)] == [profile.case for profile in SHOWCASE[:count]]


@pytest.mark.parametrize(
    ("case", "today", "created_at"),
    [
        ("renewal-due", date(2026, 3, 17), "2025-03-17T12:00:00Z"),
        ("renewal-due", date(2028, 2, 29), "2027-02-28T12:00:00Z"),
        ("renewal-soon", date(2026, 3, 17), "2025-03-27T12:00:00Z"),
        ("account-of-29-february", date(2026, 3, 17), "2024-02-29T12:00:00Z"),
        ("account-of-29-february", date(2025, 2, 27), "2020-02-29T12:00:00Z"),
        ("account-of-29-february", date(2025, 3, 1), "2024-02-29T12:00:00Z"),
        ("account-of-29-february", date(2028, 12, 31), "2024-02-29T12:00:00Z"),
    ],
)
def test_some_accounts_are_as_old_as_their_case_wants(case: str, today: date, created_at: str) -> None:
    """A renewal that is due, one that comes soon, and one whose anniversary most years do not have."""
    tenant = of_case(case, today)

    assert tenant.as_seed()["created_at"] == created_at
    assert tenant.email
