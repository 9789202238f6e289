"""The landlord's OpenID provider, over OpenID Connect 1.0: code flow with PKCE, userinfo, back-channel logout."""

from gateway.adapters.openid.client import OpenIdClient
from gateway.adapters.openid.questions import Registration

__all__ = ["OpenIdClient", "Registration"]
