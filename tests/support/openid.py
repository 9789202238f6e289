"""OpenID providers: one of our own that can be made to sign anything, and one that we did not write, as a process."""

import asyncio
import base64
import hashlib
import json
import secrets
import sqlite3
import sys
import warnings
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.adapters.openid import OpenIdClient, Registration
from gateway.adapters.store_sqlite import SqliteStore
from gateway.adapters.upstream import Limits, Upstream
from gateway.auth.sessions import OpenedSession, Sessions
from gateway.auth.spent import Spent
from gateway.auth.staff_sign_in import Groups, Return, StaffSignIn
from gateway.auth.tokens import Mint
from gateway.auth.trail import Trail
from gateway.auth.vault import Vault
from gateway.auth.vouching import Vouching
from gateway.domain.access import Role
from gateway.ports.deadline import Deadline
from gateway.ports.openid import OpenIdPort
from gateway.ports.store import Store
from tests.ports.stores import sqlite_file
from tests.support.processes import free_port, running

ISSUER = "https://login.example.org"
CLIENT_ID, CLIENT_SECRET = "tenant-gateway", "s3cret: with/odd+signs"
CALLBACK = "https://account.example.org/staff/callback"
LOGOUT_EVENT: dict[str, Any] = {"http://schemas.openid.net/event/backchannel-logout": {}}


def signing_key(algorithm: str = "RS256") -> Key:
    """The provider's key for `algorithm`, made once for the whole run; its name is the algorithm's."""
    return _made(algorithm)


@cache
def _made(algorithm: str) -> Key:
    parameters: Any = {"kid": algorithm, "use": "sig"}
    match algorithm:
        case "ES256":
            return ECKey.generate_key("P-256", parameters)
        case "EdDSA":
            return OKPKey.generate_key("Ed25519", parameters)
        case _:
            return RSAKey.generate_key(2048, parameters)


def signed(claims: Mapping[str, Any], *, algorithm: str = "RS256", key: Key | None = None, **header: Any) -> str:
    """`claims` as a JWT with the provider's key for `algorithm`, or with another one; None takes a header out."""
    told = {"alg": algorithm, "kid": algorithm, **header}
    head = {name: value for name, value in told.items() if value is not None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)  # of names and algorithms that only an attacker would use
        return jwt.encode(head, dict(claims), key or signing_key(algorithm), algorithms=[algorithm])


