"""Marked passwords, tokens, links, birth dates, names and addresses go through every door; none may come to rest.

One gateway of its own is used as tenants, staff and attackers use it. Then everything that it answered, logged and
kept is searched for what it was given, in every form (`tests.support.canary`).
"""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import chain
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.demo.documents.access import ACCESS_KEY
from gateway.demo.erp.sessions import PASSWORD as ERP_PASSWORD
from tests.demo.control.simulator import exchange_raw
from tests.journeys.conftest import Cast
from tests.schema.matrix import GRAPH
from tests.support.canary import STEM, forms, leaks
from tests.support.client import Client, question
from tests.support.gateway import RunningGateway, Systems, copied
from tests.support.guessing import ASK_FOR_LINK, Target, bystander, outcome, sign_in
from tests.support.marked import BIRTH_DATE, MARKED, PHONE, Probe, garbled, probes
from tests.support.processes import wait_until
from tests.support.replicas import Site, running_replicas

pytestmark = [pytest.mark.servers, pytest.mark.sqlite, pytest.mark.xdist_group("secrets")]

CHOOSE = """
mutation Choose($input: ChooseAccountPasswordInput!) { chooseAccountPassword(input: $input) { __typename } }
"""
CHANGE = "mutation Change($input: ChangePasswordInput!) { changePassword(input: $input) { __typename } }"
REFRESH = """
mutation Refresh($input: RefreshSessionInput!) {
  refreshSession(input: $input) {
    __typename
    ... on RefreshSessionSuccess { tokens { accessToken refreshToken } }
  }
}
"""
ASSIST = """
mutation Assist($input: RequestAssistanceInput!) { requestAssistance(input: $input) { __typename } }
"""
RESOLVE = "mutation Resolve($input: ResolveAssistanceInput!) { resolveAssistance(input: $input) { __typename } }"
FORMS = "{ viewer { assistanceRequests { id firstName lastName email phone comment } } }"
IDS = """
{ viewer { tenant { leases { __typename id water { meters { __typename id } } } rentalAccounts { __typename id } } } }
"""
NOTICE = """
{ viewer { tenant { rentalAccounts { notices(first: 1) { edges { node { document { downloadUrl } } } } } } } }
"""
BALANCE = "{ viewer { tenant { rentalAccounts { balance { due } } leases { parties { person { displayName } } } } } }"
FIRST, SECOND = f"{STEM}-chosen-Né57!", f"{STEM}-changed-Né57!"


@dataclass(slots=True)
class Watch:
    """What went in by name, what came out by the name of the request, and what is kept, by the name of the place."""

    secrets: dict[str, str] = field(default_factory=dict)
    answers: dict[str, bytes] = field(default_factory=dict)
    kept: dict[str, bytes] = field(default_factory=dict)
    elsewhere: dict[str, bytes] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def heard(self, name: str, response: httpx.Response) -> None:
        """Keeps a whole answer."""
        headers = b"\n".join(name + b": " + value for name, value in response.headers.raw)
        self.answers[name] = headers + b"\n\n" + response.content

    def keep_files(self, folder: Path, moment: str) -> None:
        """What is in the gateway's folder, but for the operator's own key."""
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.name != "secret.key":
                self.kept[f"{file.name}, {moment}"] = file.read_bytes()


