"""What cannot be served is refused with a code, in its own place; everything else in the answer is there."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.schema.seals import Purpose
from tests.support.doors import Doors
from tests.support.household import ACCOUNT


def in_account(field: str) -> str:
    """A selection that asks `field` of each of Camille's accounts."""
    return f"{{ viewer {{ tenant {{ greetingName rentalAccounts {{ reference {field} }} }} }} }}"


def in_water(field: str) -> str:
    """A selection that asks `field` of the water of each of Camille's leases."""
    return f"{{ viewer {{ tenant {{ greetingName leases {{ reference water {{ {field} }} }} }} }} }}"


SIZES = [-1, 0, 101, -(2**31), 2**31 - 1]
REFUSED: list[tuple[Callable[[str], str], str, str, str]] = [
    *(
        (
            in_account,
            f"{field}(first: {size}) {{ pageInfo {{ hasNextPage }} }}",
            "first",
            f"first must be between 1 and 100, got {size}",
        )
        for field in ("ledger", "notices")
        for size in SIZES
    ),
    (
        in_account,
        'ledger(range: {from: "2026-03-02", to: "2026-03-01"}) { edges { cursor } }',
        "range",
        "the range ends before it begins",
    ),
    (in_account, 'balance(on: "2026-03-18") { on }', "on", "a balance cannot be struck on a day to come"),
    (in_account, 'balance(on: "9999-12-31") { on }', "on", "a balance cannot be struck on a day to come"),
    *(
        (in_water, f"series(kind: COLD, {text}) {{ quality }}", "range", message)
        for text, message in [
            ('range: {from: "2026-02", to: "2026-01"}', "the range ends before it begins"),
            ('range: {from: "2026-01", to: "2025-12"}', "the range ends before it begins"),
            ('range: {from: "2024-01", to: "2026-03"}', "the range covers more than 26 months"),
            ('granularity: YEAR, range: {from: "0001-01", to: "9999-12"}', "the range covers more than 26 months"),
            ('granularity: DAY, range: {from: "2025-12", to: "2026-03"}', "the range covers more than 3 months"),
        ]
    ),
    *(
        (
            in_water,
            f"meters {{ readings(first: {size}) {{ pageInfo {{ hasNextPage }} }} }}",
            "first",
            f"first must be between 1 and 100, got {size}",
        )
        for size in SIZES
    ),
]


@pytest.mark.parametrize(("around", "field", "argument", "message"), REFUSED, ids=[field for _, field, _, _ in REFUSED])
async def test_an_argument_that_cannot_be_served_is_refused_in_its_place(
    around: Callable[[str], str], field: str, argument: str, message: str, doors: Doors
) -> None:
    """The client is told which argument and why; the greeting above it stays."""
    answer = await doors.ask(around(field))

    told = {
        (error["message"], error["extensions"]["code"], error["extensions"]["argument"]) for error in answer["errors"]
    }
    assert told == {(message, "INVALID_ARGUMENT", argument)}
    assert answer["data"]["viewer"]["tenant"]["greetingName"] == "Camille"


@pytest.mark.parametrize(
    "text",
    [
        'range: {from: "2024-02", to: "2026-03"}',
        'granularity: DAY, range: {from: "2026-01", to: "2026-03"}',
        'range: {from: "2026-03", to: "2026-03"}',
        'range: {from: "9999-12", to: "9999-12"}',
        'range: {from: "0001-01", to: "0001-01"}',
    ],
)
async def test_a_range_at_its_limit_is_served(text: str, doors: Doors) -> None:
    """Twenty-six months, three months of days, and the ends of the calendar."""
    answer = await doors.ask(in_water(f"series(kind: COLD, {text}) {{ quality }}"))

    assert "errors" not in answer


@pytest.mark.parametrize("day", ["2024-05-31", "2026-03-17"])
async def test_a_balance_of_any_day_so_far_is_struck(day: str, doors: Doors) -> None:
    """From the first days of the account to today."""
    answer = await doors.ask(in_account(f'balance(on: "{day}") {{ on }}'))

    [account] = answer["data"]["viewer"]["tenant"]["rentalAccounts"]
    assert account["balance"] == {"on": day}


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-10-25T02:30:00+01:00"])
async def test_an_office_can_be_asked_about_any_moment(at: str, doors: Doors) -> None:
    """Also at the ends of the calendar and in the hour that comes twice."""
    query = "query($at: DateTime) { offices { opening { openAt(at: $at) nextOpening(after: $at) } } }"

    answer = await doors.ask(query, {"at": at})

    assert "errors" not in answer
    assert [office["opening"]["openAt"] for office in answer["data"]["offices"]] == [False, False]


