"""The store in one SQLite file, for one process: the default where a single gateway is enough.

client: `store`, and a module for each concept that it keeps; wire: `rows`; peculiar to SQLite: `lane` (one thread per
connection), `writer` (one transaction at a time) and `file` (what makes a file safe to use).
"""

from gateway.adapters.store_sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
