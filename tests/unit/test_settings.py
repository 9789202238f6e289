"""Settings are read once; the first fault stops the start with one sentence that names it."""

import base64
import ipaddress
from pathlib import Path

import pytest

from gateway.log import Level
from gateway.schema.limits import WARNABLE
from gateway.settings import (
    ErpKind,
    FreeDocuments,
    Mode,
    PasswordProfile,
    Renewal,
    Secret,
    Settings,
    SettingsError,
    SmtpSecurity,
    StatusPolicy,
    load,
    manual,
)
from gateway.settings.fields import described

ROOT = Path(__file__).parents[2]
KEY = bytes(range(32))
DEMO = {
    "GATEWAY_MODE": "demo",
    "GATEWAY_PUBLIC_URL": "http://127.0.0.1:8000/",
    "GATEWAY_SECRET_KEY": base64.b64encode(KEY).decode(),
    "GATEWAY_DATABASE_URL": "sqlite:///.demo/gateway.db",
    "GATEWAY_ERP_KIND": "soap",
    "GATEWAY_ERP_URL": "http://127.0.0.1:8081/erp",
    "GATEWAY_ERP_USER": "GATEWAY",
    "GATEWAY_ERP_PASSWORD": "erp-s3cret",
    "GATEWAY_DOCUMENTS_URL": "http://localhost:8082",
    "GATEWAY_DOCUMENTS_KEY": "documents-s3cret",
    "GATEWAY_FREE_DOCUMENTS": "everyone",
    "GATEWAY_LANDLORD_NAME": "Habitat Mosellan",
    "GATEWAY_LANDLORD_PHONE": "03 53 01 00 57",
    "GATEWAY_ACCOUNT_URL": "http://127.0.0.1:8000/choose-password",
    "GATEWAY_SMTP_HOST": "127.0.0.1",
    "GATEWAY_SMTP_SECURITY": "none",
    "GATEWAY_MAIL_FROM": "ne-pas-repondre@habitat-mosellan.example.org",
    "GATEWAY_ANDROID_LATEST": "4.2.0",
    "GATEWAY_ANDROID_MINIMUM": "4.0",
    "GATEWAY_ANDROID_STORE_URL": "https://store.example.org/apps/details?id=org.example.tenant",
    "GATEWAY_IOS_LATEST": "4.2.1",
    "GATEWAY_IOS_MINIMUM": "4.2.1",
    "GATEWAY_IOS_STORE_URL": "https://store.example.org/app/id570000000",
}
OPTIONAL_SECRETS = {
    "GATEWAY_SMTP_USER": "gateway",
    "GATEWAY_SMTP_PASSWORD": "smtp-s3cret",
    "GATEWAY_OIDC_ISSUER": "https://login.example.org",
    "GATEWAY_OIDC_CLIENT_ID": "gateway",
    "GATEWAY_OIDC_CLIENT_SECRET": "oidc-s3cret",
    "GATEWAY_OIDC_ADVISOR_GROUP": "conseillers",
}
FULL = DEMO | OPTIONAL_SECRETS
"""A relay that wants a password and a provider for the staff, besides."""

SECRETS = [name for name, setting in described().items() if setting.kind.is_secret]


def refusal(environ: dict[str, str]) -> str:
    """The sentence that stops the start."""
    with pytest.raises(SettingsError) as raised:
        load(environ)
    return str(raised.value)


def without(name: str) -> dict[str, str]:
    """The settings of the demo but one."""
    return {other: text for other, text in DEMO.items() if other != name}


