"""Words that people build passwords on."""

from importlib.resources import files
from itertools import pairwise

import pytest

from gateway.auth.weak_words import bare, cores, folded, is_weak, spellings, weak_words


def list_lines() -> list[str]:
    """The file, line by line."""
    return files("gateway.auth").joinpath("weak_words.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ÉTÉ", "ete"),
        ("Été", "ete"),
        ("cœur", "coeur"),
        ("Straße", "strasse"),
        ("ＭＥＴＺ", "metz"),
        ("ﬁn", "fin"),
        ("İ", "i"),
        ("Jean-Pierre", "jean-pierre"),
        ("\ud800", "\ud800"),
    ],
)
def test_a_word_is_one_however_it_is_written(text: str, expected: str) -> None:
    """Case, accents, ligatures and typographic forms do not matter."""
    assert folded(text) == expected


def test_digits_and_signs_stand_for_letters() -> None:
    """And a 1 for an i or an l."""
    assert spellings("s0l31l") == ("s0l31l", "soleil", "solell")


def test_signs_are_no_part_of_a_word() -> None:
    """Nor are spaces."""
    assert bare("mot de_passe-1") == "motdepasse1"


def test_a_core_reaches_from_the_first_letter_to_the_last_or_further() -> None:
    """So that a sign at the end can be a letter, or not."""
    plain, leet = {"xol", "xol5"}, {"xol", "sxol", "xols", "sxols", "xolsi", "sxolsi", "xolsl", "sxolsl"}

    assert {*cores("$xol5!")} == plain | leet


def test_of_hardly_more_than_digits_the_digits_are_a_core() -> None:
    """Beside whatever they may stand for."""
    assert {*cores("a57-2")} == {"572", "a", "a5", "a57", "a572", "as", "ast", "ast2"}
    assert {*cores("57-2!")} == {"572"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "soleil",
            "soleil2026",
            "2026-soleil",
            "$oleil!",
            "s0l31l",
            "so.le.il",
            "soleilsoleil",
            "motdepa$$1",
            "50l31l",
        ),
        *("a12345678!", "1q2w3e4r", "1qaz2wsx!", "aqwzsx77", "aaaaaaaa1", "azertyuiop", "poiuytreza", "87654321"),
    ],
)
def test_what_everybody_tries_first_is_weak(text: str) -> None:
    """Words, words twice, walks over the keyboard, and digits with hardly a letter."""
    assert is_weak(text)


@pytest.mark.parametrize(
    "text", ["", "!", "kf7!pq2z", "ours-lac-bleu7!", "tr0ub4dor&3", "a7!b2", "xy7!1q", "soleilsoleix"]
)
def test_what_nobody_tries_first_is_not(text: str) -> None:
    """Three words, or no word."""
    assert not is_weak(text)


def test_the_list_tells_where_it_is_from() -> None:
    """Every package with its version and licence, whose notices are beside it."""
    sources = [line.removeprefix("# ") for line in list_lines() if line.startswith("#")][2:]
    notices = files("gateway.auth").joinpath("weak_words.LICENCES").read_text("utf-8").splitlines()

    assert [source.split()[0] for source in sources] == ["django", "zxcvbn", "zxcvbn-ts-language-fr"]
    assert set(sources) <= set(notices)


def test_the_list_is_sorted_and_as_it_is_looked_up() -> None:
    """What is not folded would never be found."""
    words = [line for line in list_lines() if not line.startswith("#")]

    assert all(earlier < later for earlier, later in pairwise(words))
    assert [word for word in words if word != bare(folded(word)) or not 3 <= len(word) <= 15] == []
    assert weak_words() == set(words)
    assert 50_000 < len(words) < 80_000
