"""Triggers that keep the audit trail as it was written, whoever holds the serving role's password.

A line cannot be changed, and not removed in its first 180 days. Only the owner of the table could drop the triggers:
on PostgreSQL that is another role than the one that serves; a file of SQLite has no roles.
"""

from sqlalchemy import Connection

_SQLITE = (
    """
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is not changed'); END
    """,
    # INSERT OR REPLACE removes the line it replaces without asking the trigger for DELETE.
    """
    CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is not changed'); END
    """,
    """
    CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
    WHEN OLD.at > (CAST(strftime('%s', 'now') AS INTEGER) - 180 * 86400) * 1000000
    BEGIN SELECT RAISE(ABORT, 'the audit trail is kept for 180 days'); END
    """,
)
_POSTGRES = (
    """
    CREATE FUNCTION keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit trail is not changed, and kept for 180 days'
            USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    """
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION keep_audit()
    """,
    """
    CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
    FOR EACH ROW WHEN (OLD.at > now() - interval '4320 hours') EXECUTE FUNCTION keep_audit()
    """,
)


def keep_append_only(connection: Connection) -> None:
    """Creates the triggers on the table `audit`."""
    for statement in _POSTGRES if connection.dialect.name == "postgresql" else _SQLITE:
        connection.exec_driver_sql(statement)
