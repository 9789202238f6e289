"""To whom a letter may go, and what may stand in it."""

import pytest

from gateway.domain.letter import EmailAddress, Language, Letter, parse_address

ADDRESS = EmailAddress("paul.weber@example.org")


@pytest.mark.parametrize(
    "text",
    [
        "paul.weber@example.org",
        "PAUL.WEBER@EXAMPLE.ORG",
        "paul+account@mail.example.org",
        "o'neill_57@example.museum",
        "p@xn--mnchen-3ya.example.org",
        "p@example.xn--p1ai",
        f"{'p' * 64}@example.org",
        f"p@{'.'.join(['a' * 60] * 4)}.example",
        "inconnu@example.org",
    ],
)
def test_one_address_is_one_address(text: str) -> None:
    """What a clerk typed is kept as it is; whether a placeholder means nobody is not judged here."""
    assert parse_address(text) == text


def test_white_space_around_an_address_is_the_clerks() -> None:
    """It is dropped; inside an address there is none."""
    assert parse_address("  paul.weber@example.org\t") == ADDRESS


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "x@x",
        "paul.weber",
        "@example.org",
        "paul@",
        "a@example.org, evil@example.net",
        "a@example.org,evil@example.net",
        "a@example.org;evil@example.net",
        "a@example.org evil@example.net",
        '"a@example.org" <evil@example.net>',
        "<a@example.org>",
        "Paul <a@example.org>",
        '"paul weber"@example.org',
        "paul(comment)@example.org",
        "a@b@example.org",
        "a@example.org\r\nBcc: evil@example.net",
        "a@example.org\n",
        "a\x00@example.org",
        "a@example\u2028.org",
        "paul..weber@example.org",
        ".paul@example.org",
        "paul.@example.org",
        "p@-example.org",
        "p@example-.org",
        "p@example..org",
        "p@example.org.",
        "p@192.0.2.1",
        "p@[192.0.2.1]",
        "p@example.123",
        "élodie@example.org",
        "p@exämple.org",
        "a\ud800@example.org",
        f"{'p' * 65}@example.org",
        f"p@{'.'.join(['a' * 60] * 4)}.examples.org",
        f"p@{'a' * 64}.org",
        pytest.param(" " * 1_000_000 + "p@example.org", id="a megabyte of spaces"),
        pytest.param("a." * 500_000, id="a megabyte of dots"),
    ],
)
def test_what_is_not_exactly_one_address_is_none(text: str) -> None:
    """A mail program might find two recipients in it, or another one than it shows."""
    assert parse_address(text) is None


def letter(**changed: str) -> Letter:
    """A letter that can be sent, unless `changed` spoils it."""
    usual = {"message_id": "<1@example.org>", "to": ADDRESS, "subject": "Bonjour", "body": "À vous.\n"}
    whole = usual | changed
    return Letter(
        whole["message_id"], EmailAddress(whole["to"]), whole["subject"], whole["body"], language=Language.FRENCH
    )


def test_a_letter_keeps_what_it_says() -> None:
    """French typography and line feeds included."""
    assert letter(body="Une question\u00a0?\n\nŒuvrez.\n").body == "Une question\u00a0?\n\nŒuvrez.\n"


@pytest.mark.parametrize("subject", ["", "Bonjour\nBcc: evil@example.net", "Bonjour\r", "a\u2028b", "a\x00", "\ud800"])
def test_a_subject_is_one_line(subject: str) -> None:
    """Nothing in it could become a header."""
    with pytest.raises(ValueError, match=r"^the subject of a letter is one line of text$"):
        letter(subject=subject)


@pytest.mark.parametrize("body", ["a\r\nb", "a\x00", "a\u2029b", "\udfff", "a\x85"])
def test_a_body_is_lines_of_text(body: str) -> None:
    """Control characters have no place in it."""
    with pytest.raises(ValueError, match=r"^the body of a letter is lines of text, without control characters$"):
        letter(body=body)


@pytest.mark.parametrize("to", ["a@example.org, evil@example.net", " a@example.org", "x@x"])
def test_a_letter_goes_to_one_address(to: str) -> None:
    """One that was parsed, not one that looks like it."""
    with pytest.raises(ValueError, match=r"^a letter goes to exactly one address$"):
        letter(to=to)


@pytest.mark.parametrize("message_id", ["", "1@example.org", "<1>", "<1@example.org>\r\nX: y", "<a b@example.org>"])
def test_a_letter_has_a_message_id(message_id: str) -> None:
    """By it, mail programs know a letter that comes twice."""
    with pytest.raises(ValueError, match=r"^a letter needs a message id of the form <unique@domain>$"):
        letter(message_id=message_id)
