"""Faults that must sound like IMMO-GEST, and the journal that tells its operations apart."""

import httpx
import pytest
import zeep

from gateway.demo.erp.contract import NAMESPACE, PATH
from tests.demo.control.simulator import Simulator, running_simulator
from tests.demo.erp.clients import Caller, content_of, envelope, send, text_of
from tests.demo.erp.conftest import options
from tests.demo.erp.entries import ACCOUNT, receipt

pytestmark = pytest.mark.servers


def _balances(caller: Caller) -> bytes:
    return envelope("LireSoldes", f"<Jeton>{caller.token}</Jeton><NumCompte>{ACCOUNT}</NumCompte>")


def test_an_ordered_refusal_is_a_refusal_like_any_other(erp: Simulator, caller: Caller) -> None:
    """HTTP 200, the operation's own answer, no data."""
    erp.order("in_band", operation="LireSoldes", code="ERREUR_INTERNE", label="ORA-00060 <interblocage>", times=1)

    refused = caller.ask("LireSoldes", NumCompte=[ACCOUNT])

    assert (refused.CodeRetour, refused.LibErreur) == ("ERREUR_INTERNE", "ORA-00060 <interblocage>")
    assert (refused.Solde, refused.Horodatage[:8]) == ([], "20260316")
    assert caller.ask("LireSoldes", NumCompte=[ACCOUNT]).CodeRetour == "OK"


def test_a_locked_sequence_is_a_soap_fault(books: Simulator, clerk: Caller) -> None:
    """Nothing is written, and trying again helps."""
    before = books.get("truth/encaissements")
    books.order("in_band", operation="CreerEncaissement", code="VERROU_SEQUENCE", label="SEQ_PIECE", times=1)

    with pytest.raises(zeep.exceptions.Fault, match=r"^VERROU_SEQUENCE SEQ_PIECE$") as raised:
        clerk.ask("CreerEncaissement", **receipt())

    assert (raised.value.code, books.get("truth/encaissements")) == ("soap:Server", before)
    assert clerk.ask("CreerEncaissement", **receipt()).CodeRetour == "OK"


def test_a_refusal_of_what_is_no_operation_is_a_fault(erp: Simulator) -> None:
    """A GET has no answer to put a code in."""
    erp.order("in_band", code="FERME")

    answer = erp.fetch(f"{PATH}?wsdl")

    assert (answer.status_code, content_of(answer).findtext("faultstring")) == (500, "FERME")


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("SOLDE_STOCKE", "1.234", "1.234"),
        ("LibErreur", "x & <y> €", "x & <y> €"),
        ("HORS_CONTRAT", "x", None),
    ],
)
def test_a_corrupted_field_holds_what_was_ordered(
    erp: Simulator, caller: Caller, field: str, value: str, found: str | None
) -> None:
    """Also where it was empty; the rest of the answer is untouched."""
    erp.order("corrupt_field", operation="LireSoldes", field=field, value=value)

    content = content_of(send(erp, _balances(caller)))

    assert content.findtext(f".//{{{NAMESPACE}}}{field}") == found
    assert content.findtext(f"{{{NAMESPACE}}}CodeRetour") == "OK"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_a_wrong_charset_spoils_accents(erp: Simulator, caller: Caller, charset: str) -> None:
    """Declared one way, written another."""
    erp.order("wrong_charset", operation="LireInformations", charset=charset)

    answer = send(erp, envelope("LireInformations", f"<Jeton>{caller.token}</Jeton>"))

    assert answer.headers["content-type"] == f"text/xml; charset={charset}"
    assert answer.content.startswith(f'<?xml version="1.0" encoding="{charset}"?>'.encode())
    assert "’".encode("cp1252") in answer.content


@pytest.mark.parametrize("kind", ["http_500", "html_200", "empty", "garbage"])
def test_zeep_notices_an_answer_that_is_none(erp: Simulator, caller: Caller, kind: str) -> None:
    """A foreign client raises an error of its own."""
    erp.order(kind, operation="LireSoldes", times=1)

    with pytest.raises((zeep.exceptions.Error, AttributeError)):
        caller.ask("LireSoldes", NumCompte=[ACCOUNT])


def test_a_truncated_answer_breaks_off(erp: Simulator, caller: Caller) -> None:
    """In the middle of the XML."""
    erp.order("truncate", operation="LireSoldes", fraction=0.5)

    with pytest.raises(httpx.RemoteProtocolError):
        send(erp, _balances(caller))


def test_the_journal_names_operations_by_their_action(erp: Simulator, caller: Caller) -> None:
    """By the body without one, by method and path when there is no operation at all."""
    send(erp, _balances(caller), action=f"{NAMESPACE}#LireSoldes")
    send(erp, _balances(caller), action=f"{NAMESPACE}#LireAvis")
    send(erp, _balances(caller))
    send(erp, _balances(caller), action="urn:other#Nothing")
    send(erp, b"")
    erp.fetch(f"{PATH}?xsd")

    assert [(line["operation"], line["keys"], line["status"]) for line in erp.journal()] == [
        ("LireSoldes", 1, 200),
        ("LireAvis", 1, 200),
        ("LireSoldes", 1, 200),
        ("LireSoldes", 1, 200),
        (f"POST {PATH}", 0, 500),
        (f"GET {PATH}", 0, 200),
    ]


def test_the_body_decides_what_is_done(erp: Simulator, caller: Caller) -> None:
    """Whatever SOAPAction claims."""
    answer = send(erp, _balances(caller), action=f"{NAMESPACE}#LireAvis")

    assert text_of(answer, "CodeRetour") == "OK"
    assert content_of(answer).tag == f"{{{NAMESPACE}}}LireSoldesReponse"


def test_a_fixed_delay_is_added_to_every_answer(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The command line can make it slow from the start."""
    folder = tmp_path_factory.mktemp("slow")
    command = (*options(folder / "data", households=1), "--delay-ms", "80", "--batch", "on")
    with running_simulator("gateway.demo.erp", *command, log=folder / "log") as slow:
        refused = send(slow, envelope("LireSoldes", f"<Jeton>t</Jeton><NumCompte>{ACCOUNT}</NumCompte>"))

        assert text_of(refused, "CodeRetour") == "BATCH_EN_COURS"
        assert slow.journal()[0]["ms"] >= 80
