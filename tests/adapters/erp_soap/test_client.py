"""The session: opened when needed, shared by all, opened again once when it was forgotten."""

import asyncio

import pytest

from gateway.adapters.erp_soap import client
from gateway.adapters.erp_soap.client import Credentials, ErpClient
from gateway.adapters.erp_soap.wire import Question, Sheet
from gateway.domain.source import SourceSystem
from gateway.ports.deadline import Deadline
from gateway.ports.errors import (
    Call,
    UpstreamError,
    UpstreamGarbledError,
    UpstreamRefusedError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
)
from tests.adapters.erp_soap.sheets import SOLDE, answer, erp_doing, erp_saying, record, session, soon
from tests.support.chaos import Chaos, drip, http, reply, say, say_and_hang

CALL = Call(SourceSystem.METERING, "meters")
QUESTION = Question.about("LireSoldes", "NumCompte", ["0012345"])
FORGOTTEN = answer("LireSoldes", code="SESSION_INVALIDE")
GOOD = answer("LireSoldes", record("Solde", SOLDE))


def accounts(sheet: Sheet) -> list[str]:
    """The accounts that an answer tells of."""
    return [row.code("NUM_COMPTE") for row in sheet.body.records("Solde")]


async def ask(erp: ErpClient, deadline: Deadline | None = None) -> list[str]:
    """One question."""
    return await erp.ask(CALL, QUESTION, read=accounts, deadline=deadline or soon())


def operations(server: Chaos) -> list[str]:
    """What was called, with the token it was called with."""
    seen = []
    for request in server.requests:
        text = request.decode()
        action = text.partition("#")[2].partition('"')[0]
        seen.append(f"{action} {text.partition('<Jeton>')[2].partition('</Jeton>')[0]}".strip())
    return seen


async def test_the_session_is_opened_for_the_first_question_and_kept() -> None:
    """Two questions, one session."""
    async with erp_saying(GOOD) as (erp, server):
        assert await ask(erp) == ["0012345"]
        assert await ask(erp) == ["0012345"]

    assert operations(server) == ["OuvrirSession", "LireSoldes J1", "LireSoldes J1"]
    assert b"<MotDePasse>&lt;&amp;&gt;</MotDePasse>" in server.requests[0]
    assert b"POST /immogest/services HTTP/1.1" in server.requests[0]


async def test_many_first_questions_open_one_session() -> None:
    """Whoever comes first opens it, the others wait for it."""
    async with erp_doing(drip(http(session()), pause_seconds=0.0005), say(http(GOOD))) as (erp, server):
        await asyncio.gather(*(ask(erp) for _ in range(6)))

    assert operations(server) == ["OuvrirSession", *["LireSoldes J1"] * 6]


async def test_a_forgotten_session_is_opened_again_once() -> None:
    """After a restart of IMMO-GEST the question is asked again, with a new token."""
    async with erp_saying(FORGOTTEN, session(2), GOOD) as (erp, server):
        assert await ask(erp) == ["0012345"]

    assert operations(server) == ["OuvrirSession", "LireSoldes J1", "OuvrirSession", "LireSoldes J2"]


async def test_questions_that_lose_the_session_together_open_one_new_session() -> None:
    """Five questions find the session gone; one of them opens the next for all."""

    def restarted(request: bytes) -> bytes:
        if b"OuvrirSession" in request:
            return http(session(2))
        return http(GOOD if b"J2" in request else FORGOTTEN)

    async with erp_doing(say(http(session())), say(http(GOOD)), reply(restarted)) as (erp, server):
        await ask(erp)
        await asyncio.gather(*(ask(erp) for _ in range(5)))

    assert operations(server).count("OuvrirSession") == 2
    assert operations(server).count("LireSoldes J2") == 5


