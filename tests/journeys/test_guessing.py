"""Two hundred guesses at once, and the holder meanwhile: what counts is how often the verifier is called.

The gateways here count those calls in their own processes (`tests.support.counted_verifier`), and the books must say
the same: each check is reported in one transaction with its line of the trail and its place in the guard's record.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from itertools import cycle, islice

import httpx
import pytest

from gateway.domain.lockout import GuardRecord, Phase
from tests.journeys.conftest import Cast
from tests.support.client import question
from tests.support.counted_verifier import VerifierCount
from tests.support.gateway import RunningGateway, Systems, copied
from tests.support.guard_books import GuardBooks
from tests.support.guessing import ASK_FOR_LINK, SIGN_IN, WRONG, Target, all_at_once, bystander, outcome, sign_in
from tests.support.replicas import Site, running_replicas

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("replicas")]

THREE_CHECKS = ["Failed", "Failed", "RecreationOffered"]


@dataclass(frozen=True, slots=True)
class House:
    """Gateways on one database, and how often they checked a password."""

    gateways: Sequence[RunningGateway]
    count: VerifierCount

    @property
    def books(self) -> GuardBooks:
        """What they remember."""
        return GuardBooks(self.gateways[0])


@pytest.fixture(scope="module")
def _one_process(systems: Systems, cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder, staff = cast
    home = copied(folder, to=tmp_path_factory.mktemp("guessing") / "data")
    count = VerifierCount(home / "verifications")
    with running_replicas(Site(systems, home, count.settings, staff), 1) as gateways:
        yield House(gateways, count)


@pytest.fixture(scope="module")
def _four_processes(on_postgres: RunningGateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    count = VerifierCount(tmp_path_factory.mktemp("guessing") / "verifications")
    settings = {**count.settings, "GATEWAY_DATABASE_URL": on_postgres.database_url}
    with running_replicas(Site(on_postgres.systems, on_postgres.folder, settings, on_postgres.staff), 4) as gateways:
        yield House(gateways, count)


@pytest.fixture(
    params=[
        pytest.param("_one_process", id="sqlite", marks=pytest.mark.sqlite),
        pytest.param("_four_processes", id="four-processes-on-postgres", marks=pytest.mark.postgres),
    ]
)
def house(request: pytest.FixtureRequest) -> House:
    """One process on SQLite, or four on one PostgreSQL."""
    found: House = request.getfixturevalue(request.param)
    return found


def spellings(reference: str) -> list[str]:
    """What people and attackers make of one reference (A15)."""
    bare = reference.lstrip("0")
    wide = "".join(chr(ord(digit) + 0xFEE0) if digit.isdigit() else digit for digit in bare)
    return [
        *(reference, bare, f"000{reference}", f"L{bare}", f"l{reference}", f"L-{bare}", f"L 00{bare}", f" {bare} "),
        *(f"{bare[:2]} {bare[2:]}", f"{bare[:2]}\u00a0{bare[2:]}", f"{bare[:1]}\u2011{bare[1:]}", f"\u200b{bare}"),
        *(f"{bare[:3]}\u00ad{bare[3:]}", f"{bare}\ufeff", f"{bare[:2]}\u2013{bare[2:]}", f"{bare[:2]}\t{bare[2:]}"),
        *(wide, f"Ｌ{wide}", f"－{wide}", f"L\u3000{wide}"),
    ]


def block(house: House, target: Target) -> None:
    """Three wrong passwords, then three requests for a link by somebody who does not know the holder."""
    for _ in range(3):
        sign_in(house.gateways[0], target.attempt(WRONG))
    asks = {"accountReference": target.reference, "firstName": "X", "lastName": "Y", "birthDate": "1970-01-01"}
    for gateway in islice(cycle(house.gateways), 3):
        gateway.stranger().ask(ASK_FOR_LINK, input=asks).whole()


def test_of_two_hundred_wrong_passwords_at_once_three_are_checked(house: House) -> None:
    """Whoever guesses two hundred times in the same instant has guessed three times, in however many processes (G1)."""
    target, before = bystander(0), house.count.calls

    told = Counter(all_at_once(house.gateways, [target.attempt(f"{WRONG}{number}") for number in range(200)]))

    assert house.count.calls - before == 3
    assert house.books.reports(target.reference) == THREE_CHECKS
    guard = house.books.guard(target.reference)
    assert (guard.phase, guard.failures, len(guard.spent), guard.permits) == (Phase.RECREATE, 3, 3, ())
    assert told["DENIED"] == 2
    assert told["RECREATE_OFFERED"] + told["BUSY"] == 198


def test_all_spellings_of_a_reference_are_one_account(house: House) -> None:
    """Zeros, spaces, hyphens, invisible characters, wide digits and the letter of a lease buy no guesses (A15)."""
    target, before = bystander(1), house.count.calls
    spelled = [target.attempt(WRONG, accountReference=written) for written in spellings(target.reference)]

    told = Counter(all_at_once(house.gateways, spelled * 4))

    assert house.count.calls - before == 3
    assert house.books.reports(target.reference) == THREE_CHECKS
    assert told["DENIED"] == 2


@pytest.mark.parametrize("count", [2, 15, 300])
def test_guesses_by_alias_are_not_even_one(count: int, house: House) -> None:
    """A document that signs in more than once is not run at all (Q1)."""
    target, before = bystander(2), house.count.calls
    fields = " ".join(f"a{number}: signIn(input: $input) {{ __typename }}" for number in range(count))
    document = f"mutation Guess($input: SignInInput!) {{ {fields} }}"

    answer = house.gateways[0].stranger().ask(document, input=target.attempt(WRONG))

    assert (answer.data, bool(answer.errors)) == (None, True)
    assert house.count.calls == before
    assert (house.books.reports(target.reference), house.books.guard(target.reference)) == ([], GuardRecord())


def test_guesses_in_a_batch_are_not_even_one(house: House) -> None:
    """A list of requests is none (Q3)."""
    target, before = bystander(2), house.count.calls
    gateway, one = house.gateways[0], question(SIGN_IN, {"input": target.attempt(WRONG)})

    response = gateway.http.post(f"{gateway.url}/graphql", json=[one] * 200)

    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")
    assert house.count.calls == before
    assert (house.books.reports(target.reference), house.books.guard(target.reference)) == ([], GuardRecord())


def test_eight_right_passwords_at_once_open_eight_sessions(house: House) -> None:
    """A double click, two tabs and the telephone: nobody who knows the password is refused (A24, G15)."""
    target, before = bystander(3), house.count.calls

    told = Counter(all_at_once(house.gateways, [target.attempt()] * 8))

    assert told == {"SignInSuccess": 8}
    assert house.count.calls - before == 8
    assert house.books.guard(target.reference).failures == 0


def test_the_holders_own_devices_get_in_while_strangers_are_blocked(house: House) -> None:
    """Somebody blocks my account: my browser and my telephone, known from before, still open it (A17, G18)."""
    target, gateway = bystander(4), house.gateways[-1]
    web, telephone = (sign_in(gateway, target.attempt(channel=channel)) for channel in ("WEB", "MOBILE"))
    cookie, token = device_cookie(web), telephone.json()["data"]["signIn"]["tokens"]["deviceToken"]

    block(house, target)

    assert house.books.guard(target.reference).phase is Phase.LOCKED
    assert outcome(sign_in(gateway, target.attempt())) == "SUSPENDED"
    assert outcome(sign_in(gateway, target.attempt(channel="WEB"), Cookie=cookie)) == "SignInSuccess"
    assert outcome(sign_in(gateway, target.attempt(deviceToken=token))) == "SignInSuccess"


def test_the_device_of_another_holder_is_a_stranger(house: House) -> None:
    """Whoever has an account of their own does not get past the block of mine with it (G20)."""
    target, other, gateway = bystander(5), bystander(6), house.gateways[0]
    token = sign_in(gateway, other.attempt()).json()["data"]["signIn"]["tokens"]["deviceToken"]
    cookie = device_cookie(sign_in(gateway, other.attempt(channel="WEB")))

    block(house, target)

    assert outcome(sign_in(gateway, target.attempt(deviceToken=token))) == "SUSPENDED"
    assert outcome(sign_in(gateway, target.attempt(channel="WEB"), Cookie=cookie)) == "SUSPENDED"


def device_cookie(response: httpx.Response) -> str:
    """What the browser shows next time."""
    found = SimpleCookie()
    for header in response.headers.get_list("set-cookie"):
        found.load(header)
    return f"__Host-gw_did={found['__Host-gw_did'].value}"
