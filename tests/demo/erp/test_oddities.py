"""What is odd in the rows: one thing at a time in the showcase, everything at its rate in the town."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.demo.erp.contract import NAMESPACE
from gateway.demo.erp.store.blemishes import Blemishes
from gateway.demo.world import household
from gateway.demo.world.model import Household
from tests.demo.control.simulator import Simulator
from tests.demo.erp.clients import Caller, content_of, envelope, send
from tests.demo.erp.conftest import DAY, SEED, TOWN, caller_of

CASES = {one.case: one for one in (household(SEED, index, DAY) for index in range(25))}


@pytest.fixture(scope="module")
def townsman(town: Simulator) -> Iterator[Caller]:
    """A foreign client of the town's ERP."""
    caller = caller_of(town)
    yield caller
    caller.client.transport.session.close()


def _chunked(caller: Caller, operation: str, name: str, keys: list[str], **others: Any) -> list[Any]:
    chunks = [keys[start : start + 200] for start in range(0, len(keys), 200)]
    return [row for chunk in chunks for row in caller.rows(operation, **{name: chunk}, **others)]


def _accounts() -> list[str]:
    return [f"{12000 + number:07d}" for number in range(25, TOWN)]


@pytest.mark.servers
def test_an_unreadable_amount_is_shown_where_the_stored_balance_should_be(caller: Caller) -> None:
    """The other fields of the row are as always."""
    (row,) = caller.rows("LireSoldes", NumCompte=[CASES["unreadable-amount"].account_number])

    assert row.solde_stocke.strip() == "1.234"
    assert len(row.solde_exigible) == 10


@pytest.mark.servers
def test_a_couple_shares_one_file(caller: Caller) -> None:
    """Two people in one field, no first name, and one party instead of two."""
    (row,) = caller.rows("LireContrats", NumContrat=[CASES["two-in-one-name"].leases[0].number])
    (file,) = caller.rows("LireLocataires", NumLocataire=[row.num_loc])

    last_name = CASES["two-in-one-name"].holder.last_name.upper()
    assert row.lib_nom.rstrip() == file.lib_nom.rstrip() == f"MR ET MME {last_name}"
    assert (row.lib_prenom.strip(), row.role.strip()) == ("", "TITULAIRE")


@pytest.mark.servers
def test_unknown_codes_reach_the_wire(caller: Caller) -> None:
    """In the state of the lease and among the lines."""
    home = CASES["unknown-codes"]

    (lease,) = caller.rows("LireContrats", NumContrat=[home.leases[0].number])
    (account,) = caller.rows("LireEcritures", NumCompte=[home.account_number])

    assert lease.etat == "X9"
    assert "ZZZ" in {row.code for row in account.ecriture}


@pytest.mark.servers
def test_sentinel_dates_reach_the_wire(caller: Caller) -> None:
    """The year 9999 for no end, the year 1 for no day, 1900 for an unknown birth."""
    home = CASES["sentinel-dates"]

    (lease,) = caller.rows("LireContrats", NumContrat=[home.leases[0].number])
    (file,) = caller.rows("LireLocataires", NumLocataire=[home.holder.number])

    assert (lease.dat_resil, lease.dat_preavis, file.dat_naiss) == ("99991231", "00010101", "19000101")


@pytest.mark.servers
def test_unusable_telephones_reach_the_wire(caller: Caller) -> None:
    """As the clerk typed them."""
    home = CASES["unusable-phone"]

    (file,) = caller.rows("LireLocataires", NumLocataire=[home.holder.number])

    assert [phone for phone in (file.tel_1, file.tel_2, file.tel_3) if phone] == list(home.holder.phones)


@pytest.mark.servers
def test_the_showcase_is_clean_but_for_its_own_oddities(caller: Caller) -> None:
    """No stray spaces, no mojibake, no year 9999 in any other household."""
    clean = [home for home in CASES.values() if home.case != "sentinel-dates"]

    leases = caller.rows("LireContrats", NumCompte=[home.account_number for home in clean])
    accounts = caller.rows("LireEcritures", NumCompte=[home.account_number for home in clean])

    assert not [row for row in leases if row.num_contrat.startswith(" ") or row.num_compte.startswith(" ")]
    assert "99991231" not in {text for row in leases for text in (row.dat_resil, row.dat_fin)}
    assert not [line.lib for row in accounts for line in row.ecriture if "Ã" in line.lib]


