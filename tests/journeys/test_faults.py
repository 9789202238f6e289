"""Whatever one question to a legacy system meets, the page comes in time, and what hangs on the others is whole."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.demo.control.simulator import Simulator
from tests.support.client import Answer
from tests.support.gateway import RunningGateway, Systems

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("faults")]

ACCOUNT, LEASE = "viewer.tenant.rentalAccounts.0", "viewer.tenant.leases.0"
NEWS = {"viewer.announcements": "DIRECTORY"}

SECTIONS: Mapping[str, Mapping[str, str]] = {
    "OuvrirSession": {"viewer.tenant": "RENT_ERP", **NEWS},
    "LireLocataires": {"viewer.tenant": "RENT_ERP"},
    "LireContrats": {
        "viewer.tenant.rentalAccounts": "RENT_ERP",
        "viewer.tenant.leases": "RENT_ERP",
        "viewer.tenant.works": "RENT_ERP",
    },
    "LireSoldes": {f"{ACCOUNT}.balance": "RENT_ERP"},
    "LireEcritures": {f"{ACCOUNT}.balance": "RENT_ERP"},
    "LireAvis": {f"{ACCOUNT}.notices": "RENT_ERP"},
    "LireConsommations": {f"{LEASE}.water": "METERING"},
    "LireInterventions": {"viewer.tenant.works": "WORKS"},
    "LireConseillers": {f"{LEASE}.{part}": "DIRECTORY" for part in ("advisor", "office", "usefulContacts")},
    "LireInformations": NEWS,
    "index": {f"{ACCOUNT}.notices.edges.{place}.node.document": "DOCUMENT_STORE" for place in range(3)},
}
"""The sections of the home page that hang on each operation, and the system that is named when they are empty."""

FAULTS: Mapping[str, dict[str, object]] = {
    "http_500": {},
    "html_200": {},
    "truncate": {"fraction": 0.5},
    "hang": {},
    "reset": {},
    "garbage": {},
    "empty": {},
    "wrong_charset": {"charset": "iso-8859-1"},
    "drip": {"bytes_per_second": 50},
    "in_band": {"code": "BATCH_EN_COURS", "label": "Traitement de nuit en cours"},
}
OUTCOMES: Mapping[str, tuple[str, bool] | None] = {
    "http_500": ("SOURCE_UNAVAILABLE", True),
    "html_200": ("SOURCE_UNAVAILABLE", True),
    "truncate": ("SOURCE_UNREADABLE", False),
    "hang": ("SOURCE_TIMEOUT", True),
    "reset": ("SOURCE_UNAVAILABLE", True),
    "garbage": ("SOURCE_UNREADABLE", False),
    "empty": ("SOURCE_UNREADABLE", False),
    "wrong_charset": None,  # both systems always write in one charset, so a label that lies changes nothing
    "drip": ("SOURCE_TIMEOUT", True),
    "in_band": ("SOURCE_UNAVAILABLE", True),
}
"""The code, and whether trying again may help; None when nothing is lost."""

STORE_REFUSES = ("SOURCE_REFUSED", False)
"""The document store has no nightly batch: to it, that is a code like any other."""

VOLATILE = {"fetchedAt", "asOf", "statement", "contextToken", "downloadUrl", "openAt", "reachableNow"}
DEADLINE_SECONDS, SLACK_SECONDS = 2, 3


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("operation", SECTIONS)
def test_one_failing_question_empties_its_own_sections(impatient: RunningGateway, operation: str, kind: str) -> None:
    """Exactly those are null, each with a code, the system's name and whether trying again helps."""
    whole = steady(home(impatient).whole())
    system = asked_system(impatient.systems, operation)
    if operation == "OuvrirSession":
        system.post("restart-sessions").raise_for_status()
    system.order(kind, operation=operation, **FAULTS[kind])

    started = time.monotonic()
    answer = home(impatient)

    assert time.monotonic() - started < DEADLINE_SECONDS + SLACK_SECONDS
    assert answer.status == 200
    expected = failures(operation, kind)
    assert answer.failures == expected
    assert steady(answer.data) == without(whole, expected)


def home(gateway: RunningGateway) -> Answer:
    """The home page of a tenant who has a bit of everything."""
    return gateway.tenant("works-late-entry").run("web_home")


def asked_system(systems: Systems, operation: str) -> Simulator:
    """The system that offers the operation."""
    return systems.documents if operation == "index" else systems.erp


def failures(operation: str, kind: str) -> dict[str, dict[str, object]]:
    """The errors that the fault gives."""
    outcome = STORE_REFUSES if (operation, kind) == ("index", "in_band") else OUTCOMES[kind]
    if outcome is None:
        return {}
    code, retryable = outcome
    return {
        path: {"code": code, "source": source, "retryable": retryable} for path, source in SECTIONS[operation].items()
    }


def steady(value: Any) -> Any:
    """An answer without what differs from one moment to the next."""
    match value:
        case dict():
            return {name: steady(inner) for name, inner in value.items() if name not in VOLATILE}
        case list():
            return [steady(inner) for inner in value]
        case _:
            return value


def without(whole: Any, paths: Mapping[str, object]) -> Any:
    """The answer with null at `paths`."""
    for path in paths:
        *above, last = (int(step) if step.isdigit() else step for step in path.split("."))
        place = whole
        for step in above:
            place = place[step]
        place[last] = None
    return whole


@pytest.fixture
def restartable(impatient: RunningGateway) -> Iterator[RunningGateway]:
    """The gateway over an ERP that is running again after the test, whatever happened in it."""
    yield impatient
    if impatient.systems.parts["erp"].has_ended:
        impatient.systems.restart("erp")


def test_an_erp_that_is_down_is_told_and_found_again(restartable: RunningGateway) -> None:
    """While it is down its sections are empty at once; after its start all is there again, with one new session."""
    whole = steady(home(restartable).whole())

    restartable.systems.parts["erp"].stop()
    down = home(restartable)
    restartable.systems.restart("erp")
    up = home(restartable)

    assert down.failures == {
        path: {"code": "SOURCE_UNAVAILABLE", "source": source, "retryable": True}
        for path, source in SECTIONS["OuvrirSession"].items()
    }
    assert steady(up.whole()) == whole
    operations = [line["operation"] for line in restartable.systems.erp.journal()]
    assert operations.count("OuvrirSession") == 1


def test_a_restart_between_two_pages_goes_unnoticed(restartable: RunningGateway) -> None:
    """Same address, same data, no session: the tenant sees the same page, and nothing of all that."""
    whole = steady(home(restartable).whole())

    restartable.systems.restart("erp")

    assert steady(home(restartable).whole()) == whole


def test_sources_tell_who_is_down(restartable: RunningGateway) -> None:
    """Three failures in a row and the system is said to be down; anybody may read that."""
    restartable.systems.documents.order("http_500")
    for _ in range(3):
        home(restartable)

    health = restartable.stranger().ask("{ sources { system health } }").whole()["sources"]

    assert {"system": "DOCUMENT_STORE", "health": "DOWN"} in health
