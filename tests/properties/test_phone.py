"""However a number is written, it is that number; whatever else is written, it is none."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.domain.phone import parse_phones

pytestmark = pytest.mark.thorough

nationals = st.from_regex(r"[1-9][0-9]{8}", fullmatch=True).filter(lambda digits: len(set(digits)) > 1)
separators = st.sampled_from(["", " ", ".", "-", "\u00a0", " . "])
prefixes = st.sampled_from(["0", "+33", "0033", "+33 (0)", "+33 0", "33"])
breaks = st.sampled_from([" / ", "/", ";", ", ", " ou ", " (fils) ", "\n"])


@st.composite
def written(draw: st.DrawFn, national: str) -> str:
    """One way to write a number."""
    separator = draw(separators)
    return draw(prefixes) + separator.join([national[0], *re.findall("..", national[1:])])


@given(st.lists(nationals, min_size=1, max_size=3, unique=True), st.data())
def test_numbers_are_read_back_however_they_are_written(numbers: list[str], data: st.DataObject) -> None:
    """Each in its own way, parted in any way."""
    text = data.draw(breaks).join(data.draw(written(number)) for number in numbers)

    assert [phone.e164 for phone in parse_phones(text)] == [f"+33{number}" for number in numbers]


@given(st.text(alphabet="0123456789+()/.- ;Aé\u0661", max_size=40) | st.text())
def test_what_is_read_can_be_dialled_and_read_again(text: str) -> None:
    """E.164 for machines, ten digits in pairs for people, both the same number."""
    for phone in parse_phones(text):
        assert re.fullmatch(r"\+[1-9][0-9]{6,14}", phone.e164)
        assert parse_phones(phone.display) == parse_phones(phone.e164) == (phone,)


@given(st.text(alphabet="0123456789+()/.- ;A", max_size=40))
def test_no_digit_is_invented(text: str) -> None:
    """The digits of a number stand in the text in their order, but for the country code and a lost zero."""
    digits = re.sub(r"[^0-9]", "", text)

    for phone in parse_phones(text):
        assert phone.e164.removeprefix("+33").removeprefix("+") in digits


@given(nationals, st.integers(0, 8))
def test_an_incomplete_number_is_none(national: str, length: int) -> None:
    """A digit short is a digit short."""
    assume(length != 0)

    assert parse_phones(f"0{national[:length]}") == ()
