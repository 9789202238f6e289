"""What tenants are charged, what they pay, and what is taken back: invoices and moves, as Tryton wants them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tests.support.tryton_landlord import PAYMENT_TERM
from tests.support.tryton_rpc import TrytonRpc, Values
from tests.support.tryton_world import CANCELLED_ON, JOURNALS, PRODUCTS, Notice, Receipt, Tenant

_NOTHING = Decimal(0)


class Bookings:
    """Fills and posts. Looks up once what every invoice and move refers to."""

    def __init__(self, rpc: TrytonRpc) -> None:
        self._rpc = rpc
        self._company = rpc.context["company"]
        self._currency = rpc.ids_by("currency.currency", "code")["EUR"]
        self._term = rpc.ids_by("account.invoice.payment_term", "name")[PAYMENT_TERM]
        self._unit = rpc.ids_by("product.uom", "symbol")["u"]
        self._products = rpc.ids_by("product.product", "code")
        self._journals = rpc.ids_by("account.journal", "code")
        self._accounts = rpc.ids_by("account.account", "code")
        self._parties = rpc.ids_by("party.party", "code")

    def issue(self, notices: Sequence[tuple[Tenant, Notice]]) -> list[int]:
        """The posted invoice of each notice, numbered in the order given."""
        ids = self._rpc.create("account.invoice", [self._invoice(*notice) for notice in notices])
        self._rpc.acknowledge("invoice_payment_term", "account.invoice", ids)
        self._rpc.call("model.account.invoice.post", ids)
        return ids

    def cancel(self, invoice: int) -> None:
        """Take a notice back by a credit note, which Tryton writes itself."""
        form = {"start": {"with_refund": True, "invoice_date": CANCELLED_ON}}
        self._rpc.run_wizard("account.invoice.credit", state="credit", form=form, on=("account.invoice", [invoice]))

    def receive(self, receipts: Sequence[tuple[Tenant, Receipt]]) -> None:
        """Book each receipt, post those that are no drafts, match those that settle a notice."""
        moves = self._rpc.create("account.move", [self._receipt(*receipt) for receipt in receipts])
        booked = [(tenant, receipt, move) for (tenant, receipt), move in zip(receipts, moves, strict=True)]
        self._rpc.call("model.account.move.post", [move for _, receipt, move in booked if not receipt.draft])
        for tenant, receipt, move in booked:
            if receipt.settles is not None:
                self._match(tenant, receipt, move)

    def hold_doubtful(self, tenant: Tenant) -> None:
        """Move what is disputed to the account of doubtful debts."""
        lines = (
            self._side("416", tenant, debit=tenant.doubtful),
            self._side("4111", tenant, credit=tenant.doubtful),
        )
        move = self._move(date(2026, 10, 20), "MISC", lines) | {"description": "Passage en créances douteuses"}
        self._rpc.call("model.account.move.post", self._rpc.create("account.move", [move]))

    def _invoice(self, tenant: Tenant, notice: Notice) -> Values:
        party = self._parties[tenant.code]
        address, *_ = self._rpc.find("party.address", ["party", "=", party], ["active", "in", [True, False]])
        return {
            "type": "out",
            "company": self._company,
            "currency": self._currency,
            "journal": self._journals["REV"],
            "account": self._accounts["4111"],
            "party": party,
            "invoice_address": address,
            "reference": tenant.leases[0].reference,
            "invoice_date": notice.issued_on,
            "payment_term": self._term,
            "payment_term_date": notice.issued_on,
            "lines": [["create", [self._line(tenant, *line) for line in notice.lines]]],
        }

    def _line(self, tenant: Tenant, product: str, amount: Decimal) -> Values:
        return {
            "type": "line",
            "company": self._company,
            "currency": self._currency,
            "account": self._accounts["706"],
            "product": self._products[product],
            "description": PRODUCTS[product],
            "note": tenant.leases[1].reference if product == "GARAGE" else None,
            "quantity": 1,
            "unit": self._unit,
            "unit_price": amount,
        }

    def _receipt(self, tenant: Tenant, receipt: Receipt) -> Values:
        received, returned = max(receipt.amount, _NOTHING), max(-receipt.amount, _NOTHING)
        bank = {"account": self._accounts["5121"], "debit": received, "credit": returned}
        lines = (bank, self._side("4111", tenant, debit=returned, credit=received))
        return self._move(receipt.on, receipt.journal, lines) | {"description": JOURNALS[receipt.journal]}

    def _side(self, account: str, tenant: Tenant, *, debit: Decimal = _NOTHING, credit: Decimal = _NOTHING) -> Values:
        party = self._parties[tenant.code]
        return {"account": self._accounts[account], "party": party, "debit": debit, "credit": credit}

    def _move(self, day: date, journal: str, lines: Sequence[Values]) -> Values:
        (period,) = self._rpc.find("account.period", ["start_date", "<=", day], ["end_date", ">=", day])
        return {
            "company": self._company,
            "journal": self._journals[journal],
            "period": period,
            "date": day,
            "lines": [["create", lines]],
        }

    def _match(self, tenant: Tenant, receipt: Receipt, move: int) -> None:
        issued_on = date(2026, receipt.settles or 0, 25)
        owed = [["move.date", "=", issued_on], ["debit", "=", receipt.amount]]
        lines = self._rpc.find(
            "account.move.line",
            ["party", "=", self._parties[tenant.code]],
            ["account.code", "=", "4111"],
            ["OR", ["move", "=", move], owed],
        )
        self._rpc.run_wizard("account.move.reconcile_lines", state="start", form={}, on=("account.move.line", lines))