CURSORS = ["", "x", "2026-03-01", "é"]


@pytest.mark.parametrize("field", ["ledger", "notices"])
@pytest.mark.parametrize("kind", [*CURSORS, "another account", "another list", "an id"])
async def test_a_cursor_of_elsewhere_is_refused(field: str, kind: str, doors: Doors) -> None:
    """A cursor of another tenant's account opens nothing, and neither does anything else."""
    seals = doors.parts.seals
    made = {
        "another account": seals.seal(Purpose.CURSOR, f"{field}/A-HADDAD", "2026-03-01", "E-HADDAD"),
        "another list": seals.seal(Purpose.CURSOR, f"readings/{ACCOUNT}", "2026-03-01", "E-07"),
        "an id": seals.seal(Purpose.NODE, f"{field}/{ACCOUNT}", "2026-03-01", "E-07"),
    }
    query = "query($after: String) " + in_account(f"{field}(after: $after) {{ edges {{ cursor }} }}")

    answer = await doors.ask(query, {"after": made.get(kind, kind)})

    assert answer["data"]["viewer"]["tenant"]["rentalAccounts"] == [{"reference": "0012345", field: None}]
    [error] = answer["errors"]
    assert error["message"] == "the cursor was not given by this connection"
    assert (error["extensions"]["code"], error["extensions"]["argument"]) == ("INVALID_CURSOR", "after")


async def test_a_cursor_of_another_meter_is_refused(doors: Doors) -> None:
    """The cold meter's place is none on the hot one."""
    after = doors.parts.seals.seal(Purpose.CURSOR, "readings/L-DWELLING/M-COLD", "2026-02-28/REMOTE/0")
    query = "query($after: String) " + in_water("meters { kind readings(after: $after) { edges { cursor } } }")

    answer = await doors.ask(query, {"after": after})

    errors = {(str(error["path"][-3:]), error["extensions"]["code"]) for error in answer["errors"]}
    assert errors == {("['meters', 1, 'readings']", "INVALID_CURSOR")}


WRONG_VARIABLES: list[tuple[str, str, Any]] = [
    ("$first: Int!", "ledger(first: $first)", "3"),
    ("$first: Int!", "ledger(first: $first)", 1.5),
    ("$first: Int!", "ledger(first: $first)", 2**31),
    ("$first: Int!", "ledger(first: $first)", True),
    ("$first: Int!", "ledger(first: $first)", None),
    ("$first: Int!", "ledger(first: $first)", {"a": 1}),
    ("$first: DateRange!", "ledger(range: $first)", "2026"),
    ("$first: DateRange!", "ledger(range: $first)", {"from": "2026-01-01"}),
    ("$first: DateRange!", "ledger(range: $first)", {"from": "2026-01-01", "to": "2026-02-30"}),
    ("$first: DateRange!", "ledger(range: $first)", {"from": "2026-01-01", "to": "2026-02-28", "x": 1}),
]


@pytest.mark.parametrize(("declared", "field", "value"), WRONG_VARIABLES)
async def test_a_variable_of_another_type_is_refused_before_anything_runs(
    declared: str, field: str, value: object, doors: Doors
) -> None:
    """The place is named, the value is not repeated, and no system is asked."""
    query = f"query({declared}) " + in_account(f"{field} {{ edges {{ cursor }} }}")

    answer = await doors.ask(query, {"first": value})

    assert set(answer) == {"errors"}
    [error] = answer["errors"]
    assert error["message"].startswith("Variable '$first' has invalid value")
    assert error["extensions"]["code"] == "GRAPHQL_INVALID_VARIABLES"
    assert "2026" not in error["message"]
    assert doors.landlord.journal == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "{ viewer { tenant { leases(states: [SOLD]) { id } } } }",
            "Value 'SOLD' does not exist in 'LeaseState' enum.",
        ),
        ('{ viewer { tenant { leases(states: ["CURRENT"]) { id } } } }', None),
        (
            '{ appRelease(platform: WINDOWS, version: "1") { latest } }',
            "Value 'WINDOWS' does not exist in 'AppPlatform' enum.",
        ),
        ("{ viewer { tenant { passwords } } }", "Cannot query field 'passwords' on type 'Tenant'."),
        ("{ viewer { tenant(named: 1) { id } } }", "Unknown argument 'named' on field 'Viewer.tenant'."),
    ],
)
async def test_a_document_that_does_not_fit_is_refused_before_anything_runs(
    query: str, message: str | None, doors: Doors
) -> None:
    """No guess is offered at what might have been meant: the schema is not for trying out."""
    answer = await doors.ask(query)

    assert set(answer) == {"errors"}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}
    assert message is None or answer["errors"][0]["message"].startswith(message)
    assert "Did you mean" not in str(answer)
    assert doors.landlord.journal == []


