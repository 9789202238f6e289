"""A notice's PDF says what the books say."""

from io import BytesIO

import pytest
from hypothesis import assume, given, settings
from pypdf import PdfReader

from gateway.demo.documents.rendering import render
from gateway.demo.world import household
from gateway.demo.world.model import Household, Notice
from tests.demo.documents.reading import table_of, text_of
from tests.demo.documents.store import notice_where, notices
from tests.demo.world.strategies import TODAY, Place, places, signed

pytestmark = pytest.mark.thorough

TOTALS = ("SOLDE ANTÉRIEUR", "TOTAL DU MOIS", "NET À PAYER")


def drawn(fits_notice: Notice) -> bytes:
    """The PDF of a notice of the ordinary households."""
    one = next(one for notice, one in notices() if notice is fits_notice)
    return render(fits_notice, household=one)


def latest(case_index: int) -> tuple[Notice, Household]:
    """The latest notice of a showcase household."""
    one = household(57, case_index, TODAY)
    return one.notices[-1], one


@settings(deadline=None, max_examples=40)
@given(place=places)
def test_the_totals_on_paper_are_those_of_the_entries(place: Place) -> None:
    """What stands on paper for the month is the sum of the entries of the month, read by other software."""
    one = place.household()
    in_force = [notice for notice in one.notices if notice.state == "EMIS"]
    assume(in_force)

    paper = table_of(render(in_force[-1], household=one))

    totals = {label: cents for label, cents in paper if label in TOTALS}
    of_the_month = sum(signed(entry) for entry in one.entries if entry.period == in_force[-1].period)
    assert totals["TOTAL DU MOIS"] == of_the_month
    assert totals["NET À PAYER"] == totals["SOLDE ANTÉRIEUR"] + of_the_month
    assert sum(cents for label, cents in paper if label not in TOTALS) == of_the_month


@settings(deadline=None, max_examples=20)
@given(place=places)
def test_every_line_stands_in_its_column(place: Place) -> None:
    """Each line of the notice is on paper with its amount, owed by the tenant on the left, by the landlord right."""
    one = place.household()
    assume(one.notices)
    notice = one.notices[-1]

    paper = [cents for label, cents in table_of(render(notice, household=one)) if label not in TOTALS]

    assert paper == [line.cents if line.direction == "D" else -line.cents for line in notice.lines]


@settings(deadline=None, max_examples=20)
@given(place=places)
def test_the_same_notice_gives_the_same_bytes(place: Place) -> None:
    """Its fingerprint holds after a restart, for it is drawn again to the byte."""
    one = place.household()
    assume(one.notices)

    assert render(one.notices[0], household=one) == render(one.notices[0], household=place.household())


def test_the_page_names_the_landlord_the_tenants_and_the_account() -> None:
    """Both holders, neither the former partner; address, account, number and dates."""
    notice, one = latest(2)

    text = text_of(render(notice, household=one))

    first, second, former = (party.person for party in one.leases[0].parties[:3])
    address = one.leases[0].unit.address
    assert text.splitlines()[:3] == [
        "Habitat Mosellan",
        f"Avis d’échéance d’octobre 2026 n° {notice.number}",
        "Émis le 26/10/2026",
    ]
    assert f"{first.first_name} {first.last_name}\n{second.first_name} {second.last_name}\n" in text
    assert f"{former.first_name} {former.last_name}" not in text
    assert f"{address.street}, {address.postal_code} {address.city}" in text
    assert f"Intitulé de compte : {one.account_number}" in text
    assert "Il n’est pas une quittance" in text


def test_the_page_names_every_lease_of_the_account() -> None:
    """Dwelling and garage are both named, and both charged."""
    notice, one = latest(1)

    pdf = render(notice, household=one)

    assert f"Bail : {one.leases[0].number}, {one.leases[1].number}" in text_of(pdf)
    assert {"Loyer principal", "Loyer garage"} <= {label for label, _ in table_of(pdf)}


def test_metered_water_shows_volume_and_price() -> None:
    """Cold water billed by the meter is explained: so many cubic metres at 3.09 €."""
    notice, one = latest(20)
    (line,) = [line for line in notice.lines if line.litres is not None]
    assert line.litres is not None

    labels = [label for label, _ in table_of(render(notice, household=one))]

    volume = f"{line.litres // 1000},{line.litres % 1000:03d} m³"
    assert f"Eau froide relevée : {volume} à 3,09\N{NO-BREAK SPACE}€" in labels


def test_the_page_says_how_the_amount_will_be_paid() -> None:
    """Collected, to be paid, or nothing to pay."""
    collected = notice_where(lambda notice: notice.collection_on is not None)
    to_pay = notice_where(lambda notice: notice.collection_on is None and notice.amount_due_cents > 0)
    nothing = notice_where(lambda notice: notice.amount_due_cents <= 0)

    assert f"Ce montant sera prélevé le {collected.collection_on:%d/%m/%Y}." in text_of(drawn(collected))
    assert f"À régler avant le {to_pay.due_on:%d/%m/%Y}." in text_of(drawn(to_pay))
    assert "Vous n’avez rien à régler ce mois-ci." in text_of(drawn(nothing))


def test_a_corrected_notice_says_so() -> None:
    """The notice that replaces another is called « rectifié », the other is not."""
    one = household(57, 4, TODAY)
    replaced, corrected = one.notices[-3:-1]

    assert "Avis d’échéance de septembre 2026 n° " in text_of(render(replaced, household=one))
    assert "Avis d’échéance de septembre 2026 (rectifié) n° " in text_of(render(corrected, household=one))


def test_screen_readers_are_told_language_and_title() -> None:
    """The file announces French and its own title, and was made when the notice was issued."""
    notice, one = latest(0)

    reader = PdfReader(BytesIO(render(notice, household=one)))

    assert str(reader.root_object["/Lang"]) == "fr-FR"
    assert reader.metadata is not None
    assert reader.metadata.title == "Avis d’échéance d’octobre 2026"
    assert reader.metadata.author == "Habitat Mosellan"
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == notice.issued_on
