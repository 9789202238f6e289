"""The published contract: WSDL, XSD and the interface note, as files of the package.

The files are kept in UTF-8 and refer to one another by file name, so that they can be read from a checkout;
IMMO-GEST serves them in its own charset, with its own address inside.
"""

from importlib.resources import files

NAMESPACE = "urn:immo-gest:services:3"
PATH = "/immogest/services"
CHARSET = "windows-1252"

_PUBLISHED = files(__name__)
_ADDRESS = "http://127.0.0.1/immogest/services"


def schema_text() -> str:
    """The XSD as it is kept."""
    return _PUBLISHED.joinpath("immogest.xsd").read_text("utf-8")


def served_schema() -> bytes:
    """The XSD as it is served."""
    return _in_charset(schema_text())


def served_wsdl(address: str) -> bytes:
    """The WSDL as it is served by the service at `address`."""
    text = _PUBLISHED.joinpath("immogest.wsdl").read_text("utf-8")
    return _in_charset(text.replace(_ADDRESS, address).replace('"immogest.xsd"', f'"{address}?xsd"'))


def _in_charset(text: str) -> bytes:
    return text.replace('encoding="UTF-8"', f'encoding="{CHARSET}"', 1).encode(CHARSET)
