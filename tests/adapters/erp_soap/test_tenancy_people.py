"""Everybody in the demo is recognised by the names they give themselves, through the capitals of IMMO-GEST."""

from collections.abc import Iterator
from datetime import date

import pytest

from gateway.adapters.erp_soap.client import Credentials, ErpClient
from gateway.adapters.erp_soap.tenancy import SoapTenancy
from gateway.adapters.upstream import Upstream
from gateway.auth.reference import normalise
from gateway.demo.world.households import households
from gateway.demo.world.model import Household, Person
from gateway.domain.identity import IdentityClaim, address_on_file, matches
from gateway.domain.person import Tenant
from gateway.ports.answers import Seen
from gateway.ports.deadline import Deadline
from tests.demo.control.simulator import Simulator
from tests.ports.peers import NOW
from tests.support.erp_simulator import HOUSEHOLDS, PASSWORD, SEED, TODAY, USER

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("immo-gest")]

NO_BIRTH_DATE = date(1900, 1, 1)
"""What stands for « unknown » in the books of the demo."""


@pytest.fixture(scope="module")
def landlord() -> list[Household]:
    """All households as they really are."""
    return list(households(SEED, HOUSEHOLDS, date.fromisoformat(TODAY)))


@pytest.fixture
async def files(immo_gest: Simulator, landlord: list[Household]) -> dict[str, tuple[Tenant, ...]]:
    """The holders of each account, by the reference printed on notices."""
    upstream = Upstream(immo_gest.url)
    erp = ErpClient(upstream, credentials=Credentials(USER, PASSWORD), now=lambda: NOW)
    printed = {home.account_number: str(normalise(home.account_number)) for home in landlord}
    try:
        found = await SoapTenancy(erp).holders_of(list(printed.values()), deadline=Deadline.after(20))
    finally:
        await upstream.aclose()
    told = {reference: found[canonical] for reference, canonical in printed.items()}
    return {reference: answer.value for reference, answer in told.items() if isinstance(answer, Seen)}


def claim_of(person: Person) -> IdentityClaim:
    """What somebody would type."""
    return IdentityClaim(person.first_name, person.last_name, person.birth_date)


def others(home: Household) -> Iterator[Person]:
    """Whoever else is party to a lease of the household, in another role than the principal holder's."""
    return (party.person for lease in home.leases for party in lease.parties if party.role != "TITULAIRE")


async def test_every_holder_is_recognised_unless_the_file_has_no_birth_date(
    landlord: list[Household], files: dict[str, tuple[Tenant, ...]]
) -> None:
    """With accents and hyphens that the books have lost; a couple in one file too."""
    strangers = {
        home.account_number
        for home in landlord
        if not any(matches(claim_of(home.holder), file) for file in files[home.account_number])
    }

    assert len(files) == HOUSEHOLDS
    assert strangers == {home.account_number for home in landlord if home.holder.birth_date == NO_BIRTH_DATE}
    assert strangers


async def test_nobody_else_of_the_household_is_taken_for_the_holder(
    landlord: list[Household], files: dict[str, tuple[Tenant, ...]]
) -> None:
    """Neither the co-holder nor a former spouse, an occupant, a guarantor, with their own names and birth date."""
    tried = [(home, person) for home in landlord for person in others(home)]

    taken = [
        (home.account_number, person.number)
        for home, person in tried
        if any(matches(claim_of(person), file) for file in files[home.account_number])
    ]

    assert len(tried) > 100
    assert taken == []


async def test_only_true_addresses_are_written_to(
    landlord: list[Household], files: dict[str, tuple[Tenant, ...]]
) -> None:
    """The holder's own one; none where a clerk typed « nc@… » or nothing."""
    written = {home.account_number: address_on_file(files[home.account_number][0]) for home in landlord}

    kept = {home.account_number: home.holder.email for home in landlord}
    assert "nc@example.com" in kept.values()
    assert written == {
        reference: None if address in {None, "", "nc@example.com"} else address for reference, address in kept.items()
    }
