"""What settings may not say together. Each check gives the sentence that names the culprits, or None."""

import ipaddress
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from gateway.settings.fields import ErpKind, FreeDocuments, Settings, SmtpSecurity


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
    for name in ("public_url", "account_url", "erp_url", "documents_url", "oidc_issuer"):
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


def _metrics(settings: Settings) -> str | None:
    if settings.metrics_port == settings.port:
        return "GATEWAY_METRICS_PORT is the public one, GATEWAY_PORT: metrics are not for everybody"
    return None


def _ports(settings: Settings) -> str | None:
    if settings.health_port is not None and settings.health_port in (settings.port, settings.metrics_port):
        return "GATEWAY_HEALTH_PORT is taken already, by GATEWAY_PORT or GATEWAY_METRICS_PORT"
    return None


def _connections(settings: Settings) -> str | None:
    if settings.connections_per_address > settings.connections:
        return "GATEWAY_CONNECTIONS_PER_ADDRESS is more than GATEWAY_CONNECTIONS"
    return None


def _registered(settings: Settings) -> str | None:
    if settings.free_documents is FreeDocuments.STAFF and not settings.registered_documents:
        return "GATEWAY_REGISTERED_DOCUMENTS is missing: with GATEWAY_FREE_DOCUMENTS=staff, tenants could ask nothing"
    return None


def _costs(settings: Settings) -> str | None:
    if settings.max_cost > settings.cost_per_minute:
        return "GATEWAY_MAX_COST is higher than GATEWAY_COST_PER_MINUTE: some operations could never run"
    if settings.analyst_max_cost > settings.analyst_cost_per_minute:
        return "GATEWAY_ANALYST_MAX_COST is higher than GATEWAY_ANALYST_COST_PER_MINUTE: some could never run"
    return None


def _lifetimes(settings: Settings) -> str | None:
    if settings.staff_session_idle_minutes > 60 * settings.staff_session_absolute_hours:
        return "GATEWAY_STAFF_SESSION_IDLE_MINUTES is longer than GATEWAY_STAFF_SESSION_ABSOLUTE_HOURS"
    if settings.mobile_session_idle_days > settings.mobile_session_absolute_days:
        return "GATEWAY_MOBILE_SESSION_IDLE_DAYS is longer than GATEWAY_MOBILE_SESSION_ABSOLUTE_DAYS"
    return None


def _mail(settings: Settings) -> str | None:
    if (settings.smtp_user is None) != (settings.smtp_password is None):
        return "GATEWAY_SMTP_USER and GATEWAY_SMTP_PASSWORD are set together or not at all"
    is_open = settings.smtp_security is SmtpSecurity.NONE and is_plain_and_far(f"smtp://{settings.smtp_host}")
    if is_open and not settings.allow_plain_http:
        return "GATEWAY_SMTP_SECURITY=none is for a relay on this machine: letters hold links that open accounts"
    return None


def _sockets(settings: Settings) -> str | None:
    if settings.sockets_per_user > settings.sockets_per_address or settings.sockets_per_address > settings.sockets:
        return "GATEWAY_SOCKETS_PER_USER is more than GATEWAY_SOCKETS_PER_ADDRESS, or that more than GATEWAY_SOCKETS"
    return None


def _staff(settings: Settings) -> str | None:
    client = (settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
    groups = (settings.oidc_advisor_group, settings.oidc_analyst_group, settings.oidc_operator_group)
    if any(client) and not (all(client) and any(groups)):
        return "GATEWAY_OIDC_ISSUER needs GATEWAY_OIDC_CLIENT_ID, GATEWAY_OIDC_CLIENT_SECRET and the group of a role"
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
    _registered,
    _metrics,
    _ports,
    _connections,
    _sockets,
    _costs,
    _lifetimes,
    _mail,
    _staff,
    _versions,
)
