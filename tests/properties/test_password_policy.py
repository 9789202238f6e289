"""Whatever somebody types, the policy has an answer; and what a password manager makes up is accepted."""

import random
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.auth.password_policy import refusals
from gateway.domain.password import LANDLORD, NIST, PasswordRefusal, composed

pytestmark = pytest.mark.thorough

anything = st.text(alphabet=st.characters() | st.characters(categories=["Cs", "Cc", "Cf", "Mn"]), max_size=40)
"""Lone surrogates and controls more often than chance has them."""

typed = st.text(alphabet="aAzZéÉ059 !$@-\u0301\u00a0\u200b🙂", max_size=20)
words = st.lists(anything, max_size=4)


@given(anything | typed, words)
def test_there_is_always_an_answer_in_the_one_order(password: str, personal: list[str]) -> None:
    """No refusal twice, none that takes the stored hash."""
    for rules in (LANDLORD, NIST):
        found = refusals(password, rules=rules, personal=personal)

        assert found == tuple(refusal for refusal in PasswordRefusal if refusal in found)
        assert PasswordRefusal.SAME_AS_BEFORE not in found


@given(anything | typed)
def test_a_password_is_judged_as_one_however_it_is_composed(password: str) -> None:
    """By a keyboard that sends accents apart, or one that does not."""
    apart = unicodedata.normalize("NFD", password)

    assert composed(apart) == composed(password) == composed(composed(password))
    assert refusals(apart, rules=LANDLORD, personal=()) == refusals(password, rules=LANDLORD, personal=())


@given(typed)
def test_the_published_rule_is_counted_as_a_person_would(password: str) -> None:
    """Against a count of each kind, letter by letter."""
    text = composed(password)
    expected = {
        PasswordRefusal.TOO_SHORT: len(text) < 8,
        PasswordRefusal.TOO_LONG: False,
        PasswordRefusal.NO_DIGIT: not any(letter in "059" for letter in text),
        PasswordRefusal.NO_UPPERCASE: not any(letter.isupper() for letter in text),
        PasswordRefusal.NO_SPECIAL: not any(letter in " !$@-🙂" for letter in text),
        PasswordRefusal.TOO_PREDICTABLE: len(text) == 8 and not any(letter.islower() for letter in text),
        PasswordRefusal.UNUSABLE_CHARACTER: "\u200b" in text,
    }

    found = refusals(password, rules=LANDLORD, personal=())

    assert {refusal: refusal in found for refusal in expected} == expected


def test_what_a_password_manager_makes_up_is_accepted() -> None:
    """Ten characters drawn at random: of ten thousand, not even ten happen to look like a word."""
    draw = random.Random(57)
    alphabet = string.ascii_letters + string.digits + "!#$%&*+-=?@"
    passwords = ["".join(draw.choices(alphabet, k=10)) for _ in range(10_000)]

    words = [
        refusals(password, rules=LANDLORD, personal=("Kowalski", "12345", "1984", "Metz")) for password in passwords
    ]

    assert sum(PasswordRefusal.TOO_COMMON in found for found in words) < 10
    assert sum(PasswordRefusal.CONTAINS_PERSONAL_WORD in found for found in words) < 10
