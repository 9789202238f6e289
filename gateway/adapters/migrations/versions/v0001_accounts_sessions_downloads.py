"""Online accounts, sessions, looks at documents. Columns mean what `gateway.domain.access` says.

Instants are `timestamptz` on PostgreSQL and microseconds since 1970 UTC on SQLite.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the three tables."""
    _create_online_account()
    _create_session()
    _create_download()


def _create_online_account() -> None:
    op.create_table(
        "online_account",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("reference", sa.Text(), nullable=False, unique=True),
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("credential_version", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text()),
        sqlite_strict=True,
    )


def _create_session() -> None:
    account = sa.ForeignKey("online_account.id", ondelete="CASCADE")
    op.create_table(
        "session",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), account, index=True),
        sa.Column("tenant_id", sa.Text()),
        sa.Column("staff_name", sa.Text()),
        sa.Column("device", sa.Text()),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.Column("last_seen_at", _INSTANT, nullable=False),
        sa.Column("idle_expires_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("closed_at", _INSTANT),
        sa.Column("credential_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(token_sha256) = 32", name="session_token_is_a_hash"),
        sa.CheckConstraint("(account_id IS NULL) <> (staff_name IS NULL)", name="session_has_one_owner"),
        sqlite_strict=True,
    )


def _create_download() -> None:
    # No reference to `session`: the log outlives the sessions it speaks of.
    op.create_table(
        "download",
        sa.Column("number", _NUMBER, sa.Identity(always=True), primary_key=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
