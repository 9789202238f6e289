"""A balance told in words, in both languages."""

from datetime import date

import pytest

from gateway.domain.balance import Balance, BalanceLine, BalanceLineKind, BalanceState
from gateway.domain.ledger import ChargeKind
from gateway.domain.money import ZERO, Money
from gateway.domain.period import YearMonth
from gateway.schema.wording import Language, wording_for
from tests.unit.domain.samples import credit

FRENCH, ENGLISH = wording_for(Language.FRENCH), wording_for(Language.ENGLISH)

LINES: list[tuple[BalanceLineKind, ChargeKind | None, int | None, str, str]] = [
    (BalanceLineKind.BROUGHT_FORWARD, None, None, "Solde antérieur", "Balance brought forward"),
    (BalanceLineKind.BROUGHT_FORWARD, None, 4, "Solde antérieur", "Balance brought forward"),
    (BalanceLineKind.NOTICE, None, 4, "Loyer et charges d'avril 2026", "Rent and charges for April 2026"),
    (
        BalanceLineKind.HOUSING_BENEFIT,
        ChargeKind.HOUSING_BENEFIT,
        3,
        "Aide au logement de mars 2026",
        "Housing benefit for March 2026",
    ),
    (
        BalanceLineKind.HOUSING_BENEFIT,
        ChargeKind.HOUSING_BENEFIT_CORRECTION,
        8,
        "Correction de l’aide au logement d'août 2026",
        "Housing benefit correction for August 2026",
    ),
    (
        BalanceLineKind.ADJUSTMENT,
        ChargeKind.CHARGE_SETTLEMENT,
        10,
        "Régularisation des charges d'octobre 2026",
        "Settlement of charges, October 2026",
    ),
    (BalanceLineKind.ADJUSTMENT, ChargeKind.OTHER, 5, "Régularisation de mai 2026", "Adjustment, May 2026"),
    (BalanceLineKind.PAYMENTS, None, 12, "Vos paiements de décembre 2026", "Your payments in December 2026"),
]


@pytest.mark.parametrize(("kind", "charge", "month", "french", "english"), LINES)
def test_a_line_of_a_balance_is_labelled(
    kind: BalanceLineKind, charge: ChargeKind | None, month: int | None, french: str, english: str
) -> None:
    """Each line says what it is and for which month."""
    period = YearMonth(2026, month) if month else None
    line = BalanceLine(kind, Money(1), period, charge, ())

    assert (FRENCH.balance_line(line), ENGLISH.balance_line(line)) == (french, english)


def balance(state: BalanceState, cents: int, **more: object) -> Balance:
    """A balance of `cents` on 14 April 2021, nothing pending."""
    values: dict[str, object] = {
        "due": Money(cents),
        "state": state,
        "on": date(2021, 4, 14),
        "overdue": None,
        "next_due_on": None,
        "pending": ZERO,
        "composition": (),
    }
    return Balance(**(values | more))  # type: ignore[arg-type]  # names and types stand above


BALANCES = [
    (
        balance(BalanceState.SETTLED, 0),
        "Au 14 avril 2021, votre compte est à jour.",
        "On 14 April 2021, your account is up to date.",
    ),
    (
        balance(BalanceState.IN_CREDIT, -1550),
        "Au 14 avril 2021, votre compte est créditeur de 15,50 € : vous n'avez rien à régler.",
        "On 14 April 2021, your account is €15.50 in credit: there is nothing to pay.",
    ),
    (
        balance(BalanceState.DUE, 43210),
        "Au 14 avril 2021, le solde à régler est de 432,10 €.",
        "On 14 April 2021, the balance to pay is €432.10.",
    ),
    (
        balance(BalanceState.DUE, 43210, next_due_on=date(2021, 5, 1)),
        "Au 14 avril 2021, le solde à régler est de 432,10 €, à régler avant le 1er mai 2021.",
        "On 14 April 2021, the balance to pay is €432.10, due by 1 May 2021.",
    ),
    (
        balance(BalanceState.OVERDUE, 43210, overdue=Money(10000)),
        (
            "Au 14 avril 2021, le solde à régler est de 432,10 € dont 100,00 € déjà échus. "
            "En cas de difficulté, votre conseiller peut vous aider à trouver une solution."
        ),
        (
            "On 14 April 2021, the balance to pay is €432.10, of which €100.00 past its due date. "
            "If this is difficult, your advisor can help to find a solution."
        ),
    ),
    (
        balance(BalanceState.OVERDUE, 43210),
        (
            "Au 14 avril 2021, le solde à régler est de 432,10 €. "
            "En cas de difficulté, votre conseiller peut vous aider à trouver une solution."
        ),
        (
            "On 14 April 2021, the balance to pay is €432.10. "
            "If this is difficult, your advisor can help to find a solution."
        ),
    ),
    (
        balance(BalanceState.SETTLED, 0, pending=Money(5000)),
        (
            "Au 14 avril 2021, votre compte est à jour. "
            "Un paiement de 50,00 € est en cours d'enregistrement ; il restera alors -50,00 €."
        ),
        (
            "On 14 April 2021, your account is up to date. "
            "A payment of €50.00 is being recorded; -€50.00 will then remain."
        ),
    ),
    (
        balance(BalanceState.SETTLED, 0, later_entries=(credit("2021-04-14", 100),)),
        (
            "Au 14 avril 2021, votre compte est à jour. "
            "Des opérations enregistrées depuis seront comprises dans le prochain arrêté de compte."
        ),
        (
            "On 14 April 2021, your account is up to date. "
            "Operations recorded since then will be part of the next closing of the account."
        ),
    ),
    (
        balance(BalanceState.SETTLED, 0, unexplained_difference=Money(-120)),
        (
            "Au 14 avril 2021, votre compte est à jour. "
            "Le détail n'explique pas -1,20 € de ce montant : signalez-le à votre conseiller, qui le vérifiera."
        ),
        (
            "On 14 April 2021, your account is up to date. "
            "The details do not explain -€1.20 of this amount: report it to your advisor, who will check."
        ),
    ),
]


@pytest.mark.parametrize(("struck", "french", "english"), BALANCES)
def test_a_balance_is_told_in_sentences_without_blame(struck: Balance, french: str, english: str) -> None:
    """Whoever does not read tables reads what is due, by when, and what to do."""
    assert FRENCH.balance(struck).replace("\N{NO-BREAK SPACE}", " ") == french
    assert ENGLISH.balance(struck) == english
