"""Letters over SMTP, to aiosmtpd and to relays that misbehave."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from gateway.adapters.mail.message import Sender, message_bytes
from gateway.adapters.mail.smtp import SmtpMail, SmtpSecurity, SmtpServer
from gateway.domain.letter import EmailAddress, Language, Letter
from gateway.ports.mail import MailError, MailRefusedError, MailUnavailableError
from tests.adapters.mail.authority import LOOPBACK, Authority
from tests.support.mail import Desk, Relay, running_relay
from tests.support.processes import free_port

pytestmark = pytest.mark.servers

NOON = datetime(2026, 3, 16, 11, 0, tzinfo=UTC)
SENDER = Sender(EmailAddress("ne-pas-repondre@habitat.example.org"), "Habitat Mosellan")
LINK = f"https://locataires.example.org/compte#{'t' * 90}"
LETTER = Letter(
    "<7f3a@habitat.example.org>",
    EmailAddress("paul.weber@example.org"),
    "Créez votre compte en ligne",
    f"Bonjour,\n\nC’est ici :\n\n{LINK}\n\n.\nFrom là, « à bientôt ».\n",
    Language.FRENCH,
)
PRIVATE = ("paul.weber", "example.org", "Créez", "relay-password", "du relais")

Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
def desk() -> Desk:
    """What the relay of this test does, and what it took."""
    return Desk()


@pytest.fixture
def relay(desk: Desk) -> Iterator[int]:
    """The port of a relay without TLS."""
    with running_relay(Relay(desk)) as port:
        yield port


def mail(port: int, security: SmtpSecurity = SmtpSecurity.NONE, *, seconds: float = 5, **more: str) -> SmtpMail:
    """The adapter, towards 127.0.0.1."""
    server = SmtpServer("127.0.0.1", port, security, **more)
    return SmtpMail(server, sender=SENDER, timeout_seconds=seconds, clock=lambda: NOON)


@contextmanager
def unavailable(code: int | None = None, fact: str = "the relay cannot take letters") -> Iterator[None]:
    """Expects MailUnavailableError with exactly this fact and code."""
    with pytest.raises(MailUnavailableError) as raised:
        yield
    assert_discreet(raised.value, fact, code)


def assert_discreet(error: MailError, fact: str, code: int | None) -> None:
    """The whole error, causes and all, holds a constant and a code; nobody is named."""
    assert (str(error), error.code) == (f"{fact}, reply code {code}" if code else fact, code)
    assert (error.__cause__, error.__context__) == (None, None)
    told = "".join(traceback.format_exception(error)[-1:])
    assert not [word for word in PRIVATE if word in told]


@asynccontextmanager
async def misbehaving(conversation: Conversation) -> AsyncIterator[int]:
    """The port of a server that talks as `conversation` does; it is cut off at the end."""
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            await conversation(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


async def test_a_letter_arrives_as_it_was_written(desk: Desk, relay: int) -> None:
    """Text, subject and link are whole, and machines are told that a machine wrote."""
    await mail(relay).send(LETTER)

    (taken,) = desk.taken
    message = taken.message
    assert (taken.sender, taken.recipients) == (SENDER.address, (LETTER.to,))
    assert message.get_content().replace("\r\n", "\n") == LETTER.body
    assert {name: str(value) for name, value in message.items()} == {
        "From": "Habitat Mosellan <ne-pas-repondre@habitat.example.org>",
        "To": "paul.weber@example.org",
        "Subject": "Créez votre compte en ligne",
        "Date": "Mon, 16 Mar 2026 11:00:00 +0000",
        "Message-ID": "<7f3a@habitat.example.org>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "fr",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
        "MIME-Version": "1.0",
    }


def test_what_travels_is_ascii_in_short_lines() -> None:
    """So that no relay of any age has a reason to change it."""
    content = message_bytes(LETTER, sender=replace(SENDER, name="Régie « Été », Metz"), at=NOON)

    assert content.isascii()
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert not any(b"\r" in line or b"\n" in line for line in lines)


async def test_a_letter_sent_again_has_the_same_message_id(desk: Desk, relay: int) -> None:
    """Mail programs can tell that it is the same letter."""
    await mail(relay).send(LETTER)
    await mail(relay).send(LETTER)

    assert [taken.message["Message-ID"] for taken in desk.taken] == [LETTER.message_id] * 2


@pytest.mark.parametrize(
    "sender",
    [
        Sender(SENDER.address, "Habitat\r\nBcc: evil@example.net"),
        Sender(EmailAddress("a@example.org>\r\nBcc: <evil@example.net"), SENDER.name),
    ],
    ids=["name", "address"],
)
def test_a_sender_cannot_become_headers(sender: Sender) -> None:
    """A mistaken setting is an error, not a second recipient; letters refuse such text themselves."""
    with pytest.raises(ValueError, match=r"^invalid arguments; address parts cannot contain CR or LF$"):
        message_bytes(LETTER, sender=sender, at=NOON)


@pytest.mark.parametrize(
    "name", ['"Weber" <evil@example.net>,', "evil@example.net, Habitat", "Habitat; <x@example.net>"]
)
async def test_a_name_that_looks_like_an_address_stays_a_name(desk: Desk, relay: int, name: str) -> None:
    """One author, one recipient, whatever the landlord is called."""
    server = SmtpServer("127.0.0.1", relay, SmtpSecurity.NONE)
    sender = replace(SENDER, name=name)

    await SmtpMail(server, sender=sender, timeout_seconds=5, clock=lambda: NOON).send(LETTER)

    (author,) = desk.taken[0].message["From"].addresses
    assert (author.display_name, author.addr_spec) == (name, SENDER.address)
    assert desk.taken[0].recipients == (LETTER.to,)


@pytest.mark.parametrize(
    ("command", "reply"),
    [("RCPT", "550 5.1.1 paul.weber@example.org unknown"), ("DATA", "554 5.7.1 refused")],
)
async def test_a_letter_refused_for_good_is_told_so(desk: Desk, relay: int, command: str, reply: str) -> None:
    """The mailbox does not exist, or the relay will not have this text: nothing was taken."""
    desk.answers[command] = reply

    with pytest.raises(MailRefusedError) as raised:
        await mail(relay).send(LETTER)

    assert_discreet(raised.value, "the relay refuses the letter", int(reply[:3]))
    assert desk.taken == []


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("RCPT", "450 4.2.0 greylisted, paul.weber@example.org"),
        ("DATA", "451 4.3.0 try later"),
        ("MAIL", "421 4.3.2 closing"),
        ("MAIL", "553 5.7.1 ne-pas-repondre@habitat.example.org is not yours"),
    ],
)
async def test_a_relay_that_cannot_now_is_tried_again_later(desk: Desk, relay: int, command: str, reply: str) -> None:
    """A full queue, greylisting, or a sender it does not want from us: not this letter's fault."""
    desk.answers[command] = reply

    with unavailable(int(reply[:3])):
        await mail(relay).send(LETTER)

    assert desk.taken == []


