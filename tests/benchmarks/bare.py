"""The yardstick: a bare asyncio script that makes the same calls as one home page, in the same waves, and reads them.

Run by the benchmark as a process of its own; prints the processor time of one home in milliseconds. Nothing is
parsed, no session is checked, no money or date is understood: what a gateway adds is everything above this.
"""

import argparse
import asyncio
import json
import resource

import uvloop

from tests.benchmarks.wire import Connection

_XML = 'Content-Type: text/xml; charset=utf-8\r\nSOAPAction: "urn:immo-gest:services:3#{}"\r\n'
_JSON = "Content-Type: application/json\r\nX-Cle-Acces: demo-ged\r\n"
_NAMESPACE = "urn:immo-gest:services:3"


def _envelope(operation: str, parameters: str) -> bytes:
    content = f'<{operation} xmlns="{_NAMESPACE}">{parameters}</{operation}>'
    soap = "http://schemas.xmlsoap.org/soap/envelope/"
    return f'<s:Envelope xmlns:s="{soap}"><s:Body>{content}</s:Body></s:Envelope>'.encode()


class Home:
    """The calls of one home page of one household, over one connection for each call made at the same time."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._asked = arguments
        self._erp: list[Connection] = []
        self._documents: list[Connection] = []
        self._token = ""

    async def open(self) -> None:
        """Opens the connections and the ERP's session."""
        self._erp = [await Connection.open(self._asked.erp) for _ in range(6)]
        self._documents = [await Connection.open(self._asked.documents)]
        credentials = "<Utilisateur>PASSERELLE</Utilisateur><MotDePasse>demo-immogest</MotDePasse>"
        answer = await self._ask(0, "OuvrirSession", credentials)
        self._token = answer.decode("cp1252").partition("<Jeton>")[2].partition("</Jeton>")[0]

    async def read(self) -> None:
        """One home: three waves, nine calls."""
        asked = self._asked
        tenant = f"<NumLocataire>{asked.tenant}</NumLocataire>"
        account = f"<NumCompte>{asked.account}</NumCompte>"
        leases = "".join(f"<NumContrat>{lease}</NumContrat>" for lease in asked.leases)
        await self._wave(("LireInformations", ""), ("LireLocataires", tenant), ("LireContrats", tenant))
        await self._wave(
            ("LireSoldes", account),
            ("LireEcritures", f"{account}<DateDebut>{asked.since}</DateDebut>"),
            ("LireAvis", f"{account}<NbMois>6</NbMois>"),
            ("LireConseillers", leases),
            ("LireConsommations", f"{leases}<DepuisLe>{asked.readings_since}</DepuisLe>"),
            ("LireInterventions", leases),
        )
        body = json.dumps({"references": asked.notices}).encode()
        await self._documents[0].post("/ged/index", body, _JSON)

    async def _wave(self, *calls: tuple[str, str]) -> None:
        await asyncio.gather(*(self._ask(place, *call) for place, call in enumerate(calls)))

    async def _ask(self, place: int, operation: str, parameters: str) -> bytes:
        token = f"<Jeton>{self._token}</Jeton>" if self._token else ""
        body = _envelope(operation, token + parameters)
        answer = await self._erp[place].post("/immogest/services", body, _XML.format(operation))
        if operation != "OuvrirSession" and b"<CodeRetour>OK<" not in answer:
            raise RuntimeError(answer.decode("cp1252")[:400])
        return answer


async def _measure(arguments: argparse.Namespace) -> float:
    home = Home(arguments)
    await home.open()
    await home.read()
    before = _cpu_seconds()
    for _ in range(arguments.homes):
        await home.read()
    homes: int = arguments.homes
    return (_cpu_seconds() - before) * 1000 / homes


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.bare")
    for name in ("--erp", "--documents", "--tenant", "--account", "--since", "--readings-since"):
        parser.add_argument(name, required=True)
    parser.add_argument("--leases", nargs="+", required=True)
    parser.add_argument("--notices", nargs="+", required=True)
    parser.add_argument("--homes", type=int, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    print(uvloop.run(_measure(_arguments())))
