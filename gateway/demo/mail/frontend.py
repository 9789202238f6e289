"""The landlord's front end, as small as it can be: forms that speak to the gateway and show what it says."""

from collections.abc import Iterable
from functools import partial
from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.demo.mail.forms import FORMS, Form
from gateway.demo.mail.outcomes import lines
from gateway.demo.mail.pages import page
from gateway.demo.mail.portal import NoAnswerError, ask


class Frontend:
    """Speaks to the gateway at the address `gateway`. Keeps nothing: no session, no token."""

    def __init__(self, gateway: str) -> None:
        self._gateway = gateway

    def routes(self) -> list[Route]:
        """A page for each form."""
        return [
            route
            for form in FORMS
            for route in (
                Route(form.path, partial(self._show, form), methods=["GET"]),
                Route(form.path, partial(self._send, form), methods=["POST"]),
            )
        ]

    async def _show(self, form: Form, _: Request) -> Response:
        return page(form.title, form.html({}))

    async def _send(self, form: Form, request: Request) -> Response:
        given = form.given(await request.body())
        try:
            told = list(lines(await ask(self._gateway, form.document, given)))
        except NoAnswerError as error:
            told = [str(error)]
        return page(form.title, _status(told) + form.html(given))


def _status(told: Iterable[str]) -> str:
    """What happened, read out by screen readers at once."""
    return f'<div role="status">{"".join(f"<p>{escape(line)}</p>" for line in told)}</div>'