async def test_a_session_that_is_forgotten_at_once_is_not_chased() -> None:
    """Twice in a row is the other side's trouble: no third attempt."""
    async with erp_saying(FORGOTTEN, session(2), FORGOTTEN) as (erp, server):
        with pytest.raises(UpstreamUnavailableError) as caught:
            await ask(erp)

    assert str(caught.value) == "METERING.meters: a new session was forgotten at once"
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    ("opening", "expected", "text"),
    [
        (
            answer("OuvrirSession", code="IDENTIFIANTS_INVALIDES"),
            UpstreamRefusedError,
            "refused with IDENTIFIANTS_INVALIDES",
        ),
        (answer("OuvrirSession", code="BATCH_EN_COURS"), UpstreamUnavailableError, "BATCH_EN_COURS"),
        (answer("OuvrirSession", code="SESSION_INVALIDE"), UpstreamGarbledError, "cannot read CodeRetour"),
        (answer("OuvrirSession"), UpstreamGarbledError, "cannot read Jeton"),
        (answer("OuvrirSession", "<Jeton>  </Jeton>"), UpstreamGarbledError, "cannot read Jeton"),
    ],
)
async def test_a_session_that_cannot_be_opened_fails_the_question(
    opening: bytes, expected: type[UpstreamError], text: str
) -> None:
    """The error is that of the question asked; the next question tries again."""
    async with erp_doing(say(http(opening)), say(http(session())), say(http(GOOD))) as (erp, server):
        with pytest.raises(UpstreamError) as caught:
            await ask(erp)
        assert await ask(erp) == ["0012345"]

    assert type(caught.value) is expected
    assert str(caught.value) == f"METERING.meters: {text}"
    assert operations(server) == ["OuvrirSession", "OuvrirSession", "LireSoldes J1"]


async def test_a_question_does_not_wait_beyond_its_deadline_for_a_session_that_another_opens() -> None:
    """The one with less time leaves first, the other at its own time."""
    async with erp_doing(say_and_hang()) as (erp, server):
        patient = asyncio.create_task(ask(erp, Deadline.after(1)))
        await asyncio.sleep(0)
        with pytest.raises(UpstreamTimeoutError):
            await ask(erp, Deadline.after(0.1))
        assert not patient.done()
        with pytest.raises(UpstreamTimeoutError):
            await patient

    assert len(server.requests) == 1


async def test_a_large_answer_is_read_without_holding_up_the_loop() -> None:
    """While a large answer is parsed, other work goes on."""
    count = client._LARGE_BYTES // len(record("Solde", SOLDE)) + 5_000  # noqa: SLF001 - just beyond the limit
    large = answer("LireSoldes", *[record("Solde", SOLDE)] * count)
    loop_turns = 0

    async def keep_turning() -> None:
        nonlocal loop_turns
        while True:
            loop_turns += 1
            await asyncio.sleep(0.001)

    turns_inside = []

    def read(sheet: Sheet) -> int:
        turns_inside.append(loop_turns)
        found = len(accounts(sheet))
        turns_inside.append(loop_turns)
        return found

    async with erp_saying(large) as (erp, _):
        turning = asyncio.create_task(keep_turning())
        assert await erp.ask(CALL, QUESTION, read=read, deadline=soon()) == count
        turning.cancel()

    assert turns_inside[1] > turns_inside[0]


async def test_what_the_reader_refuses_is_the_answer() -> None:
    """A field that cannot be read fails the question, in a thread or not."""

    def read(sheet: Sheet) -> str:
        return sheet.body.key("LIB")

    async with erp_saying(GOOD, answer("LireSoldes", *[record("Solde", SOLDE)] * 1_000)) as (erp, _):
        for _attempt in range(2):
            with pytest.raises(UpstreamGarbledError) as caught:
                await erp.ask(CALL, QUESTION, read=read, deadline=soon())
            assert caught.value.field == "LIB"


def test_the_password_is_not_shown() -> None:
    """Neither in logs nor in error reports."""
    assert repr(Credentials("PASSERELLE", "secret")) == "Credentials(user='PASSERELLE')"
