"""The editorial port: what the landlord publishes."""

import pytest

from gateway.adapters.erp_soap.editorial import SoapEditorial
from gateway.domain.source import SourceSystem
from tests.ports.contract import FAULTS, Fault, assert_fails_well, soon
from tests.ports.peers import NOW, SoapPeer

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("immo-gest")]


async def test_everything_published_is_there(soap: SoapPeer) -> None:
    """Announcements of the past, the present and the future, and advice."""
    found = await SoapEditorial(soap.erp).editorial(deadline=soon())

    assert found.origin.source is SourceSystem.DIRECTORY
    assert found.origin.fetched_at == NOW
    announcements = found.value.announcements
    assert {announcement.is_shown_at(NOW) for announcement in announcements} == {True, False}
    assert all(announcement.title and announcement.body for announcement in announcements)
    assert found.value.advice
    assert all(advice.title and advice.body for advice in found.value.advice)


async def test_a_system_that_was_restarted_is_asked_again(soap: SoapPeer) -> None:
    """It has forgotten our session; nobody notices."""
    editorial = SoapEditorial(soap.erp)
    before = await editorial.editorial(deadline=soon())

    soap.peer.forget_sessions()

    assert (await editorial.editorial(deadline=soon())).value == before.value
    assert soap.peer.calls() == 3


async def test_a_wrong_label_on_the_charset_changes_nothing(soap: SoapPeer) -> None:
    """Accents and typographic apostrophes are what they were."""
    editorial = SoapEditorial(soap.erp)
    before = await editorial.editorial(deadline=soon())

    with soap.peer.spoilt("wrong_charset"):
        spoilt = await editorial.editorial(deadline=soon())

    assert spoilt.value == before.value
    assert any("’" in announcement.body or "é" in announcement.body for announcement in spoilt.value.announcements)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind)
async def test_what_cannot_be_had_is_one_clear_error(soap: SoapPeer, fault: Fault) -> None:
    """Afterwards everything is as before."""
    editorial = SoapEditorial(soap.erp)
    before = await editorial.editorial(deadline=soon())

    await assert_fails_well(soap.peer, fault, lambda deadline: editorial.editorial(deadline=deadline))

    assert (await editorial.editorial(deadline=soon())).value == before.value
