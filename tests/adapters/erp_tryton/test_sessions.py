"""Sessions with a real Tryton, and how many questions it takes."""

import asyncio

import pytest

from gateway.domain.identifiers import AccountId, TenantId
from gateway.domain.money import Money
from gateway.ports.errors import UpstreamUnavailableError
from tests.adapters.erp_tryton.conftest import Erp, connected, soon, values
from tests.support.tryton import Tryton
from tests.support.tryton_world import BARE_COUNT, bare_code

ACCOUNT = AccountId("4120001")
LOGIN = "common.db.login"
LINES = "model.account.move.line.search_read"


async def _total(erp: Erp) -> Money:
    return values(await erp.ledger.balances([ACCOUNT], deadline=soon()))[ACCOUNT].total


async def test_one_session_serves_many_questions(newcomer: Erp) -> None:
    """Signing in is paid for once, also when many ask at the same moment."""
    totals = await asyncio.gather(*(_total(newcomer) for _ in range(5)))

    assert totals == [Money(52507)] * 5
    assert sorted(newcomer.calls) == [LOGIN, *[LINES] * 5]


async def test_tryton_restarted_between_two_questions_goes_unnoticed(erp: Erp, tryton: Tryton) -> None:
    """Its sessions are in its database: not even a new login is needed."""
    before = await _total(erp)

    tryton.restart()

    assert await _total(erp) == before
    assert erp.calls == [LINES, LINES]


async def test_a_session_that_tryton_forgot_is_opened_again_once(erp: Erp, tryton: Tryton) -> None:
    """The tenant notices nothing."""
    await _total(erp)

    tryton.forget_sessions()

    assert await _total(erp) == await _total(erp) == Money(52507)
    assert erp.calls == [LINES, LINES, LOGIN, LINES, LINES]


async def test_tryton_switched_off_is_unavailable_until_it_is_back(erp: Erp, tryton: Tryton) -> None:
    """No other error than the one that says: try again."""
    tryton.stop()
    try:
        with pytest.raises(UpstreamUnavailableError) as failed:
            await _total(erp)
    finally:
        tryton.restart()

    assert (failed.value.code, failed.value.retryable) == ("SOURCE_UNAVAILABLE", True)
    assert await _total(erp) == Money(52507)


async def test_a_wrong_password_is_an_error_and_no_empty_account(tryton: Tryton) -> None:
    """Tryton answers it with a page and status 401."""
    async with connected(tryton.url, database=tryton.database, password="wrong") as erp:
        with pytest.raises(UpstreamUnavailableError):
            await _total(erp)


@pytest.mark.parametrize("count", [1, 100, BARE_COUNT])
async def test_the_number_of_calls_does_not_grow_with_the_number_of_ids(erp: Erp, count: int) -> None:
    """500 ids travel in one call; twice that many where one call cannot tell « nothing » from « nobody »."""
    codes = [bare_code(number) for number in range(1, count + 1)]
    accounts, tenants = [AccountId(code) for code in codes], [TenantId(code) for code in codes]
    chunks = -(-count // 500)
    for question, calls_per_chunk in (
        (erp.tenancy.tenants(tenants, deadline=soon()), 1),
        (erp.tenancy.leases_of(tenants, deadline=soon()), 2),
        (erp.ledger.balances(accounts, deadline=soon()), 2),
        (erp.ledger.entries(accounts, since=None, until=None, deadline=soon()), 2),
        (erp.notices.notices(accounts, latest_months=3, deadline=soon()), 3),
    ):
        erp.calls.clear()

        answer = await question

        assert len(answer) == count
        assert len(erp.calls) == chunks * calls_per_chunk


async def test_ids_are_asked_once_however_often_and_however_padded_they_come(erp: Erp) -> None:
    """Each spelling has its answer."""
    padded = AccountId(" 4120001 ")

    balances = values(await erp.ledger.balances([ACCOUNT, padded, ACCOUNT], deadline=soon()))

    assert {key: balance.total for key, balance in balances.items()} == {ACCOUNT: Money(52507), padded: Money(52507)}
    assert erp.calls == [LINES]


async def test_ids_are_data_and_never_part_of_the_question(erp: Erp) -> None:
    """What is not a code of the landlord's is not sent at all."""
    nasty = [AccountId(text) for text in ('4120001"]]', "%", "4120001'; --", "412 0001", "é", "")]

    answer = await erp.ledger.balances(nasty, deadline=soon())

    assert len(answer) == len(nasty)
    assert erp.calls == []


async def test_tryton_announces_compression_that_it_does_not_do(erp: Erp) -> None:
    """Answers over 1,400 bytes say gzip and are plain; they are read all the same."""
    accounts = [AccountId(f"412{number:04d}") for number in range(1, 16)]

    balances = await erp.ledger.balances(accounts, deadline=soon())

    assert len(values(balances)) == 15
