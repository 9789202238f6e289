"""Who may send a document that is not registered."""

from dataclasses import dataclass

from gateway.domain.access import Role
from gateway.schema.context import Context


@dataclass(frozen=True, slots=True)
class Admission:
    """`is_open` lets everybody, otherwise only staff do.

    The clients in `registered_only` never may, whoever uses them. Their name proves nothing: this shows that the build
    of a client has lost its manifest, before tenants meet it, and keeps nobody out.
    """

    is_open: bool
    registered_only: frozenset[str] = frozenset()

    def takes_free(self, context: Context) -> bool:
        """Whether whoever asks may send any text."""
        if context.client.name in self.registered_only:
            return False
        return self.is_open or (context.session is not None and context.session.role is not Role.TENANT)


OPEN = Admission(is_open=True)
