"""Session tokens: kept in memory only, so a restart forgets them all."""

from datetime import datetime, timedelta
from uuid import uuid4

from gateway.demo.erp.refusal import RefusalError

USER, PASSWORD = "PASSERELLE", "demo-immogest"
LIFETIME = timedelta(minutes=20)


class Sessions:
    """The tokens that are good, each for twenty minutes of the simulator's own time."""

    def __init__(self) -> None:
        self._opened: dict[str, datetime] = {}

    def open(self, user: str, password: str, *, now: datetime) -> str:
        """A new token; refuses a wrong user or password."""
        if (user, password) != (USER, PASSWORD):
            raise RefusalError("IDENTIFIANTS_INVALIDES", "Utilisateur ou mot de passe incorrect")
        token = uuid4().hex
        self._opened[token] = now
        return token

    def check(self, token: str, *, now: datetime) -> None:
        """Refuse a token that is unknown, closed or too old."""
        opened = self._opened.get(token)
        if opened is None or now - opened >= LIFETIME:
            self._opened.pop(token, None)
            raise RefusalError("SESSION_INVALIDE", "Session inconnue ou expirée")

    def close(self, token: str) -> None:
        """Forget one token."""
        self._opened.pop(token, None)

    def forget_all(self) -> None:
        """Forget every token, as a restart does."""
        self._opened.clear()
