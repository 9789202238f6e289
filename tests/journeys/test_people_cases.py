"""People and leases as the landlord has them on file, oddities included."""

from datetime import datetime
from typing import Any

import pytest

from tests.journeys.books import without_accents
from tests.support.gateway import RunningGateway, household_of

pytestmark = pytest.mark.servers

PEOPLE = """
query People($states: [LeaseState!] = [UPCOMING, CURRENT, NOTICE_GIVEN, UNKNOWN]) {
  viewer { tenant {
    greetingName
    person { civility firstName lastName }
    contacts { kind value display }
    provenance { issues { code field } }
    rentalAccounts { reference balance { due { amount } state } notices(first: 1) { edges { node { title } } } }
    leases(states: $states) {
      reference state startsOn endsOn noticeReceivedOn
      parties { person { firstName } role until }
      provenance { issues { code field } }
    }
    works { title state updates { at recordedAt message } }
  } }
}
"""


def tenant_of(gateway: RunningGateway, case: str, **variables: object) -> dict[str, Any]:
    """That tenant's file and leases."""
    tenant = gateway.tenant(case).ask(PEOPLE, **variables).whole()["viewer"]["tenant"]
    assert isinstance(tenant, dict)
    return tenant


def test_joint_holders_are_named_and_who_has_left_is_not(gateway: RunningGateway) -> None:
    """Both holders are parties to the lease; the file of a former partner is not shown."""
    holder, co_holder, former, *_ = household_of("joint-holders").leases[0].parties

    (lease,) = tenant_of(gateway, "joint-holders")["leases"]

    shown = [(party["person"]["firstName"], party["role"], party["until"]) for party in lease["parties"]]
    assert shown[:2] == [
        (without_accents(holder.person.first_name), "PRINCIPAL_HOLDER", None),
        (without_accents(co_holder.person.first_name), "CO_HOLDER", None),
    ]
    assert former.role == "EX-CONJOINT"
    assert without_accents(former.person.first_name) not in {name for name, _, _ in shown}


def test_an_ended_lease_is_left_out_and_still_there_on_request(gateway: RunningGateway) -> None:
    """The home page lists no lease; the account, its notices and the ended lease stay readable."""
    (lease,) = household_of("ended-lease").leases
    assert lease.ends_on is not None

    now, always = tenant_of(gateway, "ended-lease"), tenant_of(gateway, "ended-lease", states=["ENDED"])

    assert now["leases"] == []
    assert [account["reference"] for account in now["rentalAccounts"]] == [lease.account_number]
    assert now["rentalAccounts"][0]["balance"] == {"due": {"amount": "0.00"}, "state": "SETTLED"}
    assert len(now["rentalAccounts"][0]["notices"]["edges"]) == 1
    assert [(one["reference"], one["state"], one["endsOn"]) for one in always["leases"]] == [
        (lease.number, "ENDED", lease.ends_on.isoformat())
    ]


def test_notice_given_has_its_dates(gateway: RunningGateway) -> None:
    """The lease still runs; the day of notice and its end are known."""
    (lease,) = household_of("notice-given").leases
    assert lease.ends_on is not None
    assert lease.notice_received_on is not None

    (shown,) = tenant_of(gateway, "notice-given")["leases"]

    assert (shown["state"], shown["noticeReceivedOn"], shown["endsOn"]) == (
        "NOTICE_GIVEN",
        lease.notice_received_on.isoformat(),
        lease.ends_on.isoformat(),
    )


def test_two_people_in_one_name_are_greeted_as_two(gateway: RunningGateway) -> None:
    """The file says MR ET MME: nobody's first name is guessed."""
    holder = household_of("two-in-one-name").holder

    tenant = tenant_of(gateway, "two-in-one-name")

    assert tenant["greetingName"] == f"M. et Mme {holder.last_name}"
    assert tenant["person"] == {"civility": "UNSPECIFIED", "firstName": None, "lastName": holder.last_name}


def test_an_unusable_number_is_shown_as_it_is_and_not_dialled(gateway: RunningGateway) -> None:
    """A comment is cut from a number; what is no number has no value."""
    tenant = tenant_of(gateway, "unusable-phone")

    phones = [point for point in tenant["contacts"] if point["kind"] in {"MOBILE", "LANDLINE"}]
    assert [(point["value"], point["display"]) for point in phones] == [
        ("+33639981234", "06 39 98 12 34"),
        (None, "SANS"),
    ]
    assert tenant["provenance"]["issues"] == [{"code": "UNUSABLE_CONTACT", "field": "contacts"}]


def test_a_state_nobody_knows_is_unknown_and_the_lease_readable(gateway: RunningGateway) -> None:
    """The lease is listed, its state said to be unknown."""
    (lease,) = tenant_of(gateway, "unknown-codes")["leases"]

    assert (lease["reference"], lease["state"]) == (household_of("unknown-codes").leases[0].number, "UNKNOWN")
    assert lease["provenance"]["issues"] == [{"code": "UNKNOWN_CODE", "field": "state"}]


def test_dates_that_mean_none_are_none(gateway: RunningGateway) -> None:
    """An end in the year 9999, a notice in the year 1, a birth in 1900: none of them is shown."""
    tenant = tenant_of(gateway, "sentinel-dates")

    (lease,) = tenant["leases"]
    assert (lease["state"], lease["endsOn"], lease["noticeReceivedOn"]) == ("CURRENT", None, None)
    assert lease["provenance"]["issues"] == [
        {"code": "SENTINEL_DATE", "field": "endsOn"},
        {"code": "SENTINEL_DATE", "field": "noticeReceivedOn"},
    ]
    assert {"code": "SENTINEL_DATE", "field": "birthDate"} in tenant["provenance"]["issues"]


def test_a_late_entry_tells_both_days(gateway: RunningGateway) -> None:
    """News on works say when it happened and when somebody wrote it down, the latest first."""
    (works,) = household_of("works-late-entry").works

    (shown,) = tenant_of(gateway, "works-late-entry")["works"]

    assert [
        (datetime.fromisoformat(update["at"]), datetime.fromisoformat(update["recordedAt"]))
        for update in shown["updates"]
    ] == sorted(((update.at, update.recorded_at) for update in works.updates), reverse=True)
    late = datetime.fromisoformat(shown["updates"][0]["recordedAt"]) - datetime.fromisoformat(shown["updates"][0]["at"])
    assert late.days == 8