async def test_a_connection_that_ends_after_the_letter_may_mean_that_it_was_taken(desk: Desk, relay: int) -> None:
    """We cannot know: the letter is to be sent again, under the same Message-ID."""
    desk.drops_after_data = True

    with unavailable():
        await mail(relay).send(LETTER)

    assert [taken.message["Message-ID"] for taken in desk.taken] == [LETTER.message_id]


async def test_nobody_listens() -> None:
    """The relay is down."""
    with unavailable():
        await mail(free_port()).send(LETTER)


async def test_a_relay_that_never_speaks_is_given_up_in_time() -> None:
    """However slowly it keeps the connection alive: what counts is the whole."""

    async def drips(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"220-still there\r\n")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with misbehaving(drips) as port:
        with unavailable(fact="the relay did not answer in time"):
            await mail(port, seconds=0.2).send(LETTER)


async def test_a_relay_that_is_slow_at_every_step_is_given_up_too() -> None:
    """Each answer comes in time, all of them together do not."""

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in (b"220 relay\r\n", *[b"250 OK\r\n"] * 3, b"354 go on\r\n"):
            await asyncio.sleep(0.1)
            writer.write(reply)
            await reader.readline()
        await asyncio.Event().wait()

    async with misbehaving(slow) as port:
        with unavailable(fact="the relay did not answer in time"):
            async with asyncio.timeout(0.45):
                await mail(port, seconds=0.3).send(LETTER)


