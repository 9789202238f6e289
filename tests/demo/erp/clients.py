"""Callers of IMMO-GEST: zeep, which knows it from its published WSDL only, and bare HTTP."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import httpx
import zeep
from lxml import etree
from zeep.helpers import serialize_object

from gateway.demo.erp.contract import NAMESPACE, PATH
from tests.demo.control.simulator import Simulator

USER, PASSWORD = "PASSERELLE", "demo-immogest"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def open_contract(location: str) -> zeep.Client:
    """A zeep client made from a WSDL and nothing else."""
    return zeep.Client(location)  # type: ignore[no-untyped-call]  # published without types


@dataclass(slots=True)
class Caller:
    """A foreign client with a session of its own."""

    client: zeep.Client
    token: str = ""

    def open_session(self) -> None:
        """Ask for a token and use it from now on."""
        self.token = self.raw("OuvrirSession", Utilisateur=USER, MotDePasse=PASSWORD).Jeton

    def raw(self, operation: str, **parameters: object) -> Any:
        """The answer of an operation called exactly with these parameters."""
        return self.client.service[operation](**parameters)

    def ask(self, operation: str, **parameters: object) -> Any:
        """The answer of an operation called with the token."""
        return self.raw(operation, Jeton=self.token, **parameters)

    def whole(self, operation: str, **parameters: object) -> Any:
        """An answer that must be OK, its fields as attributes in lower case."""
        answer = plain(serialize_object(self.ask(operation, **parameters), dict))  # type: ignore[no-untyped-call]  # zeep's
        assert answer.coderetour == "OK", answer.liberreur
        return answer

    def rows(self, operation: str, **parameters: object) -> list[Any]:
        """The rows of an answer that must be OK: its only list."""
        (rows,) = (value for value in vars(self.whole(operation, **parameters)).values() if isinstance(value, list))
        return list(rows)


def plain(value: Any) -> Any:
    """A value of zeep's as namespaces, lists and texts."""
    match value:
        case dict():
            return SimpleNamespace(**{name.lower(): plain(held) for name, held in value.items()})
        case list():
            return [plain(held) for held in value]
        case _:
            return value


def envelope(operation: str, content: str = "") -> bytes:
    """A request by hand."""
    body = f'<{operation} xmlns="{NAMESPACE}">{content}</{operation}>'
    return f'<s:Envelope xmlns:s="{_SOAP}"><s:Body>{body}</s:Body></s:Envelope>'.encode()


def send(erp: Simulator, body: bytes, *, action: str = "") -> httpx.Response:
    """The answer to a request by hand."""
    headers = {"content-type": "text/xml; charset=utf-8", "soapaction": f'"{action}"'}
    return erp.client.post(erp.url + PATH, content=body, headers=headers)


def content_of(answer: httpx.Response) -> etree._Element:
    """The only element in the body of an answer."""
    (content,) = etree.fromstring(answer.content).findall(f"{{{_SOAP}}}Body/*")
    return content


def text_of(answer: httpx.Response, name: str) -> str | None:
    """The text of the first element `name` in an answer; None when it is not there."""
    return content_of(answer).findtext(f"{{{NAMESPACE}}}{name}")
