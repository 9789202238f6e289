"""The files that are attached to notices: good ones, and the kinds of bad ones that stores hand out."""

from tests.support.tryton_world import Notice, Pdf

ERROR_PAGE = b"<html><body>Erreur interne</body></html>"


def content_of(notice: Notice) -> bytes | None:
    """What is attached to `notice`; None for nothing."""
    match notice.pdf:
        case Pdf.GOOD:
            return pdf_of(f"Avis d'echeance 2026-{notice.month:02d} : {notice.amount} EUR")
        case Pdf.EMPTY:
            return b""
        case Pdf.ERROR_PAGE:
            return ERROR_PAGE
        case Pdf.NONE:
            return None


def pdf_of(text: str) -> bytes:
    """One-page PDF that shows `text`, with a correct cross-reference table."""
    stream = f"BT /F1 14 Tf 60 760 Td ({text}) Tj ET".encode("latin-1", "replace")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        body + b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer\n<</Size 6/Root 1 0 R>>\n"
        b"startxref\n%d\n%%%%EOF\n" % len(body)
    )
