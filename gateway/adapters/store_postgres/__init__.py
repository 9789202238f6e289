"""The store in PostgreSQL 15 or later, for as many gateways as needed.

client: `store`; wire: `rows`; peculiar to PostgreSQL: `connections` (time limits, stale connections).

The role of GATEWAY_DATABASE_URL needs, on tables that `gateway migrate` may have made under another role:
SELECT, INSERT, UPDATE on `online_account` and `session`; INSERT on `download`; SELECT on `alembic_version`.
It needs no DELETE and owns nothing, so that a stolen password cannot shorten the log of downloads. A pooler
in between must keep a session for each client (PgBouncer: `pool_mode = session`).
"""

from gateway.adapters.store_postgres.store import PostgresStore

__all__ = ["PostgresStore"]
