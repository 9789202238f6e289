"""Answers that are none: what a Tryton says when it fails, or something else in its place."""

import msgspec
import pytest

from gateway.adapters.upstream import Limits
from gateway.domain.identifiers import AccountId
from gateway.domain.money import Money
from gateway.ports.deadline import Deadline
from gateway.ports.errors import (
    UpstreamError,
    UpstreamGarbledError,
    UpstreamRefusedError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
)
from tests.adapters.erp_tryton.conftest import connected, soon, values
from tests.adapters.erp_tryton.scripted import FORGOTTEN, JSON, SIGNED_IN, error, open_line, result
from tests.support.chaos import Answer, chaos, drip, http, say, say_and_close, say_and_hang

ACCOUNT = AccountId("4120001")

_PAGE = "a page where data was due"
_ANSWERS: dict[str, tuple[Answer, type[UpstreamError], str]] = {
    "business error": (
        error("UserError", ["Le compte de Zoé est fermé", "", None]),
        UpstreamRefusedError,
        "refused with UserError",
    ),
    "warning": (error("UserWarning", ["key", "text", ""]), UpstreamRefusedError, "refused with UserWarning"),
    "unknown field": (error("'post_number'", ""), UpstreamRefusedError, "refused with error"),
    "empty error": (error(), UpstreamRefusedError, "refused with error"),
    "no result": (say(http(b'{"id":1}', headers=JSON)), UpstreamGarbledError, "cannot read result"),
    "truncated": (say(http(b'{"id":1,"result":[{"a":', headers=JSON)), UpstreamGarbledError, "cannot read result"),
    "wrong charset": (
        say(http(b'{"id":1,"result":["\xe9"]}', headers=JSON)),
        UpstreamGarbledError,
        "cannot read result",
    ),
    "wrong charset in a record": (
        say(http(b'{"id":1,"result":[{"party.":{"code":"\xe9"}}]}', headers=JSON)),
        UpstreamGarbledError,
        "cannot read result",
    ),
    "half a character": (
        say(http(b'{"id":1,"result":[{"party.":{"code":"\\ud800"}}]}', headers=JSON)),
        UpstreamGarbledError,
        "cannot read result",
    ),
    "nested without end": (
        say(http(b'{"id":1,"result":[' + b"[" * 100_000 + b"]" * 100_001 + b"}", headers=JSON)),
        UpstreamGarbledError,
        "cannot read result",
    ),
    "no object": (say(http(b"[]", headers=JSON)), UpstreamGarbledError, "cannot read result"),
    "empty": (say(http(b"", headers=JSON)), UpstreamGarbledError, "cannot read result"),
    "no records": (result({"a": 1}), UpstreamGarbledError, "cannot read result"),
    "nobody's record": (result([{"party.": None}]), UpstreamGarbledError, "cannot read party."),
    "unknown method": (say(http(b"<!doctype html>", status="403 Forbidden")), UpstreamUnavailableError, _PAGE),
    "unknown database": (say(http(b"<!doctype html>", status="404 Not Found")), UpstreamUnavailableError, _PAGE),
    "lock": (say(http(b"<html>lock</html>", status="503 Locked")), UpstreamUnavailableError, _PAGE),
    "other status": (say(http(b"", status="423 Locked")), UpstreamRefusedError, "refused with HTTP 423"),
    "cut short": (
        say_and_close(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
        UpstreamGarbledError,
        "cannot read length",
    ),
    "always forgotten": (FORGOTTEN, UpstreamUnavailableError, "login was answered as a lost session"),
}


async def _fails(*answers: Answer, seconds: float = 5, limits: Limits | None = None) -> UpstreamError:
    """The error of one question to a server that answers a login, then `answers`."""
    with chaos(SIGNED_IN, *answers) as server:
        async with connected(server.url, limits=limits) as erp:
            with pytest.raises(UpstreamError) as caught:
                await erp.ledger.balances([ACCOUNT], deadline=Deadline.after(seconds))
    assert "4120001" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("name", _ANSWERS)
async def test_an_answer_that_is_none_becomes_one_error(name: str) -> None:
    """Tryton fails inside status 200 and with pages; its own words stay here."""
    answer, expected, text = _ANSWERS[name]

    caught = await _fails(answer)

    assert (type(caught), str(caught)) == (expected, f"RENT_ERP.balances: {text}")


async def test_a_new_session_that_is_forgotten_at_once_is_not_opened_for_ever() -> None:
    """One new login is tried, and no more."""
    caught = await _fails(FORGOTTEN, SIGNED_IN, FORGOTTEN)

    assert str(caught) == "RENT_ERP.balances: a new session was forgotten at once"


@pytest.mark.parametrize("session", [None, [1], "token", [1, "t"]], ids=str)
async def test_a_login_that_gives_no_session_is_an_error(session: object) -> None:
    """`null` is what Tryton's own clients take for a wrong password."""
    with chaos(result(session)) as server:
        async with connected(server.url) as erp:
            with pytest.raises(UpstreamGarbledError):
                await erp.ledger.balances([ACCOUNT], deadline=soon())


@pytest.mark.parametrize(
    "answer",
    [say_and_hang(), drip(http(b'{"id":1,"result":[]}', headers=JSON), pause_seconds=0.05)],
    ids=["hangs", "drips"],
)
async def test_an_answer_that_does_not_come_in_time_is_not_waited_for(answer: Answer) -> None:
    """A server that accepts and never answers, or gives a byte now and then."""
    caught = await _fails(answer, seconds=0.3)

    assert type(caught) is UpstreamTimeoutError


async def test_an_answer_too_large_is_not_read_to_its_end() -> None:
    """The size we are ready to hold is bounded."""
    caught = await _fails(result(["x" * 5000]), limits=Limits(body_bytes=4000))

    assert str(caught) == "RENT_ERP.balances: cannot read length"


async def test_a_large_answer_is_read_beside_the_loop() -> None:
    """Other requests are served meanwhile; the figures are the same."""
    lines = [open_line("4120001") for _ in range(2000)]
    assert len(msgspec.json.encode(lines)) > 256 * 1024
    with chaos(SIGNED_IN, result(lines)) as server:
        async with connected(server.url) as erp:
            balances = values(await erp.ledger.balances([ACCOUNT], deadline=soon()))

    assert balances[ACCOUNT].total == Money(20_000_000)
