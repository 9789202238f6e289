"""The mail simulator in front of a stand-in for the gateway."""

from collections.abc import Iterator

import pytest

from tests.demo.mail.gateway import Gateway, running_gateway
from tests.support.mail import MailSimulator, running_mail

NOON = "2026-03-17T12:00:00+01:00"


@pytest.fixture(scope="package")
def _gateway() -> Iterator[Gateway]:
    with running_gateway() as gateway:
        yield gateway


@pytest.fixture(scope="package")
def _mail(tmp_path_factory: pytest.TempPathFactory, _gateway: Gateway) -> Iterator[MailSimulator]:
    with running_mail(tmp_path_factory.mktemp("mail"), gateway=_gateway.url) as simulator:
        yield simulator


@pytest.fixture
def gateway(_gateway: Gateway) -> Gateway:
    """The stand-in, asked nothing yet."""
    _gateway.asked.clear()
    _gateway.headers.clear()
    return _gateway


@pytest.fixture
def mail(_mail: MailSimulator) -> MailSimulator:
    """The simulator, without faults, at noon; letters of earlier tests are still there."""
    _mail.simulator.calm(NOON)
    return _mail
