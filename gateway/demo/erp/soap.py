"""SOAP 1.1, document/literal: from the bytes of a request to its operation, from an answer to its bytes."""

from dataclasses import dataclass

from lxml import etree

from gateway.demo.control import Reply
from gateway.demo.erp.contract import CHARSET, NAMESPACE, schema_text
from gateway.demo.erp.refusal import FaultError, RefusalError
from gateway.demo.erp.xml import escaped

MAX_KEYS = 200
CONTENT_TYPE = f"text/xml; charset={CHARSET}"

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_SCHEMA = etree.XMLSchema(etree.fromstring(schema_text().encode("utf-8")))
_HEAD = f'<?xml version="1.0" encoding="{CHARSET}"?>\n<soap:Envelope xmlns:soap="{_SOAP}"><soap:Body>'
_TAIL = "</soap:Body></soap:Envelope>\n"


@dataclass(frozen=True, slots=True)
class Request:
    """One operation with its parameters, already valid against the schema."""

    operation: str
    element: etree._Element

    def texts(self, name: str) -> list[str]:
        """Every value of the parameter `name`, in order; whitespace around a value does not count."""
        return [(found.text or "").strip() for found in self.element.iterfind(f"{{{NAMESPACE}}}{name}")]

    def text(self, name: str) -> str | None:
        """The only value of `name`; None when it is not given."""
        return next(iter(self.texts(name)), None)

    def required(self, name: str) -> str:
        """The only value of a parameter that the schema requires."""
        return self.texts(name)[0]

    def keys(self, name: str) -> list[str]:
        """The different values of `name`; more than 200 are refused."""
        keys = list(dict.fromkeys(self.texts(name)))
        if len(keys) > MAX_KEYS:
            raise RefusalError("TROP_DE_CLES", f"{len(keys)} clés demandées, {MAX_KEYS} au plus par appel")
        return keys

    def children(self, name: str) -> list["Request"]:
        """Every structured parameter `name`, to be read like the request itself."""
        return [Request(name, found) for found in self.element.iterfind(f"{{{NAMESPACE}}}{name}")]


def read_request(body: bytes) -> Request:
    """The request in a SOAP 1.1 envelope; raises FaultError saying why there is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        envelope = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FaultError("Client", f"XML mal formé : {error}") from None
    if envelope.getroottree().docinfo.internalDTD is not None:
        raise FaultError("Client", "DOCTYPE refusé")
    content = envelope.findall(f"{{{_SOAP}}}Body/*")
    if envelope.tag != f"{{{_SOAP}}}Envelope" or len(content) != 1:
        raise FaultError("Client", "enveloppe SOAP 1.1 à un seul corps attendue")
    return _checked(content[0])


def _checked(element: etree._Element) -> Request:
    name = etree.QName(element)
    try:
        _SCHEMA.assertValid(element)
    except etree.DocumentInvalid as error:
        raise FaultError("Client", f"requête hors contrat : {error}") from None
    if name.localname.endswith("Reponse"):
        raise FaultError("Client", f"{name.localname} n'est pas une opération")
    return Request(name.localname, element)


def answer(operation: str, content: str, *, stamp: int) -> Reply:
    """The answer of an operation that went well."""
    return _response(operation, f"<CodeRetour>OK</CodeRetour><LibErreur/>{_as_of(stamp)}{content}")


def refusal(operation: str, error: RefusalError, *, stamp: int) -> Reply:
    """The in-band refusal of an operation: HTTP 200, as always."""
    code, label = escaped(error.code), escaped(error.label)
    head = f"<CodeRetour>{code}</CodeRetour><LibErreur>{label}</LibErreur>{_as_of(stamp)}"
    return _response(operation, head + error.extra)


def fault(error: FaultError) -> Reply:
    """The SOAP Fault, with HTTP 500."""
    code, text = error.code, escaped(error.text)
    content = f"<soap:Fault><faultcode>soap:{code}</faultcode><faultstring>{text}</faultstring></soap:Fault>"
    return Reply.of(CONTENT_TYPE, _encoded(_HEAD + content + _TAIL), status=500)


def _as_of(stamp: int) -> str:
    return f"<Horodatage>{stamp:014d}</Horodatage>"


def _response(operation: str, content: str) -> Reply:
    name = f"{operation}Reponse"
    return Reply.of(CONTENT_TYPE, _encoded(f'{_HEAD}<{name} xmlns="{NAMESPACE}">{content}</{name}>{_TAIL}'))


def _encoded(document: str) -> bytes:
    return document.encode(CHARSET, "xmlcharrefreplace")
