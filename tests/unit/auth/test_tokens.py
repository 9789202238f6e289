"""Tokens cannot be guessed, and any text may be presented as one."""

from gateway.auth.keys import derive_key
from gateway.auth.tokens import new_id, new_token, token_sha256


def test_a_token_has_256_random_bits() -> None:
    """43 characters of base64, none like another."""
    tokens = {new_token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {43}


def test_an_id_has_128_random_bits() -> None:
    """32 hexadecimal digits, none like another."""
    ids = {new_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert all(len(bytes.fromhex(one)) == 16 for one in ids)


def test_any_text_has_a_hash() -> None:
    """Nothing that a client sends as its token raises."""
    presented = ["", "\ud800", "\x00", "é" * 1_000_000, new_token()]

    assert len({token_sha256(text) for text in presented}) == len(presented)
    assert {len(token_sha256(text)) for text in presented} == {32}


def test_the_hash_is_the_published_one() -> None:
    """SHA-256 of `abc`, FIPS 180-2 appendix B.1."""
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    assert token_sha256("abc").hex() == expected


def test_each_purpose_has_a_key_of_its_own() -> None:
    """The same for all replicas, and different for another secret."""
    first = derive_key(b"s" * 32, purpose="ids")

    assert first == derive_key(b"s" * 32, purpose="ids")
    assert len(first) == 32
    assert first not in {derive_key(b"s" * 32, purpose="links"), derive_key(b"t" * 32, purpose="ids")}
