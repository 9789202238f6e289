"""The assistance form: kept sealed, decided by staff, by two of them for a new address, and erased."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.auth.credentials import AccountReady
from gateway.auth.knocking import Knocking, rules
from gateway.auth.outcomes import ServiceBusy
from gateway.auth.tokens import token_sha256
from gateway.auth.vault import Content, Vault
from gateway.domain.access import Session
from gateway.domain.assistance import AssistanceRequest, AssistanceState
from gateway.domain.identifiers import TenantId
from gateway.domain.letter import Language
from gateway.domain.source import SourceSystem
from gateway.ports.errors import Call, UpstreamTimeoutError
from gateway.ports.store import StoreError, Transaction
from gateway.support.assistance import (
    AssistanceRequested,
    Decision,
    Form,
    NotDecidable,
    Resolved,
    ResolveOutcome,
    SecondPersonRequired,
)
from tests.rules.people import ALIX, NOBODY, add_lease, add_tenant, write_to
from tests.support.account_world import NEW, STRANGER, AccountWorld, account_world, advisor, with_camille

SAM, ROBIN = advisor("Sam Fournier"), advisor("Robin Lambert")
NEW_ADDRESS = "new@example.net"


@pytest.fixture
async def world() -> AsyncIterator[AccountWorld]:
    """The use cases over a store in memory, where Camille has an account and Alix none."""
    with account_world() as world:
        yield await with_camille(world)


def form(**changes: Any) -> Form:
    """What Alix writes."""
    values: dict[str, Any] = {
        "first_name": "Alix",
        "last_name": "Schneider",
        "birth_date": date(1990, 2, 3),
        "language": Language.FRENCH,
        "reference": "24680",
        "email": NEW_ADDRESS,
        "phone": "+33639980012",
        "comment": "Rien ne marche.",
    }
    return Form(**(values | changes))


async def submitted(world: AccountWorld, **changes: Any) -> AssistanceRequest:
    """A form that waits for the staff."""
    outcome = await world.desk.assistance.request(form(**changes), visitor=STRANGER)
    assert isinstance(outcome, AssistanceRequested)
    [request] = await world.memory.open_assistance(number=outcome.number)
    return request


async def decide(world: AccountWorld, request: AssistanceRequest, by: Session = SAM, **changes: Any) -> ResolveOutcome:
    """The person is identified, unless it is said otherwise."""
    decision = replace(Decision(request.id, is_identified=True, evidence="called back"), **changes)
    return await world.desk.assistance.resolve(decision, by=by)


async def stored(world: AccountWorld, request: AssistanceRequest) -> AssistanceRequest:
    """The request as it is now."""
    found = await world.memory.assistance(request.id)
    assert found is not None
    return found


def staff_trail(world: AccountWorld) -> list[str]:
    """What the staff decided, in order."""
    lines = world.memory._tables.audit.rows().values()  # noqa: SLF001 - the port tells it by subject only
    return [line.outcome for line in lines if line.action == "ASSISTANCE_RESOLVED"]


@pytest.mark.parametrize("reference", ["24680", "12345", "97531", None, "?", "\U0001f511"])
async def test_a_form_is_kept_sealed_and_answered_with_a_number(world: AccountWorld, reference: str | None) -> None:
    """The same answer whoever it is about; nobody is looked up."""
    outcome = await world.desk.assistance.request(form(reference=reference), visitor=STRANGER)

    assert isinstance(outcome, AssistanceRequested)
    assert outcome.number.startswith("AS-")
    assert len(outcome.number) == 11
    [(request, kept)] = await world.desk.assistance.waiting()
    assert kept == form(reference=reference)
    assert request.sealed is not None
    assert b"Schneider" not in request.sealed
    assert (request.number, request.erase_at) == (outcome.number, world.clock.now + timedelta(days=30))
    assert world.landlord.journal == []
    assert await world.trail(reference or outcome.number) == ["ASSISTANCE_REQUESTED Received"]


async def test_the_oldest_request_comes_first(world: AccountWorld) -> None:
    """Nobody is forgotten behind those who come later."""
    first = await submitted(world)
    world.clock.forward(minutes=1)
    second = await submitted(world, comment="Encore moi.")

    assert [request.id for request, _ in await world.desk.assistance.waiting()] == [first.id, second.id]


async def pile_up(world: AccountWorld, pages: int, **changes: Any) -> None:
    """Whole pages of other forms, each a minute older than now."""
    vault, before = world.desk.vault, world.clock.now - timedelta(minutes=1)
    sealed = vault.seal(Content.ASSISTANCE, form(first_name="Junk"))
    values: dict[str, Any] = {
        "state": AssistanceState.SUBMITTED,
        "created_at": before,
        "sealed": sealed,
        "erase_at": world.clock.now,
    }

    async def work(tx: Transaction) -> None:
        for number in range(pages * 200):
            one = AssistanceRequest(f"junk-{number:04}", f"AS-{number:08}", **(values | changes))
            await tx.add_assistance(one)

    await world.memory.transact(vault.subject("12345"), work)


async def test_who_reads_on_comes_to_the_form_behind_a_flood(world: AccountWorld) -> None:
    """Four hundred forms were sent before mine: mine is on the third page, and nothing after it."""
    await pile_up(world, pages=2)
    genuine = await submitted(world)
    pages, last = [], None
    while page := await world.desk.assistance.waiting(after=last):
        pages.append(page)
        last = page[-1][0]

    assert [len(page) for page in pages] == [200, 200, 1]
    assert pages[2] == ((genuine, form()),)


async def test_forms_that_cannot_be_read_hide_no_page_after_them(world: AccountWorld) -> None:
    """The operator changed the key, and hundreds wait that were written under the old one."""
    await pile_up(world, pages=2, sealed=Vault(bytes(32)).seal(Content.ASSISTANCE, form()))
    genuine = await submitted(world)

    assert await world.desk.assistance.waiting() == ((genuine, form()),)


async def test_the_number_that_somebody_quotes_finds_the_form(world: AccountWorld) -> None:
    """However many are older, and however the advisor types it."""
    await pile_up(world, pages=1)
    genuine = await submitted(world)
    number = genuine.number

    for quoted in (number, number.lower(), f" {number[:7]} {number[7:]}\n"):
        assert await world.desk.assistance.waiting(number=quoted) == ((genuine, form()),)


@pytest.mark.parametrize("number", ["", "AS-", "AS-23456781", "AS-234567899", "AS-2345678\0", "AS-2345678\ud800", "%"])
async def test_a_number_that_nobody_was_given_finds_nothing(world: AccountWorld, number: str) -> None:
    """Nor is the store asked: databases do not take every text."""
    await submitted(world)
    world.trouble.crash_at("open_assistance")

    assert await world.desk.assistance.waiting(number=number) == ()


async def test_who_was_blocked_before_creating_the_account_is_let_in_by_staff(world: AccountWorld) -> None:
    """Held after three requests; identified, the person gets a letter and creates the account (R11, G11)."""
    for _ in range(3):
        await world.ask_for_link(replace(ALIX, first_name="Wrong"))
    await world.run_errands()
    request = await submitted(world)

    outcome = await decide(world, request)

    assert isinstance(outcome, Resolved)
    assert outcome.request.state is AssistanceState.IDENTIFIED
    assert outcome.request.decided_at == world.clock.now
    await world.run_errands()
    [letter] = world.links_to("alix@example.org")
    assert await world.desk.choose_password(world.letterbox.link_token(), NEW, visitor=STRANGER) == AccountReady(
        date(2027, 3, 17), (await world.account(ALIX.reference)).id, ()
    )
    link = await world.memory.link(token_sha256(world.letterbox.link_token()))
    assert link is not None
    assert link.assistance_id == request.id
    assert letter.language is Language.FRENCH
    assert staff_trail(world) == ["IDENTIFIED"]


async def test_a_decision_is_remembered_with_how_the_person_was_identified(world: AccountWorld) -> None:
    """Sealed, and erased thirty days after (R15)."""
    request = await submitted(world)
    world.clock.forward(days=3)

    await decide(world, request, evidence="paper code")

    kept = await stored(world, request)
    assert kept.erase_at == world.clock.now + timedelta(days=30)
    told = world.desk.assistance.form_of(kept)
    assert told is not None
    assert told.evidence == "paper code"


async def test_who_is_not_identified_gets_nothing(world: AccountWorld) -> None:
    """Nobody is looked up; what was written is erased like any other."""
    request = await submitted(world)

    outcome = await decide(world, request, is_identified=False, evidence="nobody called back")

    assert isinstance(outcome, Resolved)
    assert (await stored(world, request)).state is AssistanceState.REJECTED
    assert world.landlord.journal == []
    assert [world.count(table) for table in ("outbox", "account_link")] == [0, 0]
    assert staff_trail(world) == ["REJECTED"]


async def test_a_request_is_decided_once(world: AccountWorld) -> None:
    """Also by two at once, one of whom finds another account."""
    request = await submitted(world)

    outcomes = await asyncio.gather(decide(world, request), decide(world, request, ROBIN, is_identified=False))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NotDecidable", "Resolved"]
    assert await decide(world, request) == NotDecidable()


async def test_a_decision_made_meanwhile_stands(world: AccountWorld) -> None:
    """Somebody rejected it between the reading and the writing; no letter leaves."""
    request = await submitted(world)
    world.trouble.run_before("transact", lambda: decide(world, request, ROBIN, is_identified=False))

    assert await decide(world, request) == NotDecidable()

    assert (await stored(world, request)).state is AssistanceState.REJECTED
    assert [world.count(table) for table in ("outbox", "account_link")] == [0, 0]


@pytest.mark.parametrize("request_id", ["", "unknown", "\ud800"])
async def test_what_was_never_asked_cannot_be_decided(world: AccountWorld, request_id: str) -> None:
    """Nor is anybody looked up."""
    decision = Decision(request_id, is_identified=True, evidence="called back")

    assert await world.desk.assistance.resolve(decision, by=SAM) == NotDecidable()

    assert world.landlord.journal == []


async def test_a_new_address_takes_two_members_of_staff(world: AccountWorld) -> None:
    """The first one proposes, as often as they like; the second one's yes sends the letter (A22)."""
    request = await submitted(world)

    assert await decide(world, request, SAM, to_given_address=True) == SecondPersonRequired()
    assert await decide(world, request, SAM, to_given_address=True) == SecondPersonRequired()
    assert (await stored(world, request)).state is AssistanceState.SUBMITTED
    assert world.count("outbox") == 0

    assert isinstance(await decide(world, request, ROBIN, to_given_address=True, evidence="identity card"), Resolved)
    await world.run_errands()

    told = world.desk.assistance.form_of(await stored(world, request))
    assert told is not None
    assert told.evidence == "called back\nidentity card"
    assert [letter.to for letter in world.letterbox.letters] == [NEW_ADDRESS]
    assert staff_trail(world) == ["Proposed", "Proposed", "IDENTIFIED"]


