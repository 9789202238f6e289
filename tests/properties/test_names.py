"""Spelling changes letters from capital to small, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.names import split_civility, usual_spelling
from gateway.domain.person import Civility

pytestmark = pytest.mark.thorough

capitals = st.text(alphabet="ABCDEÉÇŒÏLMRV '’-.", max_size=30)


@given(capitals)
def test_spelling_keeps_every_letter(raw: str) -> None:
    """In order; only padding goes."""
    assert usual_spelling(raw).upper() == " ".join(raw.split())


@given(st.text())
def test_spelling_twice_changes_nothing(raw: str) -> None:
    """What is in usual spelling stays so."""
    once = usual_spelling(raw)

    assert usual_spelling(once) == once


@given(st.sampled_from(["MME", "MR", "M.", "MLLE", "MONSIEUR", "MR ET MME", "M. OU MME"]), capitals)
def test_a_form_of_address_is_taken_off_any_name(title: str, name: str) -> None:
    """What follows it is the name, when anything does."""
    civility, rest = split_civility(f"{title}  {name}X")

    assert civility is not Civility.UNSPECIFIED
    assert " ".join(f"{name}X".split()).endswith(rest)


@given(st.text())
def test_the_name_is_the_end_of_what_was_written(raw: str) -> None:
    """Nothing is lost but the form of address."""
    civility, rest = split_civility(raw)

    assert " ".join(raw.split()).endswith(rest)
    assert rest or not raw.split()
    assert civility is not Civility.UNSPECIFIED or rest == " ".join(raw.split())
