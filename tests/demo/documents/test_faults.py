"""The store breaks on order, and every request is written down."""

import httpx
import pytest

from tests.demo.control.simulator import exchange_raw
from tests.demo.documents.store import Store, plain_identifier, plain_notice

pytestmark = pytest.mark.servers


def test_requests_are_journaled_with_their_keys(store: Store) -> None:
    """An index of two references, a file, a head and a wrong door, in their order."""
    number = plain_notice().number

    store.ask(number, "AE000000991001")
    store.get(plain_identifier())
    store.request("HEAD", plain_identifier())
    store.simulator.fetch("/elsewhere")
    store.post_index(["no such body"])

    lines = [(line["operation"], line["keys"], line["status"]) for line in store.simulator.journal()]
    assert lines == [
        ("index", 2, 200),
        ("document", 1, 200),
        ("document", 1, 200),
        ("GET /elsewhere", 0, 404),
        ("index", 0, 200),
    ]


def test_a_refusal_on_order_comes_in_the_stores_own_envelope(store: Store) -> None:
    """An ordered code stands in the envelope with status 200, for the index and for files."""
    store.simulator.order("in_band", code="BASE_INDISPONIBLE", label="Réessayez.", times=2)
    store.simulator.order("in_band", code="MAINTENANCE", operation="document")

    for answer in (store.post_index({"references": []}), store.get(plain_identifier())):
        assert answer.status_code == 200
        assert answer.json() == {"erreur": {"code": "BASE_INDISPONIBLE", "libelle": "Réessayez."}}
    assert store.get(plain_identifier()).json() == {"erreur": {"code": "MAINTENANCE", "libelle": "document"}}


def test_fields_of_the_index_are_corrupted_on_order(store: Store) -> None:
    """Any field of every document, or the time of the answer; other fields stay as they are."""
    truth = store.entry(plain_notice().number)
    store.simulator.order("corrupt_field", field="taille", value="12 ko")
    store.simulator.order("corrupt_field", field="horodatage", value="hier")

    answer = store.ask(plain_notice().number)
    assert answer["documents"] == [truth | {"taille": "12 ko"}]

    store.simulator.delete("faults")
    store.simulator.order("corrupt_field", field="horodatage", value="hier")
    assert store.ask(plain_notice().number) == {"horodatage": "hier", "documents": [truth]}


def test_headers_of_files_are_corrupted_on_order(store: Store) -> None:
    """A wrong type or tag can be put on a file whose bytes stay right."""
    file = store.get(plain_identifier()).content
    store.simulator.order("corrupt_field", operation="document", field="Content-Type", value="text/plain")

    answer = store.get(plain_identifier())

    assert (answer.headers["content-type"], answer.content) == ("text/plain", file)


def test_a_file_is_cut_short_on_order(store: Store) -> None:
    """Any file can break off, once, and comes whole the next time."""
    file = store.get(plain_identifier()).content
    store.simulator.order("truncate", operation="document", fraction=0.5, times=1)

    with pytest.raises(httpx.RemoteProtocolError):
        store.get(plain_identifier())

    assert store.get(plain_identifier()).content == file


def test_a_file_can_be_reset_halfway(store: Store) -> None:
    """The connection is torn down in the middle of the bytes."""
    store.simulator.order("reset", operation="document")
    head = f"GET /ged/documents/{plain_identifier()} HTTP/1.1\r\nHost: ged\r\nX-Cle-Acces: demo-ged\r\n\r\n"

    answer = exchange_raw(store.simulator.url, head.encode())

    assert answer.end == "reset"
    assert answer.body.startswith(b"%PDF-")


def test_the_index_fails_alone(store: Store) -> None:
    """A fault ordered for the index leaves files as they are."""
    store.simulator.order("http_503", operation="index", retry_after=7)

    refused = store.post_index({"references": []})

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "7")
    assert store.get(plain_identifier()).status_code == 200
