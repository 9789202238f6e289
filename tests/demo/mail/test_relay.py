"""The demo's relay, driven by Python's own SMTP client and by the gateway's adapter."""

import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from time import monotonic

import pytest

from gateway.adapters.mail.message import Sender
from gateway.adapters.mail.smtp import SmtpMail, SmtpSecurity, SmtpServer
from gateway.domain.letter import EmailAddress, Language, Letter
from gateway.ports.mail import MailRefusedError, MailUnavailableError
from tests.support.mail import MailSimulator, running_mail

pytestmark = pytest.mark.servers

TEXT = "Bonjour,\n\nC’est ici : http://127.0.0.1:8000/choose-password#abc-_9.\n\n« À bientôt »\n"


def letter(to: str, number: int = 1) -> Letter:
    """A letter with a link in it."""
    return Letter(f"<{number}@example.org>", EmailAddress(to), "Créez votre compte", TEXT, Language.FRENCH)


def adapter(mail: MailSimulator, *, seconds: float = 10) -> SmtpMail:
    """The gateway's own way to it."""
    server = SmtpServer("127.0.0.1", mail.smtp_port, SmtpSecurity.NONE)
    sender = Sender(EmailAddress("ne-pas-repondre@example.org"), "Habitat Mosellan")
    return SmtpMail(server, sender=sender, timeout_seconds=seconds, clock=lambda: datetime.now(UTC))


async def test_a_letter_is_delivered_and_can_be_read_by_a_script(mail: MailSimulator) -> None:
    """Text, links without the full stop after them, and when it came by the simulator's clock."""
    await adapter(mail).send(letter("paul@example.org"))

    (found,) = mail.messages(to="Paul@example.org")
    received_at = datetime.fromisoformat(found.pop("receivedAt"))
    assert found == {
        "id": found["id"],
        "to": "paul@example.org",
        "subject": "Créez votre compte",
        "text": TEXT,
        "links": ["http://127.0.0.1:8000/choose-password#abc-_9"],
        "messageId": "<1@example.org>",
    }
    assert (received_at.date().isoformat(), received_at.hour) == ("2026-03-17", 11)
    assert found["id"] in [one["id"] for one in mail.messages()]


def test_a_message_of_another_kind_is_shown_as_far_as_it_can_be(mail: MailSimulator) -> None:
    """Two recipients get one each; without plain text, the text is empty."""
    message = EmailMessage()
    message["From"], message["Subject"] = "x@example.org", "Sans texte"
    message.set_content("<p>HTML</p>", subtype="html")
    with smtplib.SMTP("127.0.0.1", mail.smtp_port, local_hostname="test") as client:
        client.send_message(message, to_addrs=["one@example.org", "two@example.org"])

    found = [mail.messages(to=to) for to in ("one@example.org", "two@example.org")]

    assert [(len(each), each[0]["subject"], each[0]["text"], each[0]["links"]) for each in found] == [
        (1, "Sans texte", "", [])
    ] * 2


async def test_a_recipient_can_be_refused(mail: MailSimulator) -> None:
    """As for a mailbox that does not exist; the journal tells."""
    fault = mail.simulator.order("in_band", operation="RCPT", code="550", label="5.1.1 Boîte inconnue")

    with pytest.raises(MailRefusedError) as refused:
        await adapter(mail).send(letter("refused@example.org"))

    assert refused.value.code == 550
    assert mail.messages(to="refused@example.org") == []
    lines = [(line["operation"], line["status"], line["fault"]) for line in mail.simulator.journal()]
    assert lines == [("RCPT", 550, fault)]


async def test_the_relay_can_be_unavailable(mail: MailSimulator) -> None:
    """421, once; the same letter passes afterwards."""
    mail.simulator.order("http_503", times=1)

    with pytest.raises(MailUnavailableError) as unavailable:
        await adapter(mail).send(letter("later@example.org"))
    await adapter(mail).send(letter("later@example.org"))

    assert unavailable.value.code == 421
    assert len(mail.messages(to="later@example.org")) == 1


async def test_the_relay_can_be_slow(mail: MailSimulator) -> None:
    """The letter is taken all the same."""
    mail.simulator.order("latency", operation="DATA", ms=200)
    started = monotonic()

    await adapter(mail).send(letter("slow@example.org"))

    assert monotonic() - started >= 0.2
    assert len(mail.messages(to="slow@example.org")) == 1


async def test_the_connection_can_end_after_the_letter_was_taken(mail: MailSimulator) -> None:
    """Who sends again delivers it twice, and it shows: one Message-ID, one link."""
    mail.simulator.order("reset", operation="DATA", times=1)

    with pytest.raises(MailUnavailableError):
        await adapter(mail).send(letter("twice@example.org", 7))
    await adapter(mail).send(letter("twice@example.org", 7))

    found = mail.messages(to="twice@example.org")
    assert [(one["messageId"], one["links"]) for one in found] == [
        ("<7@example.org>", ["http://127.0.0.1:8000/choose-password#abc-_9"])
    ] * 2


async def test_the_relay_can_fall_silent(mail: MailSimulator) -> None:
    """Nothing is answered, nothing is taken."""
    mail.simulator.order("hang", operation="DATA")

    with pytest.raises(MailUnavailableError) as silent:
        await adapter(mail, seconds=0.3).send(letter("hung@example.org"))

    assert str(silent.value) == "the relay did not answer in time"
    assert mail.messages(to="hung@example.org") == []


async def test_letters_outlive_a_restart(tmp_path: Path) -> None:
    """And the process ends in good order, also while somebody hangs on it."""
    with running_mail(tmp_path, gateway="http://127.0.0.1:9") as first:
        await adapter(first).send(letter("kept@example.org"))
        first.simulator.order("hang", operation="RCPT")
        with pytest.raises(MailUnavailableError):
            await adapter(first, seconds=0.2).send(letter("kept@example.org"))
        assert first.simulator.child.stop() == 0

    with running_mail(tmp_path, gateway="http://127.0.0.1:9") as second:
        assert [one["messageId"] for one in second.messages()] == ["<1@example.org>"]
