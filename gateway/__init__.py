"""The tenant gateway: one graph over the systems a social landlord already has."""
