"""One operation, from what was asked to what is answered: the same on every transport."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import orjson
import structlog

from gateway.http.admission import OPEN, Admission
from gateway.http.recording import judge, judge_refusal, prepared_operation, unread_operation
from gateway.http.refusals import RequestRefusedError
from gateway.http.shedding import Load, Rank, rank_of
from gateway.http.spending import Spending
from gateway.schema.context import Context
from gateway.schema.documents import Asked
from gateway.schema.errors import presented
from gateway.schema.limits import Limit, refusal
from gateway.schema.operations import Executed, Operations, Prepared
from gateway.schema.reading import Rejected
from gateway.telemetry.operations import OperationRecorder

T = TypeVar("T")

GRACE_SECONDS = 1.0
"""Calls to the systems end by the deadline; this much later the operation as a whole is given up."""

log = structlog.get_logger()


@dataclass(frozen=True)  # without slots, for what is cached
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

    @cached_property
    def encoded(self) -> bytes:
        """The body as JSON in UTF-8."""
        return orjson.dumps(self.body)

    @property
    def codes(self) -> list[str]:
        """The codes of the errors."""
        return [error["extensions"]["code"] for error in self.errors]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Runs what was prepared, in time; a defect of ours becomes a coded refusal, logged under the request's id."""

    operations: Operations
    recorder: OperationRecorder = field(default_factory=OperationRecorder)
    admission: Admission = OPEN
    spending: Spending = field(default_factory=Spending)
    load: Load = field(default_factory=Load)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def prepare(self, asked: Asked, context: Context) -> Prepared | Rejected:
        """The operation asked for, if whoever asks may have it run now; nothing has run yet.

        Documents that nobody has seen are read one at a time, and others have the loop between them: it takes
        milliseconds to read one, and a crowd of them would hold everybody up for seconds.

        Raises RequestRefusedError (503) for somebody who is turned away under load.
        """
        if self.load.grade:
            self.load.admit(self._rank(asked, context))
        if self.operations.documents.known(asked, context.view) is not None:
            return self._prepared(asked, context)
        async with self._reading:
            await asyncio.sleep(0)
            return self._prepared(asked, context)

    def _prepared(self, asked: Asked, context: Context) -> Prepared | Rejected:
        prepared = self.operations.prepare(
            asked,
            context.view,
            is_stranger=context.session is None,
            takes_free=self.admission.takes_free(context),
        )
        if isinstance(prepared, Rejected):
            with self.recorder.recorded(unread_operation(context)) as ending:
                judge(ending, started=False, data=None, errors=answered(prepared, context).errors)
        return prepared

    async def answer(self, prepared: Prepared, context: Context, *, event: object = None) -> Answer:
        """The answer to a query, a mutation, or one event of a subscription.

        Raises RequestRefusedError: 429 when whoever asks has spent their share of the minute, 503 when it takes longer
        than the deadline, 500 for a defect of ours.
        """
        with self.load.one_more(), self.recorder.recorded(prepared_operation(prepared, context)) as ending:
            try:
                answer = await self._answer(prepared, context, event)
            except RequestRefusedError as refusal:
                judge_refusal(ending, status=refusal.status, code=refusal.code)
                raise
            judge(ending, started=answer.started, data=answer.data, errors=answer.errors)
            return answer

    async def begin(self, prepared: Prepared, context: Context) -> AsyncGenerator[object, None] | Answer:
        """The events of a subscription, or why there are none. Raises RequestRefusedError as `answer` does."""
        begun = await self._in_time(self.operations.events(prepared, context), context)
        return answered(begun, context) if isinstance(begun, Executed) else begun

    def _rank(self, asked: Asked, context: Context) -> Rank:
        """Who asks. Under load nobody reads a document to find out that it is a sign-in: clients send known ones."""
        known = self.operations.documents.known(asked, context.view)
        is_signing_in = known is not None and known.gives_credential(asked.operation_name)
        return rank_of(context.session, is_signing_in=is_signing_in)

    async def _answer(self, prepared: Prepared, context: Context, event: object) -> Answer:
        self.spending.charge(prepared, context)
        executed = await self._in_time(self.operations.run(prepared, context, event=event), context)
        self.spending.settle(prepared, context, actual=executed.cost)
        told = {"cost": {"estimated": prepared.cost, "actual": executed.cost}} if prepared.asked.wants_cost else {}
        answer = replace(answered(executed, context), extensions=told)
        if len(answer.encoded) <= prepared.limits.allowed[Limit.ANSWER]:
            return answer
        self.recorder.metrics.limits.labels(Limit.ANSWER, "refused").inc()
        return answered(Executed(None, (refusal(Limit.ANSWER, prepared.limits),), started=True), context)

    async def _in_time(self, work: Coroutine[Any, Any, T], context: Context) -> T:
        try:
            async with asyncio.timeout(context.deadline.remaining_seconds() + GRACE_SECONDS):
                return await work
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
