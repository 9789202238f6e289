"""The gateway that the demo shows, run as any other: settings in the environment, commands from outside."""

import http.client
import json
import os
import secrets
import time
from collections.abc import Mapping
from pathlib import Path

from gateway.demo.cast import World, staff, tenants
from gateway.demo.documents.access import ACCESS_KEY
from gateway.demo.erp.sessions import PASSWORD, USER
from gateway.demo.parts import HOST, START_SECONDS, Part, StartError, run, start
from gateway.demo.simulators import NOWHERE

CLIENTS = Path(__file__).with_name("clients.json")
"""The manifest of the clients of the demo."""
_ABSENT = {"erp": NOWHERE, "documents": NOWHERE, "mail": NOWHERE, "smtp": "127.0.0.1:9"}
_FIXED = {
    "GATEWAY_MODE": "demo",
    "GATEWAY_ERP_KIND": "soap",
    "GATEWAY_ERP_USER": USER,
    "GATEWAY_ERP_PASSWORD": PASSWORD,
    "GATEWAY_ERP_MAX_CONNECTIONS": "8",
    "GATEWAY_DOCUMENTS_KEY": ACCESS_KEY,
    "GATEWAY_LANDLORD_NAME": "Habitat Mosellan",
    "GATEWAY_LANDLORD_PHONE": "03 53 01 00 57",
    "GATEWAY_LANDLORD_WORDS": "habitat,mosellan,moselle,metz",
    "GATEWAY_SMTP_SECURITY": "none",
    "GATEWAY_MAIL_FROM": "ne-pas-repondre@habitat-mosellan.example.org",
    "GATEWAY_MOBILE_ACCESS_MINUTES": "60",
    # Whoever looks at the demo may ask what they like; its clients' own documents are registered, too.
    "GATEWAY_FREE_DOCUMENTS": "everyone",
    "GATEWAY_REGISTERED_DOCUMENTS": str(CLIENTS),
    # Nobody else is to be told that the demo ends; and whatever else its machine is busy with, nobody is turned away.
    "GATEWAY_DRAIN_SECONDS": "0",
    "GATEWAY_BUSY_LAG_MS": "10000",
    "GATEWAY_BUSY_OPERATIONS": "64",
    # Everybody in the demo knocks from one address.
    "GATEWAY_CONNECTIONS_PER_ADDRESS": "2000",
    "GATEWAY_SIGN_INS_PER_MINUTE": "100000",
    "GATEWAY_REQUESTS_PER_MINUTE": "100000",
    "GATEWAY_COST_PER_MINUTE": "1000000000",
    "GATEWAY_ANALYST_COST_PER_MINUTE": "1000000000",
    "GATEWAY_STAFF_SESSION_IDLE_MINUTES": "480",
    "GATEWAY_STAFF_SESSION_ABSOLUTE_HOURS": "12",
    "GATEWAY_ANDROID_LATEST": "4.2.0",
    "GATEWAY_ANDROID_MINIMUM": "4.0.0",
    "GATEWAY_ANDROID_STORE_URL": "https://example.org/store/android",
    "GATEWAY_IOS_LATEST": "4.2.0",
    "GATEWAY_IOS_MINIMUM": "4.0.0",
    "GATEWAY_IOS_STORE_URL": "https://example.org/store/ios",
}


def environment(folder: Path, *, port: int, systems: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a gateway at `port` with its data in `folder`; settings of others are left out of it.

    `systems` are the addresses of erp, documents and mail, with the `host:port` at which mail speaks smtp. Commands
    that only prepare the database do without.
    """
    systems = {**_ABSENT, **(systems or {})}
    smtp_host, _, smtp_port = systems["smtp"].rpartition(":")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
    return {
        **kept,
        **_FIXED,
        "GATEWAY_PORT": str(port),
        "GATEWAY_PUBLIC_URL": f"http://{HOST}:{port}",
        "GATEWAY_DATABASE_URL": f"sqlite:///{folder / 'gateway.sqlite3'}",
        "GATEWAY_SECRET_KEY": _secret(folder / "secret.key"),
        "GATEWAY_ERP_URL": systems["erp"],
        "GATEWAY_DOCUMENTS_URL": systems["documents"],
        "GATEWAY_SMTP_HOST": smtp_host,
        "GATEWAY_SMTP_PORT": smtp_port,
        "GATEWAY_ACCOUNT_URL": f"{systems['mail']}/choose-password",
    }


def prepare(world: World, *, folder: Path, settings: Mapping[str, str]) -> list[dict[str, str]]:
    """Fills the gateway's database with the cast; name, role and bearer of each member of staff. StartError."""
    file = folder / "seed.json"
    cast = {"tenants": [tenant.as_seed() for tenant in tenants(world)], "staff": staff(world)}
    write_private(file, json.dumps(cast))
    run(["gateway", "db", "migrate"], environment=settings)
    staffed: list[dict[str, str]] = json.loads(run(["gateway", "seed", str(file)], environment=settings))["staff"]
    return staffed


def serve(folder: Path, *, settings: Mapping[str, str]) -> Part:
    """The gateway's process, which may not answer yet."""
    return start("gateway", ["gateway", "serve"], log=folder / "gateway.log", environment=settings)


def wait_until_ready(part: Part, *, port: int) -> None:
    """Returns when the gateway that `part` runs answers. StartError when it does not."""
    give_up_at = time.monotonic() + START_SECONDS
    while not _is_ready(port):
        if part.has_ended or time.monotonic() > give_up_at:
            raise StartError(f"the gateway did not start; see {part.log}")
        time.sleep(0.05)


def write_private(file: Path, text: str) -> None:
    """Only their owner reads the demo's files: they hold passwords and tokens, if invented ones."""
    beside = file.with_name(f"{file.name}.new")
    beside.touch(mode=0o600)
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)


def _is_ready(port: int) -> bool:
    asking = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        asking.request("GET", "/readyz")
        return asking.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def _secret(file: Path) -> str:
    """The demo's own key, kept so that ids survive a restart."""
    if not file.exists():
        write_private(file, secrets.token_hex(32))
    return file.read_text(encoding="utf-8")
