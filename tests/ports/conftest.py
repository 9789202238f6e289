"""The peers, connected for one test."""

from collections.abc import AsyncIterator

import pytest

from tests.demo.control.simulator import Simulator
from tests.ports.peers import SoapPeer, StorePeer, TrytonPeer, immo_gest_peer, store_peer, tryton_peer
from tests.support.tryton import Tryton


@pytest.fixture
async def soap(immo_gest: Simulator) -> AsyncIterator[SoapPeer]:
    """IMMO-GEST on a Tuesday morning."""
    async with immo_gest_peer(immo_gest) as peer:
        yield peer


@pytest.fixture
async def over_tryton(tryton: Tryton) -> AsyncIterator[TrytonPeer]:
    """Tryton with the books of its invented tenants."""
    async with tryton_peer(tryton) as peer:
        yield peer


@pytest.fixture
async def stored(ged: Simulator) -> AsyncIterator[StorePeer]:
    """The document store on the same morning."""
    async with store_peer(ged) as peer:
        yield peer
