"""A manifest is checked before it is deployed, and a gateway does not start with one that is broken."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.commands import migrate
from gateway.schema.reading import sha256_of
from tests.support.logs import restored_logging
from tests.unit.test_app import asked, settings_of
from tests.unit.test_settings import DEMO

HOME = "query Home { viewer { roles } }"


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A command configures the log of its process, which here goes on."""
    with restored_logging():
        yield


def manifest(file: Path, *sources: str) -> str:
    """The path of a manifest of these documents."""
    operations = [
        {"id": sha256_of(source), "name": f"Document{place}", "type": "query", "body": source}
        for place, source in enumerate(sources)
    ]
    listed = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations}
    file.write_text(json.dumps(listed))
    return str(file)


def test_good_manifests_are_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With how many documents they hold; no setting is needed, so any build machine can ask."""
    files = [manifest(tmp_path / "web.json", HOME), manifest(tmp_path / "ios.json", HOME, "query B { __typename }")]

    assert main(["documents", "check", *files]) == 0

    assert capsys.readouterr().out == "documents: 2\nfaults: none\n"


def test_everything_at_fault_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of all files, by the names of the documents, in JSON for scripts; and the build stops."""
    good, missing = manifest(tmp_path / "web.json", HOME), str(tmp_path / "none.json")
    bad = manifest(tmp_path / "ios.json", "query B { nothing, viewer { nothing } }", "{")

    assert main(["documents", "check", "--json", good, missing, bad]) == 1

    no_field = "Cannot query field 'nothing' on type"
    assert json.loads(capsys.readouterr().out) == {
        "documents": 3,
        "faults": [
            f"{missing} cannot be read: no such file or directory",
            f"Document0: line 1, column 11: {no_field} 'Query'.; line 1, column 29: {no_field} 'Viewer'.",
            "Document1: line 1, column 2: Syntax Error: Expected Name",
        ],
    }


def test_a_gateway_does_not_start_with_a_broken_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence names the document; tenants are not met by a gateway that knows half of their questions."""
    bad = manifest(tmp_path / "ios.json", HOME, "{ nothing }")
    database = f"sqlite:///{tmp_path / 'gateway.db'}"
    for name, value in (DEMO | {"GATEWAY_DATABASE_URL": database, "GATEWAY_REGISTERED_DOCUMENTS": bad}).items():
        monkeypatch.setenv(name, value)
    assert main(["db", "migrate"]) == 0
    capsys.readouterr()

    assert main(["serve"]) == 2

    assert capsys.readouterr().err == (
        "gateway: Document1: line 1, column 3: Cannot query field 'nothing' on type 'Query'.\n"
    )


async def test_the_settings_about_documents_reach_the_door(tmp_path: Path) -> None:
    """In production: registered documents for strangers and nothing else, with the statuses that the landlord wants."""
    settings = settings_of(
        tmp_path,
        GATEWAY_REGISTERED_DOCUMENTS=manifest(tmp_path / "web.json", HOME),
        GATEWAY_FREE_DOCUMENTS="staff",
        GATEWAY_STATUS_POLICY="draft",
    )
    await asyncio.to_thread(migrate, settings)

    registered = await asked(settings, "/graphql", {"documentId": f"sha256:{sha256_of(HOME)}"})
    free = await asked(settings, "/graphql", {"query": "{ __typename }"})

    assert (registered.status_code, registered.json()) == (200, {"data": {"viewer": None}})
    assert (free.status_code, free.json()["errors"][0]["extensions"]["code"]) == (403, "PERSISTED_QUERY_REQUIRED")