def test_settings_come_typed_from_the_environment() -> None:
    """With the documented defaults where nothing is said; other programs' variables do not matter."""
    settings = load(DEMO | {"PATH": "/usr/bin", "GATEWAY_DEMO_DIR": ".demo"})

    assert settings == Settings(
        mode=Mode.DEMO,
        host="127.0.0.1",
        port=8000,
        public_url="http://127.0.0.1:8000",
        secret_key=Secret(KEY),
        log_level=Level.INFO,
        metrics_host="127.0.0.1",
        metrics_port=None,
        otlp_endpoint=None,
        trace_percent=100,
        database_url=Secret("sqlite:///.demo/gateway.db"),
        database_max_connections=10,
        erp_kind=ErpKind.SOAP,
        erp_url="http://127.0.0.1:8081/erp",
        erp_user="GATEWAY",
        erp_password=Secret("erp-s3cret"),
        erp_database=None,
        erp_max_connections=4,
        documents_url="http://localhost:8082",
        documents_key=Secret("documents-s3cret"),
        documents_max_connections=8,
        request_deadline_seconds=8,
        connections=2000,
        connections_per_address=200,
        head_seconds=5,
        body_stall_seconds=5,
        write_stall_seconds=30,
        idle_connection_seconds=75,
        sockets=2000,
        sockets_per_address=20,
        sockets_per_user=5,
        operations_per_socket=10,
        busy_operations=16,
        busy_lag_ms=500,
        drain_seconds=2,
        health_host="127.0.0.1",
        health_port=None,
        analyst_deadline_seconds=60,
        max_depth=10,
        analyst_max_depth=12,
        max_cost=1000,
        analyst_max_cost=20000,
        cost_per_minute=30000,
        analyst_cost_per_minute=300000,
        max_nodes=5000,
        analyst_max_nodes=100000,
        max_answer_kilobytes=2000,
        analyst_max_answer_kilobytes=20000,
        limits_warn_only=(),
        allow_plain_http=False,
        registered_documents=(),
        free_documents=FreeDocuments.EVERYONE,
        client_names=("web", "android", "ios", "graphiql"),
        registered_only_clients=(),
        status_policy=StatusPolicy.AUDIT,
        graphiql=True,
        graphiql_queries=None,
        landlord_name="Habitat Mosellan",
        landlord_phone="03 53 01 00 57",
        landlord_words=(),
        account_url="http://127.0.0.1:8000/choose-password",
        allowed_origins=(),
        trusted_proxies=(),
        smtp_host="127.0.0.1",
        smtp_port=587,
        smtp_security=SmtpSecurity.NONE,
        smtp_user=None,
        smtp_password=None,
        mail_from="ne-pas-repondre@habitat-mosellan.example.org",
        sign_in_failures=3,
        recreation_failures=3,
        block_minutes=10,
        daily_failures=24,
        sign_ins_per_minute=60,
        requests_per_minute=10,
        password_profile=PasswordProfile.LANDLORD,
        renewal_mode=Renewal.INVITE,
        audit_retention_days=365,
        assistance_retention_days=30,
        oidc_issuer=None,
        oidc_client_id=None,
        oidc_client_secret=None,
        oidc_groups_claim="groups",
        oidc_advisor_group=None,
        oidc_analyst_group=None,
        oidc_operator_group=None,
        web_session_idle_minutes=30,
        web_session_absolute_hours=12,
        mobile_access_minutes=10,
        mobile_session_idle_days=30,
        mobile_session_absolute_days=90,
        staff_session_idle_minutes=15,
        staff_session_absolute_hours=8,
        android_latest="4.2.0",
        android_minimum="4.0",
        android_store_url="https://store.example.org/apps/details?id=org.example.tenant",
        ios_latest="4.2.1",
        ios_minimum="4.2.1",
        ios_store_url="https://store.example.org/app/id570000000",
    )


