"""A seat is taken before somebody is charged for a guess; what is charged is carried out."""

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Literal

import pytest
from argon2 import PasswordHasher

from gateway.auth.passwords import HashPool, HashPoolBusyError, argon2id
from tests.support.logs import captured_log
from tests.unit.auth.conftest import PASSWORD, CountingHasher

HOME = "192.0.2.0/24"


class GatedHasher(CountingHasher):
    """Checks nothing until the gate opens; tells how many checks have begun."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.begun = threading.Semaphore(0)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's
        """As the library, once the gate is open."""
        self.begun.release()
        assert self.gate.wait(10)
        return super().verify(hash, password)


@pytest.fixture
def gated() -> Iterator[GatedHasher]:
    """A closed gate; open at the end, so that no thread is left behind it."""
    hasher = GatedHasher()
    yield hasher
    hasher.gate.set()


async def free_seats(pool: HashPool) -> int:
    """How many can still be taken."""
    taken = []
    try:
        while True:
            seat = pool.seat()
            await seat.__aenter__()
            taken.append(seat)
    except HashPoolBusyError:
        return len(taken)
    finally:
        for seat in taken:
            await seat.__aexit__(None, None, None)


async def guess(pool: HashPool) -> bool:
    """One guess on a seat."""
    async with pool.seat() as seat:
        return await seat.verify("x", against=None)


async def until_free(pool: HashPool, count: int) -> None:
    """Returns when `count` seats are free; fails after ten seconds."""
    async with asyncio.timeout(10):
        while await free_seats(pool) != count:
            await asyncio.to_thread(threading.Event().wait, 0.005)


async def test_on_a_seat_a_password_is_checked_and_set(passwords: HashPool) -> None:
    """One after the other, on one seat."""
    async with passwords.seat() as seat:
        encoded = await seat.hash(PASSWORD)

        assert await seat.verify(PASSWORD, against=encoded) is True
        assert await seat.verify(PASSWORD.lower(), against=encoded) is False
        assert await seat.verify(PASSWORD, against=None) is False
        assert await free_seats(passwords) == 33
    assert await free_seats(passwords) == 34


async def test_a_seat_is_refused_at_once_when_all_are_taken() -> None:
    """And given back with whatever error."""
    pool = HashPool(CountingHasher(), workers=1, queue=1)

    async with pool.seat(), pool.seat():
        with pytest.raises(HashPoolBusyError):
            async with pool.seat():
                raise AssertionError("never entered")
    with pytest.raises(KeyError):
        async with pool.seat(source=HOME):
            raise KeyError

    assert await free_seats(pool) == 2
    pool.close()


async def test_one_source_holds_a_quarter_of_the_seats_at_most(passwords: HashPool) -> None:
    """Eight of 34; everybody else still finds one, and so does it when it has let go of one."""
    held = [passwords.seat(source=HOME) for _ in range(8)]
    for seat in held:
        await seat.__aenter__()

    with pytest.raises(HashPoolBusyError):
        async with passwords.seat(source=HOME):
            raise AssertionError("never entered")

    async with passwords.seat(source="198.51.100.0/24"), passwords.seat():
        assert await free_seats(passwords) == 24
    await held.pop().__aexit__(None, None, None)
    async with passwords.seat(source=HOME):
        assert await free_seats(passwords) == 26
    for seat in held:
        await seat.__aexit__(None, None, None)


async def test_in_the_smallest_pool_a_source_still_has_one_seat() -> None:
    """A quarter of two is none, but for this."""
    pool = HashPool(CountingHasher(), workers=1, queue=1)

    async with pool.seat(source=HOME):
        with pytest.raises(HashPoolBusyError):
            async with pool.seat(source=HOME):
                raise AssertionError("never entered")
    pool.close()


async def test_a_guess_on_a_seat_has_no_deadline(gated: GatedHasher) -> None:
    """It was charged: however long it waits, it is carried out."""
    pool = HashPool(gated, workers=1, queue=1, deadline_seconds=0.01)
    charged = [asyncio.create_task(guess(pool)) for _ in range(2)]
    await asyncio.to_thread(gated.begun.acquire)

    finished, _ = await asyncio.wait(charged, timeout=0.05)
    gated.gate.set()

    assert finished == set()
    assert await asyncio.gather(*charged) == [False, False]
    assert len(gated.checked) == 2
    pool.close()


async def test_a_caller_who_hangs_up_keeps_the_seat_until_the_thread_is_done(gated: GatedHasher) -> None:
    """Otherwise a crowd that hangs up would fill the threads and find the seats free."""
    pool = HashPool(gated, workers=1, queue=1)
    running = asyncio.create_task(guess(pool))
    await asyncio.to_thread(gated.begun.acquire)
    waiting = asyncio.create_task(guess(pool))
    await asyncio.sleep(0)
    assert await free_seats(pool) == 0

    running.cancel()
    waiting.cancel()
    await asyncio.wait([running, waiting])

    assert await free_seats(pool) == 1
    gated.gate.set()
    await until_free(pool, 2)
    assert len(gated.checked) == 1
    pool.close()


async def test_a_seat_that_was_left_while_it_worked_is_one_seat(gated: GatedHasher) -> None:
    """Two pieces of work, the first of them given up: given back once, with the last."""
    pool = HashPool(gated, workers=2, queue=0)
    async with pool.seat() as seat:
        first = asyncio.create_task(seat.verify("x", against=None))
        await asyncio.to_thread(gated.begun.acquire)
        first.cancel()
        await asyncio.wait([first])
        await seat.hash(PASSWORD)

    assert await free_seats(pool) == 1
    gated.gate.set()
    await until_free(pool, 2)
    pool.close()


async def test_a_seat_that_was_given_back_is_no_seat(passwords: HashPool, hasher: CountingHasher) -> None:
    """Somebody else may sit there now."""
    async with passwords.seat() as seat:
        pass

    with pytest.raises(RuntimeError, match="has been given back"):
        await seat.verify(PASSWORD, against=None)

    assert hasher.checked == []
    assert await free_seats(passwords) == 34


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        ("", "InvalidHashError"),
        ("plain", "InvalidHashError"),
        ("$2b$12$KIXQ4dS1Qm0XKp0Q0yG0auIhW7h0T8gH0u5u5o0eX9xJm4b1l4k6S", "InvalidHashError"),
        ("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ", "VerificationError"),
        ("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$!!!!", "VerificationError"),
        ("$argon2id$", "VerificationError"),
        ("$argon2id$v=19$m=8,t=1,p=1$é", "UnicodeEncodeError"),
    ],
    ids=["empty", "plain", "bcrypt", "cut off", "garbled", "bare", "not ASCII"],
)
async def test_a_hash_that_nobody_can_read_matches_nothing_for_the_same_work(
    passwords: HashPool, hasher: CountingHasher, stored: str, code: str
) -> None:
    """The operator is told, without the hash; the stranger sees a wrong password."""
    with captured_log() as log:
        assert await passwords.verify(PASSWORD, against=stored) is False

    assert hasher.checked[-1] == "$argon2id$v=19$m=8,t=1,p=1"
    [line] = log.lines
    del line["at"]
    assert line == {"level": "warning", "event": "password.hash_unreadable", "code": code}
    assert passwords.needs_rehash(stored) is True


async def test_a_hash_of_weaker_parameters_is_to_be_made_anew() -> None:
    """It still opens; one of the present parameters is left alone."""
    pool = HashPool(CountingHasher())
    present, weaker = (
        await pool.hash(PASSWORD),
        PasswordHasher(memory_cost=8, time_cost=2, parallelism=1).hash(PASSWORD),
    )

    assert await pool.verify(PASSWORD, against=weaker) is True
    assert (pool.needs_rehash(present), pool.needs_rehash(weaker)) == (False, True)
    pool.close()


async def test_hashing_megabytes_leaves_the_loop_alone(passwords: HashPool) -> None:
    """A megabyte of accents is not composed at all."""
    started = time.process_time()

    with pytest.raises(ValueError, match="at most 1,024 characters"):
        async with passwords.seat() as seat:
            await seat.hash("\u0301\u0323" * 500_000)

    assert time.process_time() - started < 0.1


async def test_a_no_break_space_is_a_space(passwords: HashPool) -> None:
    """Macs send one for Alt and space."""
    encoded = await passwords.hash("Ours Lac Bleu 7!")

    assert await passwords.verify("Ours\u00a0Lac Bleu\u202f7!", against=encoded) is True


def test_the_usual_pool_is_the_costly_one() -> None:
    """What tests make cheaper, the gateway does not."""
    pool = HashPool()

    assert pool.needs_rehash(argon2id().hash(PASSWORD)) is False
    pool.close()
