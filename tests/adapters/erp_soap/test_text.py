"""Text that was spoilt on its way, and text that only looks as if it had been."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.erp_soap.text import decode, repair

UNDEFINED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
ALPHABET = [bytes([code]).decode("cp1252") for code in range(0x20, 0x100) if code not in UNDEFINED]
ACCENTED = [character for character in ALPHABET if not character.isascii()]


@given(st.text(ALPHABET))
def test_windows_1252_is_read_as_it_was_written(text: str) -> None:
    """`€ œ ’` and accents arrive."""
    assert decode(text.encode("cp1252")) == text


@given(st.binary())
def test_every_byte_is_read_and_none_is_lost(body: bytes) -> None:
    """Also the five bytes that windows-1252 leaves undefined: each stands for one character."""
    naive = "".join(chr(byte) if byte in UNDEFINED else bytes([byte]).decode("cp1252") for byte in body)

    assert decode(body) == naive


@given(st.text([*"aeiou 'DRL", *ACCENTED], min_size=1).filter(lambda text: not text.isascii()))
def test_text_stored_in_utf_8_and_read_as_windows_1252_is_repaired(text: str) -> None:
    """`DÃ©biteur` was meant to be `Débiteur`, and the repair is told."""
    assert repair(decode(text.encode("utf-8"))) == (text, True)


@given(st.lists(st.tuples(st.sampled_from(ACCENTED), st.sampled_from("abc d.'-"))))
def test_french_text_is_left_alone(pairs: list[tuple[str, str]]) -> None:
    """Accented letters followed by plain ones are nobody's UTF-8."""
    text = "".join(accented + plain for accented, plain in pairs)

    assert repair(text) == (text, False)


@pytest.mark.parametrize(
    ("raw", "meant", "was_spoilt"),
    [
        ("Loyer", "Loyer", False),
        ("Dépôt de garantie", "Dépôt de garantie", False),
        ("DÃ©pÃ´t de garantie", "Dépôt de garantie", True),
        ("12,50 â‚¬", "12,50 €", True),
        ("SÅ“ur", "Sœur", True),
        ("L\x92\x8cuvre", "L’Œuvre", True),
        ("Ch\x81teau", "Ch\x81teau", True),
        ("LIBERTÉ…", "LIBERTÉ…", False),
        ("« CITÉ »", "« CITÉ »", False),
        ("DÃ©bit et crédit", "DÃ©bit et crédit", False),
        ("Ã€", "À", True),
        ("Łódź", "Łódź", False),
    ],
)
def test_examples_of_repair(raw: str, meant: str, *, was_spoilt: bool) -> None:
    """What cannot be read again exactly, as a whole, stays as it is."""
    assert repair(raw) == (meant, was_spoilt)
