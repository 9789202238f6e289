"""`python -m gateway demo`: one command starts a landlord's systems and a gateway over them, and one key stops all."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import processes
from tests.support.client import Client
from tests.support.gateway import CASES, household_of

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("launcher")]

COMMAND = (sys.executable, "-m", "gateway", "demo")
MEASURED = (sys.executable, "-m", "tests.demo.alone", "gateway.demo")
"""What COMMAND becomes, under coverage without the simulators and the gateway that it starts."""
FEW = ("--households", "3")


@dataclass(frozen=True, slots=True)
class RunningDemo:
    """A demo that told its accounts."""

    child: processes.Child
    folder: Path
    accounts: dict[str, Any]
    http: httpx.Client

    @property
    def pids(self) -> set[int]:
        """The launcher and what it started."""
        return {self.child.process.pid, *children_of(self.child.process.pid)}

    def tenant(self, case: str) -> Client:
        """The holder of the account of that case, signed in."""
        (account,) = [tenant for tenant in self.accounts["tenants"] if tenant["case"] == case]
        stranger = Client(self.accounts["graphql"], self.http)
        return stranger.sign_in(account["accountReference"], account["password"])


@contextmanager
def demo(folder: Path, *command: str, environment: dict[str, str] | None = None) -> Iterator[RunningDemo]:
    """A demo that keeps its data in `folder`, until the block ends; it is up when it has said all it has to say."""
    log = folder / "demo.log"
    said_before = len(log.read_text()) if log.exists() else 0
    with processes.running(command, log=log, environment=environment) as child, httpx.Client() as http:
        child.wait_until(lambda: "Ctrl-C stops everything." in log.read_text()[said_before:], seconds=90)
        yield RunningDemo(child, folder, json.loads((folder / "accounts.json").read_text()), http)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """A demo that tests may use and must not stop; folder and port come from the environment."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "world-1-1-2020-01-01").mkdir()
    settings = {"GATEWAY_DEMO_DIR": str(folder), "GATEWAY_PORT": str(processes.free_port())}
    with demo(folder, *MEASURED, environment=settings) as started:
        yield started


