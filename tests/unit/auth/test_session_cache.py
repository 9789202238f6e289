"""Memory is short, small and honest."""

from datetime import timedelta

from gateway.auth.session_cache import SessionCache
from gateway.domain.access import SessionId
from tests.ports.stores import NOON, session, token

LATER = NOON + timedelta(seconds=1)


def test_the_sessions_used_last_are_kept() -> None:
    """Reading counts as use; the one that goes is the one nobody asked for."""
    cache = SessionCache(capacity=2)
    for number in (0, 1):
        cache.put(token(number), session(f"s-{number}"), told_at=NOON)
    cache.get(token(0), now=NOON)

    cache.put(token(2), session("s-2"), told_at=NOON)

    kept = [cache.get(token(number), now=NOON) for number in range(3)]
    assert kept == [session("s-0"), None, session("s-2")]


def test_what_was_put_again_counts_as_new() -> None:
    """It neither takes a second place nor leaves early."""
    cache = SessionCache(capacity=2)
    cache.put(token(0), session("s-0"), told_at=NOON)
    cache.put(token(1), session("s-1"), told_at=NOON)
    cache.put(token(0), session("s-0"), told_at=LATER)

    cache.put(token(2), session("s-2"), told_at=LATER)

    assert cache.get(token(0), now=LATER) == session("s-0")
    assert cache.get(token(1), now=LATER) is None


def test_memory_ends_after_exactly_two_seconds() -> None:
    """A microsecond earlier it is trusted."""
    cache = SessionCache()
    cache.put(token(), session(), told_at=NOON)

    assert cache.get(token(), now=NOON + timedelta(microseconds=1_999_999)) == session()
    assert cache.get(token(), now=NOON + timedelta(seconds=2)) is None


def test_a_clock_that_is_set_back_makes_nothing_young() -> None:
    """A session remembered in the future is asked for again."""
    cache = SessionCache()
    cache.put(token(), session(), told_at=NOON)

    assert cache.get(token(), now=NOON - timedelta(hours=1)) is None


def test_a_later_version_does_not_make_a_session_look_younger() -> None:
    """What we changed ourselves is not what the store told."""
    cache = SessionCache()
    cache.put(token(), session(), told_at=NOON)

    cache.replace(token(), session(device="later"))

    assert cache.get(token(), now=LATER) == session(device="later")
    assert cache.get(token(), now=NOON + timedelta(seconds=2)) is None


def test_a_later_version_of_what_was_forgotten_is_not_kept() -> None:
    """A session closed meanwhile does not come back."""
    cache = SessionCache()

    cache.replace(token(), session())

    assert cache.get(token(), now=NOON) is None


def test_forgetting_a_session_leaves_the_others_and_is_noticed() -> None:
    """Whoever reads from the store meanwhile sees that the generation changed."""
    cache = SessionCache()
    cache.put(token(0), session("s-0"), told_at=NOON)
    cache.put(token(1), session("s-1"), told_at=NOON)
    before = cache.generation

    cache.forget(SessionId("s-0"))

    assert cache.get(token(0), now=NOON) is None
    assert cache.get(token(1), now=NOON) == session("s-1")
    assert cache.generation == before + 1
