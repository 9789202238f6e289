"""The operations of our clients: documents that must run unchanged, and what each is asked with here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.schema.seals import Purpose
from tests.support.doors import Doors
from tests.support.household import ACCOUNT

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Operation:
    """One client operation: `name` is that of its file. `account_variable` takes the id of Camille's account."""

    name: str
    account_variable: str | None = None
    variables: Mapping[str, object] | None = None

    @property
    def document(self) -> str:
        """Its text as the client sends it."""
        return (_HERE / f"{self.name}.graphql").read_text(encoding="utf-8")

    @property
    def answer(self) -> Any:
        """What Camille is answered, tokens opened."""
        return json.loads((_HERE / f"{self.name}.json").read_text(encoding="utf-8"))

    async def ask(self, doors: Doors) -> Any:
        """The answer of `doors` to Camille."""
        variables = dict(self.variables or {})
        if self.account_variable:
            variables[self.account_variable] = doors.parts.seals.seal(Purpose.NODE, "RentalAccount", ACCOUNT)
        return await doors.ask(self.document, variables)


OPERATIONS = (
    Operation("web_home"),
    Operation("mobile_home", variables={"version": "4.1.9"}),
    Operation("balance_explained", account_variable="id"),
)