@pytest.mark.parametrize(
    "greeting",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\xff\xfe\r\n",
        b"2",
        pytest.param(b"220 " + b"x" * 10_000_000, id="endless"),
    ],
)
async def test_what_is_no_relay_is_unavailable(greeting: bytes) -> None:
    """Another service at that port, or noise."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()

    async with misbehaving(greet) as port:
        with unavailable():
            await mail(port).send(LETTER)


async def test_a_relay_that_refuses_us_is_unavailable() -> None:
    """554 for a greeting is about us, and no reason to give a letter up; its code is told to those who run us."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554 du relais: go away\r\n")
        await reader.readline()

    async with misbehaving(refuse) as port:
        with unavailable(554):
            await mail(port).send(LETTER)


async def test_a_relay_that_does_not_say_goodbye_has_the_letter() -> None:
    """Once it said 250, nothing that follows makes us send again."""

    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 relay\r\n")
        for reply in (b"250 relay\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n"):
            await reader.readline()
            writer.write(reply)
        await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"250 taken\r\n")
        await reader.readline()

    async with misbehaving(rude) as port:
        await mail(port).send(LETTER)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """An authority that nobody knows yet."""
    return Authority(tmp_path)


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The same, trusted by this process."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority


@pytest.mark.parametrize("security", [SmtpSecurity.STARTTLS, SmtpSecurity.TLS])
async def test_a_relay_with_a_good_certificate_gets_user_and_letter(
    desk: Desk, trusted: Authority, security: SmtpSecurity
) -> None:
    """Both travel encrypted."""
    with running_relay(Relay(desk, trusted.server(LOOPBACK), security is SmtpSecurity.TLS)) as port:
        await mail(port, security, user="gateway", password="relay-password").send(LETTER)

    assert [(taken.user, taken.was_encrypted, taken.recipients) for taken in desk.taken] == [
        ("gateway", security is SmtpSecurity.STARTTLS, (LETTER.to,))  # TLS from the start is below what aiosmtpd sees
    ]


async def test_a_wrong_password_at_the_relay_is_not_the_letters_fault(desk: Desk, trusted: Authority) -> None:
    """The landlord's IT has to act; letters wait."""
    with running_relay(Relay(desk, trusted.server(LOOPBACK))) as port, unavailable(535):
        await mail(port, SmtpSecurity.STARTTLS, user="gateway", password="wrong").send(LETTER)


@pytest.mark.parametrize("security", [SmtpSecurity.STARTTLS, SmtpSecurity.TLS])
async def test_a_certificate_of_an_unknown_authority_is_refused(
    desk: Desk, authority: Authority, security: SmtpSecurity
) -> None:
    """Anybody could have made it: neither password nor letter is given."""
    immediate = security is SmtpSecurity.TLS
    with running_relay(Relay(desk, authority.server(LOOPBACK), immediate)) as port, unavailable():
        await mail(port, security, user="gateway", password="relay-password").send(LETTER)

    assert desk.taken == []


@pytest.mark.parametrize("security", [SmtpSecurity.STARTTLS, SmtpSecurity.TLS])
async def test_a_certificate_of_another_server_is_refused(
    desk: Desk, trusted: Authority, security: SmtpSecurity
) -> None:
    """The authority is right, the name is not."""
    elsewhere = trusted.server(x509.DNSName("relay.example.org"))
    with running_relay(Relay(desk, elsewhere, security is SmtpSecurity.TLS)) as port, unavailable():
        await mail(port, security).send(LETTER)

    assert desk.taken == []


async def test_a_relay_without_starttls_gets_nothing_in_clear(desk: Desk, relay: int) -> None:
    """Somebody on the way may have struck it out of the relay's offer."""
    with unavailable():
        await mail(relay, SmtpSecurity.STARTTLS).send(LETTER)

    assert desk.taken == []


def test_half_of_a_user_is_refused() -> None:
    """And the password of a whole one is not shown."""
    with pytest.raises(ValueError, match=r"^a mail relay is given a user and a password, or neither$"):
        SmtpServer("relay.example.org", 587, SmtpSecurity.TLS, user="gateway")
    assert "relay-password" not in repr(SmtpServer("r", 587, SmtpSecurity.TLS, user="u", password="relay-password"))
