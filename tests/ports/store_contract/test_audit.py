"""The audit trail and the log of looks at documents: appended to, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain.access import Download, SessionId
from gateway.domain.audit import Action, AuditEntry
from gateway.ports.store import Store
from tests.ports.store_contract.values import SUBJECT, entry
from tests.ports.stores import NOON, DatabaseUnderTest

FULL = entry(action=Action.ACCOUNT_UNLOCKED, session_id="s-1", reason="T-4711")


@pytest.mark.parametrize("written", [entry(), FULL], ids=["tenant", "operator"])
async def test_a_line_is_read_as_it_was_written(store: Store, written: AuditEntry) -> None:
    """In a transaction or outside; nobody else is concerned."""
    await store.append_audit(written)
    await store.transact(SUBJECT, lambda tx: tx.append_audit(written))
    await store.append_audit(entry(subject=None))

    assert await store.audit_of("account:7f", first=9) == (written, written)
    assert await store.audit_of("account:8a", first=9) == ()


@pytest.mark.parametrize("action", list(Action))
async def test_every_action_can_be_written_down(store: Store, action: Action) -> None:
    """And is read as such."""
    await store.append_audit(entry(action=action))

    assert await store.audit_of("account:7f", first=1) == (entry(action=action),)


async def test_the_latest_lines_come_newest_first(store: Store) -> None:
    """As many as asked for; of two at one instant, the one written last."""
    early, late = NOON - timedelta(hours=1), NOON + timedelta(hours=1)
    for outcome, at in {"a": NOON, "b": late, "c": early, "d": NOON}.items():
        await store.append_audit(entry(outcome=outcome, at=at))

    assert [one.outcome for one in await store.audit_of("account:7f", first=3)] == ["b", "d", "a"]


@pytest.mark.parametrize("tampering", ["UPDATE audit SET outcome = 'REFUSED'", "DELETE FROM audit"])
async def test_nobody_changes_or_shortens_the_trail_beside_the_store(
    database: DatabaseUnderTest, tampering: str
) -> None:
    """The database refuses, and the line stays as it was."""
    written = entry(at=datetime.now(UTC))
    await database.store.append_audit(written)

    with pytest.raises(Exception, match="the audit trail is"):
        await database.execute(tampering)

    assert await database.store.audit_of("account:7f", first=9) == (written,)


async def test_every_look_at_a_document_is_recorded(database: DatabaseUnderTest) -> None:
    """Two looks are two lines, in order, even if they are the same; the session need not exist any more."""
    look = Download(NOON, SessionId("s-gone"), "D1")

    await database.store.record_download(look)
    await database.store.record_download(look)

    rows = await database.execute("SELECT session_id, document FROM download ORDER BY number")
    assert rows == [("s-gone", "D1"), ("s-gone", "D1")]