@pytest.fixture(scope="module")
def watch(systems: Systems, cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Watch:
    """Everything that happened to one gateway, after it has ended."""
    folder, staff = cast
    home = copied(folder, to=tmp_path_factory.mktemp("secrets") / "data")
    watch = Watch(dict(MARKED) | {"ERP password": ERP_PASSWORD, "document store's key": ACCESS_KEY})
    systems.calm()
    with running_replicas(Site(systems, home, {"GATEWAY_LOG_LEVEL": "debug"}, staff), 1) as (gateway,):
        use(gateway, watch)
        misuse(gateway, watch)
        watch.keep_files(home, "while it runs")
        output = gateway.part.process
        output.terminate()
        assert output.stdout is not None
        watch.kept["standard output"] = output.stdout.read()
        output.wait()
    watch.keep_files(home, "after its end")
    for simulator in (systems.erp, systems.documents):
        watch.elsewhere[f"journal of {simulator.name}"] = str(simulator.journal()).encode()
    watch.elsewhere["letters"] = systems.mail.fetch("/__mail/messages").content
    systems.calm()
    return watch


def use(gateway: RunningGateway, watch: Watch) -> None:
    """As the landlord means it: an account lost and found again, a change of password, a form, a call back."""
    target, secrets = bystander(18), watch.secrets
    holder, stranger = target.household.holder, gateway.stranger()
    secrets["holder's birth date"] = holder.birth_date.isoformat()
    asks = {"firstName": holder.first_name, "lastName": holder.last_name, "birthDate": secrets["holder's birth date"]}
    stranger.ask(ASK_FOR_LINK, input={"accountReference": target.reference, **asks}).whole()
    secrets["link token"] = mailed_token(gateway, target, number=1)
    watch.told += typenames(stranger.ask(CHOOSE, input={"token": secrets["link token"], "password": FIRST}).whole())

    telephone = signed_in(gateway, target, FIRST, secrets)
    refreshed = stranger.ask(REFRESH, input={"refreshToken": secrets["refresh token"]}).whole()["refreshSession"]
    secrets |= {"second access token": refreshed["tokens"]["accessToken"]}
    secrets |= {"second refresh token": refreshed["tokens"]["refreshToken"]}
    on_the_web(gateway, target, FIRST, secrets)
    download(gateway, Client(telephone.graphql, gateway.http, secrets["second access token"]), secrets)
    changing = Client(telephone.graphql, gateway.http, secrets["second access token"])
    watch.told += typenames(changing.ask(CHANGE, input={"currentPassword": FIRST, "newPassword": SECOND}).whole())
    watch.told.append(outcome(sign_in(gateway, target.attempt(SECOND))))

    written = {"firstName": f"{STEM}-first", "lastName": f"{STEM}-last", "birthDate": BIRTH_DATE, "phone": PHONE}
    written |= {"email": f"{STEM}@example.org", "comment": f"{STEM} wrote this", "accountReference": target.reference}
    watch.told += typenames(stranger.ask(ASSIST, input=written).whole())
    advisor = gateway.member("ADVISOR")
    request = advisor.ask(FORMS).whole()["viewer"]["assistanceRequests"][-1]
    watch.told.append(request["lastName"])
    decided = {"requestId": request["id"], "decision": "IDENTIFIED", "evidence": f"{STEM} called back on {PHONE}"}
    watch.told += typenames(advisor.ask(RESOLVE, input=decided).whole())
    secrets["second link token"] = mailed_token(gateway, target, number=2)


def signed_in(gateway: RunningGateway, target: Target, password: str, secrets: dict[str, str]) -> Client:
    """A session on the telephone; its tokens are secrets."""
    tokens = sign_in(gateway, target.attempt(password)).json()["data"]["signIn"]["tokens"]
    secrets |= {"access token": tokens["accessToken"], "refresh token": tokens["refreshToken"]}
    secrets["device token"] = tokens["deviceToken"]
    return Client(f"{gateway.url}/graphql", gateway.http, tokens["accessToken"])


def on_the_web(gateway: RunningGateway, target: Target, password: str, secrets: dict[str, str]) -> None:
    """A session in a browser; its cookies are secrets."""
    cookies = SimpleCookie()
    for header in sign_in(gateway, target.attempt(password, channel="WEB")).headers.get_list("set-cookie"):
        cookies.load(header)
    secrets |= {f"cookie {name}": morsel.value for name, morsel in cookies.items()}


def download(gateway: RunningGateway, tenant: Client, secrets: dict[str, str]) -> None:
    """A notice, by the link for it, which is a secret."""
    (account,) = tenant.ask(NOTICE).whole()["viewer"]["tenant"]["rentalAccounts"]
    link = account["notices"]["edges"][0]["node"]["document"]["downloadUrl"]
    secrets["download link"] = link.rpartition("/")[2]
    assert gateway.http.get(link).status_code == 200


def mailed_token(gateway: RunningGateway, target: Target, *, number: int) -> str:
    """The token of the holder's so-manieth link, once it has come."""
    mail = gateway.systems.mail

    def links() -> list[str]:
        letters = mail.client.get(f"{mail.url}/__mail/messages", params={"to": target.household.holder.email}).json()
        return [link for letter in letters for link in letter["links"] if "#" in link]

    wait_until(lambda: len(links()) >= number, seconds=10)
    return links()[number - 1].partition("#")[2]


def typenames(data: Mapping[str, Any]) -> list[str]:
    """What became of each mutation."""
    return [one["__typename"] for one in data.values()]


def misuse(gateway: RunningGateway, watch: Watch) -> None:
    """As attackers and broken clients do."""
    tenant = gateway.stranger().sign_in(bystander(19).reference, bystander(19).password)
    ids = {one["__typename"]: one["id"] for one in objects(tenant.ask(IDS).whole())}
    people = {"stranger": None, "tenant": tenant.token, "advisor": gateway.staff["ADVISOR"]}
    for person, token in people.items():
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        for probe in chain(probes(GRAPH, ids), garbled(GRAPH)):
            watch.heard(f"{probe.name}, by a {person}", post(gateway, probe, bearer))
    for name, response in strange_requests(gateway, watch.secrets):
        watch.heard(name, response)
    for name, sent in broken_requests():
        watch.answers[name] = exchange_raw(gateway.url, sent, patience_seconds=0.3).received
    for number, (name, value) in enumerate({"SOLDE_STOCKE": STEM, "DAT_NAISS": BIRTH_DATE[:7] + STEM}.items()):
        gateway.systems.erp.order("corrupt_field", field=name, value=value)
        asked = Probe(name, json.dumps(question(BALANCE, {})).encode())
        response = post(gateway, asked, {"Authorization": f"Bearer {tenant.token}"})
        watch.heard(f"garbled by the ERP {number}", response)


def objects(found: Any) -> Iterator[dict[str, Any]]:
    """Every object with an id in an answer."""
    if isinstance(found, dict):
        if "id" in found:
            yield found
        for one in found.values():
            yield from objects(one)
    elif isinstance(found, list):
        for one in found:
            yield from objects(one)


def post(gateway: RunningGateway, probe: Probe, headers: Mapping[str, str]) -> httpx.Response:
    """The answer to a probe."""
    return gateway.http.post(f"{gateway.url}/graphql", content=probe.content, headers={**probe.headers, **headers})


def strange_requests(gateway: RunningGateway, secrets: Mapping[str, str]) -> Iterator[tuple[str, httpx.Response]]:
    """Marks and real secrets in headers, addresses and methods where they have no business."""
    basic = base64.b64encode(f"{STEM}:{STEM}-password".encode()).decode()
    headers = [
        *({"Authorization": f"Basic {basic}"}, {"Authorization": f"Bearer {STEM}"}, {"Authorization": STEM}),
        *({"Authorization": f"Bearer {secrets['device token']}"}, {"Authorization": f"Bearer {STEM} {STEM}"}),
        *({"Cookie": f"__Host-gw_sid={STEM}; __Host-gw_did={STEM}", "X-GW-Client": STEM}, {"Cookie": STEM}),
        {"Cookie": f"__Host-gw_sid={secrets['cookie __Host-gw_sid']}", "Authorization": f"Bearer {STEM}"},
        {"Referer": f"https://account.example.org/choose-password#{secrets['second link token']}"},
        *({name: STEM} for name in ("Accept", "Accept-Language", "Origin", "User-Agent", "X-Forwarded-For")),
        *({name: STEM} for name in ("Sec-Fetch-Site", "X-Request-Id", "Traceparent", "Host", f"X-{STEM}")),
    ]
    body = question("{ viewer { roles } }", {})
    for sent in headers:
        response = gateway.http.post(f"{gateway.url}/graphql", json=body, headers=sent)
        yield f"header {' and '.join(sent).replace(STEM, '…')} {response.status_code}", response
    for number, secret in enumerate((STEM, secrets["second link token"], secrets["access token"])):
        for path in (f"/{secret}", f"/documents/{secret}", f"/readyz?token={secret}", f"/graphql?query={secret}"):
            for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"):
                response = gateway.http.request(method, gateway.url + path)
                yield f"{method} {path.replace(secret, '…')} {number}", response


def broken_requests() -> Iterator[tuple[str, bytes]]:
    """What is not even HTTP."""
    mark = STEM.encode()
    yield "no HTTP", mark + b"\r\n\r\n"
    yield "another protocol", b"GET /" + mark + b" " + mark + b"/9.9\r\n\r\n"
    yield "a header without a colon", b"GET / HTTP/1.1\r\n" + mark + b"\r\n\r\n"
    yield "a length that is none", b"POST /graphql HTTP/1.1\r\nContent-Length: " + mark + b"\r\n\r\n"
    yield "a body that ends early", b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n" + mark


def test_the_marks_went_all_the_way(watch: Watch) -> None:
    """Accounts were found again, passwords changed, a form read: what is searched below has been in real use."""
    assert watch.told == [
        *("AccountReady", "AccountReady", "SignInSuccess"),
        *("AssistanceRequested", f"{STEM}-last", "ResolveAssistanceSuccess"),
    ]
    assert len(watch.secrets) == len(MARKED) + 13
    assert len(watch.answers) > 650


def test_no_answer_repeats_what_it_was_given(watch: Watch) -> None:
    """Whoever reads over a shoulder, or keeps the answers of a server, learns no secret from a refusal (Q5, Q14)."""
    assert leaks(watch.answers, watch.secrets) == []


def test_nothing_secret_rests_in_log_or_files(watch: Watch) -> None:
    """Neither a thief of the disk nor a reader of the log finds a password, a token, a link or a birth date (P10)."""
    assert {name.partition(",")[0] for name in watch.kept} >= {
        *("gateway.sqlite3", "gateway.sqlite3-wal", "gateway.log", "standard output"),
    }
    assert leaks(watch.kept, watch.secrets) == []


def test_nothing_secret_reaches_those_who_need_not_know(watch: Watch) -> None:
    """Books of the landlord's other systems, and letters: these hold the links, which is what they are for."""
    to_be_mailed = {"link token", "second link token"}
    others = {name: secret for name, secret in watch.secrets.items() if name not in to_be_mailed}

    assert leaks(watch.elsewhere, others) == []
    letters = {"letters": watch.elsewhere["letters"]}
    found = leaks(letters, {name: watch.secrets[name] for name in to_be_mailed})
    assert {"link token in letters (as it is, plain)", "second link token in letters (as it is, plain)"} <= set(found)


@pytest.mark.parametrize("form", forms(f"{STEM}-Né57!"))
def test_a_leak_would_be_found_in_every_form(form: str, tmp_path: Path) -> None:
    """A file and a line of a log with the secret in them, however it is written."""
    secret = f"{STEM}-Né57!"
    (tmp_path / "gateway.log").write_bytes(b'{"event": "sign_in.failed", "x": "' + forms(secret)[form] + b'"}\n')
    watch = Watch({"password": secret})

    watch.keep_files(tmp_path, "now")

    assert f"password in gateway.log, now ({form})" in leaks(watch.kept, watch.secrets)


def test_what_stands_before_a_secret_does_not_hide_it() -> None:
    """Base64 and addresses of the web look different with each byte in front; clean files are clean."""
    for before in ("", "x", "xy", "xyz"):
        credentials = base64.b64encode(f"{before}:{STEM}:".encode())

        assert leaks({"header": credentials}, {"name": STEM})

    assert leaks({"log": b'{"event": "sign_in.finished", "outcome": "SignedIn"}'}, MARKED) == []
