"""Names in capitals, and how a person is greeted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.erp_soap.names import Name, read_name
from gateway.domain.person import Civility

WORD = st.from_regex(r"\A[A-Z]{2,8}(?:['-][A-Z]{2,8})?\Z").filter(
    lambda word: word not in {"MME", "MR", "MLLE", "ET", "OU", "MADAME", "MONSIEUR"}
)
WORDS = st.lists(WORD, min_size=1, max_size=3).map(" ".join)
CIVILITIES = st.sampled_from([("MME", Civility.MME), ("MR", Civility.M), ("M.", Civility.M), ("MLLE", Civility.MME)])


@given(CIVILITIES, WORDS, WORDS)
def test_a_name_that_ends_with_the_first_names_is_told_apart(
    civility: tuple[str, Civility], last: str, first: str
) -> None:
    """No letter is lost or moved from one name to the other."""
    written, meant = civility

    name = read_name(f"{written} {last} {first}    ", first=f"{first}   ")

    assert (name.civility, name.last.upper(), (name.first or "").upper()) == (meant, last, first)


@given(CIVILITIES, WORDS)
def test_without_first_names_nothing_is_guessed(civility: tuple[str, Civility], last: str) -> None:
    """Every word belongs to the last name when nothing says otherwise."""
    name = read_name(f"{civility[0]} {last}", first="")

    assert (name.first, name.last.upper()) == (None, last)


@pytest.mark.parametrize(
    ("whole", "first", "name"),
    [
        (
            "MME DUPONT-LE GALL MARIE CLAIRE",
            "MARIE CLAIRE",
            Name(Civility.MME, "Marie Claire", "Dupont-Le Gall"),
        ),
        ("MME DUPONT-LE GALL MARIE CLAIRE", "", Name(Civility.MME, None, "Dupont-Le Gall Marie Claire")),
        ("MR ET MME BECKER", "", Name(Civility.COUPLE, None, "Becker")),
        ("MR ET MME BECKER JEAN", "JEAN", Name(Civility.COUPLE, None, "Becker Jean")),
        ("MME OU M. WEBER", "", Name(Civility.COUPLE, None, "Weber")),
        ("M WEBER HUGO", "HUGO", Name(Civility.M, "Hugo", "Weber")),
        ("MR DE LA ROCHE JEAN-LUC", "JEAN-LUC", Name(Civility.M, "Jean-Luc", "de La Roche")),
        ("MME L'HOTE ANNE", "ANNE", Name(Civility.MME, "Anne", "L'Hote")),
        ("KLEIN LEA", "LEA", Name(Civility.UNSPECIFIED, "Lea", "Klein")),
        ("MME KLEIN LEA", "ZOE", Name(Civility.MME, None, "Klein Lea")),
        ("MME KLEINLEA", "LEA", Name(Civility.MME, None, "Kleinlea")),
        ("MR LEA", "LEA", Name(Civility.M, None, "Lea")),
        ("MARCHAL OLIVIER", "OLIVIER", Name(Civility.UNSPECIFIED, "Olivier", "Marchal")),
        ("MR", "", Name(Civility.UNSPECIFIED, None, "Mr")),
        ("", "", Name(Civility.UNSPECIFIED, None, "")),
    ],
)
def test_examples_of_names(whole: str, first: str, name: Name) -> None:
    """What is told apart exactly is used, the rest is left in one piece."""
    assert read_name(whole, first=first) == name
