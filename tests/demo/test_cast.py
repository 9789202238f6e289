"""Who has an account in the demo, and where letters reach them."""

from datetime import date

from gateway.demo.cast import World, tenants

WORLD = World(seed=57, households=50, today=date(2026, 3, 17))


def test_a_seed_holds_the_address_that_the_holder_can_be_reached_at() -> None:
    """The one in the landlord's file."""
    tenant = tenants(WORLD)[0]

    assert tenant.as_seed() == {
        "reference": tenant.household.account_number,
        "tenant": tenant.household.holder.number,
        "password": tenant.password,
        "email": tenant.household.holder.email,
    }


def test_nobody_is_written_to_at_a_clerks_placeholder() -> None:
    """Some files hold nothing, or nc@…: their holders have no address."""
    typed = {tenant.household.holder.email: tenant.email for tenant in tenants(WORLD)}

    assert (typed[None], typed[""], typed["nc@example.com"]) == (None, None, None)
    assert all(kept == email for email, kept in typed.items() if email and email != "nc@example.com")
