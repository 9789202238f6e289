"""Draws a rent notice as a PDF: the same notice always gives the same bytes."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time

from fpdf import FPDF

from gateway.demo.documents.titles import title_of
from gateway.demo.world.model import Household, Notice, NoticeLine
from gateway.demo.world.printing import euros

_LANDLORD = "Habitat Mosellan"
_LABEL_MM, _AMOUNT_MM, _ROW_MM = 118, 34, 7
_MIDNIGHT = time(tzinfo=UTC)

Row = tuple[str, str, str]
"""Label, debit, credit."""


def render(notice: Notice, *, household: Household) -> bytes:
    """The notice as one A4 page, announced as French, in the fonts every reader has."""
    page = FPDF(format="A4")
    page.core_fonts_encoding = "windows-1252"  # the euro sign and œ are not in Latin-1
    page.set_creation_date(datetime.combine(notice.issued_on, _MIDNIGHT))
    page.set_lang("fr-FR")
    page.set_title(title_of(notice, household=household))
    page.set_author(_LANDLORD)
    page.add_page()
    _write(page, _head(notice, household=household))
    _tabulate(page, _rows(notice))
    _write(page, _foot(notice))
    return bytes(page.output())


def _head(notice: Notice, *, household: Household) -> Iterator[str]:
    """Who writes to whom about what, line by line."""
    lease = household.leases[0]
    yield _LANDLORD
    yield f"{title_of(notice, household=household)} n° {notice.number}"
    yield f"Émis le {_day(notice.issued_on)}"
    for party in lease.parties:
        if party.role in ("TITULAIRE", "COTITULAIRE"):
            yield f"{party.person.first_name} {party.person.last_name}"
    yield from lease.unit.address.complement
    yield f"{lease.unit.address.street}, {lease.unit.address.postal_code} {lease.unit.address.city}"
    yield f"Intitulé de compte : {household.account_number}"
    yield "Bail : " + ", ".join(each.number for each in household.leases)
    yield ""


def _rows(notice: Notice) -> Iterator[Row]:
    """The table: what stood before, the month line by line, its total, what is left to pay."""
    yield ("LIBELLÉ", "DÉBIT", "CRÉDIT")
    yield _signed("SOLDE ANTÉRIEUR", notice.brought_forward_cents)
    for line in notice.lines:
        amount = euros(line.cents)
        yield (_label(line), amount, "") if line.direction == "D" else (_label(line), "", amount)
    yield _signed("TOTAL DU MOIS", notice.period_total_cents)
    yield _signed("NET À PAYER", notice.amount_due_cents)


def _foot(notice: Notice) -> Iterator[str]:
    yield ""
    if notice.amount_due_cents <= 0:
        yield "Vous n’avez rien à régler ce mois-ci."
    elif notice.collection_on is not None:
        yield f"Ce montant sera prélevé le {_day(notice.collection_on)}."
    else:
        yield f"À régler avant le {_day(notice.due_on)}."
    yield "Cet avis rappelle ce que vous devez. Il n’est pas une quittance et ne prouve aucun paiement."


def _label(line: NoticeLine) -> str:
    if line.litres is None:
        return line.label
    volume = f"{line.litres // 1000},{line.litres % 1000:03d} m³"
    return f"{line.label} : {volume} à {euros(line.unit_price_cents or 0)}"


def _signed(label: str, cents: int) -> Row:
    """An amount the tenant owes in the debit column, one the landlord owes in the credit column."""
    return (label, "", euros(-cents)) if cents < 0 else (label, euros(cents), "")


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _write(page: FPDF, lines: Iterable[str]) -> None:
    page.set_font("Helvetica", size=11)
    for line in lines:
        page.cell(0, _ROW_MM, line, new_x="LMARGIN", new_y="NEXT")


def _tabulate(page: FPDF, rows: Iterable[Row]) -> None:
    """Rows under each other, amounts to the right; capitals in bold."""
    for label, debit, credit in rows:
        page.set_font("Helvetica", style="B" if label.isupper() else "", size=10)
        page.cell(_LABEL_MM, _ROW_MM, label, border="B")
        page.cell(_AMOUNT_MM, _ROW_MM, debit, border="B", align="R")
        page.cell(_AMOUNT_MM, _ROW_MM, credit, border="B", align="R", new_x="LMARGIN", new_y="NEXT")
