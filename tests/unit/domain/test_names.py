"""Names in capitals become the names people write."""

import pytest

from gateway.domain.names import split_civility, usual_spelling
from gateway.domain.person import Civility


@pytest.mark.parametrize(
    ("raw", "usual"),
    [
        ("DUPONT", "Dupont"),
        ("  MARIE   CLAIRE ", "Marie Claire"),
        ("JEAN-PIERRE", "Jean-Pierre"),
        ("DUPONT-LE GALL", "Dupont-Le Gall"),
        ("D'ARC", "d'Arc"),
        ("D’ARC", "d’Arc"),
        ("MARTIN-D'ARC", "Martin-d'Arc"),
        ("DE LA TOUR", "de La Tour"),
        ("DU BELLAY", "Du Bellay"),
        ("L'HERMITE", "L'Hermite"),
        ("O'BRIEN", "O'Brien"),
        ("VON DER HEYDEN", "von der Heyden"),
        ("VAN DEN BOSCH", "Van den Bosch"),
        ("NGUYEN VAN THANH", "Nguyen Van Thanh"),
        ("DA SILVA", "Da Silva"),
        ("EL AMRANI", "El Amrani"),
        ("NOËL", "Noël"),
        ("DE", "De"),
        ("D", "D"),
        ("", ""),
    ],
)
def test_capitals_are_put_into_usual_spelling(raw: str, usual: str) -> None:
    """Particles, hyphens and apostrophes as French usage has them."""
    assert usual_spelling(raw) == usual


@pytest.mark.parametrize("name", ["McDonald", "de Gaulle", "D'Angelo", "Le Gall"])
def test_a_name_that_somebody_wrote_with_care_is_left_alone(name: str) -> None:
    """A lower-case letter shows that capitals mean something."""
    assert usual_spelling(f" {name} ") == name


@pytest.mark.parametrize(
    ("raw", "civility", "name"),
    [
        ("MME DUPONT-LE GALL MARIE CLAIRE", Civility.MME, "DUPONT-LE GALL MARIE CLAIRE"),
        ("MLLE DUPONT", Civility.MME, "DUPONT"),
        ("Madame  Dupont ", Civility.MME, "Dupont"),
        ("MR DUPONT", Civility.M, "DUPONT"),
        ("M. DUPONT", Civility.M, "DUPONT"),
        ("M.DUPONT", Civility.M, "DUPONT"),
        ("M DUPONT", Civility.M, "DUPONT"),
        ("MONSIEUR DUPONT", Civility.M, "DUPONT"),
        ("MR ET MME DUPONT", Civility.COUPLE, "DUPONT"),
        ("M. & MME DUPONT", Civility.COUPLE, "DUPONT"),
        ("MME/MR DUPONT", Civility.COUPLE, "DUPONT"),
        ("MONSIEUR OU MADAME DUPONT", Civility.COUPLE, "DUPONT"),
        ("DUPONT MARIE", Civility.UNSPECIFIED, "DUPONT MARIE"),
        ("MRS DUPONT", Civility.UNSPECIFIED, "MRS DUPONT"),
        ("MOULIN", Civility.UNSPECIFIED, "MOULIN"),
        ("MME", Civility.UNSPECIFIED, "MME"),
        ("  ", Civility.UNSPECIFIED, ""),
    ],
)
def test_the_form_of_address_is_split_from_the_name(raw: str, civility: Civility, name: str) -> None:
    """Two people in one field are a couple; a name that only looks like a title stays whole."""
    assert split_civility(raw) == (civility, name)
