"""The assistance form, and what the staff does with it: inputs, types, outcomes, and how use cases are told."""

from datetime import date, datetime
from typing import Annotated, assert_never

import strawberry

from gateway.domain.access import Role, Session
from gateway.domain.assistance import AssistanceRequest as DomainRequest
from gateway.domain.assistance import AssistanceState
from gateway.domain.email import read_email
from gateway.domain.letter import Language
from gateway.domain.phone import parse_phones
from gateway.schema.account_enums import AssistanceDecision, LinkAddress
from gateway.schema.context import Context
from gateway.schema.directives import ADVISORS, CONTACT, EVERYONE, IDENTITY
from gateway.schema.errors import InvalidArgumentError
from gateway.schema.node import Node
from gateway.schema.problems import (
    InvalidField,
    NotFoundProblem,
    SecondPersonRequiredProblem,
    ServiceBusyProblem,
    ValidationProblem,
)
from gateway.schema.scalars import EmailAddress, PhoneNumber
from gateway.schema.seals import Purpose, SealBrokenError
from gateway.support.assistance import AssistanceRequested as Requested
from gateway.support.assistance import Decision, Form, NotDecidable, Resolved, SecondPersonRequired

LONGEST_COMMENT = 2_000
LONGEST_NAME = 100


@strawberry.input(description="Assistance form (formulaire d'assistance en ligne).")
class RequestAssistanceInput:
    """What the person writes. One of e-mail and telephone is needed, to answer."""

    first_name: str = strawberry.field(description="First name of the principal holder.", directives=[IDENTITY])
    last_name: str = strawberry.field(description="Family name of the principal holder.", directives=[IDENTITY])
    birth_date: date = strawberry.field(description="Date of birth.", directives=[IDENTITY])
    account_reference: str | None = strawberry.field(
        default=None, description="Account reference, if known.", directives=[IDENTITY]
    )
    email: EmailAddress | None = strawberry.field(
        default=None, description="E-mail to answer to.", directives=[CONTACT]
    )
    phone: PhoneNumber | None = strawberry.field(
        default=None, description="Telephone to call back.", directives=[CONTACT]
    )
    comment: str | None = strawberry.field(
        default=None, description="What goes wrong, at most two thousand characters."
    )


@strawberry.type(
    description="The form is with the staff; its personal data are erased once the case is closed. Always the same "
    "answer."
)
class AssistanceRequested:
    """A number and a sentence."""

    reference: str = strawberry.field(description="Number to quote.", directives=[EVERYONE])
    message: str = strawberry.field(description="Sentence for the person.", directives=[EVERYONE])


RequestAssistanceResult = Annotated[
    AssistanceRequested | ValidationProblem | ServiceBusyProblem,
    strawberry.union("RequestAssistanceResult", description="Outcome of `requestAssistance`."),
]


