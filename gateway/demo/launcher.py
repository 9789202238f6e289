"""Starts the simulated legacy systems, a gateway over them, and tells how to use it."""

import fcntl
import json
import os
import shlex
import shutil
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from gateway.demo.cast import World, tenants, without_account
from gateway.demo.gateway import CLIENTS, environment, prepare, serve, wait_until_ready, write_private
from gateway.demo.parts import HOST, Part, StartError, first_to_end
from gateway.demo.simulators import NAMES, Simulator, Simulators, addresses, answering

_STAFF_ROLES = {"advisors": "ADVISOR", "analysts": "ANALYST", "operators": "OPERATOR"}


@dataclass(frozen=True, slots=True)
class Demo:
    """One demo. `folder` keeps its data, `port` is the gateway's, `delay_ms` is added by the legacy systems."""

    world: World
    folder: Path
    port: int
    delay_ms: float = 0

    def run(self) -> int:
        """Starts everything, tells about it, and waits: 0 when asked to end, 1 when a part ends by itself.

        Raises StartError, or OSError for a folder that cannot be used, after everything is stopped again.
        """
        _when_asked_to_end(_interrupt)
        with ExitStack() as running:
            try:
                ended = first_to_end(self._start(running))
            except KeyboardInterrupt:
                print("\nStopping.", flush=True)
                return 0
            finally:
                _when_asked_to_end(signal.SIG_IGN)  # it is ending: each part has its time, and no more
        print(f"demo: {ended.name} ended by itself; see {ended.log}", file=sys.stderr)
        return 1

    @property
    def _gateway(self) -> str:
        return f"http://{HOST}:{self.port}"

    def _start(self, running: ExitStack) -> Sequence[Part]:
        """Every part, running. The database is made ready while the simulators come up."""
        _require_free(self.port)
        data = self._data_folder(running)
        accounts = self.folder / "accounts.json"
        accounts.unlink(missing_ok=True)  # what an earlier demo told is not true any more
        parts = _simulators(Simulators(self.world, data, self.delay_ms, self._gateway), running)
        staffed = prepare(self.world, folder=data, settings=environment(data, port=self.port))
        simulators = {name: answering(part) for name, part in parts.items()}
        settings = environment(data, port=self.port, systems=addresses(simulators))
        gateway = serve(data, settings=settings)
        running.callback(gateway.stop)
        wait_until_ready(gateway, port=self.port)
        running.callback(accounts.unlink, missing_ok=True)
        write_private(self.folder / "gateway.env", _as_shell(settings))
        write_private(accounts, json.dumps(self._accounts(staffed, simulators), ensure_ascii=False, indent=2))
        analyst = next(one["bearer"] for one in staffed if one["role"] == "ANALYST")
        self._tell(accounts, simulators, analyst=analyst)
        return [*parts.values(), gateway]

    def _data_folder(self, running: ExitStack) -> Path:
        """Data of this world, for this demo alone; what is left of other worlds is removed."""
        world = self.world
        data = self.folder / f"world-{world.seed}-{world.households}-{world.today.isoformat()}"
        self.folder.mkdir(parents=True, exist_ok=True)
        _claim(self.folder, running)
        for other in self.folder.glob("world-*"):
            if other != data:
                shutil.rmtree(other)
        data.mkdir(exist_ok=True)
        return data

    def _accounts(self, staffed: Sequence[Mapping[str, str]], simulators: Mapping[str, Simulator]) -> Mapping[str, Any]:
        """What scripts read to drive the demo; payments have no simulator yet."""
        return {
            "graphql": f"{self._gateway}/graphql",
            "tenants": [tenant.as_account() for tenant in tenants(self.world)],
            "withoutAccount": [holder.as_person() for holder in without_account(self.world)],
            **{
                group: [{"name": one["name"], "bearer": one["bearer"]} for one in staffed if one["role"] == role]
                for group, role in _STAFF_ROLES.items()
            },
            "simulators": {
                "erp": simulators["erp"].url,
                "documents": simulators["documents"].url,
                "payments": None,
                "mail": simulators["mail"].url,
                "control": simulators["erp"].control,
            },
        }

    def _tell(self, accounts: Path, simulators: Mapping[str, Simulator], *, analyst: str) -> None:
        print(f"GraphQL    {self._gateway}/graphql")
        # What stands after the # stays in the browser, and the page takes it out of the address.
        print(f"GraphiQL   {self._gateway}/graphiql#bearer={analyst}")
        for name, simulator in simulators.items():
            print(f"{name:<10} {simulator.url}  control plane {simulator.control}/__sim/")
        print(f'registered {CLIENTS}  each document also by {{"documentId": "sha256:…"}}')
        print("\nreference  password          case")
        for tenant in tenants(self.world):
            account = tenant.as_account()
            print(f"{account['accountReference']:<10} {account['password']:<17} {account['case']}")
        for holder in without_account(self.world):
            print(f"{holder.household.account_number:<10} {'to be created':<17} {holder.case}")
        print(f"\nAll accounts, staff included: {accounts}. Ctrl-C stops everything.", flush=True)


def _as_shell(settings: Mapping[str, str]) -> str:
    """The gateway's settings for a shell to source: operator's commands need the same ones."""
    given = {name: text for name, text in settings.items() if name.startswith("GATEWAY_")}
    return "".join(f"export {name}={shlex.quote(text)}\n" for name, text in given.items())


def _simulators(simulators: Simulators, running: ExitStack) -> Mapping[str, Part]:
    """Every simulator by its name; none of them may answer yet."""
    parts = {}
    for name in NAMES:
        parts[name] = simulators.start(name)
        running.callback(parts[name].stop)
    return parts


def _require_free(port: int) -> None:
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise StartError(f"port {port} cannot be used: {reason}; GATEWAY_PORT or --port names another") from error


def _claim(folder: Path, running: ExitStack) -> None:
    """One demo in one folder: another would remove or change its data."""
    lock = running.enter_context((folder / "lock").open("a"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StartError(f"{folder} is in use by another demo; GATEWAY_DEMO_DIR or --folder names another") from error


def _when_asked_to_end(handler: Any) -> None:
    """Also for SIGINT, which a shell ignores on behalf of what it starts in the background."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)


def _interrupt(_: int, __: FrameType | None) -> NoReturn:
    """SIGTERM ends the demo as Ctrl-C does."""
    raise KeyboardInterrupt