def signed_as_it_is(header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    """A JWT that no library would make, with a right RS256 signature."""
    text = ".".join(_base64url(json.dumps(part).encode()) for part in (header, claims))
    key = signing_key().private_key
    assert isinstance(key, RSAPrivateKey)
    return f"{text}.{_base64url(key.sign(text.encode(), PKCS1v15(), SHA256()))}"


def _base64url(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


@dataclass(slots=True)
class Provider:
    """A provider in this process: it does as the standard says, unless a test changes an answer.

    `people` are the claims of userinfo by subject; `sign` makes the ID token of its claims; `answers` replaces what
    an address answers, and all wait for `held`; `asked` is set
    by each question.
    """

    clock: Callable[[], datetime]
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] = signed
    answers: dict[str, Callable[[], Response]] = field(default_factory=dict)
    algorithms: tuple[str, ...] = ("RS256",)
    changes: dict[str, Any] = field(default_factory=dict)
    journal: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    sent: list[httpx.Headers] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access: dict[str, str] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    gives_refresh_tokens: bool = False
    held: asyncio.Event | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def client(self, **registered: Any) -> OpenIdClient:
        """Our client of this provider."""
        registration = {"issuer": ISSUER, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET} | registered
        upstream = Upstream("", transport=httpx.ASGITransport(self._app()), limits=Limits(body_bytes=1024 * 1024))
        return OpenIdClient(upstream, registration=Registration(redirect_uri=CALLBACK, **registration), now=self.clock)

    def authorize(self, address: str, subject: str) -> dict[str, str]:
        """What the browser brings back after `subject` has signed in on the page at `address`."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked | {"subject": subject}
        return {"code": code, "state": asked["state"]}

    def claims(self, subject: str, nonce: str, **changes: Any) -> dict[str, Any]:
        """Claims of an ID token; a change to None takes a claim out."""
        now = int(self.clock().timestamp())
        claims = {"iss": ISSUER, "sub": subject, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce}
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def logout_claims(self, **changes: Any) -> dict[str, Any]:
        """Claims of a logout token for the session « sid-1 »; a change to None takes a claim out."""
        now = int(self.clock().timestamp())
        claims = {"iss": ISSUER, "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": "notice-1", "sid": "sid-1"}
        return {n: value for n, value in (claims | {"events": LOGOUT_EVENT} | changes).items() if value is not None}

    def _app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._received, methods=["GET", "POST"])])

    async def _received(self, request: Request) -> Response:
        path = request.url.path
        self.journal.append(path)
        self.asked.set()
        self.sent.append(httpx.Headers(dict(request.headers)))
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        self.forms += [form] if form else []
        if self.held:
            await self.held.wait()
        return self.answers[path]() if path in self.answers else self._answer(path, form, request)

    def _answer(self, path: str, form: Mapping[str, str], request: Request) -> Response:
        match path:
            case "/.well-known/openid-configuration":
                return JSONResponse(self._metadata())
            case "/keys":
                return JSONResponse({"keys": [signing_key(name).as_dict(private=False) for name in self.algorithms]})
            case "/token" if form["grant_type"] == "refresh_token":
                return self._renewed(form)
            case "/token":
                return self._redeemed(form)
            case _:
                return self._userinfo(request)

    def _metadata(self) -> dict[str, Any]:
        places = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        metadata = {name: ISSUER + path for name, path in (places | {"userinfo_endpoint": "/userinfo"}).items()}
        return {"issuer": ISSUER} | metadata | self.changes

    def _redeemed(self, form: Mapping[str, str]) -> Response:
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = _base64url(hashlib.sha256(form["code_verifier"].encode()).digest())
        if asked is None or asked["code_challenge"] != challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        claims = self.claims(asked["subject"], asked["nonce"], sid=f"sid-of-{asked['subject']}")
        return JSONResponse(self._tokens(asked["subject"]) | {"id_token": self.sign(claims)})

    def _renewed(self, form: Mapping[str, str]) -> Response:
        subject = self.refresh.pop(form["refresh_token"], None)
        return JSONResponse({"error": "invalid_grant"}, 400) if subject is None else JSONResponse(self._tokens(subject))

    def _tokens(self, subject: str) -> dict[str, Any]:
        access, refresh = secrets.token_urlsafe(8), secrets.token_urlsafe(8)
        self.access[access] = subject
        if not self.gives_refresh_tokens:
            return {"access_token": access, "token_type": "Bearer"}
        self.refresh[refresh] = subject
        return {"access_token": access, "token_type": "Bearer", "refresh_token": refresh}

    def _userinfo(self, request: Request) -> Response:
        subject = self.access.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if subject is None or subject not in self.people:
            return JSONResponse({"error": "invalid_token"}, 401)
        return JSONResponse({"sub": subject} | self.people[subject])


@dataclass(frozen=True, slots=True)
class MockProvider:
    """oidc-provider-mock, running at `issuer`."""

    issuer: str

    def employ(self, subject: str, **claims: Any) -> None:
        """Gives a person these claims from now on."""
        httpx.put(f"{self.issuer}/users/{subject}", json=claims).raise_for_status()

    def revoke_tokens(self, subject: str) -> None:
        """Makes every token of a person worthless."""
        httpx.post(f"{self.issuer}/users/{subject}/revoke-tokens").raise_for_status()

    def sign_in(self, address: str, subject: str) -> str:
        """Where the provider sends the browser that was at `address`, after `subject` has signed in there."""
        response = httpx.post(address, data={"sub": subject})
        assert response.status_code == 302, response.text
        return response.headers["location"]

    def deny(self, address: str) -> str:
        """Where the provider sends the browser of somebody who does not go on."""
        return httpx.post(address, data={"action": "deny"}).headers["location"]


@contextmanager
def running_mock_provider(log: Path) -> Iterator[MockProvider]:
    """The mock as a process of its own, which ends with the block and with this process."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    with running(command, log=log, environment={"AUTHLIB_INSECURE_TRANSPORT": "1"}) as child:
        child.wait_until(lambda: _answers(issuer))
        yield MockProvider(issuer)


def _answers(issuer: str) -> bool:
    try:
        return httpx.get(f"{issuer}/.well-known/openid-configuration").status_code == 200
    except httpx.TransportError:
        return False


GROUPS = Groups({Role.ADVISOR: "desk", Role.ANALYST: "figures", Role.OPERATOR: "machines"})


class Office:
    """Staff's way in over a real store, with the landlord's groups « desk », « figures » and « machines ».

    A second one over the same store is another process with the same key.
    """

    def __init__(self, provider: OpenIdPort, *, store: Store, clock: Callable[[], datetime]) -> None:
        secret = bytes(range(32))
        self.sessions = Sessions(store, clock=clock, mint=Mint(secret))
        parts: dict[str, Any] = {"provider": provider, "store": store, "sessions": self.sessions, "groups": GROUPS}
        parts |= {"trail": Trail(Vault(secret)), "clock": clock}
        self.sign_in = StaffSignIn(**parts, spent=Spent(clock))
        self.vouching = Vouching(**parts, spent=Spent(clock))

    async def signed_in(self, provider: Provider, subject: str) -> OpenedSession:
        """A session of `subject`, who has gone to `provider` and come back."""
        departure = await self.sign_in.leave("/desk", deadline=Deadline.after(5))
        brought = provider.authorize(departure.address, subject)
        back = Return(brought["state"], brought["code"], departure.errand)
        return (await self.sign_in.arrive(back, deadline=Deadline.after(5))).opened


@asynccontextmanager
async def opened_store(directory: Path) -> AsyncIterator[SqliteStore]:
    """An empty store in `directory`."""
    store = await SqliteStore.open(sqlite_file(directory), busy_timeout_seconds=0.05)
    try:
        yield store
    finally:
        await store.close()


def execute(directory: Path, statement: str) -> list[tuple[Any, ...]]:
    """The rows of a statement, run beside that store in its database."""
    with closing(sqlite3.connect(next(directory.glob("*.db")))) as connection, connection:
        return connection.execute(statement).fetchall()
