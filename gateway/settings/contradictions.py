"""What settings may not say together. Each check gives the sentence that names the culprits, or None."""

import ipaddress
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from gateway.settings.fields import ErpKind, Settings


def _erp_database(settings: Settings) -> str | None:
    if settings.erp_kind is ErpKind.TRYTON and settings.erp_database is None:
        return "GATEWAY_ERP_DATABASE is missing: GATEWAY_ERP_KIND=tryton needs it"
    if settings.erp_kind is not ErpKind.TRYTON and settings.erp_database is not None:
        return "GATEWAY_ERP_DATABASE is for GATEWAY_ERP_KIND=tryton only"
    return None


def _documents(settings: Settings) -> str | None:
    if settings.erp_kind is ErpKind.SOAP and settings.documents_url is None:
        return "GATEWAY_DOCUMENTS_URL is missing: an ERP of GATEWAY_ERP_KIND=soap has no documents of its own"
    if (settings.documents_url is None) != (settings.documents_key is None):
        return "GATEWAY_DOCUMENTS_URL and GATEWAY_DOCUMENTS_KEY are set together or not at all"
    return None


def _plain_http(settings: Settings) -> str | None:
    if settings.allow_plain_http:
        return None
    for name in ("public_url", "erp_url", "documents_url"):
        url = getattr(settings, name)
        if url is not None and is_plain_and_far(url):
            return f"GATEWAY_{name.upper()} must be https: http is for this machine, or GATEWAY_ALLOW_PLAIN_HTTP"
    return None


def is_plain_and_far(url: str) -> bool:
    """Whether what is sent to `url` leaves this machine readable."""
    parts = urlsplit(url)
    if parts.scheme == "https" or parts.hostname == "localhost":
        return False
    try:
        return not ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return True


def _lifetimes(settings: Settings) -> str | None:
    if settings.staff_session_idle_minutes > 60 * settings.staff_session_absolute_hours:
        return "GATEWAY_STAFF_SESSION_IDLE_MINUTES is longer than GATEWAY_STAFF_SESSION_ABSOLUTE_HOURS"
    return None


def _versions(settings: Settings) -> str | None:
    for platform in ("android", "ios"):
        minimum, latest = (getattr(settings, f"{platform}_{which}") for which in ("minimum", "latest"))
        if _numbers(minimum) > _numbers(latest):
            return f"GATEWAY_{platform.upper()}_MINIMUM is newer than GATEWAY_{platform.upper()}_LATEST"
    return None


def _numbers(version: str) -> tuple[int, ...]:
    numbers = tuple(map(int, version.split(".")))
    return numbers + (0,) * (4 - len(numbers))


CONTRADICTIONS: Sequence[Callable[[Settings], str | None]] = (
    _erp_database,
    _documents,
    _plain_http,
    _lifetimes,
    _versions,
)
