"""One receipt: what a caller may ask for, and the voucher it becomes."""

from dataclasses import dataclass
from datetime import timedelta

from gateway.demo.control import PARIS
from gateway.demo.erp.books.chart import METHODS, TENANTS, TREASURY
from gateway.demo.erp.books.posting import Leg, Line, UnbalancedError, Voucher
from gateway.demo.erp.call import Call
from gateway.demo.erp.formats import day_number, read_cents, read_day
from gateway.demo.erp.refusal import RefusalError
from gateway.demo.erp.soap import Request

_MOST_CHARACTERS = 35
_ACCOUNT = "SELECT id FROM compte WHERE numero = ?"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money received for an account; `legs` say where it went."""

    reference: str
    account: int
    cents: int
    value_on: int
    method: str
    legs: tuple[Leg, ...]

    def voucher(self) -> Voucher:
        """The whole entry; raises UnbalancedError when what came in is not what was received."""
        label = f"Encaissement {self.reference}"
        line = Line(self.account, -self.cents, self.value_on, "ENC", label, method=self.method)
        return Voucher((line,), self.legs)


def read_receipt(call: Call) -> Receipt:
    """The receipt a caller asks for, refused when it makes no sense or does not balance."""
    request = call.request
    account = call.database.execute(_ACCOUNT, (request.required("NumCompte"),)).fetchone()
    if account is None:
        raise RefusalError("COMPTE_INCONNU", "Compte locataire inconnu")
    value_on = read_day(request.required("DateValeur"), field="DateValeur")
    legs = [_leg(line) for line in request.children("Ligne")]
    received = -sum(leg.cents for leg in legs if leg.general == TENANTS)
    treasury = tuple(leg for leg in legs if leg.general != TENANTS)
    return Receipt(_reference(request), account[0], received, value_on, _method(request), treasury)


def refuse_unbalanced(receipt: Receipt) -> None:
    """Refuse a receipt whose debits differ from its credits."""
    try:
        receipt.voucher()
    except UnbalancedError:
        raise RefusalError("ECRITURE_DESEQUILIBREE", "Débits et crédits différents") from None


def refuse_closed_period(receipt: Receipt, call: Call) -> None:
    """Entries go to last month or this one, until today."""
    today = call.now.astimezone(PARIS).date()
    opens_on = day_number((today.replace(day=1) - timedelta(days=1)).replace(day=1))
    if not opens_on <= receipt.value_on <= call.today:
        raise RefusalError("PERIODE_CLOSE", f"Date de valeur du {opens_on} à ce jour seulement")


def _leg(line: Request) -> Leg:
    """One line of the entry: the tenants' account in credit, or a treasury account in debit."""
    general, sens = line.required("COMPTE_GENERAL"), line.required("SENS")
    cents = read_cents(line.required("MONTANT"), field="MONTANT")
    if (general, sens) == (TENANTS, "C"):
        return Leg(general, -cents)
    if general in TREASURY and sens == "D":
        return Leg(general, cents)
    raise RefusalError("PARAMETRE_INVALIDE", "Ligne : compte ou sens non admis pour un encaissement")


def _reference(request: Request) -> str:
    reference = request.required("Reference")
    if not 1 <= len(reference) <= _MOST_CHARACTERS:
        raise RefusalError("PARAMETRE_INVALIDE", f"Reference : de 1 à {_MOST_CHARACTERS} caractères")
    return reference


def _method(request: Request) -> str:
    method = request.required("Mode")
    if method not in METHODS:
        raise RefusalError("PARAMETRE_INVALIDE", "Mode : inconnu")
    return method
