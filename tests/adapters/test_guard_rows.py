"""The text that stores keep of a guard."""

import pytest

from gateway.adapters import guard_rows
from gateway.domain.lockout import GuardRecord
from gateway.ports.store import StoreError
from tests.ports.store_contract.values import SUSPENDED


@pytest.mark.parametrize("record", [GuardRecord(), SUSPENDED], ids=["fresh", "suspended"])
def test_a_guard_is_read_as_it_was_written(record: GuardRecord) -> None:
    """Every value, instants to the microsecond and in UTC."""
    assert guard_rows.decode(guard_rows.encode(record)) == record


def test_the_text_is_what_the_next_release_must_still_read() -> None:
    """A change here is a migration."""
    assert guard_rows.encode(SUSPENDED) == (
        '{"phase":"LOCKED","failures":3,"recreations":3,"until":"2026-11-22T12:10:00.123456Z",'
        '"last":"2026-11-22T12:00:00.123456Z","permits":[{"id":"p-1","expires_at":"2026-11-22T12:00:15.123456Z"},'
        '{"id":"p-2","expires_at":"2026-11-22T12:00:00.123457Z"}],'
        '"spent":["2026-11-22T11:00:00.123456Z","2026-11-22T12:00:00.123456Z"],"epoch":7}'
    )


def test_a_field_that_a_later_release_adds_is_overlooked() -> None:
    """Two releases may serve on one database."""
    assert guard_rows.decode('{"failures":2,"mood":"bad"}') == GuardRecord(failures=2)


@pytest.mark.parametrize("text", ["", "{", '{"phase":"AJAR"}', '{"failures":"many"}', '{"until":"tomorrow"}'])
def test_a_damaged_text_is_an_error(text: str) -> None:
    """Nobody guesses on as if nothing had been."""
    with pytest.raises(StoreError, match="a guard cannot be read"):
        guard_rows.decode(text)
