"""Guards, links, devices, promised work, the audit trail, assistance. Columns mean what `gateway.domain` says.

Release 0001 can go on serving: what is new in its tables has a default.
"""

import sqlalchemy as sa
from alembic import op

from gateway.adapters.migrations.append_only import keep_append_only

revision = "0002"
down_revision = "0001"

_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Extend the tables of 0001 and create the others."""
    _extend_online_account()
    _extend_session()
    _create_staff_grant()
    _create_known_device()
    _create_guard()
    _create_account_link()
    _create_outbox()
    _create_audit()
    _create_assistance()


def _extend_online_account() -> None:
    if op.get_context().dialect.name == "postgresql":
        _add_credential_set_at(default="now()")
    else:
        # SQLite knows no such default for a table that is there; the trigger gives what release 0001 leaves out.
        _add_credential_set_at(default="0")
        op.execute("""
            CREATE TRIGGER credential_set_at_creation AFTER INSERT ON online_account WHEN NEW.credential_set_at = 0
            BEGIN UPDATE online_account SET credential_set_at = created_at WHERE id = NEW.id; END
        """)
    op.add_column("online_account", _counter("consecutive_failures"))
    for name in ("disabled_at", "warned_at", "reminded_at", "renewal_dismissed_at"):
        op.add_column("online_account", sa.Column(name, _INSTANT))


def _add_credential_set_at(*, default: str) -> None:
    column = sa.Column("credential_set_at", _INSTANT, nullable=False, server_default=sa.text(default))
    op.add_column("online_account", column)
    op.execute("UPDATE online_account SET credential_set_at = created_at")


def _counter(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0"))


def _extend_session() -> None:
    # No reference to `known_device`: a session tells where it was opened even if the device is forgotten.
    op.add_column("session", sa.Column("device_id", sa.Text()))
    op.add_column("session", sa.Column("access_expires_at", _INSTANT))
    op.add_column("session", _counter("refresh_counter"))
    op.add_column("session", sa.Column("staff_person", sa.Text()))
    op.add_column("session", sa.Column("rotated_at", _INSTANT))


def _create_staff_grant() -> None:
    session = sa.ForeignKey("session.id", ondelete="CASCADE")
    op.create_table(
        "staff_grant",
        sa.Column("session_id", sa.Text(), session, primary_key=True),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("provider_session", sa.Text()),
        sa.Column("sealed_token", sa.LargeBinary(), nullable=False),
        sa.Column("checked_at", _INSTANT, nullable=False),
        sa.Index("staff_grant_by_subject", "issuer", "subject"),
        sa.Index("staff_grant_by_provider_session", "issuer", "provider_session"),
        sqlite_strict=True,
    )


def _create_known_device() -> None:
    account = sa.ForeignKey("online_account.id", ondelete="CASCADE")
    op.create_table(
        "known_device",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("account_id", sa.Text(), account, nullable=False, index=True),
        sa.Column("label", sa.Text()),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("last_used_at", _INSTANT, nullable=False),
        sa.CheckConstraint("length(token_sha256) = 32", name="known_device_token_is_a_hash"),
        sqlite_strict=True,
    )


def _create_guard() -> None:
    op.create_table(
        "guard",
        sa.Column("subject", sa.LargeBinary(), primary_key=True),
        sa.Column("bucket", sa.Text(), primary_key=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("touched_at", _INSTANT, nullable=False, index=True),
        sa.CheckConstraint("length(subject) = 32", name="guard_subject_is_a_hash"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hold",
        sa.Column("subject", sa.LargeBinary(), primary_key=True),
        sa.Column("since", _INSTANT, nullable=False),
        sa.CheckConstraint("length(subject) = 32", name="hold_subject_is_a_hash"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _create_account_link() -> None:
    # No reference to `assistance`: links go after a day, requests may be erased before or after.
    op.create_table(
        "account_link",
        sa.Column("token_sha256", sa.LargeBinary(), primary_key=True),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False, index=True),
        sa.Column("expires_at", _INSTANT),
        sa.Column("ended_at", _INSTANT),
        sa.Column("assistance_id", sa.Text()),
        sa.Index("account_link_by_subject", "subject", "created_at"),
        sa.CheckConstraint("length(token_sha256) = 32", name="account_link_token_is_a_hash"),
        sqlite_strict=True,
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Index("outbox_by_due_at", "due_at", "id"),
        sqlite_strict=True,
    )


def _create_audit() -> None:
    # No references: the trail outlives the sessions and accounts it speaks of.
    op.create_table(
        "audit",
        sa.Column("number", _NUMBER, sa.Identity(always=True), primary_key=True),
        sa.Column("at", _INSTANT, nullable=False, index=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("session_id", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Index("audit_by_subject", "subject", "at"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    keep_append_only(op.get_bind())


def _create_assistance() -> None:
    op.create_table(
        "assistance",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("number", sa.Text(), nullable=False, unique=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("erase_at", _INSTANT, nullable=False, index=True),
        sa.Column("decided_at", _INSTANT),
        sa.Column("proposed_by", sa.Text()),
        sa.Index("assistance_by_state", "state", "created_at"),
        sqlite_strict=True,
    )
