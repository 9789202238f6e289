"""SOAP messages: what is sent, and what of an answer is believed."""

import pytest
from lxml import etree

from gateway.adapters.erp_soap import wire
from gateway.adapters.erp_soap.record import Record
from gateway.adapters.erp_soap.wire import Question, SessionLostError, Sheet
from gateway.adapters.upstream import Reply
from gateway.domain.source import SourceSystem
from gateway.ports.errors import (
    Call,
    UpstreamError,
    UpstreamGarbledError,
    UpstreamRefusedError,
    UpstreamUnavailableError,
)
from tests.adapters.erp_soap.sheets import AS_OF, FETCHED_AT, SOAP, SOLDE, answer, envelope, origin, record

CALL = Call(SourceSystem.RENT_ERP, "balances")


def read(body: bytes, *, status: int = 200) -> Sheet:
    """`body` as the answer to LireSoldes."""
    return wire.read(CALL, Reply(status, {}, body), operation="LireSoldes", fetched_at=FETCHED_AT)


def error_of(body: bytes, *, status: int = 200) -> UpstreamError:
    """The error that reading `body` raises."""
    with pytest.raises(UpstreamError) as caught:
        read(body, status=status)
    return caught.value


def garbled_field(body: bytes, *, status: int = 200) -> str:
    """The field that a garbled answer is garbled in."""
    error = error_of(body, status=status)
    assert isinstance(error, UpstreamGarbledError)
    return error.field


def test_a_question_carries_its_values_as_data() -> None:
    """A value cannot become an element, whatever is in it."""
    question = Question.about("LireSoldes", "NumCompte", ["1</NumCompte><NumCompte>2", '&"€'])

    root = etree.fromstring(wire.write(question.plus(NbMax="5").signed_in("J&1")))

    operation = root[0][0]
    assert operation.tag == "{urn:immo-gest:services:3}LireSoldes"
    assert [etree.QName(child).localname for child in operation] == ["Jeton", "NumCompte", "NumCompte", "NbMax"]
    assert [child.text for child in operation] == ["J&1", "1</NumCompte><NumCompte>2", '&"€', "5"]


def test_an_accepted_answer_gives_its_records_and_its_time() -> None:
    """The answer's own time is Paris time."""
    sheet = read(answer("LireSoldes", record("Solde", SOLDE), record("Solde", SOLDE, NUM_COMPTE="0012346")))

    assert [row.code("NUM_COMPTE") for row in sheet.body.records("Solde")] == ["0012345", "0012346"]
    assert sheet.origin == origin(SourceSystem.RENT_ERP)
    assert sheet.today.isoformat() == "2026-03-14"


@pytest.mark.parametrize("stamp", ["", "99999999999999", "hier"])
def test_a_time_that_cannot_be_read_is_left_out(stamp: str) -> None:
    """The data are good all the same; their day is then taken from our clock."""
    sheet = read(answer("LireSoldes", stamp=stamp))

    assert sheet.origin == origin(SourceSystem.RENT_ERP, as_of=None)
    assert sheet.today.isoformat() == "2026-03-14"


@pytest.mark.parametrize("declared", ["UTF-8", "ISO-8859-1", "windows-1252", "KOI8-R"])
def test_a_declared_encoding_that_lies_changes_nothing(declared: str) -> None:
    """The note says windows-1252, so it is windows-1252."""
    body = answer("LireSoldes", "<LIB>Dépôt, 5 € d’œuvre</LIB>").replace(b"windows-1252", declared.encode())

    assert read(body).body.text("LIB", "label") == "Dépôt, 5 € d’œuvre"


def test_bytes_that_windows_1252_does_not_define_are_read_and_noted() -> None:
    """One odd byte in a label does not cost the whole answer."""
    sheet = read(answer("LireSoldes", "<LIB>Ch#teau</LIB>").replace(b"#", b"\x81"))

    assert sheet.body.text("LIB", "label") == "Ch\x81teau"
    assert [issue.code for issue in sheet.body.issues] == ["ENCODING_REPAIRED"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param(b"", "envelope", id="empty"),
        pytest.param(b"\x00\xff\x13 garbage", "envelope", id="garbage"),
        pytest.param(b"OK", "envelope", id="text"),
        pytest.param(b"<a/>", "envelope", id="other XML"),
        pytest.param(envelope(""), "envelope", id="empty body"),
        pytest.param(answer("LireAvis"), "envelope", id="answer to something else"),
        pytest.param(answer("LireSoldes")[:-20], "envelope", id="truncated"),
        pytest.param(answer("LireSoldes", "<LIB>\x01</LIB>"), "envelope", id="control character"),
        pytest.param(answer("LireSoldes", code=""), "CodeRetour", id="no code"),
        pytest.param(answer("LireSoldes", code="compte de Mme Klein"), "CodeRetour", id="prose for a code"),
        pytest.param(answer("LireSoldes", "<CodeRetour>OK</CodeRetour>"), "CodeRetour", id="two codes"),
        pytest.param(answer("LireSoldes").replace(b"CodeRetour", b"Code"), "CodeRetour", id="code missing"),
        pytest.param(answer("LireSoldes", code="OK<b>!</b>"), "CodeRetour", id="code with markup"),
    ],
)
def test_answers_that_cannot_be_read_are_garbled(body: bytes, field: str) -> None:
    """An answer is understood as a whole or refused as a whole."""
    assert garbled_field(body) == field


