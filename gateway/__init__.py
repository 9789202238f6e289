"""The tenant gateway: one graph over the systems a social landlord already has."""

__version__ = "0.1.0"
"""Of the distribution, also where it runs from its sources."""
