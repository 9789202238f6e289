"""What a Tryton needs before its first invoice: company, chart of accounts, fiscal year, journals, products."""

from datetime import date
from decimal import Decimal

from tests.support.tryton_rpc import TrytonRpc, Values
from tests.support.tryton_world import CO_HOLDER, JOURNALS, PRINCIPAL, PRODUCTS

MODULES = ("account_fr", "account_invoice")
"""Parts of Tryton that are switched on, with all that they need."""

PAYMENT_TERM = "Le 10 du mois suivant"


class Landlord:
    """Sets up an empty Tryton, as its administrator would in an afternoon."""

    def __init__(self, rpc: TrytonRpc) -> None:
        self._rpc = rpc

    def set_up(self) -> None:
        """Everything, in the order in which one thing needs the other."""
        company = self._company()
        self._chart(company)
        self._fiscal_year(company)
        self._payment_term()
        self._journals()
        self._products()
        for role in (PRINCIPAL, CO_HOLDER):
            self._rpc.create("party.category", [{"name": role}])

    def _company(self) -> int:
        rpc = self._rpc
        rate = {"date": date(2000, 1, 1), "rate": Decimal(1)}
        euro = {"name": "Euro", "symbol": "€", "code": "EUR", "rates": [["create", [rate]]]}
        (currency,) = rpc.create("currency.currency", [euro])
        (party,) = rpc.create("party.party", [{"name": "Habitat Mosellan", "code": "BAILLEUR"}])
        record = {"party": party, "currency": currency, "cancel_invoice_out": False}
        (company,) = rpc.create("company.company", [record])
        (administrator,) = rpc.find("res.user", ["login", "=", "admin"])
        values = {"companies": [["add", [company]]], "company": company}
        rpc.call("model.res.user.write", [administrator], values)
        rpc.reload_context()
        return company

    def _chart(self, company: int) -> None:
        rpc = self._rpc
        template = rpc.call("model.ir.model.data.get_id", "account_fr", "root")
        wizard = "wizard.account.create_chart"
        session = rpc.call(f"{wizard}.create")[0]
        form: Values = {"account": {"company": company, "account_template": template}}
        rpc.call(f"{wizard}.execute", session, form, "create_account")
        accounts = rpc.ids_by("account.account", "code")
        form["properties"] = {
            "company": company,
            "account_receivable": accounts["4111"],
            "account_payable": accounts["4011"],
        }
        rpc.call(f"{wizard}.execute", session, form, "create_properties")
        rpc.call(f"{wizard}.delete", session)

    def _fiscal_year(self, company: int) -> None:
        rpc = self._rpc

        def sequence(kind: str) -> int:
            (kind_id,) = rpc.find("ir.sequence.type", ["name", "=", kind])
            record = {"name": f"{kind} 2026", "sequence_type": kind_id, "company": company}
            return rpc.create("ir.sequence.strict", [record])[0]

        invoices = sequence("Invoice")
        sides = ("in_invoice", "in_credit_note", "out_invoice", "out_credit_note")
        year = {
            "name": "2026",
            "start_date": date(2026, 1, 1),
            "end_date": date(2026, 12, 31),
            "company": company,
            "move_sequence": sequence("Account Move"),
            "invoice_sequences": [
                ["create", [{"company": company} | {f"{side}_sequence": invoices for side in sides}]]
            ],
        }
        years = rpc.create("account.fiscalyear", [year])
        rpc.call("model.account.fiscalyear.create_period", years)

    def _payment_term(self) -> None:
        due_on_the_tenth = {"type": "remainder", "relativedeltas": [["create", [{"months": 1, "day": 10}]]]}
        term = {"name": PAYMENT_TERM, "lines": [["create", [due_on_the_tenth]]]}
        self._rpc.create("account.invoice.payment_term", [term])

    def _journals(self) -> None:
        journals = [{"code": code, "name": name, "type": "cash"} for code, name in JOURNALS.items()]
        self._rpc.create("account.journal", journals)

    def _products(self) -> None:
        (unit,) = self._rpc.find("product.uom", ["symbol", "=", "u"])
        (revenue,) = self._rpc.find("account.account", ["code", "=", "706"])
        accounting = {"name": "Loyers et charges", "accounting": True, "account_revenue": revenue}
        (category,) = self._rpc.create("product.category", [accounting])
        templates = [
            {
                "name": name,
                "type": "service",
                "default_uom": unit,
                "account_category": category,
                "products": [["create", [{"suffix_code": code}]]],
            }
            for code, name in PRODUCTS.items()
        ]
        self._rpc.create("product.template", templates)