def test_document_types_are_refused() -> None:
    """No entity is expanded, none is fetched."""
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
    body = answer("LireSoldes", "<LIB>x</LIB>").replace(b"?>", b"?>" + bomb.encode(), 1)

    assert garbled_field(body) == "envelope"
    assert garbled_field(body.replace(b"<LIB>x", b"<LIB>&b;&c;")) == "envelope"


@pytest.mark.parametrize(
    ("code", "expected", "text"),
    [
        ("PARAMETRE_INVALIDE", UpstreamRefusedError, "refused with PARAMETRE_INVALIDE"),
        ("TROP_DE_CLES", UpstreamRefusedError, "refused with TROP_DE_CLES"),
        ("X42", UpstreamRefusedError, "refused with X42"),
        ("BATCH_EN_COURS", UpstreamUnavailableError, "BATCH_EN_COURS"),
        ("ERREUR_INTERNE", UpstreamUnavailableError, "ERREUR_INTERNE"),
    ],
)
def test_a_refusal_inside_a_status_200_is_a_refusal(code: str, expected: type[UpstreamError], text: str) -> None:
    """The status alone decides nothing."""
    error = error_of(answer("LireSoldes", code=code))

    assert type(error) is expected
    assert str(error) == f"RENT_ERP.balances: {text}"


def test_a_forgotten_session_is_told_apart() -> None:
    """It is for the client to open another one."""
    with pytest.raises(SessionLostError):
        read(answer("LireSoldes", code="SESSION_INVALIDE"))


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize(
    ("fault", "expected", "text"),
    [
        ("soap:Client", UpstreamRefusedError, "refused with soap:Client"),
        ("Client.Authentication", UpstreamRefusedError, "refused with soap:Client"),
        ("soap:Server", UpstreamUnavailableError, "SOAP fault"),
        ("", UpstreamUnavailableError, "SOAP fault"),
    ],
)
def test_a_fault_is_told_without_its_text(status: int, fault: str, expected: type[UpstreamError], text: str) -> None:
    """What the developers of the other side wrote there stays there."""
    body = envelope(
        f'<s:Fault xmlns:s="{SOAP}"><faultcode>{fault}</faultcode><faultstring>P0123451 inconnu</faultstring></s:Fault>'
    )

    error = error_of(body, status=status)

    assert type(error) is expected
    assert str(error) == f"RENT_ERP.balances: {text}"


def test_a_status_500_without_a_fault_is_unavailable() -> None:
    """An error that explains nothing may pass."""
    error = error_of(b"oops", status=500)

    assert type(error) is UpstreamUnavailableError
    assert str(error) == "RENT_ERP.balances: HTTP 500"


def rows(*records: str) -> list[Record]:
    """Records of an accepted answer."""
    return list(read(answer("LireSoldes", *records)).body.records("Solde"))


def test_a_record_given_twice_is_one_with_an_issue() -> None:
    """Padding aside, both say the same."""
    twice = rows(record("Solde", SOLDE), record("Solde", SOLDE, NUM_COMPTE=" 0012345"))

    assert [issue.code for issue in wire.sole(twice, key="NUM_COMPTE").issues] == ["DUPLICATE_RECORD"]


def test_two_records_that_differ_are_none() -> None:
    """Nobody can tell which of two balances is right."""
    twice = rows(record("Solde", SOLDE), record("Solde", SOLDE, SOLDE_STOCKE="0000000000"))

    with pytest.raises(UpstreamGarbledError) as caught:
        wire.sole(twice, key="NUM_COMPTE")
    assert caught.value.field == "NUM_COMPTE"


def test_the_times_of_the_fixture_are_the_same_moment_in_paris() -> None:
    """10:00 in Paris on a winter day is 09:00 UTC."""
    assert AS_OF.isoformat() == "2026-03-14T09:00:00+00:00"
