"""The tables of the gateway's store, revision by revision, for SQLite and PostgreSQL alike.

Revisions expand first and contract a release later: what the release before needs stays until nobody runs it.
So a release serves on a database that is newer than itself, and two releases can run side by side. Alembic
and SQLAlchemy are used here only; requests never meet them.
"""

REVISION = "0002"
"""Oldest revision this release can serve on: the newest one it brings."""

READ_REVISION = "SELECT version_num FROM alembic_version"


def is_served_by(found: str | None) -> bool:
    """Whether this release can serve on a database of revision `found`; None is a database without any."""
    return found is not None and found >= REVISION


REMEDY = f"the database is older than revision {REVISION}: run `gateway db migrate` first"
"""What an operator reads when it cannot."""
