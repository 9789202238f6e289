"""The public audit of GraphQL over HTTP, asked by an analyst, who may introspect."""

from collections.abc import Mapping

import pytest

from tests.clients.scripts import Line, Scripts
from tests.support.gateway import RunningGateway

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("clients")]

NO_REQUEST = "423L LKJ0 LKJ1 LKJ2 LKJ3 6C00 6C01 6C02 6C03 4760 4761 4762 4763 58B0 58B1 58B2 58B3 3E3A"
"""JSON that is no request: a member is missing or of the wrong type. The audit asks for 400, or lets it be."""

UNLIKE_THE_DRAFT: Mapping[str, int] = {
    **dict.fromkeys(NO_REQUEST.split(), 422),
    "86EE": 422,  # variables that do not fit
    "7B9B": 422,  # the same for clients of plain JSON, where the audit wants 200
    "572B": 400,  # what cannot be parsed, for the same clients
    "FDE2": 400,  # meant to fail in validation; a name that begins with a digit cannot even be parsed
}
"""What the draft answers where the audit, which is older, wants something else."""


def audited(gateway: RunningGateway, scripts: Scripts) -> Mapping[str, Line]:
    """Every check by its id."""
    lines = scripts.run("audit", url=f"{gateway.url}/graphql", bearer=gateway.staff["ANALYST"])
    return {line["id"]: line for line in lines}


def test_every_check_of_the_audit_is_passed(by_audit: RunningGateway, scripts: Scripts) -> None:
    """Sixty-one of sixty-one."""
    checks = audited(by_audit, scripts)

    assert len(checks) == 61
    assert [check for check in checks.values() if check["status"] != "ok"] == []


def test_the_draft_differs_from_the_audit_where_it_says_so(
    gateways: Mapping[str, RunningGateway], scripts: Scripts
) -> None:
    """Nothing else changes with the policy than the statuses of what did not run."""
    checks = audited(gateways["draft"], scripts)

    assert {check["id"]: check["answered"] for check in checks.values() if check["status"] != "ok"} == UNLIKE_THE_DRAFT
