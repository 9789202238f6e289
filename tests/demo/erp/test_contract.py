"""The published contract: a foreign client, knowing nothing else, drives every operation."""

import re
from importlib.resources import files

import httpx
import pytest
import zeep
from lxml import etree

from gateway.demo.erp import contract
from gateway.demo.erp.operations import OPERATIONS
from tests.demo.control.simulator import Simulator
from tests.demo.erp.clients import Caller, content_of, envelope, open_contract, send, text_of

pytestmark = pytest.mark.servers

_XS = "{http://www.w3.org/2001/XMLSchema}"


def _schema() -> etree._Element:
    return etree.fromstring(contract.schema_text().encode())


def test_the_published_files_are_the_committed_ones(erp: Simulator) -> None:
    """Served in IMMO-GEST's own charset, with its own address inside."""
    address = erp.url + contract.PATH
    wsdl, xsd = erp.fetch(f"{contract.PATH}?wsdl"), erp.fetch(f"{contract.PATH}?XSD")

    for answer in (wsdl, xsd):
        assert answer.headers["content-type"] == "text/xml; charset=windows-1252"
        assert answer.content.startswith(b'<?xml version="1.0" encoding="windows-1252"?>')
    assert f'location="{address}"' in wsdl.text
    assert f'schemaLocation="{address}?xsd"' in wsdl.text
    assert xsd.content.decode("cp1252").splitlines()[1:] == contract.schema_text().splitlines()[1:]


def test_nothing_else_is_published(erp: Simulator) -> None:
    """A GET without wsdl or xsd finds nothing."""
    assert erp.fetch(contract.PATH).status_code == 404


def test_the_committed_files_can_be_read_from_a_checkout() -> None:
    """Foreign clients find the schema beside the WSDL."""
    (port,) = open_contract(str(files(contract) / "immogest.wsdl")).wsdl.services["ImmoGest"].ports.values()

    assert set(port.binding.all()) == set(OPERATIONS)


def test_the_note_explains_every_operation_and_every_field() -> None:
    """What is in the schema and not in the note would have to be guessed."""
    note = (files(contract) / "INTERFACE.md").read_text("utf-8")
    names = {str(element.get("name")) for element in _schema().iter(f"{_XS}element")}

    explained = set(re.findall(r"\w+", note))

    assert {name.removesuffix("Reponse") for name in names} - explained == set()


def test_zeep_drives_every_operation(own_caller: Caller) -> None:
    """Each of them is called from the WSDL alone and answers OK."""
    line = {"COMPTE_GENERAL": "512100", "SENS": "D", "MONTANT": "0000001000"}
    tenant = {"COMPTE_GENERAL": "411000", "SENS": "C", "MONTANT": "0000001000"}
    entry = {"DateValeur": "20260316", "Mode": "CB", "Reference": "R1", "Ligne": [line, tenant]}
    created = own_caller.ask("CreerEncaissement", NumCompte="0012000", **entry)
    given_up = own_caller.ask("CreerEncaissement", NumCompte="0012000", **entry)
    calls: dict[str, dict[str, object]] = {
        "LireLocataires": {"NumLocataire": ["P0120001"]},
        "LireContrats": {"NumCompte": ["0012000"]},
        "LireSoldes": {"NumCompte": ["0012000"]},
        "LireEcritures": {"NumCompte": ["0012000"], "DateDebut": "20260101", "DateFin": "20260316", "NbMax": 5},
        "LireAvis": {"NumCompte": ["0012000"], "NbMois": 3},
        "LireConsommations": {"NumContrat": ["012000/01"], "DepuisLe": "20260101"},
        "LireInterventions": {"NumContrat": ["012006/01"]},
        "LireConseillers": {"NumContrat": ["012000/01"]},
        "LireAgences": {},
        "LireInformations": {},
        "ValiderEncaissement": {"NumPieceProvisoire": created.NumPieceProvisoire},
        "AnnulerEncaissement": {"NumPieceProvisoire": given_up.NumPieceProvisoire},
        "RechercherEncaissement": {"Reference": ["R1"]},
        "FermerSession": {},
    }

    answers = {name: own_caller.ask(name, **parameters) for name, parameters in calls.items()}

    assert set(calls) | {"OuvrirSession", "CreerEncaissement"} == set(OPERATIONS)
    assert {answer.CodeRetour for answer in (created, given_up, *answers.values())} == {"OK"}
    for name in calls:
        data = {key: value for key, value in answers[name].__values__.items() if key not in _HEAD}
        assert all(data.values()), name


_HEAD = {"CodeRetour", "LibErreur", "Horodatage"}


