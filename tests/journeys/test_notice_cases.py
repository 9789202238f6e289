"""Notices that were made again, and files that are not there."""

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.demo.documents.conditions import Condition, condition_of
from gateway.demo.world.model import Notice
from tests.journeys.books import cents, in_force, titled
from tests.support.gateway import RunningGateway, household_of, world

pytestmark = pytest.mark.servers

NOTICES = """
query Notices($superseded: Boolean!) {
  viewer { tenant { rentalAccounts { notices(first: 12, includeSuperseded: $superseded) { edges { node {
    title state period amountDue { amount } replacedBy { title }
    document { availability downloadUrl provenance { issues { code field } } }
  } } } } } }
}
"""


def notices_of(gateway: RunningGateway, case: str, *, superseded: bool = False) -> list[dict[str, Any]]:
    """That tenant's notices, the latest first."""
    tenant = gateway.tenant(case).ask(NOTICES, superseded=superseded).whole()["viewer"]["tenant"]
    return [edge["node"] for edge in tenant["rentalAccounts"][0]["notices"]["edges"]]


def condition(notice: Notice) -> Condition:
    """What has become of a notice's file."""
    return condition_of(notice, made_on=world().today, now=datetime.now(UTC))


def test_a_reissued_notice_is_shown_once_and_called_corrected(gateway: RunningGateway) -> None:
    """The one that stands says « (rectifié) »; the one it replaces is hidden."""
    again = in_force(household_of("overdue-reissued-notice"))[1]

    shown = notices_of(gateway, "overdue-reissued-notice")

    (of_month,) = [notice for notice in shown if notice["period"] == again.period]
    assert of_month["title"] == titled(again, corrected=True)
    assert (of_month["state"], cents(of_month["amountDue"])) == ("ISSUED", again.amount_due_cents)
    assert [notice["title"] for notice in shown].count(titled(again, corrected=True)) == 1


def test_the_replaced_notice_can_be_asked_for_and_leads_to_the_one_that_stands(gateway: RunningGateway) -> None:
    """Whoever asks for superseded notices sees both, linked."""
    household = household_of("overdue-reissued-notice")
    (replaced,) = [notice for notice in household.notices if notice.state == "REMPLACE"]

    shown = notices_of(gateway, "overdue-reissued-notice", superseded=True)

    (old,) = [notice for notice in shown if notice["state"] == "REPLACED"]
    assert (old["title"], cents(old["amountDue"])) == (titled(replaced), replaced.amount_due_cents)
    assert old["replacedBy"] == {"title": titled(replaced, corrected=True)}


def test_a_missing_file_leaves_the_figures(gateway: RunningGateway) -> None:
    """The amount is shown; the file is said to be missing and has no link, when the store knows that it is."""
    notice = in_force(household_of("missing-pdf"))[0]

    shown = notices_of(gateway, "missing-pdf")[0]

    assert cents(shown["amountDue"]) == notice.amount_due_cents
    if condition(notice) is Condition.ERROR_PAGE:  # the store's index does not know; its door does
        assert shown["document"]["availability"] == "AVAILABLE"
    else:
        assert shown["document"]["availability"] == "MISSING"
        assert shown["document"]["downloadUrl"] is None
        assert shown["document"]["provenance"]["issues"] == [{"code": "DOCUMENT_MISSING", "field": "availability"}]


def test_a_late_file_is_being_prepared(gateway: RunningGateway) -> None:
    """A file that is announced is neither there nor missing; the notices before have theirs."""
    shown = notices_of(gateway, "late-pdf")

    assert shown[0]["document"] == {
        "availability": "BEING_PREPARED",
        "downloadUrl": None,
        "provenance": {"issues": []},
    }
    assert {notice["document"]["availability"] for notice in shown[1:]} == {"AVAILABLE"}


def test_a_corrupt_file_is_believed_until_it_is_opened(gateway: RunningGateway) -> None:
    """The store's index says that all is well, so there is a link."""
    shown = notices_of(gateway, "corrupt-pdf")[0]

    assert shown["document"]["availability"] == "AVAILABLE"
    assert shown["document"]["downloadUrl"].startswith(f"{gateway.url}/documents/")
