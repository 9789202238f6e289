"""The whole store in memory, for tests: what the databases promise, without their files and threads.

What does not wait for anything is not interrupted, so a run of it can be repeated exactly.
"""

from tests.support.memory_store.store import MemoryStore

__all__ = ["MemoryStore"]