SECRET = "hunter2-7391"
SIGN_IN = "mutation { signIn(input: INPUT) { __typename } }"


@pytest.mark.parametrize(
    "given",
    [
        SECRET,
        [SECRET],
        {"password": SECRET},
        {"accountReference": "1", "password": [SECRET]},
        {"accountReference": "1", "password": {"text": SECRET}},
        {"accountReference": [SECRET], "password": SECRET},
        {"accountReference": "1", "password": SECRET, "channel": "FAX"},
        {"accountReference": "1", "password": SECRET, "remember": True},
        {"accountReference": "1", "password": SECRET * 1000},
    ],
    ids=range(9),
)
async def test_a_secret_in_a_variable_is_never_repeated(given: object, doors: Doors) -> None:
    """However the input is malformed, the answer and the log hold nothing of the password."""
    query = "mutation($input: SignInInput!) " + SIGN_IN.removeprefix("mutation ").replace("INPUT", "$input")

    response = await doors.post({"query": query, "variables": {"input": given}})

    [error] = response.json()["errors"]
    assert error["extensions"]["code"] == "GRAPHQL_INVALID_VARIABLES"
    assert "hunter2" not in response.text + doors.log.getvalue()


@pytest.mark.parametrize(
    "literal",
    [
        f'"{SECRET}"',
        f'{{password: "{SECRET}"}}',
        f'{{accountReference: "1", password: ["{SECRET}"]}}',
        f'{{accountReference: "1", password: {{text: "{SECRET}"}}}}',
        f'{{accountReference: "1", password: "{SECRET}", remember: true}}',
        f'{{accountReference: "1", password "{SECRET}"}}',
        f'{{accountReference: "1", password: """{SECRET}""" """{SECRET}"""}}',
        f'{{accountReference: "1", password: "{SECRET}',
    ],
    ids=range(8),
)
async def test_a_secret_in_a_document_is_never_repeated(literal: str, doors: Doors) -> None:
    """Who writes a password into the document against all advice does not read it in the error."""
    response = await doors.post({"query": SIGN_IN.replace("INPUT", literal)})

    [error] = response.json()["errors"]
    assert error["extensions"]["code"] in (
        "SECRETS_MUST_BE_VARIABLES",
        "GRAPHQL_VALIDATION_FAILED",
        "GRAPHQL_PARSE_FAILED",
    )
    assert "hunter2" not in response.text + doors.log.getvalue()


async def test_a_request_cannot_ask_the_books_for_hundreds_of_days(doors: Doors) -> None:
    """Each range costs the ERP a call: twelve are served, the thirteenth is refused, the others stay."""
    days = " ".join(f'd{day}: balance(on: "2026-02-{day:02d}") {{ on }}' for day in range(1, 14))

    answer = await doors.ask(in_account(days))

    [error] = answer["errors"]
    assert (error["path"][-1], error["extensions"]["code"]) == ("d13", "INVALID_ARGUMENT")
    [account] = answer["data"]["viewer"]["tenant"]["rentalAccounts"]
    assert [alias for alias, balance in account.items() if balance is None] == ["d13"]


def lookups(count: int) -> str:
    """A query for so many lists of objects by the same ids."""
    return "query($ids: [ID!]!) {" + " ".join(f"a{n}: nodes(ids: $ids) {{ id }}" for n in range(count)) + "}"


async def test_ids_of_nothing_are_looked_up_nowhere(doors: Doors) -> None:
    """A thousand of them, as many as one request may ask for, are told by their seal to be none of ours."""
    answer = await doors.ask(lookups(10), {"ids": [f"junk{n}" for n in range(100)]})

    assert answer == {"data": {f"a{n}": [None] * 100 for n in range(10)}}
    assert doors.landlord.journal == []


async def test_hundreds_of_lookups_are_refused(doors: Doors) -> None:
    """One root field more than a request may have, and nothing is looked up."""
    answer = await doors.ask(lookups(11), {"ids": ["junk"]})

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["GRAPHQL_DOCUMENT_TOO_COMPLEX"]
    assert "data" not in answer


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01"])
async def test_before_the_account_was_opened_there_is_no_balance(day: str, doors: Doors) -> None:
    """No balance is not a balance of zero, which would be a figure."""
    answer = await doors.ask(in_account(f'balance(on: "{day}") {{ on }}'))

    [account] = answer["data"]["viewer"]["tenant"]["rentalAccounts"]
    assert account["balance"] is None
    assert "errors" not in answer