@pytest.mark.parametrize(
    "name", [name for name, setting in described().items() if name in DEMO and setting.default is None]
)
def test_a_missing_setting_is_named(name: str) -> None:
    """An empty one is a missing one."""
    assert name in refusal(without(name))
    assert name in refusal(without(name) | {name: ""})


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("GATEWAY_DOCUMENT_URL", "GATEWAY_DOCUMENT_URL is not a setting; did you mean GATEWAY_DOCUMENTS_URL?"),
        ("GATEWAY_PORT_FILE", "GATEWAY_PORT_FILE is not a setting; did you mean GATEWAY_PORT?"),
        ("GATEWAY_XYZZY", "GATEWAY_XYZZY is not a setting"),
    ],
)
def test_an_unknown_setting_stops_the_start(name: str, sentence: str) -> None:
    """A misspelt limit must not be a limit that is off; only secrets come from files."""
    assert refusal(DEMO | {name: "1"}) == sentence


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("GATEWAY_MODE", "prod", "GATEWAY_MODE must be demo or production"),
        ("GATEWAY_MODE", "DEMO", "GATEWAY_MODE must be demo or production"),
        ("GATEWAY_PORT", "0", "GATEWAY_PORT must be a whole number from 1 to 65535"),
        ("GATEWAY_PORT", "65536", "GATEWAY_PORT must be a whole number from 1 to 65535"),
        ("GATEWAY_PORT", "8e3", "GATEWAY_PORT must be a whole number from 1 to 65535"),
        ("GATEWAY_PORT", "-1", "GATEWAY_PORT must be a whole number from 1 to 65535"),
        ("GATEWAY_PORT", "٨٠", "GATEWAY_PORT must be a whole number from 1 to 65535"),
        ("GATEWAY_PORT", "9" * 5000, "GATEWAY_PORT must be a whole number from 1 to 65535"),
        ("GATEWAY_HOST", "127.0.0.1\n", "GATEWAY_HOST must be a text"),
        ("GATEWAY_ALLOW_PLAIN_HTTP", "yes", "GATEWAY_ALLOW_PLAIN_HTTP must be true or false"),
        ("GATEWAY_GRAPHIQL_QUERIES", "nowhere/at/all", "GATEWAY_GRAPHIQL_QUERIES must be the path of a folder"),
        ("GATEWAY_LOG_LEVEL", "trace", "GATEWAY_LOG_LEVEL must be debug or info or warning or error"),
        ("GATEWAY_IOS_LATEST", "4.2-rc1", "GATEWAY_IOS_LATEST must be a version like 4.2.0"),
        ("GATEWAY_IOS_STORE_URL", "http://store.example.org", "GATEWAY_IOS_STORE_URL must be an https address"),
        (
            "GATEWAY_WEB_SESSION_IDLE_MINUTES",
            "4",
            "GATEWAY_WEB_SESSION_IDLE_MINUTES must be a whole number from 5 to 60",
        ),
        ("GATEWAY_SIGN_IN_FAILURES", "0", "GATEWAY_SIGN_IN_FAILURES must be a whole number from 1 to 5"),
        ("GATEWAY_SIGN_IN_FAILURES", "6", "GATEWAY_SIGN_IN_FAILURES must be a whole number from 1 to 5"),
        ("GATEWAY_RECREATION_FAILURES", "-1", "GATEWAY_RECREATION_FAILURES must be a whole number from 1 to 5"),
        ("GATEWAY_BLOCK_MINUTES", "0", "GATEWAY_BLOCK_MINUTES must be a whole number from 1 to 60"),
        ("GATEWAY_DAILY_FAILURES", "25", "GATEWAY_DAILY_FAILURES must be a whole number from 3 to 24"),
        ("GATEWAY_SIGN_INS_PER_MINUTE", "0", "GATEWAY_SIGN_INS_PER_MINUTE must be a whole number from 1 to 100000"),
        ("GATEWAY_AUDIT_RETENTION_DAYS", "179", "GATEWAY_AUDIT_RETENTION_DAYS must be a whole number from 180 to 1095"),
        (
            "GATEWAY_ASSISTANCE_RETENTION_DAYS",
            "91",
            "GATEWAY_ASSISTANCE_RETENTION_DAYS must be a whole number from 1 to 90",
        ),
        ("GATEWAY_FREE_DOCUMENTS", "nobody", "GATEWAY_FREE_DOCUMENTS must be staff or everyone"),
        ("GATEWAY_STATUS_POLICY", "spec", "GATEWAY_STATUS_POLICY must be audit or draft"),
        ("GATEWAY_RENEWAL_MODE", "REQUIRE", "GATEWAY_RENEWAL_MODE must be invite or require"),
        ("GATEWAY_PASSWORD_PROFILE", "none", "GATEWAY_PASSWORD_PROFILE must be landlord or nist"),
        ("GATEWAY_SMTP_SECURITY", "ssl", "GATEWAY_SMTP_SECURITY must be none or starttls or tls"),
        *(
            (
                "GATEWAY_LIMITS_WARN_ONLY",
                text,
                f"GATEWAY_LIMITS_WARN_ONLY must be some of {', '.join(sorted(WARNABLE))}, separated by commas",
            )
            for text in ("tokens", "depth, nodes", "all", "selections,cost")
        ),
    ],
)
def test_a_value_of_another_kind_is_refused(name: str, text: str, sentence: str) -> None:
    """The sentence says what it must be."""
    assert refusal(DEMO | {name: text}) == sentence


