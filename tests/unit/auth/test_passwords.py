"""Checking a password always costs the same, never raises, and never stops the gateway."""

import asyncio
import threading
import unicodedata
from typing import Literal

import pytest
from argon2 import extract_parameters

from gateway.auth.passwords import HashPool, HashPoolBusyError, argon2id
from tests.unit.auth.conftest import PASSWORD, CountingHasher


class SlowHasher(CountingHasher):
    """Checks nothing until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.release = threading.Event()
        self.busy = threading.Semaphore(0)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's
        """As the library, once it may."""
        self.busy.release()
        self.release.wait(10)
        return super().verify(hash, password)


class AcceptingHasher(CountingHasher):
    """Finds every password right."""

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002, ARG002 - the library's
        """True."""
        return True


async def test_the_right_password_is_right_and_another_is_not(passwords: HashPool) -> None:
    """Case and spaces count."""
    encoded = await passwords.hash(PASSWORD)

    assert await passwords.verify(PASSWORD, against=encoded) is True
    for wrong in ("", PASSWORD.lower(), f"{PASSWORD} ", PASSWORD[:-1]):
        assert await passwords.verify(wrong, against=encoded) is False


async def test_two_hashes_of_one_password_differ(passwords: HashPool) -> None:
    """Each has its own salt."""
    assert await passwords.hash(PASSWORD) != await passwords.hash(PASSWORD)


async def test_without_a_hash_no_password_is_right_for_the_same_work(
    passwords: HashPool, hasher: CountingHasher
) -> None:
    """An unknown account is checked against a dummy of equal parameters."""
    encoded = await passwords.hash(PASSWORD)

    await passwords.verify("wrong", against=encoded)
    assert await passwords.verify(PASSWORD, against=None) is False

    assert hasher.checked == ["$argon2id$v=19$m=8,t=1,p=1"] * 2


async def test_an_accent_is_one_however_the_keyboard_composes_it(passwords: HashPool) -> None:
    """A Mac sends a letter and an accent where Windows sends one character."""
    password = "Forêt-d'été-57!"

    encoded = await passwords.hash(unicodedata.normalize("NFC", password))

    assert await passwords.verify(unicodedata.normalize("NFD", password), against=encoded) is True
    assert await passwords.verify(password.replace("ê", "e"), against=encoded) is False


@pytest.mark.parametrize(
    "odd",
    ["\ud800", f"{PASSWORD}\udfff", "\x00", f"{PASSWORD}\x00", "é" * 1_000_000, PASSWORD + " " * 1024, "\u200b"],
    ids=["surrogate", "trailing surrogate", "NUL", "trailing NUL", "1 MB", "too long", "zero-width"],
)
async def test_odd_text_is_a_wrong_password_for_the_same_work(
    passwords: HashPool, hasher: CountingHasher, odd: str
) -> None:
    """Nothing raises, nothing is cut off to become right."""
    encoded = await passwords.hash(PASSWORD)

    assert await passwords.verify(odd, against=encoded) is False
    assert len(hasher.checked) == 1


@pytest.mark.parametrize("odd", ["\ud800", "x" * 1025])
async def test_a_password_that_could_never_be_typed_again_cannot_be_set(passwords: HashPool, odd: str) -> None:
    """Otherwise all of them would be one password."""
    with pytest.raises(ValueError, match="a password is at most 1,024 characters of valid Unicode"):
        await passwords.hash(odd)


async def test_the_dummy_is_no_password() -> None:
    """Even whoever guessed it would not get in."""
    pool = HashPool(AcceptingHasher())

    assert await pool.verify(PASSWORD, against=None) is False
    pool.close()


def test_hashing_costs_what_owasp_asks_for() -> None:
    """Argon2id with 19 MiB, two passes, one lane, for passwords and the dummy alike."""
    parameters = extract_parameters(argon2id().hash(PASSWORD))

    assert (parameters.type.name, parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (
        "ID",
        19_456,
        2,
        1,
    )


async def test_beyond_the_queue_nobody_waits() -> None:
    """Two are checked, three may wait, the sixth is told at once to come back."""
    hasher = SlowHasher()
    pool = HashPool(hasher, workers=2, queue=3)
    waiting = [asyncio.create_task(pool.verify("x", against=None)) for _ in range(5)]
    await asyncio.to_thread(hasher.busy.acquire)
    await asyncio.to_thread(hasher.busy.acquire)

    with pytest.raises(HashPoolBusyError) as busy:
        await pool.verify("x", against=None)

    assert busy.value.retry_after_seconds == 2
    assert hasher.busy.acquire(blocking=False) is False  # no third thread
    hasher.release.set()
    assert await asyncio.gather(*waiting) == [False] * 5
    assert await pool.verify("x", against=None) is False
    pool.close()


async def test_who_waited_too_long_was_not_checked() -> None:
    """After the deadline the password is dropped from the queue, and its seat is free again."""
    hasher = SlowHasher()
    pool = HashPool(hasher, workers=1, queue=1, deadline_seconds=0.05)
    running = asyncio.create_task(pool.verify("runs", against=None))
    await asyncio.to_thread(hasher.busy.acquire)

    with pytest.raises(HashPoolBusyError):
        await pool.verify("waits", against=None)

    with pytest.raises(HashPoolBusyError):
        await running
    hasher.release.set()
    assert await pool.verify("later", against=None) is False
    assert len(hasher.checked) == 2
    pool.close()


async def test_who_hangs_up_frees_the_seat() -> None:
    """A flood of clients that disconnect does not fill the queue."""
    hasher = SlowHasher()
    pool = HashPool(hasher, workers=1, queue=1)
    for _ in range(10):
        leaving = asyncio.create_task(pool.verify("x", against=None))
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.wait([leaving])

    hasher.release.set()

    assert await pool.verify("x", against=None) is False
    pool.close()