async def test_two_who_mean_different_accounts_do_not_agree(world: AccountWorld) -> None:
    """The second one's account is a proposal of its own, and the first one must come again."""
    request = await submitted(world, reference=None)

    assert await decide(world, request, SAM, reference="24680", to_given_address=True) == SecondPersonRequired()
    assert await decide(world, request, ROBIN, reference="12345", to_given_address=True) == SecondPersonRequired()
    assert world.count("outbox") == 0

    assert await decide(world, request, ROBIN, reference="12345", to_given_address=True) == SecondPersonRequired()
    assert isinstance(await decide(world, request, SAM, reference="L-12 345", to_given_address=True), Resolved)
    await world.run_errands()
    link = await world.memory.link(token_sha256(world.letterbox.link_token()))
    assert link is not None
    assert (link.reference, link.tenant_id) == ("12345", "T-CAMILLE")


async def test_after_a_proposal_one_may_still_write_to_the_address_on_file(world: AccountWorld) -> None:
    """That takes one person only."""
    request = await submitted(world)
    await decide(world, request, SAM, to_given_address=True)

    assert isinstance(await decide(world, request, SAM), Resolved)
    await world.run_errands()

    assert [letter.to for letter in world.letterbox.letters] == ["alix@example.org"]


async def test_a_proposal_for_a_request_decided_meanwhile_is_none(world: AccountWorld) -> None:
    """It stays decided as it was."""
    request = await submitted(world)
    world.trouble.run_before("transact", lambda: decide(world, request, ROBIN, is_identified=False))

    assert await decide(world, request, SAM, to_given_address=True) == NotDecidable()

    assert (await stored(world, request)).proposed_by is None


