"""The composition root joins the parts that the settings ask for, and serves them."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from gateway.access import account_rules, lifetimes, staff_groups, system_clock
from gateway.adapters.absent import AbsentDirectory, AbsentEditorial, AbsentMetering, AbsentWorks
from gateway.adapters.documents.client import DocumentStore
from gateway.adapters.erp_soap.tenancy import SoapTenancy
from gateway.adapters.erp_tryton.documents import TrytonDocuments
from gateway.adapters.erp_tryton.tenancy import TrytonTenancy
from gateway.app import build
from gateway.auth.sessions import Lifetime
from gateway.commands import migrate
from gateway.domain.access import Channel, Role
from gateway.domain.lockout import LockoutRules
from gateway.domain.password import LANDLORD, NIST
from gateway.domain.renewal import RenewalMode
from gateway.settings import ErpKind, Mode, Settings, load
from gateway.systems import connect
from tests.support.processes import free_port
from tests.unit.test_settings import DEMO

TRYTON = {"GATEWAY_ERP_KIND": "tryton", "GATEWAY_ERP_DATABASE": "landlord"}
PROVIDER = {
    "GATEWAY_OIDC_ISSUER": f"http://127.0.0.1:{free_port()}",
    "GATEWAY_OIDC_CLIENT_ID": "gateway",
    "GATEWAY_OIDC_CLIENT_SECRET": "oidc-s3cret",
    "GATEWAY_OIDC_ANALYST_GROUP": "analystes",
}
HEALTH = {"query": "{ sources { system health } offices { name } }"}


def settings_of(directory: Path, **changes: str) -> Settings:
    """The settings of a demo with a migrated database in `directory` and nobody listening where its ERP should be."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    environ = DEMO | {
        "GATEWAY_DATABASE_URL": f"sqlite:///{directory / 'gateway.db'}",
        "GATEWAY_ERP_URL": nowhere,
        "GATEWAY_DOCUMENTS_URL": nowhere,
        "GATEWAY_REQUEST_DEADLINE_SECONDS": "2",
    }
    if changes.get("GATEWAY_ERP_KIND") == "tryton":
        del environ["GATEWAY_DOCUMENTS_URL"], environ["GATEWAY_DOCUMENTS_KEY"]
    return load(environ | changes)


@pytest.fixture
def soap(tmp_path: Path) -> Settings:
    """Settings of a landlord with the SOAP ERP and a document store."""
    settings = settings_of(tmp_path)
    migrate(settings)
    return settings


@pytest.fixture
def tryton(tmp_path: Path) -> Settings:
    """Settings of a landlord with Tryton and nothing else."""
    settings = settings_of(tmp_path, **TRYTON)
    migrate(settings)
    return settings


async def asked(settings: Settings, path: str, query: object = None) -> httpx.Response:
    """The answer of a gateway built from `settings`."""
    async with build(settings) as app:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await (client.post(path, json=query) if query else client.get(path))


async def test_a_gateway_over_the_soap_erp_answers(soap: Settings) -> None:
    """The ERP is down: the gateway is ready all the same, and says which system failed."""
    ready = await asked(soap, "/readyz")
    answer = (await asked(soap, "/graphql", HEALTH)).json()

    assert ready.status_code == 200
    assert answer["data"]["offices"] is None
    [error] = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["source"]) == ("SOURCE_UNAVAILABLE", "DIRECTORY")
    systems = ["RENT_ERP", "METERING", "WORKS", "DOCUMENT_STORE", "DIRECTORY"]
    assert answer["data"]["sources"] == [{"system": system, "health": "UP"} for system in systems]


async def test_a_gateway_over_tryton_answers(tryton: Settings) -> None:
    """What the landlord has not connected is told as such, and is not judged to be well or ill."""
    answer = (await asked(tryton, "/graphql", HEALTH)).json()

    [error] = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["retryable"]) == ("SOURCE_NOT_CONNECTED", False)
    assert answer["data"] == {
        "offices": None,
        "sources": [{"system": "RENT_ERP", "health": "UP"}, {"system": "DOCUMENT_STORE", "health": "UP"}],
    }


async def test_each_kind_of_erp_has_its_ports(soap: Settings, tryton: Settings) -> None:
    """SOAP with a document store beside it; Tryton with its own documents, and nothing for the rest."""
    async with AsyncExitStack() as owned:
        over_soap, over_tryton = connect(soap, owned), connect(tryton, owned)

    assert (type(over_soap.tenancy), type(over_soap.documents)) == (SoapTenancy, DocumentStore)
    assert (type(over_tryton.tenancy), type(over_tryton.documents)) == (TrytonTenancy, TrytonDocuments)
    absent = (over_tryton.metering, over_tryton.works, over_tryton.directory, over_tryton.editorial)
    assert tuple(map(type, absent)) == (AbsentMetering, AbsentWorks, AbsentDirectory, AbsentEditorial)


@pytest.mark.parametrize(
    ("kind", "lost", "message"),
    [
        (ErpKind.SOAP, {"documents_url": None}, "settings for SOAP without a document store are refused"),
        (ErpKind.SOAP, {"documents_key": None}, "settings for SOAP without a document store are refused"),
        (ErpKind.TRYTON, {"erp_database": None}, "settings for Tryton without its database are refused"),
    ],
)
async def test_parts_without_their_settings_are_never_joined(
    kind: ErpKind, lost: dict[str, None], message: str, tmp_path: Path
) -> None:
    """Reading settings refuses them already; nobody who builds them by hand gets further."""
    settings = settings_of(tmp_path, **(TRYTON if kind is ErpKind.TRYTON else {}))

    async with AsyncExitStack() as owned:
        with pytest.raises(ValueError, match=message):
            connect(replace(settings, **lost), owned)  # type: ignore[arg-type]  # the fault under test


