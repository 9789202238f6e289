"""At three in the morning an operator works beside the gateway, which goes on serving; the trail tells of it."""

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from gateway.cli import main
from gateway.demo import gateway as demo
from gateway.demo.cast import ON_29_FEBRUARY, RENEWAL_DUE, RENEWAL_SOON, Tenant, tenants
from tests.support.client import SIGN_IN, Client
from tests.support.gateway import RunningGateway, world
from tests.support.processes import wait_until

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("operator")]  # the tests follow each other on few accounts

WHO = "{ viewer { roles } }"
TEXTS = "action || ' ' || outcome || ' ' || actor || ' ' || coalesce(subject, '-') || ' ' || coalesce(reason, '-')"


@pytest.fixture
def operator(either: RunningGateway, monkeypatch: pytest.MonkeyPatch) -> RunningGateway:
    """The gateway that serves; commands of this process find its database by the same settings."""
    for name in [name for name in os.environ if name.startswith("GATEWAY_")]:
        monkeypatch.delenv(name)  # those of the test run are no settings
    for name, value in demo.environment(either.folder, port=either.port).items():
        if name.startswith("GATEWAY_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("GATEWAY_DATABASE_URL", either.database_url)
    either.query("DELETE FROM guard")  # journeys that guess share the gateway
    return either


def tenant_of(case: str) -> Tenant:
    """The tenant with the account of a case that no other journey uses."""
    return next(tenant for tenant in tenants(world()) if tenant.case == case)


def attempt(gateway: RunningGateway, reference: str, password: str) -> dict[str, Any]:
    """The outcome of one sign-in."""
    credentials = {"accountReference": reference, "password": password, "channel": "MOBILE"}
    outcome: dict[str, Any] = gateway.stranger().ask(SIGN_IN, input=credentials).whole()["signIn"]
    return outcome


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """Exit code and outcome of a command."""
    capsys.readouterr()
    code = main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def is_signed_in(client: Client) -> bool:
    """Whether its token still opens anything."""
    data = client.ask(WHO).data
    return data is not None and data["viewer"] is not None and data["viewer"]["roles"] == ["TENANT"]


def lines(gateway: RunningGateway) -> list[str]:
    """The trail, oldest first, without instants and sessions."""
    return [str(text) for (text,) in gateway.query(f"SELECT {TEXTS} FROM audit ORDER BY number")]  # noqa: S608 - ours


def permits_out(gateway: RunningGateway) -> int:
    """How many checks of passwords are charged and not yet reported."""
    return sum(len(json.loads(str(record))["permits"]) for (record,) in gateway.query("SELECT record FROM guard"))


@contextmanager
def trail_unwritable(gateway: RunningGateway) -> Iterator[None]:
    """Nothing can be appended to the audit trail in the block."""
    gateway.query("ALTER TABLE audit RENAME TO audit_away")
    try:
        yield
    finally:
        gateway.query("ALTER TABLE audit_away RENAME TO audit")


def test_an_unlocked_account_opens_at_once(operator: RunningGateway, capsys: pytest.CaptureFixture[str]) -> None:
    """Three wrong passwords; the tenant calls; the operator unlocks; the password works, ten minutes early."""
    account = tenant_of(RENEWAL_DUE).as_seed()
    reference, password = account["reference"], account["password"]
    for _ in range(3):
        attempt(operator, reference, "wrong-password")
    refused = attempt(operator, reference, password)

    code, told = run(capsys, "account", "unlock", reference, "--reason", "INC-1")

    assert refused["__typename"] != "SignInSuccess"
    assert (code, told["exists"], told["was_blocked"]) == (0, True, True)
    assert attempt(operator, reference, password)["__typename"] == "SignInSuccess"


def test_revoked_sessions_end_within_two_seconds(operator: RunningGateway, capsys: pytest.CaptureFixture[str]) -> None:
    """Everywhere the holder is signed in; they can sign in again."""
    account = tenant_of(ON_29_FEBRUARY).as_seed()
    clients = [operator.stranger().sign_in(account["reference"], account["password"]) for _ in range(2)]
    assert all(map(is_signed_in, clients))

    code, told = run(capsys, "sessions", "revoke", account["reference"], "--reason", "INC-2")
    revoked_at = time.monotonic()
    wait_until(lambda: not any(map(is_signed_in, clients)), seconds=10)

    assert time.monotonic() - revoked_at < 2.5
    assert (code, told["sessions_ended"]) == (0, 2)
    assert is_signed_in(operator.stranger().sign_in(account["reference"], account["password"]))


def test_a_closed_account_opens_nothing_any_more(operator: RunningGateway, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither with its password nor with an open session; a second time there is nothing to close."""
    account = tenant_of(RENEWAL_SOON).as_seed()
    client = operator.stranger().sign_in(account["reference"], account["password"])

    first = run(capsys, "account", "close", account["reference"], "--reason", "INC-3", "--yes")
    second = run(capsys, "account", "close", account["reference"], "--reason", "INC-3", "--yes")

    assert (first[0], first[1]["exists"], first[1]["sessions_ended"]) == (0, True, 1)
    assert (second[0], second[1]["exists"]) == (1, False)
    wait_until(lambda: not is_signed_in(client), seconds=10)
    assert attempt(operator, account["reference"], account["password"])["__typename"] != "SignInSuccess"


def test_a_member_of_staff_gets_in_with_a_new_bearer(
    operator: RunningGateway, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though the gateway has started long before."""
    code, told = run(capsys, "staff", "add", "Sam Fournier", "--role", "analyst")

    newcomer = Client(f"{operator.url}/graphql", operator.http, told["bearer"])
    assert code == 0
    assert newcomer.ask(WHO).whole() == {"viewer": {"roles": ["ANALYST"]}}


def test_nobody_signs_in_while_the_trail_cannot_be_written(operator: RunningGateway) -> None:
    """And no guess is free; whoever is in goes on reading; afterwards everything works again."""
    account = tenant_of(ON_29_FEBRUARY).as_seed()
    reader = operator.tenant("plain")
    sessions, permits = operator.query("SELECT id FROM session ORDER BY id"), permits_out(operator)

    with trail_unwritable(operator):
        right = attempt(operator, account["reference"], account["password"])
        wrong = attempt(operator, "0097531", "wrong-password")
        home = reader.run("web_home").whole()

    assert (right["code"], right) == ("BUSY", wrong)
    assert home["viewer"]["tenant"]["rentalAccounts"]
    assert operator.query("SELECT id FROM session ORDER BY id") == sessions
    assert permits_out(operator) == permits + 2
    assert attempt(operator, account["reference"], account["password"])["__typename"] == "SignInSuccess"


def test_the_trail_tells_everything_and_names_nobody(
    operator: RunningGateway, capsys: pytest.CaptureFixture[str]
) -> None:
    """One pseudonym for one account, in whatever spelling; no reference, no name, no address."""
    tenant = tenant_of(ON_29_FEBRUARY)
    reference, holder = tenant.as_seed()["reference"], tenant.household.holder
    seen = len(lines(operator))

    run(capsys, "account", "show", reference, "--reason", "INC-4")
    run(capsys, "account", "show", f"L-{reference.lstrip('0')}", "--reason", "INC-5")
    operator.stranger().sign_in(reference, tenant.password)
    attempt(operator, reference, "wrong-password")

    shown, again, signed_in, failed = lines(operator)[seen:]
    subject = shown.split()[3]
    assert re.fullmatch(r"account:[0-9a-f]{24}", subject)
    assert shown == f"ACCOUNT_SHOWN Done operator {subject} INC-4"
    assert again == f"ACCOUNT_SHOWN Done operator {subject} INC-5"
    assert re.fullmatch(r"SIGN_IN SignedIn (tenant:[0-9a-f]{24}) \1 -", signed_in)
    assert failed == f"SIGN_IN Failed stranger {subject} -"
    told = " ".join(lines(operator))
    for name in (holder.first_name, holder.last_name, str(tenant.email), tenant.password, "Sam Fournier"):
        assert name not in told
    for number in (reference, reference.lstrip("0"), holder.number):
        assert not re.search(rf"(?<![0-9a-f]){number}(?![0-9a-f])", told)