async def test_an_account_gets_a_new_address_only_when_the_link_is_used(world: AccountWorld) -> None:
    """And the old address is told."""
    request = await submitted(world, first_name="Camille", last_name="Roussel", reference="12345")
    await decide(world, request, SAM, to_given_address=True)
    await decide(world, request, ROBIN, to_given_address=True)
    await world.run_errands()
    assert (await world.account()).email == "camille@example.org"

    await world.desk.choose_password(world.letterbox.link_token(), NEW, visitor=STRANGER)
    await world.run_errands()

    assert (await world.account()).email == NEW_ADDRESS
    assert len(world.letterbox.to("camille@example.org")) == 1


async def test_the_only_holder_is_the_one_whom_staff_identified(world: AccountWorld) -> None:
    """The form may be full of mistakes: staff called back."""
    request = await submitted(world, first_name="Alex", last_name="Schnaider")

    assert isinstance(await decide(world, request), Resolved)


async def test_of_two_holders_the_form_tells_which(world: AccountWorld) -> None:
    """And when it does not, nothing is decided."""
    other = replace(ALIX, first_name="Andrea", birth_date=date(1991, 1, 1))
    add_tenant(world.landlord, TenantId("T-ANDREA"), other, email="andrea@example.org", person="P-ANDREA")
    add_lease(world.landlord, TenantId("T-ANDREA"), other)
    [lease] = world.landlord.books.leases_of[TenantId("T-ANDREA")]
    parties = (*world.landlord.books.leases_of[TenantId("T-ALIX")][0].parties, *lease.parties)
    for tenant in (TenantId("T-ANDREA"), TenantId("T-ALIX")):
        world.landlord.books.leases_of[tenant] = (replace(lease, parties=parties),)
    unclear = await submitted(world, first_name="A.")
    clear = await submitted(world, first_name="Andrea", birth_date=date(1991, 1, 1))

    assert await decide(world, unclear) == NotDecidable()
    assert isinstance(await decide(world, clear), Resolved)
    await world.run_errands()
    assert [letter.to for letter in world.letterbox.letters] == ["andrea@example.org"]