@strawberry.type(description="Request for help from someone who cannot get into the account.")
class AssistanceRequest(Node):
    """GraphQL face of `gateway.domain.assistance.AssistanceRequest`; what the person wrote is null once erased."""

    request: strawberry.Private[DomainRequest]
    form: strawberry.Private[Form | None]

    @classmethod
    def from_domain(cls, request: DomainRequest, form: Form | None) -> "AssistanceRequest":
        return cls(key=(request.id,), request=request, form=form)

    @strawberry.field(description="Number to quote.", directives=[ADVISORS])
    def reference(self) -> str:
        return self.request.number

    @strawberry.field(description="State.", directives=[ADVISORS])
    def state(self) -> AssistanceState:
        return AssistanceState.CLOSED if self.request.sealed is None else self.request.state

    @strawberry.field(description="Received.", directives=[ADVISORS])
    def created_at(self) -> datetime:
        return self.request.created_at

    @strawberry.field(description="When its personal data will be, or were, erased.", directives=[ADVISORS])
    def erase_at(self) -> datetime | None:
        return self.request.erase_at

    @strawberry.field(
        description="First name given; null once erased, like all that the person wrote.",
        directives=[ADVISORS, IDENTITY],
    )
    def first_name(self) -> str | None:
        return self.form.first_name if self.form else None

    @strawberry.field(description="Family name given.", directives=[ADVISORS, IDENTITY])
    def last_name(self) -> str | None:
        return self.form.last_name if self.form else None

    @strawberry.field(description="Account reference given, if any.", directives=[ADVISORS, IDENTITY])
    def account_reference(self) -> str | None:
        return self.form.reference if self.form else None

    @strawberry.field(description="E-mail given, if any.", directives=[ADVISORS, CONTACT])
    def email(self) -> EmailAddress | None:
        return EmailAddress(self.form.email) if self.form and self.form.email else None

    @strawberry.field(
        description="Telephone given, if any. Call back the number on file, not this one, to identify the person.",
        directives=[ADVISORS, CONTACT],
    )
    def phone(self) -> PhoneNumber | None:
        return PhoneNumber(self.form.phone) if self.form and self.form.phone else None

    @strawberry.field(description="What the person wrote, if anything.", directives=[ADVISORS, CONTACT])
    def comment(self) -> str | None:
        return self.form.comment if self.form else None

    @strawberry.field(
        description="Whether a member of staff has proposed to write to the e-mail given, and a second is waited for.",
        directives=[ADVISORS],
    )
    def awaits_second_person(self) -> bool:
        return self.request.state is AssistanceState.SUBMITTED and self.request.proposed_by is not None


@strawberry.input(description="Staff decision on an assistance request.")
class ResolveAssistanceInput:
    """A decision and how it was come to."""

    request_id: strawberry.ID = strawberry.field(description="Request.")
    decision: AssistanceDecision = strawberry.field(description="What was decided.")
    evidence: str = strawberry.field(
        description="How the person was identified: call back on the number on file, paper code."
    )
    account_reference: str | None = strawberry.field(
        default=None,
        description="Account reference of the person, when the form gives none or a wrong one.",
        directives=[IDENTITY],
    )
    send_to: LinkAddress = strawberry.field(
        default=LinkAddress.ON_FILE, description="Where the letter with the link goes."
    )


@strawberry.type(description="The decision is recorded, and the holder told by e-mail.")
class ResolveAssistanceSuccess:
    """The request after it."""

    request: AssistanceRequest = strawberry.field(description="The request.", directives=[ADVISORS])


ResolveAssistanceResult = Annotated[
    ResolveAssistanceSuccess | SecondPersonRequiredProblem | NotFoundProblem | ValidationProblem,
    strawberry.union("ResolveAssistanceResult", description="Outcome of `resolveAssistance`."),
]


async def request_assistance(context: Context, given: RequestAssistanceInput) -> RequestAssistanceResult:
    """Keeps the form for the staff."""
    if faults := _faults(given):
        return ValidationProblem(stable_code="INVALID", fields=faults)
    outcome = await context.parts.desk.assistance.request(_form(given, context), visitor=context.visitor)
    match outcome:
        case Requested(number=number):
            return AssistanceRequested(reference=number, message=context.wording.sentence("ASSIST_RECEIVED"))
        case _:
            return ServiceBusyProblem(stable_code="BUSY", retry_after_seconds=outcome.retry_after_seconds)


def _faults(given: RequestAssistanceInput) -> list[InvalidField]:
    names = {"firstName": given.first_name, "lastName": given.last_name}
    found = [(name, "REQUIRED") for name, text in names.items() if not text.strip()]
    found += [(name, "TOO_LONG") for name, text in names.items() if len(text) > LONGEST_NAME]
    if given.account_reference and len(given.account_reference) > LONGEST_NAME:
        found.append(("accountReference", "TOO_LONG"))
    if len(given.comment or "") > LONGEST_COMMENT:
        found.append(("comment", "TOO_LONG"))
    if given.email is not None and read_email(given.email) is None:
        found.append(("email", "UNUSABLE_ADDRESS"))
    if given.phone is not None and _phone(given.phone) is None:
        found.append(("phone", "UNUSABLE_PHONE"))
    if given.email is None and given.phone is None:
        found.append(("email", "REQUIRED"))
    return [InvalidField(stable_code=code, path=["input", name]) for name, code in found]


