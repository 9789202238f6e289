"""The store in one SQLite file, for one process: the default where a single gateway is enough.

client: `store`; wire: `rows`; peculiar to SQLite: `lane` (one thread per connection) and `file` (what makes a
file safe to use).
"""

from gateway.adapters.store_sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
