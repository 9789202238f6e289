"""What is recorded of operations: the facts of one before it runs, and how its answer is judged."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.http.clients import OTHER
from gateway.schema.context import Context
from gateway.schema.operations import Prepared
from gateway.telemetry.operations import FREE, NO_SOURCE, Ending, Operation, Outcome, Problem

UNREAD = "unread"
"""Kind of an operation that was refused before it was known what it is."""
_OURS = frozenset({"INTERNAL", "SERVICE_UNAVAILABLE"})


def prepared_operation(prepared: Prepared, context: Context) -> Operation:
    """An operation that may be run; named only if it is registered, for anybody can name another as they like."""
    operation, document = prepared.operation, prepared.document
    name = operation.name.value if operation.name else "nameless"
    return _operation(
        context,
        kind=operation.operation.value,
        name=name if document.is_registered else FREE,
        sha256=document.sha256 if document.is_registered else None,
    )


def unread_operation(context: Context) -> Operation:
    """An operation that is refused."""
    return _operation(context, kind=UNREAD)


def judge(ending: Ending, *, started: bool, data: object, errors: Sequence[Mapping[str, Any]]) -> None:
    """Tells `ending` what an answer of these parts comes to."""
    told = [error["extensions"] for error in errors]
    problems = [Problem(one["code"], one.get("source", NO_SOURCE)) for one in told]
    if not started:
        ending.comes_to(Outcome.REFUSED, problems)
    elif not problems:
        ending.comes_to(Outcome.OK)
    elif data is not None:
        ending.comes_to(Outcome.PARTIAL, problems)
    else:
        ending.comes_to(Outcome.FAILED if any(map(_is_no_fault_of_clients, problems)) else Outcome.REFUSED, problems)


def judge_refusal(ending: Ending, *, status: int, code: str) -> None:
    """Tells `ending` that nothing is answered but a refusal."""
    ending.comes_to(Outcome.FAILED if status >= 500 else Outcome.REFUSED, [Problem(code)])


def _is_no_fault_of_clients(problem: Problem) -> bool:
    """Whether a system failed, or we did: what a client alone brings about must call nobody out of bed."""
    return problem.source != NO_SOURCE or problem.code in _OURS


def _operation(context: Context, *, kind: str, name: str = FREE, sha256: str | None = None) -> Operation:
    client, session = context.client, context.session
    return Operation(
        kind=kind,
        name=name,
        sha256=sha256,
        request_id=context.request_id,
        client=client.name,
        client_version=None if client.name == OTHER else client.version,
        role=session.role.value if session else None,
    )