@pytest.mark.parametrize(
    "url",
    [
        "erp.example.org",
        "ftp://erp.example.org",
        "https://",
        "https://user:hunter2@erp.example.org",
        "https://erp.example.org?key=hunter2",
        "https://erp.example.org#hunter2",
        "https://erp.example.org:hunter2",
        "https://erp.example.org:0",
        "https://erp.example.org/\t",
        "https://[::1",
    ],
)
def test_an_address_is_only_an_address(url: str) -> None:
    """A password in it would be logged by half the world; it is not repeated here either."""
    expected = "GATEWAY_ERP_URL must be an http or https address without user, query or fragment"

    assert refusal(DEMO | {"GATEWAY_ERP_URL": url}) == expected


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(KEY).decode(),
        base64.urlsafe_b64encode(KEY).decode().rstrip("="),
        KEY.hex(),
        KEY.hex().upper(),
    ],
)
def test_the_key_is_read_in_every_usual_spelling(text: str) -> None:
    """As openssl, python or a secret store print it."""
    assert load(DEMO | {"GATEWAY_SECRET_KEY": text}).secret_key.reveal() == KEY


@pytest.mark.parametrize("text", ["hunter2", KEY[:31].hex(), base64.b64encode(KEY[:31]).decode(), "é" * 64, "A"])
def test_a_key_that_can_be_guessed_is_refused(text: str) -> None:
    """At least 32 bytes; the sentence does not repeat it."""
    expected = "GATEWAY_SECRET_KEY must be at least 32 random bytes in base64 or hexadecimal"

    assert refusal(DEMO | {"GATEWAY_SECRET_KEY": text}) == expected


@pytest.mark.parametrize(
    ("url", "is_fine"),
    [
        ("sqlite:///gateway.db", True),
        ("sqlite:////srv/gateway.db", True),
        ("postgresql://gateway:hunter2@db.example.org:5432/gateway?sslmode=verify-full", True),
        ("sqlite://", False),
        ("sqlite:///", False),
        ("mysql://gateway:hunter2@db/gateway", False),
        ("gateway.db", False),
    ],
)
def test_the_database_is_one_of_two(url: str, is_fine: bool) -> None:
    """The sentence does not repeat the password."""
    environ = DEMO | {"GATEWAY_DATABASE_URL": url}

    if is_fine:
        assert load(environ).database_url.reveal() == url
    else:
        expected = "GATEWAY_DATABASE_URL must be sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
        assert refusal(environ) == expected


@pytest.mark.parametrize(
    "text",
    ["", "*", "example.org", "https://example.org/", "https://example.org/path", "https://example.org,*", "null"],
)
def test_an_origin_is_a_scheme_and_a_host(text: str) -> None:
    """Nothing that a browser would not send; nothing at all is the default."""
    expected = "GATEWAY_ALLOWED_ORIGINS must be origins like https://account.example.org, separated by commas"

    if text:
        assert refusal(DEMO | {"GATEWAY_ALLOWED_ORIGINS": text}) == expected
    else:
        assert load(DEMO | {"GATEWAY_ALLOWED_ORIGINS": text}).allowed_origins == ()


@pytest.mark.parametrize(
    "text", ["*", "0.0.0.0/0", "::/0", "10.1.2.3/24", "proxy.example.org", "10.0.0.0/8 172.16.0.0/12"]
)
def test_proxies_are_named_by_their_network(text: str) -> None:
    """Whoever believes everybody believes the attacker."""
    expected = "GATEWAY_TRUSTED_PROXIES must be networks like 10.1.2.0/24, separated by commas"

    assert refusal(DEMO | {"GATEWAY_TRUSTED_PROXIES": text}) == expected


def test_whoever_takes_registered_documents_only_has_some() -> None:
    """Otherwise tenants could ask nothing; staff's free ones are the default."""
    needed = "GATEWAY_REGISTERED_DOCUMENTS is missing: with GATEWAY_FREE_DOCUMENTS=staff, tenants could ask nothing"

    production = without("GATEWAY_FREE_DOCUMENTS")

    assert refusal(production) == needed
    assert load(production | {"GATEWAY_REGISTERED_DOCUMENTS": "web.json"}).free_documents is FreeDocuments.STAFF


