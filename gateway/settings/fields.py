"""Every setting of the gateway. The name in the environment is the field's, in capitals, after GATEWAY_."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, get_type_hints

from gateway.log import Level
from gateway.settings.kinds import (
    DATABASE,
    FLAG,
    PAGE,
    SECRET_KEY,
    SECRET_TEXT,
    TEXT,
    URL,
    VERSION,
    Kind,
    Secret,
    one_of,
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

    database_url: Annotated[
        Secret[str],
        Setting(DATABASE, "The gateway's own database: a SQLite file for one process, PostgreSQL for more."),
    ]
    database_max_connections: Annotated[
        int, Setting(whole(1, 100), "Connections of this process to PostgreSQL, at most.", "10")
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
    allow_plain_http: Annotated[
        bool,
        Setting(
            FLAG,
            "Whether addresses on other machines may be http; passwords and balances then travel readable.",
            "false",
        ),
    ]

    web_session_idle_minutes: Annotated[
        int, Setting(whole(5, 60), "A web session ends this long after its latest request.", "30")
    ]
    web_session_absolute_hours: Annotated[
        int, Setting(whole(1, 24), "A web session ends this long after its start.", "12")
    ]
    mobile_access_minutes: Annotated[int, Setting(whole(1, 60), "A token of the application is valid this long.", "10")]
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
