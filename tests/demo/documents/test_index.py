"""The index tells which documents there are, in its own awkward way."""

from hashlib import sha256
from itertools import islice

import pytest

from gateway.demo.documents import pages
from gateway.demo.documents.conditions import Condition
from gateway.demo.documents.identifiers import identifier_of
from gateway.demo.world import household
from tests.demo.documents.conftest import HOUSEHOLDS
from tests.demo.documents.store import KEY, Store, notice_in, notices, plain_identifier, plain_notice
from tests.demo.world.strategies import TODAY

pytestmark = pytest.mark.servers


def claim(entry: dict[str, str]) -> tuple[str, int, int]:
    """What an entry says of the file: state, size, digits of its fingerprint."""
    return entry["statut"], int(entry["taille"]), len(entry["empreinte"])


def test_a_document_is_told_with_its_size_and_fingerprint(store: Store) -> None:
    """Number, title, date, size and SHA-256 are those of the file that a GET then gives."""
    notice = plain_notice()
    file = store.get(plain_identifier()).content

    assert store.entry(notice.number) == {
        "reference": notice.number,
        "identifiant": identifier_of(notice.number),
        "libelle": "Avis d’échéance d’octobre 2026",
        "type": "AVIS",
        "date": "20261026",
        "taille": f"{len(file):09d}",
        "empreinte": sha256(file).hexdigest(),
        "statut": "DISPO",
    }


def test_the_time_of_the_answer_is_parisian_and_has_no_zone(store: Store) -> None:
    """Fourteen digits of the simulator's own clock."""
    store.simulator.set_clock("2026-11-22T23:30:00Z")

    assert store.ask()["horodatage"][:12] == "202611230030"


def test_what_the_store_does_not_know_is_absent(store: Store) -> None:
    """Numbers of nobody, of a household beyond the world, of a month without notice, and nonsense are left out."""
    known = plain_notice().number
    beyond = f"AE{HOUSEHOLDS:06d}261001"

    answer = store.ask("AE000000991001", beyond, known, "", "../index", "é", f" {known}")

    assert [entry["reference"] for entry in answer["documents"]] == [known]


def test_the_answer_keeps_the_order_and_repeats_nothing(store: Store) -> None:
    """A number given twice is answered once, where it first stood."""
    first, second, third = (notice.number for notice in household(57, 0, TODAY).notices[:3])

    answer = store.ask(third, first, third, second, first)

    assert [entry["reference"] for entry in answer["documents"]] == [third, first, second]


def test_a_hundred_references_are_answered_and_one_more_is_refused(store: Store) -> None:
    """The limit is 100 a call; beyond it nothing is answered, with status 200."""
    references = [notice.number for notice, _ in islice(notices(), 101)]

    assert len(store.ask(*references[:100])["documents"]) == 100
    assert store.ask(*references) == {
        "erreur": {"code": "TROP_DE_REFERENCES", "libelle": "Cent références au plus par appel."}
    }


@pytest.mark.parametrize("headers", [{}, {"X-Cle-Acces": ""}, {"X-Cle-Acces": "demo"}, {"X-Cle-Acces": "clé"}])
def test_without_the_key_nothing_is_told_or_given(store: Store, headers: dict[str, str]) -> None:
    """A missing or wrong key is refused with status 200, for the index and for files, and nothing leaves."""
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    before = store.downloads()
    url = store.simulator.url

    index = store.simulator.client.post(f"{url}/ged/index", json={"references": []}, headers=raw)
    file = store.simulator.client.get(f"{url}/ged/documents/{plain_identifier()}", headers=raw)

    for answer in (index, file):
        assert answer.status_code == 200
        assert answer.json() == {"erreur": {"code": "ACCES_REFUSE", "libelle": "Clé d’accès absente ou inconnue."}}
    assert store.downloads() == before


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"references":"AE"}', b'{"references":[1]}', b'{"references":["\xe9"]}']
)
def test_a_body_that_is_not_the_agreed_json_is_refused_in_band(store: Store, body: bytes) -> None:
    """Broken, incomplete and mistyped JSON, and bytes that are not UTF-8, are refused with status 200."""
    answer = store.simulator.client.post(f"{store.simulator.url}/ged/index", content=body, headers=KEY)

    assert answer.status_code == 200
    assert answer.json()["erreur"]["code"] == "REQUETE_ILLISIBLE"


def test_a_corrected_notice_is_called_so(store: Store) -> None:
    """Of the two notices of one month, the later is « (rectifié) »."""
    replaced, corrected = household(57, 4, TODAY).notices[-3:-1]

    titles = [entry["libelle"] for entry in store.ask(replaced.number, corrected.number)["documents"]]

    assert titles == [
        "Avis d’échéance de septembre 2026",
        "Avis d’échéance de septembre 2026 (rectifié)",
    ]


def test_only_what_is_known_to_be_lost_is_said_to_be(store: Store) -> None:
    """Emptied and replaced files are still said to be there, with what their size has become."""
    lost, emptied, page = (
        claim(store.entry(notice_in(condition).number))
        for condition in (Condition.LOST, Condition.EMPTIED, Condition.ERROR_PAGE)
    )

    assert lost == ("ABSENT", 0, 0)
    assert emptied == ("DISPO", 0, 0)
    assert page == ("DISPO", len(pages.ERROR), 0)


@pytest.mark.parametrize("condition", [Condition.DAMAGED, Condition.BROKEN_OFF])
def test_a_spoilt_file_is_told_as_it_was_archived(store: Store, condition: Condition) -> None:
    """The index believes in the file: its size and fingerprint are those of before."""
    state, size, digits = claim(store.entry(notice_in(condition).number))

    assert (state, digits) == ("DISPO", 64)
    assert size > 1_500


def test_a_late_document_arrives_on_the_second_day(store: Store) -> None:
    """Announced first; there from six in the morning, two days after the world's day."""
    late = household(57, 23, TODAY).notices[-1]
    identifier = identifier_of(late.number)

    store.simulator.set_clock("2026-11-24T05:58:00+01:00")
    assert claim(store.entry(late.number)) == ("ATTENTE", 0, 0)
    assert store.get(identifier).status_code == 404

    store.simulator.set_clock("2026-11-24T06:00:00+01:00")
    assert claim(store.entry(late.number))[0] == "DISPO"
    assert store.get(identifier).content.startswith(b"%PDF-")