def test_every_answer_says_windows_1252_and_is_it(erp: Simulator, caller: Caller) -> None:
    """In the header and in the declaration; the accents are single bytes."""
    answer = send(erp, envelope("LireInformations", f"<Jeton>{caller.token}</Jeton>"))

    assert answer.headers["content-type"] == "text/xml; charset=windows-1252"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="windows-1252"?>')
    assert "L’énergie".encode("cp1252")[1:2] in answer.content
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")
    assert "’" in etree.tostring(content_of(answer), encoding="unicode")


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("LireLocataires", "".join(f"<NumLocataire>P{12000 + n:06d}1</NumLocataire>" for n in range(60))),
        ("LireContrats", "".join(f"<NumCompte>{12000 + n:07d}</NumCompte>" for n in range(60))),
        ("LireSoldes", "".join(f"<NumCompte>{12000 + n:07d}</NumCompte>" for n in range(60))),
        ("LireEcritures", "".join(f"<NumCompte>{12000 + n:07d}</NumCompte>" for n in range(60))),
        ("LireAvis", "".join(f"<NumCompte>{12000 + n:07d}</NumCompte>" for n in range(60)) + "<NbMois>60</NbMois>"),
        (
            "LireConsommations",
            "".join(f"<NumContrat>{12000 + n:06d}/01</NumContrat>" for n in range(60))
            + "<DepuisLe>20230101</DepuisLe>",
        ),
        ("LireInterventions", "".join(f"<NumContrat>{12000 + n:06d}/01</NumContrat>" for n in range(60))),
        ("LireConseillers", "".join(f"<NumContrat>{12000 + n:06d}/01</NumContrat>" for n in range(60))),
        ("LireAgences", ""),
        ("LireInformations", ""),
    ],
)
def test_answers_fit_the_published_schema(erp: Simulator, caller: Caller, operation: str, parameters: str) -> None:
    """Oddities included: they are odd inside the contract, which promises little."""
    schema = etree.XMLSchema(_schema())

    content = content_of(send(erp, envelope(operation, f"<Jeton>{caller.token}</Jeton>{parameters}")))

    schema.assertValid(content)
    assert len(content) > 3


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"not xml at all", "XML mal form"),
        (b"", "XML mal form"),
        (b"<?xml version='1.0' encoding='nowhere'?><a/>", "XML mal form"),
        (b"<Envelope/>", "enveloppe SOAP 1.1"),
        (envelope("LireSoldes").replace(b"xmlsoap.org/soap", b"w3.org/2003/05/soap"), "enveloppe SOAP 1.1"),
        (envelope("LireSoldes").replace(b"</s:Body>", b"<x/></s:Body>"), "un seul corps"),
        (envelope("LireSoldes", "<Jeton>t</Jeton>"), "NumCompte"),
        (envelope("LireSoldes", "<Jeton>t</Jeton><NumCompte>1</NumCompte><Autre/>"), "Autre"),
        (envelope("LireAvis", "<Jeton>t</Jeton><NumCompte>1</NumCompte><NbMois>x</NbMois>"), "xs:int"),
        (envelope("LireTout", "<Jeton>t</Jeton>"), "LireTout"),
        (
            envelope(
                "LireSoldesReponse",
                "<CodeRetour>OK</CodeRetour><LibErreur/><Horodatage>20260316000000</Horodatage>",
            ),
            "LireSoldesReponse n'est pas une opération",
        ),
    ],
)
def test_a_malformed_request_gets_a_soap_fault(erp: Simulator, body: bytes, problem: str) -> None:
    """HTTP 500, soap:Client, and a sentence."""
    answer = send(erp, body)

    fault = content_of(answer)
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/xml; charset=windows-1252")
    assert (fault.tag.rpartition("}")[2], fault.findtext("faultcode")) == ("Fault", "soap:Client")
    assert problem in str(fault.findtext("faultstring"))


@pytest.mark.parametrize("declaration", ['<!ENTITY leak SYSTEM "file:///etc/hostname">', '<!ENTITY leak "P">', ""])
def test_a_document_type_is_refused(erp: Simulator, caller: Caller, declaration: str) -> None:
    """A request cannot make IMMO-GEST read files of its own, or expand anything."""
    body = envelope("LireSoldes", "<Jeton>t</Jeton><NumCompte>0012000</NumCompte>")

    answer = send(erp, f"<!DOCTYPE x [{declaration}]>".encode() + body)

    assert (answer.status_code, content_of(answer).findtext("faultstring")) == (500, "DOCTYPE refusé")


def test_zeep_raises_the_fault(erp: Simulator, caller: Caller) -> None:
    """A foreign client sees an exception with code and text."""
    with pytest.raises(zeep.exceptions.Fault, match="NumCompte") as raised:
        caller.ask("LireSoldes", NumCompte=zeep.xsd.SkipValue)

    assert raised.value.code == "soap:Client"


def test_requests_may_come_in_another_charset(erp: Simulator, caller: Caller) -> None:
    """As long as they say which."""
    text = envelope("LireSoldes", f"<Jeton>{caller.token}</Jeton><NumCompte>é</NumCompte>").decode()
    body = f'<?xml version="1.0" encoding="iso-8859-1"?>{text}'.encode("iso-8859-1")

    answer = erp.client.post(erp.url + contract.PATH, content=body, headers={"content-type": "text/xml"})

    assert (answer.status_code, text_of(answer, "CodeRetour")) == (httpx.codes.OK, "OK")
