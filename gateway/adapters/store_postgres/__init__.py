"""The store in PostgreSQL 15 or later, for as many gateways as needed.

client: `store`, whose verbs are in a file for each concept; wire: `rows`; peculiar to PostgreSQL: `connections` (time
limits, stale connections), `transactions` (who is alone on a subject).

The tables belong to the role that runs `gateway db migrate`. The role of GATEWAY_DATABASE_URL, here `gateway`, is
another one, which owns nothing and needs exactly this:

    GRANT SELECT ON alembic_version TO gateway
    GRANT SELECT, INSERT, UPDATE, DELETE ON online_account, session, known_device TO gateway
    GRANT SELECT, INSERT, UPDATE, DELETE ON guard, account_link, outbox, assistance TO gateway
    GRANT SELECT, INSERT, UPDATE ON staff_grant TO gateway
    GRANT SELECT, INSERT, DELETE ON hold, audit TO gateway
    GRANT INSERT ON download TO gateway

So a stolen password can neither change a line of the audit trail nor read or shorten the log of downloads. The purge
removes lines of the trail; a trigger keeps those of the last 180 days from whoever does not own the table. A pooler in
between must keep a session for each client (PgBouncer: `pool_mode = session`).
"""

from gateway.adapters.store_postgres.store import PostgresStore

__all__ = ["PostgresStore"]
