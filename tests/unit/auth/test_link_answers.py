"""Looking into a request for a link: who gets a letter, and who does not, which only the trail knows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.auth.choosing import LinkInvalid
from gateway.auth.credentials import AccountReady
from gateway.auth.link_answers import personal_words
from gateway.auth.tokens import token_sha256
from gateway.auth.vault import Content
from gateway.auth.work import LinkContent
from gateway.domain.identifiers import TenantId
from gateway.domain.source import SourceSystem
from gateway.ports.errors import Call, UpstreamTimeoutError
from gateway.ports.store import StoreError
from tests.rules.people import ALIX, CAMILLE, DOMINIQUE, NOBODY, Details, write_to
from tests.support.account_world import NEW, STRANGER, AccountWorld
from tests.support.household.homes import camille, noor

TIMEOUT = UpstreamTimeoutError(Call(SourceSystem.RENT_ERP, "holders_of"))


async def test_a_matching_request_sends_a_link_to_the_address_on_file(world: AccountWorld) -> None:
    """It is not valid until its letter leaves, and remembers what no password may be built on."""
    await world.ask_for_link()
    assert await world.errands.run_one()

    await world.run_errands()

    [letter] = world.letterbox.letters
    assert letter.to == "camille@example.org"
    link = await world.memory.link(token_sha256(world.letterbox.link_token()))
    assert link is not None
    assert (link.reference, link.tenant_id, link.assistance_id) == ("12345", "T-CAMILLE", None)
    assert link.expires_at == world.clock.now + timedelta(minutes=30)
    content = world.desk.vault.open(Content.LINK, link.sealed_address, LinkContent)
    assert content.personal_words == ("Camille", "Roussel", "1984")
    assert await world.trail() == ["LINK_REQUESTED Charged", "LINK_ANSWERED Sent"]


async def test_the_letter_tells_whether_there_is_an_account(world: AccountWorld) -> None:
    """Only to the holder of the mailbox: it creates, or chooses a new password."""
    await world.link_for(CAMILLE)
    await world.link_for(ALIX)

    [to_camille, to_alix] = world.letterbox.letters
    assert to_camille.to == "camille@example.org"
    assert to_alix.to == "alix@example.org"
    assert to_camille.subject != to_alix.subject


@pytest.mark.parametrize(
    "who",
    [
        DOMINIQUE,
        replace(CAMILLE, last_name="Martin"),
        replace(CAMILLE, first_name="Dominique"),
        replace(CAMILLE, birth_date=CAMILLE.birth_date + timedelta(days=1)),
        replace(CAMILLE, reference=ALIX.reference),
        NOBODY,
    ],
    ids=["co-holder", "last name", "first name", "birth date", "another account", "nobody"],
)
async def test_what_does_not_match_sends_nothing(world: AccountWorld, who: Details) -> None:
    """The trail knows, the person does not."""
    await world.ask_for_link(who)

    await world.run_errands()

    assert (world.letterbox.letters, world.count("account_link")) == ([], 0)
    assert (await world.trail(who.reference))[-1] == "LINK_ANSWERED NoMatch"


async def test_without_an_address_on_file_nothing_is_sent(world: AccountWorld) -> None:
    """Never to another one: the assistance form is the way (A8)."""
    write_to(world.landlord, TenantId("T-CAMILLE"))

    await world.ask_for_link()
    await world.run_errands()

    assert (world.letterbox.letters, world.count("account_link")) == ([], 0)
    assert (await world.trail())[-1] == "LINK_ANSWERED NoAddress"


async def test_three_letters_a_day_and_no_more(world: AccountWorld) -> None:
    """However often one asks (P11); a day later there is another one."""
    for _ in range(5):
        await world.ask_for_link()
        await world.run_errands()
        world.clock.forward(minutes=11)

    assert len(world.links_to()) == 3
    assert (await world.trail())[-1] == "LINK_ANSWERED TooMany"
    world.clock.forward(hours=23, minutes=30)
    await world.link_for()
    assert len(world.links_to()) == 4


async def test_who_is_held_gets_no_letter_and_who_blocked_gets_theirs(world: AccountWorld) -> None:
    """The third request is still answered; the ones after the block are not, until assistance (A21, G11)."""
    for _ in range(3):
        await world.ask_for_link(ALIX)
        world.clock.forward(seconds=1)
    await world.run_errands()
    sent = len(world.letterbox.letters)
    world.clock.forward(days=2)

    await world.ask_for_link(ALIX)
    await world.run_errands()

    assert (sent, len(world.letterbox.letters)) == (1, 1)  # of three links made at once only the last is sent
    assert (await world.trail(ALIX.reference))[-1] == "LINK_ANSWERED Held"


async def test_who_was_held_and_has_been_helped_meanwhile_gets_the_letter(world: AccountWorld) -> None:
    """The request waited for the ERP while staff identified the person."""
    for _ in range(3):
        await world.ask_for_link(replace(ALIX, first_name="Wrong"))
    await world.run_errands()
    world.clock.forward(minutes=10)
    await world.ask_for_link(ALIX)
    await world.memory.transact(world.desk.vault.subject(ALIX.reference), lambda tx: tx.release())

    await world.run_errands()

    assert len(world.letterbox.to("alix@example.org")) == 1


async def test_who_is_held_and_has_created_the_account_meanwhile_gets_the_letter(world: AccountWorld) -> None:
    """A link sent before the block was used after it."""
    token = await world.link_for(ALIX)
    for _ in range(2):
        await world.ask_for_link(replace(ALIX, first_name="Wrong"))
    await world.run_errands()
    world.clock.forward(minutes=10)
    await world.ask_for_link(ALIX)

    assert isinstance(await world.desk.choose_password(token, NEW, visitor=STRANGER), AccountReady)
    await world.run_errands()

    assert [letter.to for letter in world.letterbox.letters] == ["alix@example.org"] * 2
    assert (await world.trail(ALIX.reference))[-1] == "LINK_ANSWERED Sent"


async def test_a_newer_link_replaces_the_older_one(world: AccountWorld) -> None:
    """Also one whose letter has not left yet: it is not sent any more (P8)."""
    older = await world.link_for()
    for _ in range(2):
        await world.ask_for_link()
        world.clock.forward(seconds=1)

    await world.run_errands()

    assert len(world.links_to()) == 2
    assert await world.desk.choose_password(older, NEW, visitor=STRANGER) == LinkInvalid()
    assert isinstance(
        await world.desk.choose_password(world.letterbox.link_token(), NEW, visitor=STRANGER), AccountReady
    )


async def test_while_the_erp_is_down_the_request_is_put_off_and_then_answered_once(world: AccountWorld) -> None:
    """The person was told that a letter comes if the details match, and it comes."""
    world.landlord.failing["holders_of"] = TIMEOUT
    await world.ask_for_link()
    await world.run_errands()
    assert (world.count("outbox"), world.letterbox.letters) == (1, [])
    del world.landlord.failing["holders_of"]

    world.clock.forward(seconds=5)
    await world.run_errands()

    assert (world.count("outbox"), len(world.letterbox.letters)) == (0, 1)


async def test_one_file_that_cannot_be_read_is_tried_again(world: AccountWorld) -> None:
    """It may be the holder's: nobody is told that the details are wrong."""
    world.landlord.failing_keys["holders_of", "12345"] = TIMEOUT
    await world.ask_for_link()

    await world.run_errands()

    assert world.count("outbox") == 1
    assert await world.trail() == ["LINK_REQUESTED Charged"]


@pytest.mark.parametrize("step", ["transact", "add_link", "promise", "append_audit", "commit"])
async def test_a_link_is_made_with_its_letter_or_not_at_all(world: AccountWorld, step: str) -> None:
    """Neither a link without a letter, nor a letter with a link that nobody knows; the work stays promised."""
    await world.ask_for_link()
    world.trouble.crash_at(step)

    with pytest.raises(StoreError):
        await world.errands.run_one()

    assert [world.count(table) for table in ("account_link", "outbox")] == [0, 1]
    world.clock.forward(minutes=2)
    await world.run_errands()
    assert len(world.links_to()) == 1


def test_whoever_knows_the_holder_would_try_these() -> None:
    """Names and the year of birth, as far as the file tells them."""
    both = replace(camille(), person=replace(camille().person, first_name="Marie Claire", last_name="Le Goff"))

    assert personal_words(both) == ("Marie", "Claire", "Le", "Goff", "1984")
    assert personal_words(replace(noor(), person=replace(noor().person, first_name=None))) == ("Haddad",)