def test_sessions_last_as_the_settings_say(tmp_path: Path) -> None:
    """Each channel has its own; a mobile token ends sooner than its session."""
    settings = settings_of(
        tmp_path,
        GATEWAY_WEB_SESSION_IDLE_MINUTES="20",
        GATEWAY_WEB_SESSION_ABSOLUTE_HOURS="10",
        GATEWAY_MOBILE_ACCESS_MINUTES="5",
        GATEWAY_MOBILE_SESSION_IDLE_DAYS="20",
        GATEWAY_MOBILE_SESSION_ABSOLUTE_DAYS="60",
        GATEWAY_STAFF_SESSION_IDLE_MINUTES="15",
        GATEWAY_STAFF_SESSION_ABSOLUTE_HOURS="7",
    )

    staff = Lifetime(idle=timedelta(minutes=15), absolute=timedelta(hours=7))
    assert lifetimes(settings) == {
        Channel.WEB: Lifetime(idle=timedelta(minutes=20), absolute=timedelta(hours=10)),
        Channel.MOBILE: Lifetime(idle=timedelta(days=20), absolute=timedelta(days=60), access=timedelta(minutes=5)),
        Channel.DESK: staff,
        Channel.ANALYST_TOOL: staff,
    }


def test_accounts_follow_the_rules_that_are_set(tmp_path: Path) -> None:
    """The landlord's published ones unless something else is said."""
    usual = account_rules(settings_of(tmp_path, GATEWAY_LANDLORD_WORDS="metz, moselle"))
    strict = account_rules(
        settings_of(
            tmp_path,
            GATEWAY_SIGN_IN_FAILURES="2",
            GATEWAY_RECREATION_FAILURES="1",
            GATEWAY_BLOCK_MINUTES="60",
            GATEWAY_DAILY_FAILURES="6",
            GATEWAY_PASSWORD_PROFILE="nist",
            GATEWAY_RENEWAL_MODE="require",
            GATEWAY_AUDIT_RETENTION_DAYS="180",
            GATEWAY_ASSISTANCE_RETENTION_DAYS="7",
        )
    )

    assert (usual.lockout, usual.passwords, usual.renewal) == (LockoutRules(), LANDLORD, RenewalMode.INVITE)
    assert usual.landlord_words == ("Habitat", "Mosellan", "metz", "moselle")
    assert usual.letter_domain == "habitat-mosellan.example.org"
    assert (usual.audit_retention, usual.assistance_retention) == (timedelta(days=365), timedelta(days=30))
    assert strict.lockout == LockoutRules(
        sign_in_failures=2, recreation_failures=1, block=timedelta(hours=1), daily_failures=6
    )
    assert (strict.passwords, strict.renewal) == (NIST, RenewalMode.REQUIRE)
    assert (strict.audit_retention, strict.assistance_retention) == (timedelta(days=180), timedelta(days=7))


async def test_staff_have_a_door_where_there_is_a_provider(tmp_path: Path) -> None:
    """Here nobody listens where it should be; without one there is no such page."""
    with_provider = settings_of(tmp_path, **PROVIDER)
    await asyncio.to_thread(migrate, with_provider)

    absent = await asked(settings_of(tmp_path), "/staff/sign-in")
    present = await asked(with_provider, "/staff/sign-in")

    assert (absent.status_code, present.status_code) == (404, 503)


def test_groups_that_are_not_set_give_no_role(tmp_path: Path) -> None:
    """Somebody without a group is not in all of them."""
    groups = staff_groups(settings_of(tmp_path, **PROVIDER))

    assert groups.of_role == {Role.ANALYST: "analystes"}
    assert (groups.role(frozenset({"analystes"})), groups.role(frozenset())) == (Role.ANALYST, None)


def test_the_clock_is_aware_and_in_utc() -> None:
    """No instant of ours is ever naive."""
    assert system_clock().utcoffset() == timedelta(0)


async def test_a_gateway_lets_go_of_its_database(soap: Settings) -> None:
    """After it has stopped another one may start on the same file."""
    for _ in range(2):
        assert (await asked(soap, "/livez")).status_code == 200


async def test_graphiql_is_open_in_the_demo_and_staffs_in_production(soap: Settings) -> None:
    """The landlord stands in its title; where there is nobody to sign in with, a stranger is told so."""
    demo = await asked(soap, "/graphiql")
    production = await asked(replace(soap, mode=Mode.PRODUCTION), "/graphiql")

    assert demo.status_code == 200
    assert '"landlord": "Habitat Mosellan"' in demo.text
    assert production.status_code == 403
    assert production.json()["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"


async def test_graphiql_can_be_switched_off(soap: Settings) -> None:
    """Then its addresses are like any that does not exist."""
    closed = replace(soap, graphiql=False)

    statuses = [(await asked(closed, path)).status_code for path in ("/graphiql", "/graphiql/saved-queries.json")]

    assert statuses == [404, 404]


async def test_the_landlords_queries_are_served_with_the_gateways(soap: Settings, tmp_path: Path) -> None:
    """From the folder that the landlord names."""
    (tmp_path / "late.graphql").write_text("# Who is late\n{ sources { label } }\n")

    served = (await asked(replace(soap, graphiql_queries=tmp_path), "/graphiql/saved-queries.json")).json()["queries"]

    assert [query["title"] for query in served if query["name"] == "late"] == ["Who is late"]
    assert len(served) > 1