def test_lists_are_separated_by_commas() -> None:
    """Spaces around them do not matter, nor does one comma too many."""
    lists = {
        "GATEWAY_LANDLORD_WORDS": "habitat, mosellan,metz,",
        "GATEWAY_ALLOWED_ORIGINS": "https://a.example.org, https://b.example.org:8443",
        "GATEWAY_TRUSTED_PROXIES": "10.1.2.0/24 , 192.0.2.7,2001:db8::/64",
        "GATEWAY_REGISTERED_DOCUMENTS": "web.json, manifests/ios.json",
    }

    settings = load(DEMO | lists)

    assert settings.landlord_words == ("habitat", "mosellan", "metz")
    assert settings.allowed_origins == ("https://a.example.org", "https://b.example.org:8443")
    assert settings.registered_documents == (Path("web.json"), Path("manifests/ios.json"))
    assert settings.trusted_proxies == tuple(
        map(ipaddress.ip_network, ("10.1.2.0/24", "192.0.2.7/32", "2001:db8::/64"))
    )


@pytest.mark.parametrize(
    "text", ["clerk", "clerk@localhost", "Clerk <clerk@example.org>", "a@example.org,b@example.org"]
)
def test_letters_come_from_one_address(text: str) -> None:
    """Without a name beside it: that is the landlord's."""
    assert refusal(DEMO | {"GATEWAY_MAIL_FROM": text}) == "GATEWAY_MAIL_FROM must be an e-mail address"


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_can_come_from_a_file(name: str, tmp_path: Path) -> None:
    """As Docker and Kubernetes hand them over; a line break at the end is not part of it."""
    file = tmp_path / "secret"
    file.write_text(f"{FULL[name]}\n")
    others = {other: text for other, text in FULL.items() if other != name}

    settings = load(others | {f"{name}_FILE": str(file)})

    assert settings == load(FULL)


def test_a_secret_comes_from_one_place() -> None:
    """Otherwise nobody knows which of the two counts."""
    environ = DEMO | {"GATEWAY_SECRET_KEY_FILE": "/run/secrets/key"}

    assert refusal(environ) == "GATEWAY_SECRET_KEY and GATEWAY_SECRET_KEY_FILE are both set: keep one"


