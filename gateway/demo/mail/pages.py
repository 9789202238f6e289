"""How the pages look: one frame, one style sheet, one script, and nothing from elsewhere."""

from base64 import b64encode
from hashlib import sha256
from html import escape

from starlette.responses import HTMLResponse

_STYLE = """
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 42rem; padding: 1rem; }
nav a { margin-right: 1rem; }
label { display: block; font-weight: 600; margin-top: 1rem; }
input, textarea { box-sizing: border-box; font: inherit; padding: .5rem; width: 100%; }
button { font: inherit; margin-top: 1.5rem; padding: .6rem 1.2rem; }
small { font-weight: 400; display: block; }
pre { font: inherit; overflow-wrap: anywhere; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid; padding: .4rem .6rem .4rem 0; text-align: left; vertical-align: top; }
[role=status] { border-left: .35rem solid; margin: 1rem 0; padding: .1rem 1rem; }
"""

# The token leaves the address bar at once, so that no screenshot, history or shared address keeps it.
_SCRIPT = """
const field = document.getElementById("token");
const token = location.hash.slice(1);
if (field && token) {
  history.replaceState(null, "", location.pathname);
  field.value = token;
}
if (field && field.value) field.parentElement.hidden = true;
"""


def _source(inline: str) -> str:
    """How a Content-Security-Policy names a piece of the page itself."""
    return f"'sha256-{b64encode(sha256(inline.encode()).digest()).decode()}'"


_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src {_source(_STYLE)}; script-src {_source(_SCRIPT)}; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

_NAVIGATION = (
    '<nav aria-label="Pages"><a href="/">Boîte aux lettres</a><a href="/sign-in">Se connecter</a>'
    '<a href="/account">Créer son compte, mot de passe oublié</a><a href="/assistance">Assistance</a></nav>'
)


def page(title: str, content: str, *, status: int = 200) -> HTMLResponse:
    """A whole page; `title` is text, `content` is HTML in which every text from outside is escaped."""
    html = (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)} · démonstration</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body>{_NAVIGATION}<main><h1>{escape(title)}</h1>{content}</main><script>{_SCRIPT}</script></body></html>\n"
    )
    return HTMLResponse(html, status, _HEADERS)
