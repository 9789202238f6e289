"""The demo's clients have registered their operations, and a gateway takes the manifest as it is."""

from pathlib import Path

from gateway.commands import DocumentsChecked, check_documents
from gateway.demo.gateway import CLIENTS
from tests.operations.manifest import manifest

OPERATIONS = list(Path(__file__).parent.glob("*.graphql"))


def test_the_manifest_of_the_demo_lists_the_operations_of_our_clients() -> None:
    """`python -m tests.operations.manifest > gateway/demo/clients.json` after a change."""
    assert CLIENTS.read_text(encoding="utf-8") == manifest()


def test_a_gateway_takes_the_manifest() -> None:
    """Each of them fits a view, within the limits of the public."""
    assert check_documents([CLIENTS]) == DocumentsChecked(len(OPERATIONS), [])
