"""The client of OpenID providers."""
