"""Tokens cannot be guessed, and any text may be presented as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.auth.keys import derive_key
from gateway.auth.tokens import Mint, new_id, new_token, token_sha256
from gateway.domain.access import SessionId

MINT = Mint(bytes(range(32)))
SESSION = SessionId("0123456789abcdef" * 2)


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


def test_the_tokens_of_a_turn_are_always_the_same() -> None:
    """So a lost answer can be given again, by a replica too, and the store holds nothing that opens anything."""
    other = Mint(bytes(range(32)))

    assert MINT.access_token(SESSION, counter=3) == other.access_token(SESSION, counter=3)
    assert MINT.refresh_token(SESSION, counter=3) == other.refresh_token(SESSION, counter=3)


def test_no_token_tells_another() -> None:
    """Bearer and refresh, of two turns, two sessions and two gateways: eight that have nothing in common."""
    codes = {
        token.rpartition(".")[2]
        for mint in (MINT, Mint(bytes(32)))
        for session in (SESSION, SessionId("f" * 32))
        for counter in (0, 1)
        for token in (mint.access_token(session, counter=counter), mint.refresh_token(session, counter=counter))
    }

    assert len(codes) == 16
    assert {len(code) for code in codes} == {43}


@pytest.mark.parametrize("counter", [0, 7, 999_999_999])
def test_a_refresh_token_says_whose_it_is(counter: int) -> None:
    """Session and turn, proved by its code."""
    token = MINT.refresh_token(SESSION, counter=counter)

    assert MINT.read_refresh_token(token) == (SESSION, counter)


@pytest.mark.parametrize(
    "altered",
    [
        "{id}.4.{code}",
        "{id}.3.{code}A",
        "{id}.3.{code} ",
        "{id}.3.{code}\n",
        "{id}.3.",
        "{id}.-3.{code}",
        "{id}.\u0663.{code}",
        "ffffffffffffffffffffffffffffffff.3.{code}",
        "{id}.3.{bearer}",
        "{bearer}",
        "",
        "\ud800",
        "x" * 100_000,
    ],
)
def test_what_is_not_ours_is_nobody_s(altered: str) -> None:
    """Another turn, another session, another code, a digit of another script; nothing raises."""
    code = MINT.refresh_token(SESSION, counter=3).rpartition(".")[2]
    text = altered.format(id=SESSION, code=code, bearer=MINT.access_token(SESSION, counter=3))

    assert MINT.read_refresh_token(text) is None


def test_a_token_of_another_gateway_is_not_ours() -> None:
    """Its key is another one."""
    assert Mint(bytes(32)).read_refresh_token(MINT.refresh_token(SESSION, counter=3)) is None


@given(st.text(st.characters()))
def test_any_text_may_be_presented_as_a_refresh_token(text: str) -> None:
    """Nothing raises."""
    assert MINT.read_refresh_token(text) is None
