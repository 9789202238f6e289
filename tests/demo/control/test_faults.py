"""Which faults strike: orders as they are read, and the seeded draw."""

from itertools import pairwise

import msgspec
import pytest

from gateway.demo.control.faults import Blow, FaultBook
from gateway.demo.control.kinds import Empty, Garbage, Http500, Latency, read_fault


def _struck(book: FaultBook, *, requests: int = 200) -> list[int | None]:
    return [book.draw("LireSoldes").order_id for _ in range(requests)]


def test_an_order_is_read_with_its_parameters() -> None:
    """Kind, operation, rate and times, and what belongs to the kind."""
    fault = read_fault(b'{"kind":"garbage","operation":"LireSoldes","rate":0.5,"times":3,"size":9}')

    assert fault == Garbage(operation="LireSoldes", rate=0.5, times=3, size=9)


@pytest.mark.parametrize(
    ("order", "problem"),
    [
        ('{"kind":"flood"}', "Invalid value 'flood'"),
        ("{}", "missing required field `kind`"),
        ('{"kind":"empty","size":3}', "unknown field `size`"),
        ('{"kind":"empty","rate":1.5}', "<= 1"),
        ('{"kind":"empty","times":0}', ">= 1"),
        ('{"kind":"latency"}', "either ms, or both"),
        ('{"kind":"latency","ms":5,"p50_ms":5,"p99_ms":9}', "either ms, or both"),
        ('{"kind":"latency","p50_ms":5}', "either ms, or both"),
        ('{"kind":"truncate"}', "either at_bytes or fraction"),
        ('{"kind":"truncate","at_bytes":3,"fraction":0.5}', "either at_bytes or fraction"),
        ('{"kind":"drip"}', "missing required field `bytes_per_second`"),
        ('{"kind":"wrong_charset","charset":"utf-16"}', "Invalid enum value 'utf-16'"),
    ],
)
def test_an_impossible_order_is_refused_with_a_sentence(order: str, problem: str) -> None:
    """Who orders a fault learns at once what is wrong with it."""
    with pytest.raises(msgspec.ValidationError, match=problem):
        read_fault(order.encode())


def test_without_orders_nothing_strikes() -> None:
    """An empty book costs nothing."""
    assert FaultBook(seed=1).draw("LireSoldes") == Blow()


def test_a_fault_strikes_its_own_operation_only() -> None:
    """The star is for everyone."""
    book = FaultBook(seed=1)
    book.add(Http500(operation="LireAvis"))
    everyone = book.add(Empty(operation="*"))

    assert book.draw("LireSoldes") == Blow(0.0, Empty(operation="*"), everyone)
    assert book.draw("LireAvis").fault == Http500(operation="LireAvis")


def test_a_fault_strikes_as_often_as_ordered() -> None:
    """Two times, and then no more."""
    book = FaultBook(seed=1)
    number = book.add(Http500(times=2))

    assert _struck(book, requests=4) == [number, number, None, None]
    assert book.as_json() == [
        {"id": 1, "kind": "http_500", "operation": "*", "rate": 1.0, "times": 0, "hits": 2},
    ]


def test_the_oldest_drawn_fault_strikes_and_the_others_keep_their_times() -> None:
    """One request meets one fault."""
    book = FaultBook(seed=1)
    first, second = book.add(Http500(times=1)), book.add(Empty(times=1))

    assert _struck(book, requests=3) == [first, second, None]


def test_waits_add_up_and_leave_room_for_another_fault() -> None:
    """A slow server may also fail; the journal blames the failure."""
    book = FaultBook(seed=1)
    book.add(Latency(ms=100))
    book.add(Latency(ms=50))
    failure = book.add(Http500())

    assert book.draw("LireSoldes") == Blow(0.15000000000000002, Http500(), failure)


def test_a_request_that_only_waits_is_blamed_on_the_first_wait() -> None:
    """So that the journal tells why it took so long."""
    book = FaultBook(seed=1)
    first = book.add(Latency(ms=100))
    book.add(Latency(ms=50))

    assert book.draw("LireSoldes").order_id == first


def test_waits_spread_around_their_median() -> None:
    """Half of them below the median, about one in a hundred above the 99th centile."""
    book = FaultBook(seed=5)
    book.add(Latency(p50_ms=180, p99_ms=900))

    waits = sorted(book.draw("LireSoldes").delay_seconds for _ in range(2_000))

    assert 0.17 < waits[1_000] < 0.19
    assert 0.8 < waits[1_980] < 1.0
    assert all(0 < shorter <= longer for shorter, longer in pairwise(waits))


def test_a_rate_strikes_its_share_of_requests() -> None:
    """Of a thousand requests at a third, about 333."""
    book = FaultBook(seed=5)
    book.add(Http500(rate=1 / 3))

    assert 290 < sum(number is not None for number in _struck(book, requests=1_000)) < 380


def test_the_same_seed_draws_the_same_faults() -> None:
    """A run can be replayed, and another seed is another run."""
    book = FaultBook(seed=5)
    book.add(Http500(rate=0.3))
    book.add(Empty(rate=0.2))

    first = _struck(book)
    book.reseed(5)
    replayed = _struck(book)
    book.reseed(6)

    assert replayed == first
    assert _struck(book) != first


def test_clearing_withdraws_every_fault_and_uses_new_ids() -> None:
    """An id in an old journal never comes to mean another fault."""
    book = FaultBook(seed=5)
    book.add(Http500())

    book.clear()

    assert (book.draw("LireSoldes"), book.add(Empty())) == (Blow(), 2)