def _phone(text: str) -> str | None:
    phones = parse_phones(text[:LONGEST_NAME])
    return phones[0].e164 if len(phones) == 1 else None


def _form(given: RequestAssistanceInput, context: Context) -> Form:
    return Form(
        first_name=_readable(given.first_name),
        last_name=_readable(given.last_name),
        birth_date=given.birth_date,
        language=Language(context.wording.language),
        reference=_readable(given.account_reference) if given.account_reference else None,
        email=read_email(given.email) if given.email else None,
        phone=_phone(given.phone) if given.phone else None,
        comment=_readable(given.comment) if given.comment else None,
    )


def _readable(text: str) -> str:
    """Text that can be written down: halves of characters, which JSON can carry, become question marks."""
    return text.strip().encode("utf-8", "replace").decode()


async def resolve_assistance(context: Context, given: ResolveAssistanceInput) -> ResolveAssistanceResult:
    """Records what a member of staff decided."""
    session, request_id = _advisor(context), _request_id(context, given.request_id)
    if not given.evidence.strip() or len(given.evidence) > LONGEST_COMMENT:
        code = "TOO_LONG" if given.evidence.strip() else "REQUIRED"
        fields = [InvalidField(stable_code=code, path=["input", "evidence"])]
        return ValidationProblem(stable_code="INVALID", fields=fields)
    if session is None or request_id is None:
        return NotFoundProblem(stable_code="NOT_FOUND")
    decision = Decision(
        request_id=request_id,
        is_identified=given.decision is AssistanceDecision.IDENTIFIED,
        evidence=_readable(given.evidence),
        reference=given.account_reference,
        to_given_address=given.send_to is LinkAddress.GIVEN,
    )
    assistance = context.parts.desk.assistance
    outcome = await assistance.resolve(decision, by=session)
    match outcome:
        case Resolved(request=request):
            shown = AssistanceRequest.from_domain(request, assistance.form_of(request))
            return ResolveAssistanceSuccess(request=shown)
        case SecondPersonRequired():
            return SecondPersonRequiredProblem(stable_code="SECOND_PERSON_REQUIRED")
        case NotDecidable():
            return NotFoundProblem(stable_code="NOT_FOUND")
        case _:
            assert_never(outcome)


async def waiting_requests(
    context: Context, *, after: str | None = None, reference: str | None = None
) -> list[AssistanceRequest]:
    """The requests that wait for the staff, oldest first; none for others than advisors.

    Raises InvalidArgumentError when `after` is not the id of a request, or is given together with `reference`.
    """
    if _advisor(context) is None:
        return []
    if after is not None and reference is not None:
        raise InvalidArgumentError("after", "give one of after and reference")
    last = None if after is None else await _last_shown(context, after)
    waiting = await context.parts.desk.assistance.waiting(after=last, number=reference)
    return [AssistanceRequest.from_domain(request, form) for request, form in waiting]


async def _last_shown(context: Context, global_id: str) -> DomainRequest:
    request_id = _request_id(context, global_id)
    request = await context.parts.store.assistance(request_id) if request_id is not None else None
    if request is None:
        raise InvalidArgumentError("after", "after is not the id of an assistance request")
    return request


async def assistance_request(context: Context, request_id: str) -> AssistanceRequest | None:
    """The request with this id, for advisors."""
    if _advisor(context) is None:
        return None
    request = await context.parts.store.assistance(request_id)
    return AssistanceRequest.from_domain(request, context.parts.desk.assistance.form_of(request)) if request else None


def _advisor(context: Context) -> Session | None:
    session = context.session
    return session if session and session.role is Role.ADVISOR else None


def _request_id(context: Context, global_id: str) -> str | None:
    try:
        kind, *key = context.parts.seals.open(Purpose.NODE, global_id)
    except SealBrokenError:
        return None
    return key[0] if kind == "AssistanceRequest" else None
