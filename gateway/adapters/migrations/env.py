"""What Alembic runs for a command: the revisions, on the connection that `upgrade` opened and locked."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
