"""A command works on the file beside the gateway that serves from it, without its lock."""

import asyncio
from pathlib import Path

import pytest

from gateway.adapters.store_sqlite import SqliteStore
from gateway.adapters.stores import visit_store
from gateway.domain.lockout import Subject
from gateway.ports.store import StoreError, Transaction
from tests.ports.stores import account, sqlite_file

SUBJECT = Subject(bytes(32))


async def test_a_visitor_and_the_gateway_see_what_the_other_commits(tmp_path: Path) -> None:
    """At once."""
    path = sqlite_file(tmp_path)
    serving, visiting = await SqliteStore.open(path), await SqliteStore.visit(path)

    assert await serving.add_account(account())
    assert await visiting.account("12345") == account()
    await visiting.transact(SUBJECT, lambda tx: tx.remove_account(account().id))
    assert await serving.account("12345") is None

    await visiting.close()
    await serving.close()


async def test_a_visitor_waits_for_the_transaction_that_runs(tmp_path: Path) -> None:
    """Then its own statement sees what was committed: the reference is taken."""
    path = sqlite_file(tmp_path)
    serving, visiting = await SqliteStore.open(path), await SqliteStore.visit(path)

    async def work(tx: Transaction) -> "asyncio.Task[bool]":
        await tx.add_account(account())
        return asyncio.create_task(visiting.add_account(account("a-2")))

    added_too = await (await serving.transact(SUBJECT, work))

    assert not added_too
    assert await visiting.account("12345") == account()
    await visiting.close()
    await serving.close()


async def test_a_visit_keeps_no_gateway_from_starting(tmp_path: Path) -> None:
    """Nor another visitor; two gateways still keep each other out."""
    path = sqlite_file(tmp_path)
    visitors = [await SqliteStore.visit(path), await visit_store(f"sqlite:///{path}")]
    serving = await SqliteStore.open(path)

    with pytest.raises(StoreError, match="is in use by another gateway"):
        await SqliteStore.open(path)

    for store in (*visitors, serving):
        await store.close()


async def test_nobody_visits_what_is_not_there(tmp_path: Path) -> None:
    """A visit makes no database; the sentence tells what to run."""
    path = tmp_path / "typo.db"

    with pytest.raises(StoreError, match=r"typo\.db does not exist: run `gateway db migrate` first"):
        await SqliteStore.visit(path)

    assert not await asyncio.to_thread(path.exists)
