"""Tryton's own door, for tests that fill its books or change them: JSON-RPC, one session, plain blocking calls.

Nothing of the gateway is used here, so that what the adapter reads was written by other code.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import TracebackType
from typing import Any

import httpx

Values = dict[str, Any]
"""Fields of one record, or the answer to one call: Tryton decides what they hold."""


class TrytonRefusedError(Exception):
    """Tryton understood the call and said no; the message is its own."""


class _WarnedError(Exception):
    """Tryton wants a warning answered before it goes on."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class TrytonRpc:
    """Session of one user. `context` goes with every call, as Tryton's clients do."""

    def __init__(self, url: str, database: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=120)
        self._path = f"/{database}/rpc/"
        self._user = 0
        self.context: Values = {}

    def __enter__(self) -> "TrytonRpc":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._http.close()

    def log_in(self, user: str, password: str) -> str:
        """Open a session; the answer are its credentials, good for `resume`."""
        answer = self._post("common.db.login", [user, {"password": password}, "en"])
        credentials = base64.b64encode(f"{user}:{answer[0]}:{answer[1]}".encode()).decode()
        self.resume(credentials)
        return credentials

    def resume(self, credentials: str) -> None:
        """Go on with an open session; its preferences (company, language) become the context."""
        self._user = int(base64.b64decode(credentials).split(b":")[1])
        self._http.headers["Authorization"] = f"Session {credentials}"
        self.reload_context()

    def reload_context(self) -> None:
        """Take over the preferences again, after they were changed."""
        self.context = self._post("model.res.user.get_preferences", [True, {}])

    def call(self, method: str, *arguments: object, **context: object) -> Any:
        """Answer of a method such as `model.party.party.read`; `context` is added to the session's."""
        params = [*arguments, self.context | context]
        while True:
            try:
                return self._post(method, params)
            except _WarnedError as warning:
                self._answer_yes([warning.key])

    def run_wizard(self, name: str, *, state: str, form: Values, on: tuple[str, Sequence[int]]) -> None:
        """Press the button `state` of a dialogue about the records `on`, a model and ids, with `form` filled in."""
        model, ids = on
        context: Values = {"active_model": model, "active_ids": ids, "active_id": ids[0] if ids else None}
        session = self.call(f"wizard.{name}.create", **context)[0]
        self.call(f"wizard.{name}.execute", session, form, state, **context)
        self.call(f"wizard.{name}.delete", session, **context)

    def acknowledge(self, warning: str, model: str, ids: Sequence[int]) -> None:
        """Answer « yes » before Tryton asks about each record: a batch would be rolled back at each question."""
        records = (f"{model},{record}".encode() for record in ids)
        self._answer_yes([f"{_digest(record)}.{warning}" for record in records])

    def _answer_yes(self, warnings: Sequence[str]) -> None:
        """Let each warning pass once, as Tryton's clients do before they ask again."""
        answers = [{"name": warning, "user": self._user, "always": False} for warning in warnings]
        self.create("res.user.warning", answers)

    def create(self, model: str, records: Sequence[Values]) -> list[int]:
        """Ids of new records, in the order given."""
        created: list[int] = self.call(f"model.{model}.create", list(records)) if records else []
        return created

    def find(self, model: str, *clauses: object) -> list[int]:
        """Ids of the records that satisfy every clause, such as `["code", "=", "4111"]`."""
        found: list[int] = self.call(f"model.{model}.search", list(clauses), 0, None, None)
        return found

    def ids_by(self, model: str, field: str) -> dict[str, int]:
        """The id of every record of `model` by the text in `field`."""
        records = self.call(f"model.{model}.search_read", [], 0, None, None, [field])
        return {record[field]: record["id"] for record in records if record[field]}

    def _post(self, method: str, params: list[object]) -> Any:
        answer = self._http.post(self._path, json={"id": 1, "method": method, "params": _encoded(params)})
        answer.raise_for_status()
        match answer.json():
            case {"error": ["UserWarning", [key, *_]]}:
                raise _WarnedError(key)
            case {"error": error}:
                raise TrytonRefusedError(f"{method}: {error}")
            case body:
                return body["result"]


def _digest(text: bytes) -> str:
    return hashlib.md5(text, usedforsecurity=False).hexdigest()  # Tryton names its warnings so


def _encoded(value: object) -> object:
    """`value` in Tryton's JSON: amounts, dates and bytes as tagged objects."""
    match value:
        case Decimal():
            return {"__class__": "Decimal", "decimal": str(value)}
        case date():
            return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
        case bytes():
            return {"__class__": "bytes", "base64": base64.b64encode(value).decode()}
        case Mapping():
            return {key: _encoded(item) for key, item in value.items()}
        case list() | tuple():
            return [_encoded(item) for item in value]
        case _:
            return value
