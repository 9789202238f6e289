"""The answers given instead of the system's own, when the request is not handled at all."""

from random import Random
from typing import assert_never

from gateway.demo.control.dialect import Dialect
from gateway.demo.control.exchange import Reply
from gateway.demo.control.kinds import Empty, Garbage, Html200, Http500, Http503, InBand

Instead = Http500 | Http503 | Html200 | Garbage | Empty | InBand

_HTML = "text/html; charset=iso-8859-1"
_PAGE = (
    '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head><title>{0}</title></head><body>'
    "<h1>{0}</h1><p>Le service demandé a rencontré une erreur. Contactez l'exploitation.</p></body></html>\n"
)


def instead(fault: Instead, operation: str, *, dialect: Dialect, random: Random) -> Reply:
    """The whole answer this fault gives in place of the system's own."""
    match fault:
        case Http500():
            return _page(500, "Erreur interne du serveur")
        case Http503():
            page = _page(503, "Service indisponible")
            seconds = fault.retry_after
            return page if seconds is None else page.with_headers([(b"retry-after", b"%d" % seconds)])
        case Html200():
            return _page(200, "Erreur d'exploitation")
        case Garbage():
            return Reply.of(dialect.content_type, random.randbytes(fault.size))
        case Empty():
            return Reply.of(dialect.content_type, b"")
        case InBand():
            return dialect.in_band(operation, code=fault.code, label=fault.label)
        case _:
            assert_never(fault)


def _page(status: int, title: str) -> Reply:
    return Reply.of(_HTML, _PAGE.format(title).encode("iso-8859-1"), status=status)
