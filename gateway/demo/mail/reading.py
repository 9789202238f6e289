"""The pages on which letters are read, and the same as JSON for scripts."""

from datetime import datetime
from html import escape

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.demo.control import PARIS
from gateway.demo.mail.mailbox import Delivered, Mailbox
from gateway.demo.mail.pages import page


class ReadingRoom:
    """Shows what is in `mailbox`."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def routes(self) -> list[Route]:
        """The list, one letter, and `/__mail/messages?to=` for scripts."""
        return [
            Route("/", self._list),
            Route("/letters/{number:int}", self._letter),
            Route("/__mail/messages", self._messages),
        ]

    async def _list(self, request: Request) -> Response:
        """All letters, newest first."""
        to = request.query_params.get("to")
        rows = "".join(_row(letter) for letter in reversed(list(self._mailbox.letters(to))))
        table = (
            '<table><thead><tr><th scope="col">Reçu</th><th scope="col">Pour</th><th scope="col">Objet</th></tr>'
            f"</thead><tbody>{rows}</tbody></table>"
        )
        empty = "<p>Aucune lettre pour l’instant. Rechargez la page après une demande.</p>"
        return page("Boîte aux lettres", table if rows else empty)

    async def _letter(self, request: Request) -> Response:
        """One letter, its links alive."""
        letter = self._mailbox.letter(request.path_params["number"])
        if letter is None:
            return page("Lettre introuvable", "<p>Elle a pu être effacée avec la démonstration.</p>", status=404)
        head = f"<p>De {escape(letter.sender)}<br>Pour {escape(letter.to)}<br>{_moment(letter)}</p>"
        return page(letter.subject, f"{head}<pre>{_alive(letter)}</pre>")

    async def _messages(self, request: Request) -> Response:
        """Oldest first."""
        return JSONResponse([_as_json(letter) for letter in self._mailbox.letters(request.query_params.get("to"))])


def _row(letter: Delivered) -> str:
    subject = f'<a href="/letters/{letter.id}">{escape(letter.subject)}</a>'
    return f"<tr><td>{_moment(letter)}</td><td>{escape(letter.to)}</td><td>{subject}</td></tr>"


def _moment(letter: Delivered) -> str:
    return f"{datetime.fromisoformat(letter.received_at).astimezone(PARIS):%d/%m/%Y %H:%M}"


def _alive(letter: Delivered) -> str:
    """The text as HTML, with its links as links."""
    rest, parts = letter.text, []
    for link in letter.links:
        before, _, rest = rest.partition(link)
        parts += [escape(before), f'<a href="{escape(link)}" rel="noreferrer">{escape(link)}</a>']
    return "".join([*parts, escape(rest)])


def _as_json(letter: Delivered) -> dict[str, object]:
    return {
        "id": letter.id,
        "to": letter.to,
        "subject": letter.subject,
        "text": letter.text,
        "receivedAt": letter.received_at,
        "links": list(letter.links),
        "messageId": letter.message_id,
    }