def test_an_empty_secret_does_not_contradict_its_file(tmp_path: Path) -> None:
    """Compose files pass on what is not set as an empty text."""
    file = tmp_path / "secret"
    file.write_text(DEMO["GATEWAY_SECRET_KEY"])

    settings = load(DEMO | {"GATEWAY_SECRET_KEY": "", "GATEWAY_SECRET_KEY_FILE": str(file)})

    assert settings.secret_key.reveal() == KEY


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Missing, a directory, or no text."""
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")
    expected = "GATEWAY_SECRET_KEY_FILE names a file that cannot be read as text"

    for path in (tmp_path / "missing", tmp_path, binary):
        assert refusal(without("GATEWAY_SECRET_KEY") | {"GATEWAY_SECRET_KEY_FILE": str(path)}) == expected


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"GATEWAY_ERP_KIND": "tryton"},
            "GATEWAY_ERP_DATABASE is missing: GATEWAY_ERP_KIND=tryton needs it",
        ),
        (
            {"GATEWAY_HEALTH_PORT": "8000"},
            "GATEWAY_HEALTH_PORT is taken already, by GATEWAY_PORT or GATEWAY_METRICS_PORT",
        ),
        (
            {"GATEWAY_HEALTH_PORT": "9000", "GATEWAY_METRICS_PORT": "9000"},
            "GATEWAY_HEALTH_PORT is taken already, by GATEWAY_PORT or GATEWAY_METRICS_PORT",
        ),
        (
            {"GATEWAY_CONNECTIONS": "10", "GATEWAY_CONNECTIONS_PER_ADDRESS": "11"},
            "GATEWAY_CONNECTIONS_PER_ADDRESS is more than GATEWAY_CONNECTIONS",
        ),
        (
            {"GATEWAY_METRICS_PORT": "8000"},
            "GATEWAY_METRICS_PORT is the public one, GATEWAY_PORT: metrics are not for everybody",
        ),
        ({"GATEWAY_ERP_DATABASE": "erp"}, "GATEWAY_ERP_DATABASE is for GATEWAY_ERP_KIND=tryton only"),
        (
            {"GATEWAY_DOCUMENTS_URL": ""},
            "GATEWAY_DOCUMENTS_URL is missing: an ERP of GATEWAY_ERP_KIND=soap has no documents of its own",
        ),
        (
            {"GATEWAY_DOCUMENTS_KEY": ""},
            "GATEWAY_DOCUMENTS_URL and GATEWAY_DOCUMENTS_KEY are set together or not at all",
        ),
        (
            {"GATEWAY_ANDROID_MINIMUM": "4.2.0.1"},
            "GATEWAY_ANDROID_MINIMUM is newer than GATEWAY_ANDROID_LATEST",
        ),
        ({"GATEWAY_IOS_MINIMUM": "4.10"}, "GATEWAY_IOS_MINIMUM is newer than GATEWAY_IOS_LATEST"),
        (
            {"GATEWAY_STAFF_SESSION_IDLE_MINUTES": "61", "GATEWAY_STAFF_SESSION_ABSOLUTE_HOURS": "1"},
            "GATEWAY_STAFF_SESSION_IDLE_MINUTES is longer than GATEWAY_STAFF_SESSION_ABSOLUTE_HOURS",
        ),
        (
            {"GATEWAY_MOBILE_SESSION_IDLE_DAYS": "8", "GATEWAY_MOBILE_SESSION_ABSOLUTE_DAYS": "7"},
            "GATEWAY_MOBILE_SESSION_IDLE_DAYS is longer than GATEWAY_MOBILE_SESSION_ABSOLUTE_DAYS",
        ),
        *(
            (
                changes,
                "GATEWAY_SOCKETS_PER_USER is more than GATEWAY_SOCKETS_PER_ADDRESS, or that more than GATEWAY_SOCKETS",
            )
            for changes in ({"GATEWAY_SOCKETS_PER_USER": "21"}, {"GATEWAY_SOCKETS": "19"})
        ),
        (
            {"GATEWAY_MAX_COST": "30001"},
            "GATEWAY_MAX_COST is higher than GATEWAY_COST_PER_MINUTE: some operations could never run",
        ),
        (
            {"GATEWAY_ANALYST_COST_PER_MINUTE": "19999"},
            "GATEWAY_ANALYST_MAX_COST is higher than GATEWAY_ANALYST_COST_PER_MINUTE: some could never run",
        ),
        (
            {"GATEWAY_SMTP_USER": "gateway"},
            "GATEWAY_SMTP_USER and GATEWAY_SMTP_PASSWORD are set together or not at all",
        ),
        (
            {"GATEWAY_SMTP_PASSWORD": "hunter2"},
            "GATEWAY_SMTP_USER and GATEWAY_SMTP_PASSWORD are set together or not at all",
        ),
        (
            {"GATEWAY_SMTP_HOST": "relay.example.org"},
            "GATEWAY_SMTP_SECURITY=none is for a relay on this machine: letters hold links that open accounts",
        ),
        *(
            (
                {"GATEWAY_OIDC_ISSUER": "https://login.example.org"} | more,
                "GATEWAY_OIDC_ISSUER needs GATEWAY_OIDC_CLIENT_ID, GATEWAY_OIDC_CLIENT_SECRET and the group of a role",
            )
            for more in (
                {},
                {"GATEWAY_OIDC_CLIENT_ID": "gateway"},
                {"GATEWAY_OIDC_CLIENT_ID": "gateway", "GATEWAY_OIDC_CLIENT_SECRET": "hunter2"},
                {"GATEWAY_OIDC_CLIENT_SECRET": "hunter2", "GATEWAY_OIDC_ANALYST_GROUP": "analystes"},
            )
        ),
    ],
)
def test_settings_that_contradict_each_other_stop_the_start(changes: dict[str, str], sentence: str) -> None:
    """The sentence names the culprits."""
    assert refusal(DEMO | changes) == sentence


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_relay_elsewhere_is_spoken_to_in_secret(security: str) -> None:
    """Unless somebody takes the responsibility, as for http."""
    far = {"GATEWAY_SMTP_HOST": "relay.example.org"}

    assert load(DEMO | far | {"GATEWAY_SMTP_SECURITY": security}).smtp_host == "relay.example.org"
    assert load(DEMO | far | {"GATEWAY_ALLOW_PLAIN_HTTP": "true"}).smtp_security is SmtpSecurity.NONE


@pytest.mark.parametrize("role", ["ADVISOR", "ANALYST", "OPERATOR"])
def test_one_role_is_enough_for_a_provider(role: str) -> None:
    """A landlord may have no analysts."""
    provider = {name: text for name, text in FULL.items() if name != "GATEWAY_OIDC_ADVISOR_GROUP"}

    settings = load(provider | {f"GATEWAY_OIDC_{role}_GROUP": "group"})

    assert getattr(settings, f"oidc_{role.lower()}_group") == "group"


def test_a_version_is_not_newer_for_being_written_longer() -> None:
    """4.2 and 4.2.0 are the same."""
    settings = load(DEMO | {"GATEWAY_IOS_MINIMUM": "4.2.0", "GATEWAY_IOS_LATEST": "4.2"})

    assert (settings.ios_minimum, settings.ios_latest) == ("4.2.0", "4.2")


def test_tryton_keeps_its_documents_itself() -> None:
    """It needs the name of its database and no document store."""
    tryton = {"GATEWAY_ERP_KIND": "tryton", "GATEWAY_ERP_DATABASE": "erp"}

    settings = load(DEMO | tryton | {"GATEWAY_DOCUMENTS_URL": "", "GATEWAY_DOCUMENTS_KEY": ""})

    assert (settings.erp_kind, settings.erp_database) == (ErpKind.TRYTON, "erp")
    assert (settings.documents_url, settings.documents_key) == (None, None)


@pytest.mark.parametrize(
    "name",
    ["GATEWAY_PUBLIC_URL", "GATEWAY_ACCOUNT_URL", "GATEWAY_ERP_URL", "GATEWAY_DOCUMENTS_URL", "GATEWAY_OIDC_ISSUER"],
)
def test_plain_http_stays_on_this_machine(name: str) -> None:
    """Unless somebody takes the responsibility; a name that resolves to this machine does not count."""
    expected = f"{name} must be https: http is for this machine, or GATEWAY_ALLOW_PLAIN_HTTP"

    for url in ("http://erp.example.org", "http://192.0.2.7:8080", "http://127.example.org", "http://0.0.0.0"):
        assert refusal(FULL | {name: url}) == expected
        load(FULL | {name: url, "GATEWAY_ALLOW_PLAIN_HTTP": "true"})
    for url in ("https://erp.example.org", "http://127.0.0.1", "http://[::1]:8080", "http://localhost:1/erp"):
        load(FULL | {name: url})


def test_production_is_what_is_served_unless_something_else_is_set() -> None:
    """Nobody runs a demo by forgetting a setting."""
    assert load(without("GATEWAY_MODE")).mode is Mode.PRODUCTION


def test_no_secret_is_shown() -> None:
    """Whoever prints the settings prints no password."""
    shown = f"{load(FULL)!r} {load(FULL)}"

    assert "GATEWAY" in shown
    for name in SECRETS:
        assert FULL[name] not in shown
    assert repr(KEY) not in shown


def test_no_secret_is_in_the_refusal_or_its_causes() -> None:
    """A traceback shows the chain of errors."""
    with pytest.raises(SettingsError) as raised:
        load(DEMO | {"GATEWAY_ERP_URL": "https://erp.example.org:hunter2"})

    assert raised.value.__suppress_context__
    assert raised.value.__cause__ is None


def test_the_manual_is_the_one_in_the_repository() -> None:
    """`gateway settings > docs/settings.md` after a change."""
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == manual()


def test_the_manual_tells_everything() -> None:
    """One row for each setting, with what is needed to set it."""
    rows = [line for line in manual().splitlines() if line.startswith("| `GATEWAY_")]

    assert len(rows) == len(described())
    assert "| `GATEWAY_PORT` | Port to listen on. | a whole number from 1 to 65535 | `8000` |" in rows
    assert "| `GATEWAY_ERP_PASSWORD` | Password of that user. | a text (secret) | required |" in rows
    assert "| `GATEWAY_ERP_DATABASE` | Name of its database; for Tryton only. | a text | none |" in rows
