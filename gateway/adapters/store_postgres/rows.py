"""Records of PostgreSQL and the values they stand for. asyncpg itself reads and writes aware UTC instants."""

import asyncpg

from gateway.domain.access import Channel, OnlineAccount, Role, Session


def account_of(row: asyncpg.Record) -> OnlineAccount:
    """The account in a row that has its columns by name."""
    return OnlineAccount(**dict(row))


def account_values(account: OnlineAccount) -> tuple[object, ...]:
    """The columns of `online_account`, in the order of the statements."""
    return (
        account.id,
        account.reference,
        account.tenant_id,
        account.password_hash,
        account.created_at,
        account.credential_version,
        account.email,
    )


def session_of(row: asyncpg.Record) -> Session:
    """The session in a row that has its columns by name."""
    return Session(**(dict(row) | {"role": Role(row["role"]), "channel": Channel(row["channel"])}))


def session_values(session: Session) -> tuple[object, ...]:
    """The columns of `session` but the token and the end, in the order of the statements."""
    return (
        session.id,
        session.role.value,
        session.channel.value,
        session.account_id,
        session.tenant_id,
        session.staff_name,
        session.device,
        session.started_at,
        session.last_seen_at,
        session.idle_expires_at,
        session.expires_at,
        session.credential_version,
    )
