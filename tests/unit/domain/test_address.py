"""An address reads as on an envelope."""

import pytest

from gateway.domain.address import PostalAddress


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (
            PostalAddress(("Bâtiment B", "Porte 12"), "3 rue des Jardins", "57000", "Metz"),
            ("Bâtiment B", "Porte 12", "3 rue des Jardins", "57000 METZ"),
        ),
        (PostalAddress((), None, "", "Metz"), ("METZ",)),
    ],
)
def test_an_address_has_its_town_last_and_in_capitals(address: PostalAddress, lines: tuple[str, ...]) -> None:
    """Without a street or a postal code, no empty line and no stray space."""
    assert address.lines == lines
