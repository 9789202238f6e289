"""The operations of the contract, by name."""

from collections.abc import Mapping

from gateway.demo.erp.books.receipts import cancel_receipt, create_receipt, find_receipts, validate_receipt
from gateway.demo.erp.call import Call, Operation
from gateway.demo.erp.reads.balances import read_balances
from gateway.demo.erp.reads.directory import read_advisors, read_news, read_offices
from gateway.demo.erp.reads.entries import read_entries
from gateway.demo.erp.reads.leases import read_leases
from gateway.demo.erp.reads.meters import read_meters
from gateway.demo.erp.reads.notices import read_notices
from gateway.demo.erp.reads.tenants import read_tenants
from gateway.demo.erp.reads.works import read_works
from gateway.demo.erp.sessions import LIFETIME

OPENING = "OuvrirSession"
"""The only operation that is called without a token."""


def _open_session(call: Call) -> str:
    user, password = call.request.required("Utilisateur"), call.request.required("MotDePasse")
    token = call.sessions.open(user, password, now=call.now)
    return f"<Jeton>{token}</Jeton><DureeMinutes>{LIFETIME.seconds // 60}</DureeMinutes>"


def _close_session(call: Call) -> str:
    call.sessions.close(call.request.required("Jeton"))
    return ""


OPERATIONS: Mapping[str, Operation] = {
    OPENING: _open_session,
    "FermerSession": _close_session,
    "LireLocataires": read_tenants,
    "LireContrats": read_leases,
    "LireSoldes": read_balances,
    "LireEcritures": read_entries,
    "LireAvis": read_notices,
    "LireConsommations": read_meters,
    "LireInterventions": read_works,
    "LireConseillers": read_advisors,
    "LireAgences": read_offices,
    "LireInformations": read_news,
    "CreerEncaissement": create_receipt,
    "ValiderEncaissement": validate_receipt,
    "AnnulerEncaissement": cancel_receipt,
    "RechercherEncaissement": find_receipts,
}
