"""How a person is greeted."""

import pytest

from gateway.domain.identifiers import PersonId
from gateway.domain.person import Civility, Person


@pytest.mark.parametrize(
    ("civility", "first_name", "greeting"),
    [
        (Civility.MME, "Marie", "Marie"),
        (Civility.COUPLE, None, "M. et Mme Dupont"),
        (Civility.MME, None, "Mme Dupont"),
        (Civility.M, None, "M. Dupont"),
        (Civility.UNSPECIFIED, None, ""),
    ],
)
def test_a_person_is_greeted_by_first_name_else_by_title(
    civility: Civility, first_name: str | None, greeting: str
) -> None:
    """« Bonjour, Marie. », « Bonjour, M. et Mme Dupont. », and rather no name than a wrong one."""
    person = Person(PersonId("P1"), civility, first_name, last_name="Dupont")

    assert person.greeting_name == greeting