def children_of(pid: int) -> set[int]:
    """Processes whose parent is `pid` (Linux)."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            found.add(int(status.parent.name))
    return found


def refused(log: Path, *options: str) -> str:
    """What a demo says that does not start; it ends by itself, with status 1."""
    child = processes.start([*MEASURED, *options], log=log)
    assert child.process.wait(60) == 1
    return log.read_text()


def all_gone(pids: set[int]) -> bool:
    """Whether none of the processes is left."""
    return not any(map(processes.is_running, pids))


def test_the_accounts_drive_everything(running: RunningDemo) -> None:
    """A script that reads the file signs in as each tenant, knows who they are, and finds their case."""
    accounts = running.accounts

    assert list(accounts) == ["graphql", "tenants", "withoutAccount", "advisors", "analysts", "operators", "simulators"]
    assert [tenant["case"] for tenant in accounts["tenants"][: len(CASES)]] == list(CASES)
    assert (len(accounts["tenants"]), len(accounts["withoutAccount"])) == (49, 1)
    holder = household_of("plain").holder
    assert accounts["tenants"][0] == {
        "accountReference": household_of("plain").account_number,
        "password": accounts["tenants"][0]["password"],
        "firstName": holder.first_name,
        "lastName": holder.last_name,
        "birthDate": holder.birth_date.isoformat(),
        "case": "plain",
    }
    shown = running.tenant("plain").run("web_home").whole()["viewer"]["tenant"]["rentalAccounts"]
    assert [account["reference"] for account in shown] == [household_of("plain").account_number]


def test_the_accounts_hold_a_bearer_for_each_role(running: RunningDemo) -> None:
    """Two advisors, an analyst and an operator, each of them signed in."""
    for group, role, count in (("advisors", "ADVISOR", 2), ("analysts", "ANALYST", 1), ("operators", "OPERATOR", 1)):
        members = running.accounts[group]

        assert [set(member) for member in members] == [{"name", "bearer"}] * count
        for member in members:
            client = Client(running.accounts["graphql"], running.http, member["bearer"])
            assert client.ask("{ viewer { roles } }").whole() == {"viewer": {"roles": [role]}}


def test_the_accounts_tell_where_the_simulators_are(running: RunningDemo) -> None:
    """The systems that exist have an address, those that do not yet have none, and the ERP can be tampered with."""
    simulators = running.accounts["simulators"]

    assert list(simulators) == ["erp", "documents", "payments", "mail", "control"]
    assert simulators["payments"] is None
    assert running.http.get(f"{simulators['mail']}/__mail/messages").status_code == 200
    assert running.http.get(f"{simulators['erp']}/immogest/services?wsdl").status_code == 200
    assert running.http.get(f"{simulators['control']}/__sim/health").json()["households"] == 50
    listed = running.http.post(
        f"{simulators['documents']}/ged/index", headers={"X-Cle-Acces": "demo-ged"}, content="{}"
    )
    assert listed.json()["erreur"]["code"] == "REQUETE_ILLISIBLE"


def test_the_pages_of_mail_speak_to_the_gateway(running: RunningDemo) -> None:
    """A form that is sent comes back with what the gateway says, and mail is where the demo says that it is."""
    mail, given = running.accounts["simulators"]["mail"], {"accountReference": "0000000", "password": "x"}
    document = "mutation ($input: SignInInput!) { signIn(input: $input) { ... on Problem { message } } }"
    asked = running.http.post(running.accounts["graphql"], json={"query": document, "variables": {"input": given}})
    sentence = asked.json()["data"]["signIn"]["message"]

    answer = running.http.post(f"{mail}/sign-in", data=given)

    assert f'<div role="status"><p>{escape(sentence)}</p></div>' in answer.text
    assert f"mail       {mail}  control plane " in (running.folder / "demo.log").read_text()


def test_what_it_prints_is_enough_to_begin(running: RunningDemo) -> None:
    """The address, every reference with its password, and how to stop."""
    printed = (running.folder / "demo.log").read_text()

    address, analyst = running.accounts["graphql"], running.accounts["analysts"][0]["bearer"]
    page = f"{address.removesuffix('/graphql')}/graphiql#bearer={analyst}"
    assert printed.startswith(f"GraphQL    {address}\nGraphiQL   {page}\n")
    for tenant in running.accounts["tenants"]:
        assert f"{tenant['accountReference']:<10} {tenant['password']:<17} {tenant['case']}\n" in printed
    assert printed.endswith(
        f"All accounts, staff included: {running.folder / 'accounts.json'}. Ctrl-C stops everything.\n"
    )


def test_its_files_are_private_and_of_one_world(running: RunningDemo) -> None:
    """Nobody else reads the passwords; data of another day are gone."""
    assert (running.folder / "accounts.json").stat().st_mode & 0o077 == 0
    assert len(list(running.folder.glob("world-*"))) == 1
    assert not (running.folder / "world-1-1-2020-01-01").exists()


def test_a_port_in_use_is_one_clear_sentence(running: RunningDemo, tmp_path: Path) -> None:
    """It names the port and what to do, and nothing was started or written."""
    port = running.accounts["graphql"].partition("127.0.0.1:")[2].partition("/")[0]
    folder = tmp_path / "other"

    said = refused(tmp_path / "log", "--folder", str(folder), "--port", port)

    assert said == f"demo: port {port} cannot be used: address already in use; GATEWAY_PORT or --port names another\n"
    assert not folder.exists()


def test_two_demos_do_not_share_a_folder(running: RunningDemo, tmp_path: Path) -> None:
    """The second says so, and the first goes on."""
    port = str(processes.free_port())

    said = refused(tmp_path / "log", "--folder", str(running.folder), "--port", port, "--households", "30")

    assert said == (f"demo: {running.folder} is in use by another demo; GATEWAY_DEMO_DIR or --folder names another\n")
    assert running.tenant("plain").ask("{ viewer { roles } }").whole() == {"viewer": {"roles": ["TENANT"]}}


def test_a_part_that_does_not_start_is_named_and_the_others_are_stopped(tmp_path: Path) -> None:
    """Its log is named too; nothing is left running."""
    folder = tmp_path / "demo"
    world = folder / "world-57-3-2026-03-17"
    world.mkdir(parents=True)
    (world / "erp").write_text("not a folder")

    said = refused(
        tmp_path / "log",
        *("--folder", str(folder), "--port", str(processes.free_port())),
        *(*FEW, "--today", "2026-03-17"),
    )

    assert said == f"demo: erp ended at its start; see {world / 'erp.log'}\n"
    assert "FileExistsError" in (world / "erp.log").read_text()


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    """The sentence says what a port is."""
    child = processes.start([*COMMAND, f"--port={text}"], log=tmp_path / "log")

    assert child.process.wait(60) == 2
    assert (
        (tmp_path / "log").read_text().endswith(f"argument --port: {text} is not a port, which goes from 1 to 65535\n")
    )


@dataclass(frozen=True, slots=True)
class Succession:
    """One demo after the other in the same folder, as a person starts them; `seen` is what the first tenant found."""

    folder: Path
    owned: ExitStack
    demos: list[RunningDemo] = field(default_factory=list)
    seen: list[object] = field(default_factory=list)

    def running(self) -> RunningDemo:
        """A demo that a test stops its own way: the one that a test before left running, or the next."""
        if not self.demos or self.demos[-1].child.process.poll() is not None:
            options = ("--folder", str(self.folder), "--port", str(processes.free_port()), *FEW)
            with processes.unmeasured():
                started = self.owned.enter_context(demo(self.folder, *COMMAND, *options))
            self.demos.append(started)
            self.seen.append(started.tenant("plain").ask("{ viewer { tenant { id } } }").whole())
        return self.demos[-1]


@pytest.fixture(scope="module")
def succession(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Succession]:
    """The demos of one folder; the last one is stopped at the end."""
    with ExitStack() as owned:
        yield Succession(tmp_path_factory.mktemp("succession"), owned)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_a_demo_that_is_asked_to_stop_leaves_nothing(succession: Succession, number: int) -> None:
    """No process and no file of accounts is left, and the exit status says that all went well."""
    running = succession.running()
    pids = running.pids

    status = running.child.stop(polite_signal=number)

    assert status == 0
    assert len(pids) == 5
    assert all_gone(pids)
    assert not (running.folder / "accounts.json").exists()
    assert (running.folder / "demo.log").read_text().endswith("\nStopping.\n")


def test_the_next_demo_in_the_same_folder_goes_on(succession: Succession) -> None:
    """Passwords and ids of one demo are good in the next."""
    while len(succession.demos) < 2:
        succession.running().child.stop()

    (first, second), (known, found) = succession.demos[:2], succession.seen[:2]

    assert second.child is not first.child
    assert second.accounts["tenants"] == first.accounts["tenants"]
    assert found == known


def test_a_demo_that_is_killed_leaves_no_process(succession: Succession) -> None:
    """Nobody can stop its parts any more, so they stop themselves."""
    running = succession.running()
    pids = running.pids

    running.child.process.kill()
    running.child.process.wait()

    processes.wait_until(lambda: all_gone(pids), seconds=15)


def test_a_part_that_ends_by_itself_ends_the_demo(tmp_path: Path) -> None:
    """Half of a demo would be no demonstration: the part and its log are named, the others are stopped."""
    port = str(processes.free_port())
    with demo(tmp_path, *MEASURED, "--folder", str(tmp_path), "--port", port, *FEW) as running:
        pids = running.pids
        (documents,) = [pid for pid in pids if b"gateway.demo.documents" in Path(f"/proc/{pid}/cmdline").read_bytes()]

        os.kill(documents, signal.SIGKILL)

        assert running.child.process.wait(30) == 1
    assert all_gone(pids)
    (world,) = running.folder.glob("world-*")
    said = f"demo: documents ended by itself; see {world / 'documents.log'}\n"
    assert (running.folder / "demo.log").read_text().endswith(said)
