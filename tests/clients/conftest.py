"""A gateway for each reading of the statuses, over one set of simulators, for clients that we did not write."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.clients.scripts import Scripts, scripts_in
from tests.support.client import document_of
from tests.support.gateway import RunningGateway, Systems, copied, prepared, running_gateway, running_systems

Cast = tuple[Path, Mapping[str, str]]

POLICIES = ("audit", "draft")

AUDITED = (
    "{ __typename }",
    "mutation { __typename }",
    "query Type($name: String!) { __type(name: $name) { name } }",
)
"""What the audit asks by GET, where only registered documents are taken."""

_PATIENT = {"GATEWAY_BUSY_LAG_MS": "10000", "GATEWAY_BUSY_OPERATIONS": "1000", "GATEWAY_DRAIN_SECONDS": "0"}
"""The audit asks everything at once, of a gateway that has answered nothing before; here nobody is turned away, and at
the end nobody is waited for.
"""


@pytest.fixture(scope="session")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Scripts:
    """The scripts of this folder, with their packages."""
    return scripts_in(tmp_path_factory.mktemp("clients"))


@pytest.fixture(scope="session")
def systems(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Systems]:
    """The simulated legacy systems."""
    with running_systems(tmp_path_factory.mktemp("systems")) as running:
        yield running


@pytest.fixture(scope="session")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Cast:
    """A folder with the seeded database, to copy, and the bearer tokens of the staff."""
    folder = tmp_path_factory.mktemp("cast")
    return folder, prepared(folder)


@pytest.fixture(scope="session")
def manifests(scripts: Scripts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the manifests of the clients and of the audit."""
    (written,) = scripts.run("manifests", documents=[document_of("web_home"), document_of("mobile_home")])
    audited = {f"sha256:{hashlib.sha256(text.encode()).hexdigest()}": text for text in AUDITED}
    folder = tmp_path_factory.mktemp("manifests")
    for name, manifest in {**written, "audit": audited}.items():
        (folder / f"{name}.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def gateways(
    systems: Systems, cast: Cast, manifests: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, RunningGateway]]:
    """A gateway for each reading of the statuses."""
    folder, staff = cast
    homes = tmp_path_factory.mktemp("gateways")
    registered = ",".join(str(path) for path in sorted(manifests.iterdir()))
    with ExitStack() as running:
        yield {
            policy: running.enter_context(
                running_gateway(
                    systems,
                    copied(folder, to=homes / policy),
                    staff=staff,
                    GATEWAY_STATUS_POLICY=policy,
                    GATEWAY_REGISTERED_DOCUMENTS=registered,
                    **_PATIENT,
                )
            )
            for policy in POLICIES
        }


@pytest.fixture(scope="session")
def by_audit(gateways: Mapping[str, RunningGateway]) -> RunningGateway:
    """The gateway that answers with the statuses of the audit, as most clients have met them."""
    return gateways["audit"]


@pytest.fixture(scope="session", params=POLICIES)
def policy(request: pytest.FixtureRequest) -> str:
    """How the gateway reads the statuses of GraphQL over HTTP."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def gateway(policy: str, gateways: Mapping[str, RunningGateway]) -> RunningGateway:
    """The gateway under that policy."""
    return gateways[policy]