@pytest.mark.parametrize("reference", [None, "", "?!", NOBODY.reference, "\ud800"])
async def test_without_an_account_reference_that_exists_nothing_is_decided(
    world: AccountWorld, reference: str | None
) -> None:
    """The request stays, until somebody finds the right one."""
    request = await submitted(world, reference=None)

    assert await decide(world, request, reference=reference) == NotDecidable()

    assert (await stored(world, request)).state is AssistanceState.SUBMITTED
    assert isinstance(await decide(world, request, reference="0024680"), Resolved)


async def test_without_an_address_nothing_is_decided(world: AccountWorld) -> None:
    """Neither on file, nor in the form."""
    write_to(world.landlord, TenantId("T-ALIX"))
    request = await submitted(world, email=None)

    assert await decide(world, request) == NotDecidable()
    assert await decide(world, request, to_given_address=True) == NotDecidable()


async def test_while_the_erp_is_down_staff_are_told_so(world: AccountWorld) -> None:
    """Nothing is decided."""
    request = await submitted(world)
    world.landlord.failing["holders_of"] = UpstreamTimeoutError(Call(SourceSystem.RENT_ERP, "holders_of"))

    with pytest.raises(UpstreamTimeoutError):
        await decide(world, request)

    assert (await stored(world, request)).state is AssistanceState.SUBMITTED


