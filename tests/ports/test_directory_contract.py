"""The directory port: whom to turn to."""

from collections.abc import Sequence

import pytest

from gateway.adapters.erp_soap.directory import SoapDirectory
from gateway.domain.identifiers import LeaseId
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Seen
from gateway.ports.deadline import Deadline
from tests.ports.contract import (
    FAULTS,
    BatchCase,
    BatchContract,
    Batched,
    Fault,
    assert_fails_well,
    soon,
)
from tests.ports.peers import NOW, SoapPeer

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("immo-gest")]


def leases(soap: SoapPeer) -> list[LeaseId]:
    """Every lease, in the order of its number."""
    return [LeaseId(number) for number in dict.fromkeys(row["numero"] for row in soap.truth("contrats"))]


class TestContacts(BatchContract):
    """Contacts are a batch like any other."""

    @pytest.fixture
    def case(self, soap: SoapPeer) -> BatchCase:
        """The batch of contacts."""

        async def ask(keys: Sequence[str], deadline: Deadline) -> Batched:
            return await SoapDirectory(soap.erp).contacts([LeaseId(key) for key in keys], deadline=deadline)

        return BatchCase(
            peer=soap.peer,
            source=SourceSystem.DIRECTORY,
            ask=ask,
            known=leases(soap),
            unknown=lambda number: f"9{number:05d}/01",
            keys_per_call=200,
        )


async def test_every_lease_has_somebody_to_turn_to(soap: SoapPeer) -> None:
    """An advisor with a name in its usual spelling and a number that can be called, an office, contacts."""
    found = await SoapDirectory(soap.erp).contacts(leases(soap), deadline=soon())

    contacts = [answer.value for answer in found.values() if isinstance(answer, Seen)]
    assert len(contacts) == len(found)
    for of_lease in contacts:
        assert of_lease.advisor
        assert of_lease.office
        assert of_lease.advisor.phone
        assert of_lease.advisor.phone_as_given
        assert " " in of_lease.advisor.display_name
        assert not of_lease.advisor.display_name.isupper()
    assert any(of_lease.useful for of_lease in contacts)
    absent = [it.advisor for it in contacts if it.advisor and it.advisor.absent_until]
    assert absent
    assert all(advisor.stand_in and advisor.stand_in.id != advisor.id for advisor in absent)


async def test_offices_are_all_there_with_their_hours(soap: SoapPeer) -> None:
    """Those of the leases among them."""
    directory = SoapDirectory(soap.erp)
    found = await directory.offices(deadline=soon())
    of_leases = await directory.contacts(leases(soap)[:200], deadline=soon())

    assert found.origin.source is SourceSystem.DIRECTORY
    assert found.origin.fetched_at == NOW
    assert all(office.opening and any(office.opening.regular) for office in found.value)
    used = {it.value.office for it in of_leases.values() if isinstance(it, Seen)}
    assert used <= set(found.value)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind)
async def test_offices_that_cannot_be_had_are_one_clear_error(soap: SoapPeer, fault: Fault) -> None:
    """Afterwards everything is as before."""
    directory = SoapDirectory(soap.erp)
    before = await directory.offices(deadline=soon())

    await assert_fails_well(soap.peer, fault, lambda deadline: directory.offices(deadline=deadline))

    assert (await directory.offices(deadline=soon())).value == before.value
