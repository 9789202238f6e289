"""Accounts and staff as the settings want them: rules, lifetimes, mail, the way in for staff."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

from gateway.adapters.mail.message import Sender
from gateway.adapters.mail.smtp import SmtpMail, SmtpSecurity, SmtpServer
from gateway.adapters.openid import OpenIdClient, Registration
from gateway.adapters.upstream import Limits, Upstream
from gateway.auth.errands import Postman
from gateway.auth.knocking import Knocking, rules
from gateway.auth.passwords import HashPool
from gateway.auth.sessions import Lifetime, Sessions
from gateway.auth.spent import Spent
from gateway.auth.staff_sign_in import Groups, StaffSignIn
from gateway.auth.tokens import Mint
from gateway.auth.vouching import Vouching
from gateway.domain.access import Channel, Role
from gateway.domain.letter import EmailAddress
from gateway.domain.lockout import LockoutRules
from gateway.domain.password import LANDLORD, NIST
from gateway.domain.renewal import RenewalMode
from gateway.http.admission import Admission
from gateway.http.sources import Sources
from gateway.http.staff import StaffDoor
from gateway.ports.store import Store
from gateway.settings import FreeDocuments, PasswordProfile, Renewal, Settings
from gateway.support.desk import AccountDesk, AccountRules, Foundation
from gateway.telemetry.calls import Calls

_SMTP_SECONDS = 20.0


def system_clock() -> datetime:
    """Now, aware UTC."""
    return datetime.now(UTC)


def lifetimes(settings: Settings) -> Mapping[Channel, Lifetime]:
    """How long sessions of each channel last."""
    staff = Lifetime(
        idle=timedelta(minutes=settings.staff_session_idle_minutes),
        absolute=timedelta(hours=settings.staff_session_absolute_hours),
    )
    return {
        Channel.WEB: Lifetime(
            idle=timedelta(minutes=settings.web_session_idle_minutes),
            absolute=timedelta(hours=settings.web_session_absolute_hours),
        ),
        Channel.MOBILE: Lifetime(
            idle=timedelta(days=settings.mobile_session_idle_days),
            absolute=timedelta(days=settings.mobile_session_absolute_days),
            access=timedelta(minutes=settings.mobile_access_minutes),
        ),
        Channel.DESK: staff,
        Channel.ANALYST_TOOL: staff,
    }


def foundation(settings: Settings, store: Store, owned: AsyncExitStack) -> Foundation:
    """What everything about accounts stands on, over an open `store`; `owned` closes the rest."""
    secret = settings.secret_key.reveal()
    passwords = HashPool()
    owned.callback(passwords.close)
    return Foundation(
        store=store,
        passwords=passwords,
        sessions=Sessions(store, clock=system_clock, mint=Mint(secret), lifetimes=lifetimes(settings)),
        knocking=Knocking(rules(sign_ins=settings.sign_ins_per_minute, requests=settings.requests_per_minute)),
        secret=secret,
        clock=system_clock,
    )


def account_rules(settings: Settings) -> AccountRules:
    """The landlord's decisions about accounts."""
    return AccountRules(
        lockout=LockoutRules(
            sign_in_failures=settings.sign_in_failures,
            recreation_failures=settings.recreation_failures,
            block=timedelta(minutes=settings.block_minutes),
            daily_failures=settings.daily_failures,
        ),
        passwords=NIST if settings.password_profile is PasswordProfile.NIST else LANDLORD,
        renewal=RenewalMode.REQUIRE if settings.renewal_mode is Renewal.REQUIRE else RenewalMode.INVITE,
        landlord_words=(*settings.landlord_name.split(), *settings.landlord_words),
        landlord_phone=settings.landlord_phone,
        letter_domain=settings.mail_from.partition("@")[2],
        assistance_retention=timedelta(days=settings.assistance_retention_days),
        audit_retention=timedelta(days=settings.audit_retention_days),
    )


def postman(settings: Settings) -> Postman:
    """What letters need, and the way to the relay."""
    server = SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=SmtpSecurity(settings.smtp_security.value),
        user=settings.smtp_user,
        password=settings.smtp_password.reveal() if settings.smtp_password else None,
    )
    return Postman(
        mail=SmtpMail(
            server,
            sender=Sender(EmailAddress(settings.mail_from), settings.landlord_name),
            timeout_seconds=_SMTP_SECONDS,
            clock=system_clock,
        ),
        landlord=settings.landlord_name,
        phone=settings.landlord_phone,
        account_url=settings.account_url,
        letter_domain=settings.mail_from.partition("@")[2],
    )


def admission(settings: Settings) -> Admission:
    """Who may send documents that are not registered."""
    is_open = settings.free_documents is FreeDocuments.EVERYONE
    return Admission(is_open=is_open, registered_only=frozenset(settings.registered_only_clients))


def staff_door(
    settings: Settings, desk: AccountDesk, owned: AsyncExitStack, *, calls: Calls | None = None
) -> StaffDoor | None:
    """Where staff come in; None where the landlord has no OpenID provider. `calls` measures those to the provider."""
    if settings.oidc_issuer is None or settings.oidc_client_id is None or settings.oidc_client_secret is None:
        return None
    upstream = Upstream("", limits=Limits(body_bytes=1024 * 1024), calls=calls)
    owned.push_async_callback(upstream.aclose)
    registration = Registration(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.reveal(),
        redirect_uri=f"{settings.public_url}/staff/callback",
        groups_claim=settings.oidc_groups_claim,
    )
    provider = OpenIdClient(upstream, registration=registration, now=system_clock)
    base, groups = desk.foundation, staff_groups(settings)
    sign_in = StaffSignIn(
        provider, base.store, base.sessions, groups, desk.trail, clock=system_clock, spent=Spent(system_clock)
    )
    vouching = Vouching(
        provider, base.store, base.sessions, groups, desk.trail, clock=system_clock, spent=Spent(system_clock)
    )
    return StaffDoor(
        sign_in,
        vouching,
        base.knocking,
        Sources(settings.trusted_proxies),
        deadline_seconds=settings.request_deadline_seconds,
    )


def staff_groups(settings: Settings) -> Groups:
    """The landlord's group for each role."""
    told = {
        Role.ADVISOR: settings.oidc_advisor_group,
        Role.ANALYST: settings.oidc_analyst_group,
        Role.OPERATOR: settings.oidc_operator_group,
    }
    return Groups({role: group for role, group in told.items() if group is not None})
