"""What Tryton's own tables say, by SQL: the truth that an adapter's answers are compared with."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.support.tryton import Tryton

_BALANCES = """
SELECT json_object_agg(code, json_build_array(total, due, disputed)) FROM (
  SELECT party.code,
    sum(line.debit - line.credit)::text AS total,
    coalesce(sum(line.debit - line.credit) FILTER (
      WHERE line.reconciliation IS NULL AND coalesce(line.maturity_date, move.date) <= DATE '{today}'
    ), 0)::text AS due,
    coalesce(sum(line.debit - line.credit) FILTER (WHERE account.code LIKE '416%'), 0)::text AS disputed
  FROM account_move_line line
  JOIN account_move move ON move.id = line.move
  JOIN account_account account ON account.id = line.account
  JOIN account_account_type kind ON kind.id = account.type
  JOIN party_party party ON party.id = line.party
  WHERE move.state = 'posted' AND kind.receivable
  GROUP BY party.code
) per_party
"""


@dataclass(frozen=True, slots=True)
class Booked:
    """One tenant in the books, posted lines of receivable accounts only; positive is owed by the tenant.

    `due` is the part whose date has come and which no payment is matched with: negative after an early payment.
    """

    total: Decimal
    due: Decimal
    disputed: Decimal


def books(tryton: Tryton, *, today: date) -> dict[str, Booked]:
    """Every tenant with a posted line, by account reference."""
    found = tryton.ask(_BALANCES.format(today=today.isoformat()))
    assert isinstance(found, str)
    return {code: Booked(*map(Decimal, amounts)) for code, amounts in json.loads(found).items()}