@pytest.mark.servers
def test_endless_roles_and_leases_are_sometimes_of_the_year_9999(townsman: Caller) -> None:
    """About eight in a hundred."""
    rows = _chunked(townsman, "LireContrats", "NumCompte", _accounts())

    ends = Counter(text for row in rows for text in (row.dat_fin, row.dat_resil))

    assert 0.06 < ends["99991231"] / (ends["99991231"] + ends["00000000"]) < 0.10


@pytest.mark.servers
def test_a_few_numbers_have_a_space_in_front(townsman: Caller) -> None:
    """And are the same numbers without it."""
    rows = _chunked(townsman, "LireContrats", "NumCompte", _accounts())

    stray = [row.num_compte for row in rows if row.num_compte.startswith(" ")]

    assert 1 <= len(stray) <= 20
    assert {len(number) for number in stray} == {11}
    assert {number.strip() for number in stray} <= set(_accounts())


@pytest.mark.servers
def test_some_labels_are_utf_8_read_as_windows_1252(town: Simulator, townsman: Caller) -> None:
    """About one in a hundred of those with an accent, and reading them back gives the label."""
    accounts = "".join(f"<NumCompte>{number}</NumCompte>" for number in _accounts()[:200])
    answer = send(town, envelope("LireEcritures", f"<Jeton>{townsman.token}</Jeton>{accounts}"))
    labels = [str(found.text) for found in content_of(answer).iter(f"{{{NAMESPACE}}}LIB")]

    odd = [label for label in labels if "Ã" in label or "â€™" in label or "Å“" in label]
    accented = [label for label in labels if not label.isascii()]

    assert 0.005 < len(odd) / len(accented) < 0.02
    assert {label.encode("cp1252").decode("utf-8").isascii() for label in odd} == {False}


@pytest.mark.servers
def test_late_entries_are_typed_in_days_later(town: Simulator, townsman: Caller) -> None:
    """Some works have one, most do not."""
    numbers = [row["numero"] for row in town.get("truth/contrats") if row["rang"] == 0]
    works = _chunked(townsman, "LireInterventions", "NumContrat", numbers)

    updates = [one for row in works for one in row.suivi]
    late = [one for one in updates if one.dat_saisie[:10] != one.dat_fait[:10]]

    assert 0 < len(late) < len(updates) / 2


def test_blemishes_strike_at_their_rates_and_always_the_same() -> None:
    """Drawn from the seed and the household; another seed is another draw."""
    ordinary = household(SEED, 40, DAY)

    def drawn(seed: int) -> list[object]:
        blemishes = Blemishes(ordinary, seed=seed)
        return [
            *(blemishes.label("Prélèvement") for _ in range(5_000)),
            *(blemishes.key("0012040") for _ in range(5_000)),
            *(blemishes.unreadable_amount() for _ in range(20_000)),
            *(blemishes.end(None) for _ in range(5_000)),
        ]

    counts = Counter(drawn(1))
    assert drawn(1) == drawn(1) != drawn(2)
    assert 30 <= counts["PrÃ©lÃ¨vement"] <= 75
    assert 10 <= counts[" 0012040"] <= 40
    assert 3 <= counts["1.234"] <= 20
    assert 340 <= counts[99991231] <= 460


def test_a_label_that_windows_1252_cannot_hold_twice_stays_as_it_is() -> None:
    """Five bytes mean nothing in windows-1252, so no clerk ever saw them."""
    blemishes = Blemishes(household(SEED, 40, DAY), seed=1)

    assert {blemishes.label("À régler") for _ in range(2_000)} == {"À régler", "Ã€ rÃ©gler"}
    assert {blemishes.label("Í") for _ in range(2_000)} == {"Í"}


def test_an_end_that_is_one_is_never_changed() -> None:
    """Only the absence of an end has two spellings."""
    blemishes = Blemishes(household(SEED, 40, DAY), seed=1)

    assert {blemishes.end(DAY) for _ in range(500)} == {20260316}


def test_couples_of_the_same_name_may_share_a_file() -> None:
    """About one in eight of them; people of different names never do."""
    homes = [household(SEED, index, DAY) for index in range(25, 325)]

    shared: dict[bool, list[bool]] = {True: [], False: []}
    for home in homes:
        drawn = [Blemishes(home, seed=seed).one_file(home.leases[0].parties) for seed in range(5)]
        shared[_have_one_name(home)] += drawn

    assert 0.08 < sum(shared[True]) / len(shared[True]) < 0.16
    assert not any(shared[False])


def _have_one_name(home: Household) -> bool:
    couple = [one.person.last_name for one in home.leases[0].parties if one.role.endswith("TITULAIRE")]
    return len(couple) == 2 and couple[0] == couple[1]
