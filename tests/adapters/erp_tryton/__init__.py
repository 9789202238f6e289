"""The adapter for Tryton, mostly against a real Tryton server."""