async def test_an_erased_form_is_gone_for_good(world: AccountWorld) -> None:
    """After thirty days without a decision: nothing to show, nothing to decide."""
    request = await submitted(world)
    world.clock.forward(days=30)
    await world.memory.purge(now=world.clock.now, audit_before=world.clock.now - timedelta(days=365))

    assert await world.desk.assistance.waiting() == ()
    assert world.desk.assistance.form_of(await stored(world, request)) is None
    assert await decide(world, request) == NotDecidable()


async def test_a_form_sealed_with_another_key_hides_no_other(world: AccountWorld) -> None:
    """The operator changed the key: what was written under the old one cannot be shown or decided."""
    readable = await submitted(world)
    foreign = replace(
        readable,
        id="foreign",
        number="AS-FOREIGN2",
        sealed=Vault(bytes(32)).seal(Content.ASSISTANCE, form()),
    )
    subject = world.desk.vault.subject("12345")
    await world.memory.transact(subject, lambda tx: tx.add_assistance(foreign))

    assert [request.id for request, _ in await world.desk.assistance.waiting()] == [readable.id]
    assert await decide(world, foreign) == NotDecidable()


@pytest.mark.parametrize("step", ["transact", "add_assistance", "append_audit", "commit"])
async def test_a_form_that_cannot_be_kept_is_not_acknowledged(world: AccountWorld, step: str) -> None:
    """The person is told to come back."""
    world.trouble.crash_at(step)

    assert await world.desk.assistance.request(form(), visitor=STRANGER) == ServiceBusy(5)

    assert (world.count("assistance"), world.count("audit")) == (0, 0)


@pytest.mark.parametrize("step", ["assistance", "decide_assistance", "release", "add_link", "append_audit", "commit"])
async def test_a_decision_holds_whole_or_not_at_all(world: AccountWorld, step: str) -> None:
    """Neither a letter without a decision, nor a decision without its letter."""
    request = await submitted(world)
    world.trouble.crash_at(step)

    with pytest.raises(StoreError):
        await decide(world, request)

    assert (await stored(world, request)) == request
    assert [world.count(table) for table in ("outbox", "account_link")] == [0, 0]


async def test_who_writes_too_often_is_told_when_to_come_back() -> None:
    """Twice from one address, in this test."""
    with account_world(knocking=Knocking(rules(sign_ins=1, requests=1))) as world:
        await world.desk.assistance.request(form(), visitor=STRANGER)

        assert isinstance(await world.desk.assistance.request(form(), visitor=STRANGER), ServiceBusy)

        assert world.count("assistance") == 1


async def test_the_number_tells_nothing_and_is_read_out_easily(world: AccountWorld) -> None:
    """No letter or digit that is taken for another on the telephone."""
    numbers = {(await submitted(world)).number for _ in range(50)}

    assert len(numbers) == 50
    assert not set("".join(number.removeprefix("AS-") for number in numbers)) & set("IO01")


# The schema makes halves of characters readable before they come here.
writable = st.text(st.characters(exclude_categories=["Cs"]))


@settings(max_examples=40, deadline=None)
@given(writable, writable, writable)
async def test_any_text_is_kept_and_decided(name: str, reference: str, evidence: str) -> None:
    """Nothing raises; what somebody wrote is what staff read."""
    with account_world() as world:
        written = form(first_name=name, last_name=name, reference=reference, comment=name)
        await world.desk.assistance.request(written, visitor=STRANGER)

        [(request, kept)] = await world.desk.assistance.waiting()
        outcome = await decide(world, request, evidence=evidence)

        assert kept == written
        assert isinstance(outcome, NotDecidable | Resolved)
