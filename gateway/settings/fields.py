"""Every setting of the gateway. The name in the environment is the field's, in capitals, after GATEWAY_."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, get_type_hints

from gateway.log import Level
from gateway.schema.limits import WARNABLE, Limit
from gateway.settings.kinds import (
    ADDRESS,
    DATABASE,
    FILES,
    FLAG,
    FOLDER,
    NETWORKS,
    ORIGINS,
    PAGE,
    SECRET_KEY,
    SECRET_TEXT,
    TEXT,
    URL,
    VERSION,
    WORDS,
    Kind,
    Network,
    Secret,
    one_of,
    several_of,
    whole,
)

PREFIX = "GATEWAY_"


class Mode(StrEnum):
    """What the gateway is run for."""

    DEMO = "demo"
    PRODUCTION = "production"


class ErpKind(StrEnum):
    """The rental ERP behind the gateway."""

    SOAP = "soap"
    TRYTON = "tryton"


class SmtpSecurity(StrEnum):
    """How the mail relay is spoken to."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class PasswordProfile(StrEnum):
    """Which rules a new password must meet."""

    LANDLORD = "landlord"
    NIST = "nist"


class Renewal(StrEnum):
    """What the anniversary of an account asks for."""

    INVITE = "invite"
    REQUIRE = "require"


class FreeDocuments(StrEnum):
    """Who may send GraphQL documents that are not registered."""

    STAFF = "staff"
    EVERYONE = "everyone"


