"""Rows of SQLite and the values they stand for. Instants are whole microseconds since 1970 UTC."""

import sqlite3
from datetime import UTC, datetime, timedelta

from gateway.adapters.store_sqlite.lane import Parameters
from gateway.domain.access import Channel, Download, OnlineAccount, Role, Session

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """Exact count of microseconds; TypeError for an instant without a time zone."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def instant(count: int) -> datetime:
    """The aware UTC instant `count` microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=count)


def account_of(row: sqlite3.Row) -> OnlineAccount:
    """The account in a row that has its columns by name."""
    return OnlineAccount(**(dict(row) | {"created_at": instant(row["created_at"])}))


def account_parameters(account: OnlineAccount) -> Parameters:
    """Every column of `online_account`."""
    return {
        "id": account.id,
        "reference": account.reference,
        "tenant_id": account.tenant_id,
        "password_hash": account.password_hash,
        "created_at": micros(account.created_at),
        "credential_version": account.credential_version,
        "email": account.email,
    }


def session_of(row: sqlite3.Row) -> Session:
    """The session in a row that has its columns by name."""
    return Session(
        id=row["id"],
        role=Role(row["role"]),
        channel=Channel(row["channel"]),
        account_id=row["account_id"],
        tenant_id=row["tenant_id"],
        staff_name=row["staff_name"],
        device=row["device"],
        started_at=instant(row["started_at"]),
        last_seen_at=instant(row["last_seen_at"]),
        idle_expires_at=instant(row["idle_expires_at"]),
        expires_at=instant(row["expires_at"]),
        credential_version=row["credential_version"],
    )


def session_parameters(session: Session) -> Parameters:
    """Every column of `session` but the token and the end."""
    return {
        "id": session.id,
        "role": session.role.value,
        "channel": session.channel.value,
        "account_id": session.account_id,
        "tenant_id": session.tenant_id,
        "staff_name": session.staff_name,
        "device": session.device,
        "started_at": micros(session.started_at),
        "last_seen_at": micros(session.last_seen_at),
        "idle_expires_at": micros(session.idle_expires_at),
        "expires_at": micros(session.expires_at),
        "credential_version": session.credential_version,
    }


def download_parameters(download: Download) -> Parameters:
    """Every column of `download` but its number."""
    return {"at": micros(download.at), "session_id": download.session_id, "document": download.document}
