"""What the control plane must know of IMMO-GEST: the names of requests, its errors, the fields of its answers."""

import re
from dataclasses import dataclass, replace

from gateway.demo.control import Incoming, Operation, Reply, VirtualClock
from gateway.demo.erp import soap
from gateway.demo.erp.contract import CHARSET
from gateway.demo.erp.formats import stamp_number
from gateway.demo.erp.operations import OPERATIONS
from gateway.demo.erp.refusal import FaultError, RefusalError
from gateway.demo.erp.xml import escaped

_IN_BODY = re.compile(rb"<(?:[\w.-]+:)?Body[^>]*>\s*<(?:[\w.-]+:)?(\w+)")
_KEY = re.compile(rb"<(?:[\w.-]+:)?(?:NumLocataire|NumContrat|NumCompte|CodeAgence|Reference)\b")
_AS_FAULT = frozenset({"VERROU_SEQUENCE"})
"""Codes that IMMO-GEST gives in a SOAP Fault."""


def operation_of(incoming: Incoming) -> Operation:
    """The operation named by SOAPAction, else by the body; `GET /path` for what is no operation."""
    named = incoming.headers.get("soapaction", "").strip('"').rpartition("#")[2]
    if named not in OPERATIONS:
        in_body = _IN_BODY.search(incoming.body)
        named = in_body[1].decode("ascii") if in_body else f"{incoming.method} {incoming.path}"
    return Operation(named, len(_KEY.findall(incoming.body)))


@dataclass(frozen=True, slots=True)
class ImmoGest:
    """The dialect of IMMO-GEST."""

    clock: VirtualClock
    content_type: str = soap.CONTENT_TYPE

    def in_band(self, operation: str, *, code: str, label: str) -> Reply:
        """The refusal as IMMO-GEST gives it: a Fault for a locked sequence and outside operations."""
        if code in _AS_FAULT or operation not in OPERATIONS:
            return soap.fault(FaultError("Server", f"{code} {label}".strip()))
        stamp = stamp_number(self.clock.now())
        return soap.refusal(operation, RefusalError(code, label), stamp=stamp)

    def corrupted(self, reply: Reply, *, field: str, value: str) -> Reply:
        """The same answer with `value` as the text of every element `field`."""
        name = re.escape(field.encode("ascii"))
        element = re.compile(rb"<(%b)>[^<]*</%b>|<(%b)/>" % (name, name, name))
        text = escaped(value).encode(CHARSET, "xmlcharrefreplace")
        tag = field.encode("ascii")
        return replace(reply, body=element.sub(lambda _: b"<%b>%b</%b>" % (tag, text, tag), reply.body))