class StatusPolicy(StrEnum):
    """How “GraphQL over HTTP” is read where its editions differ about statuses."""

    AUDIT = "audit"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Setting:
    """Kind, meaning in a sentence, and the text that counts when none is given; without any, one is required."""

    kind: Kind
    meaning: str
    default: str | None = None
    is_optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings that were read without fault and do not contradict each other."""

    mode: Annotated[Mode, Setting(one_of(Mode), "What the gateway is run for.", "production")]
    host: Annotated[str, Setting(TEXT, "Address to listen on.", "127.0.0.1")]
    port: Annotated[int, Setting(whole(1, 65_535), "Port to listen on.", "8000")]
    public_url: Annotated[str, Setting(URL, "Address of the gateway as browsers see it.")]
    secret_key: Annotated[
        Secret[bytes],
        Setting(
            SECRET_KEY,
            "Key from which those for ids, context tokens and download links are derived; the same for all replicas. "
            "`openssl rand -base64 32` makes one.",
        ),
    ]
    log_level: Annotated[Level, Setting(one_of(Level), "Least important events that are logged.", "info")]
    connections: Annotated[int, Setting(whole(10, 100_000), "Connections at the same time, at most.", "2000")]
    connections_per_address: Annotated[
        int,
        Setting(
            whole(1, 100_000),
            "Connections of one address at the same time, at most, unless it is in GATEWAY_TRUSTED_PROXIES.",
            "200",
        ),
    ]
    head_seconds: Annotated[int, Setting(whole(1, 60), "Time for the head of a request to come.", "5")]
    body_stall_seconds: Annotated[
        int, Setting(whole(1, 60), "A body that brings next to nothing for so long is given up.", "5")
    ]
    write_stall_seconds: Annotated[
        int, Setting(whole(1, 300), "A client that reads next to nothing of its answer for so long is cut off.", "30")
    ]
    idle_connection_seconds: Annotated[
        int,
        Setting(
            whole(1, 300),
            "A connection without a request is kept so long: longer than a proxy in front keeps its own.",
            "75",
        ),
    ]
    busy_operations: Annotated[
        int,
        Setting(
            whole(1, 10_000),
            "From so many operations at the same time on analysts are turned away, from twice as many strangers, from "
            "four times as many all who are not signing in.",
            "16",
        ),
    ]
    sockets: Annotated[int, Setting(whole(1, 100_000), "WebSockets open at the same time, at most.", "2000")]
    sockets_per_address: Annotated[
        int, Setting(whole(1, 10_000), "The same from one address, as far as proxies that are trusted tell it.", "20")
    ]
    sockets_per_user: Annotated[int, Setting(whole(1, 1_000), "The same of one person.", "5")]
    operations_per_socket: Annotated[
        int,
        Setting(
            whole(1, 100),
            "Operations running on one WebSocket, at most; times the sockets, so many streams are open on whatever "
            "connections.",
            "10",
        ),
    ]
    busy_lag_ms: Annotated[
        int,
        Setting(
            whole(10, 10_000),
            "Analysts are turned away, too, when the event loop stays so late, strangers when it is twice as late.",
            "500",
        ),
    ]
    drain_seconds: Annotated[
        int,
        Setting(
            whole(0, 60),
            "When told to end, the gateway says so for so long before it stops listening: longer than a proxy takes "
            "to notice that it is not ready.",
            "2",
        ),
    ]
    health_host: Annotated[str, Setting(TEXT, "Address that `/livez` and `/readyz` are also served at.", "127.0.0.1")]
    health_port: Annotated[
        int | None,
        Setting(
            whole(1, 65_535),
            "Port of their own for these, which answers also while the gateway is busy; none without it.",
            is_optional=True,
        ),
    ]
    metrics_host: Annotated[str, Setting(TEXT, "Address that metrics are served at.", "127.0.0.1")]
    metrics_port: Annotated[
        int | None,
        Setting(
            whole(1, 65_535),
            "Port of their own for metrics, at `/metrics`, to whoever reaches it; without one, none are served.",
            is_optional=True,
        ),
    ]
    otlp_endpoint: Annotated[
        str | None,
        Setting(URL, "Collector that takes traces by OTLP over HTTP; without one, none are made.", is_optional=True),
    ]
    trace_percent: Annotated[int, Setting(whole(1, 100), "Share of operations that are traced.", "100")]

    database_url: Annotated[
        Secret[str],
        Setting(DATABASE, "The gateway's own database: a SQLite file for one process, PostgreSQL for more."),
    ]
    database_max_connections: Annotated[
        int,
        Setting(
            whole(1, 100),
            "Connections of this process to PostgreSQL, at most; one more hears what the other gateways say.",
            "10",
        ),
    ]

    erp_kind: Annotated[ErpKind, Setting(one_of(ErpKind), "The rental ERP.")]
    erp_url: Annotated[str, Setting(URL, "Address of the ERP.")]
    erp_user: Annotated[str, Setting(TEXT, "The gateway's user in the ERP.")]
    erp_password: Annotated[Secret[str], Setting(SECRET_TEXT, "Password of that user.")]
    erp_database: Annotated[str | None, Setting(TEXT, "Name of its database; for Tryton only.", is_optional=True)]
    erp_max_connections: Annotated[int, Setting(whole(1, 64), "Calls to the ERP at the same time, at most.", "4")]
    documents_url: Annotated[
        str | None,
        Setting(URL, "Address of the document store; an ERP without documents needs one.", is_optional=True),
    ]
    documents_key: Annotated[
        Secret[str] | None,
        Setting(SECRET_TEXT, "The gateway's key for the document store.", is_optional=True),
    ]
    documents_max_connections: Annotated[
        int, Setting(whole(1, 64), "Calls to the document store at the same time, at most.", "8")
    ]
    request_deadline_seconds: Annotated[
        int, Setting(whole(1, 60), "Time for one request, with all that it asks of others.", "8")
    ]
    analyst_deadline_seconds: Annotated[
        int, Setting(whole(1, 300), "The same for analysts and operators, as all that is said of analysts here.", "60")
    ]
    max_depth: Annotated[int, Setting(whole(8, 40), "Fields below each other in a document.", "10")]
    analyst_max_depth: Annotated[int, Setting(whole(8, 40), "The same for analysts.", "12")]
    max_cost: Annotated[
        int,
        Setting(whole(100, 100_000), "Cost of one operation: an object counts 1, times the sizes of lists.", "1000"),
    ]
    analyst_max_cost: Annotated[int, Setting(whole(100, 1_000_000), "The same for analysts.", "20000")]
    cost_per_minute: Annotated[
        int,
        Setting(
            whole(100, 1_000_000_000), "Cost of all that one person, or one stranger's address, asks a minute.", "30000"
        ),
    ]
    analyst_cost_per_minute: Annotated[int, Setting(whole(100, 1_000_000_000), "The same for analysts.", "300000")]
    max_nodes: Annotated[int, Setting(whole(100, 100_000), "Objects and other items of lists in one answer.", "5000")]
    analyst_max_nodes: Annotated[int, Setting(whole(100, 1_000_000), "The same for analysts.", "100000")]
    max_answer_kilobytes: Annotated[int, Setting(whole(10, 20_000), "Size of one answer.", "2000")]
    analyst_max_answer_kilobytes: Annotated[int, Setting(whole(10, 100_000), "The same for analysts.", "20000")]
    limits_warn_only: Annotated[
        tuple[Limit, ...],
        Setting(
            several_of(WARNABLE),
            "Limits that refuse nothing: what exceeds them is counted in `gateway_limits_exceeded_total`. Those that "
            "keep the process alive are not among them.",
            "",
            is_optional=True,
        ),
    ]
    allow_plain_http: Annotated[
        bool,
        Setting(
            FLAG,
            "Whether addresses on other machines may be http; passwords and balances then travel readable.",
            "false",
        ),
    ]

    registered_documents: Annotated[
        tuple[Path, ...],
        Setting(
            FILES,
            "Manifests of the documents that the landlord's clients send: Apollo's, the client preset's or Relay's. "
            "Read again when they change, and on SIGHUP.",
            "",
            is_optional=True,
        ),
    ]
    free_documents: Annotated[
        FreeDocuments, Setting(one_of(FreeDocuments), "Who may send documents that are not registered.", "staff")
    ]
    client_names: Annotated[
        tuple[str, ...],
        Setting(
            WORDS,
            "Names in the header apollographql-client-name that are told apart in figures and logs.",
            "web,android,ios,graphiql",
        ),
    ]
    registered_only_clients: Annotated[
        tuple[str, ...],
        Setting(
            WORDS,
            "Clients by that header that get no free documents, staff's neither: it shows a wrong build, and keeps "
            "nobody out.",
            "",
            is_optional=True,
        ),
    ]
    status_policy: Annotated[
        StatusPolicy,
        Setting(
            one_of(StatusPolicy),
            "HTTP statuses as the audit suite of GraphQL over HTTP wants them, or as its edition of September 2026.",
            "audit",
        ),
    ]
    graphiql: Annotated[
        bool, Setting(FLAG, "Whether analysts and operators have GraphiQL at `/graphiql`; in the demo, all.", "true")
    ]
    graphiql_queries: Annotated[
        Path | None,
        Setting(
            FOLDER,
            "Folder with the landlord's own saved queries, `.graphql` files that begin with a title in a comment.",
            is_optional=True,
        ),
    ]

    landlord_name: Annotated[str, Setting(TEXT, "The landlord's name, as letters to tenants give it.")]
    landlord_phone: Annotated[str, Setting(TEXT, "Telephone that anybody may call, as letters and refusals give it.")]
    landlord_words: Annotated[
        tuple[str, ...],
        Setting(WORDS, "Names and towns of the landlord that no password may be built on.", "", is_optional=True),
    ]
    account_url: Annotated[
        str,
        Setting(URL, "Page of the front end on which mailed links land; the link's token follows after a #."),
    ]
    allowed_origins: Annotated[
        tuple[str, ...],
        Setting(ORIGINS, "Origins of pages, beside the public one, that may send requests.", "", is_optional=True),
    ]
    trusted_proxies: Annotated[
        tuple[Network, ...],
        Setting(NETWORKS, "Proxies whose X-Forwarded-For is believed.", "", is_optional=True),
    ]

    smtp_host: Annotated[str, Setting(TEXT, "Mail relay.")]
    smtp_port: Annotated[int, Setting(whole(1, 65_535), "Its port.", "587")]
    smtp_security: Annotated[SmtpSecurity, Setting(one_of(SmtpSecurity), "How the relay is spoken to.", "starttls")]
    smtp_user: Annotated[str | None, Setting(TEXT, "User at the relay, if it wants one.", is_optional=True)]
    smtp_password: Annotated[Secret[str] | None, Setting(SECRET_TEXT, "Password of that user.", is_optional=True)]
    mail_from: Annotated[str, Setting(ADDRESS, "Address that letters to tenants come from.")]

    sign_in_failures: Annotated[int, Setting(whole(1, 5), "Wrong passwords after which none is checked any more.", "3")]
    recreation_failures: Annotated[
        int, Setting(whole(1, 5), "Failed attempts to choose a new password after which the account is blocked.", "3")
    ]
    block_minutes: Annotated[int, Setting(whole(1, 60), "A block opens by itself after this long.", "10")]
    daily_failures: Annotated[
        int, Setting(whole(3, 24), "Wrong passwords a day that are checked for one account and device.", "24")
    ]
    sign_ins_per_minute: Annotated[
        int,
        Setting(
            whole(1, 100_000), "Sign-ins a minute from one address; networks and all together in proportion.", "60"
        ),
    ]
    requests_per_minute: Annotated[
        int,
        Setting(
            whole(1, 100_000), "Requests for links or assistance a minute from one address, in the same way.", "10"
        ),
    ]
    password_profile: Annotated[
        PasswordProfile,
        Setting(
            one_of(PasswordProfile),
            "The landlord's published rules for passwords, or those of NIST SP 800-63B.",
            "landlord",
        ),
    ]
    renewal_mode: Annotated[
        Renewal, Setting(one_of(Renewal), "Whether the yearly renewal is an invitation or an obligation.", "invite")
    ]
    audit_retention_days: Annotated[
        int, Setting(whole(180, 1_095), "Lines of the audit trail are kept this long.", "365")
    ]
    assistance_retention_days: Annotated[
        int, Setting(whole(1, 90), "What an assistance request tells is erased this long after its end.", "30")
    ]

    oidc_issuer: Annotated[
        str | None, Setting(URL, "The staff's OpenID provider; without one, staff cannot sign in.", is_optional=True)
    ]
    oidc_client_id: Annotated[str | None, Setting(TEXT, "The gateway's name at the provider.", is_optional=True)]
    oidc_client_secret: Annotated[
        Secret[str] | None, Setting(SECRET_TEXT, "The gateway's secret at the provider.", is_optional=True)
    ]
    oidc_groups_claim: Annotated[str, Setting(TEXT, "Claim that lists a person's groups.", "groups")]
    oidc_advisor_group: Annotated[str | None, Setting(TEXT, "Group of the advisors.", is_optional=True)]
    oidc_analyst_group: Annotated[str | None, Setting(TEXT, "Group of the analysts.", is_optional=True)]
    oidc_operator_group: Annotated[str | None, Setting(TEXT, "Group of the operators.", is_optional=True)]

    web_session_idle_minutes: Annotated[
        int, Setting(whole(5, 60), "A web session ends this long after its latest request.", "30")
    ]
    web_session_absolute_hours: Annotated[
        int, Setting(whole(1, 24), "A web session ends this long after its start.", "12")
    ]
    mobile_access_minutes: Annotated[int, Setting(whole(1, 60), "A token of the application is valid this long.", "10")]
    mobile_session_idle_days: Annotated[
        int, Setting(whole(1, 30), "A session of the application ends this long after its latest request.", "30")
    ]
    mobile_session_absolute_days: Annotated[
        int, Setting(whole(1, 90), "A session of the application ends this long after its start.", "90")
    ]
    staff_session_idle_minutes: Annotated[
        int, Setting(whole(5, 720), "A session of staff ends this long after its latest request.", "15")
    ]
    staff_session_absolute_hours: Annotated[
        int, Setting(whole(1, 12), "A session of staff ends this long after its start.", "8")
    ]

    android_latest: Annotated[str, Setting(VERSION, "Latest version of the Android application.")]
    android_minimum: Annotated[str, Setting(VERSION, "Oldest version of the Android application that is still served.")]
    android_store_url: Annotated[str, Setting(PAGE, "Page of the Android application in its store.")]
    ios_latest: Annotated[str, Setting(VERSION, "Latest version of the iOS application.")]
    ios_minimum: Annotated[str, Setting(VERSION, "Oldest version of the iOS application that is still served.")]
    ios_store_url: Annotated[str, Setting(PAGE, "Page of the iOS application in its store.")]


def described() -> dict[str, Setting]:
    """Every setting by its name in the environment, in the order of the manual."""
    hints = get_type_hints(Settings, include_extras=True)
    return {PREFIX + name.upper(): hint.__metadata__[0] for name, hint in hints.items()}
