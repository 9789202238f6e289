"""Adapters, each against bytes of its own system and against the system itself."""
