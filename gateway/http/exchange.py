"""One operation, from what was asked to what is answered: the same on every transport."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import structlog

from gateway.http.refusals import RequestRefusedError
from gateway.schema.context import Context
from gateway.schema.documents import Asked
from gateway.schema.errors import presented
from gateway.schema.operations import Executed, Operations, Prepared
from gateway.schema.reading import Rejected

GRACE_SECONDS = 1.0
"""Calls to the systems end by the deadline; this much later the operation as a whole is given up."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client is told. `data` counts only where `started`: otherwise nothing ran, and `errors` say why."""

    started: bool
    data: dict[str, Any] | None
    errors: list[dict[str, Any]]
    extensions: dict[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        """The answer as GraphQL has it: `data` where something ran, `errors` and `extensions` where there are any."""
        told: dict[str, Any] = {"data": self.data} if self.started else {}
        return (
            told
            | ({"errors": self.errors} if self.errors else {})
            | ({"extensions": self.extensions} if self.extensions else {})
        )

    @property
    def codes(self) -> list[str]:
        """The codes of the errors."""
        return [error["extensions"]["code"] for error in self.errors]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Runs what was prepared, in time; a defect of ours becomes a coded refusal, logged under the request's id."""

    operations: Operations

    def prepare(self, asked: Asked, context: Context) -> Prepared | Rejected:
        """The operation asked for, if whoever asks may have it run now; nothing has run yet."""
        return self.operations.prepare(asked, context.view, is_stranger=context.session is None)

    async def answer(self, prepared: Prepared, context: Context, *, event: object = None) -> Answer:
        """The answer to a query, a mutation, or one event of a subscription.

        Raises RequestRefusedError: 503 when it takes longer than the deadline, 500 for a defect of ours.
        """
        try:
            async with asyncio.timeout(context.deadline.remaining_seconds() + GRACE_SECONDS):
                return answered(await self.operations.run(prepared, context, event=event), context)
        except TimeoutError:
            raise RequestRefusedError(503, "DEADLINE_EXCEEDED", context.wording.sentence("LATE")) from None
        except Exception:  # the one place where a defect of ours becomes an answer
            log.exception("request.crashed", request_id=context.request_id)
            raise RequestRefusedError(500, "INTERNAL", context.wording.sentence("INTERNAL")) from None


def answered(outcome: Executed | Rejected, context: Context) -> Answer:
    """An outcome in the words of whoever asked."""
    errors = [presented(error, context.wording, context.request_id) for error in outcome.errors]
    match outcome:
        case Executed(started=True):
            return Answer(True, outcome.data, errors)
        case _:
            return Answer(False, None, errors)
