"""Whose account it is, read from awkward records."""

from collections.abc import Sequence

import pytest

from gateway.adapters.erp_soap.tenancy import SoapTenancy
from gateway.domain.person import Tenant
from gateway.domain.source import SourceSystem
from gateway.ports.answers import MISSING, Answer, Failed, Seen
from gateway.ports.errors import UpstreamError, UpstreamGarbledError, UpstreamRefusedError, UpstreamUnavailableError
from tests.adapters.erp_soap.sheets import (
    AS_OF,
    CONTRAT,
    LOCATAIRE,
    answer,
    erp_saying,
    origin,
    record,
    sent,
    soon,
)

LEA, HUGO = "P0123451", "P0123452"
REFERENCE = "12345"
RUNNING, ENDED = {"ETAT": "EC"}, {"ETAT": "RS", "DAT_RESIL": "20211231"}


def lease(number: str = "012345/01", **changes: str) -> str:
    """Léa's row of a lease on the account."""
    return record("Contrat", CONTRAT, **{"NUM_CONTRAT": number, **changes})


def hugos(number: str = "012345/01", **changes: str) -> str:
    """Hugo's row of a lease on the same account, flagged as principal holder too."""
    return lease(number, **{"NUM_LOC": HUGO, "LIB_NOM": "MR KLEIN HUGO", "LIB_PRENOM": "HUGO", **changes})


def file(number: str, **changes: str) -> str:
    """Somebody's file."""
    return record("Locataire", LOCATAIRE, **{"NUM_LOC": number, **changes})


async def holders(*leases: str, files: Sequence[str] = (file(LEA), file(HUGO))) -> Answer[tuple[Tenant, ...]]:
    """The holders of the account with these leases."""
    async with erp_saying(answer("LireContrats", *leases), answer("LireLocataires", *files)) as (erp, _):
        batch = await SoapTenancy(erp).holders_of([REFERENCE], deadline=soon())
    return batch[REFERENCE]


async def numbers(*leases: str) -> list[str]:
    """The numbers of those holders, none when the account has none."""
    found = await holders(*leases)
    if found == MISSING:
        return []
    assert isinstance(found, Seen)
    return [tenant.id for tenant in found.value]


async def test_the_reference_as_people_know_it_finds_the_account_as_printed() -> None:
    """`12345` is asked for as `0012345`, in one call; then the file of the one holder, in another."""
    said = (answer("LireContrats", lease()), answer("LireLocataires", file(LEA)))
    async with erp_saying(*said) as (erp, server):
        batch = await SoapTenancy(erp).holders_of([REFERENCE, "0012345"], deadline=soon())

    assert batch[REFERENCE] == batch["0012345"]
    found = batch[REFERENCE]
    assert isinstance(found, Seen)
    assert [(it.id, it.person.last_name) for it in found.value] == [(LEA, "Dupont-Le Gall")]
    about_account, about_file = sent(server)
    assert about_account.count("<NumCompte>") == about_account.count("<NumCompte>0012345</NumCompte>") == 1
    assert about_file.count("<NumLocataire>") == about_file.count(f"<NumLocataire>{LEA}</NumLocataire>") == 1


@pytest.mark.parametrize("printed", ["12345      ", "  0012345  ", "L 12345", "0012345"])
async def test_an_account_that_a_clerk_wrote_otherwise_is_the_same(printed: str) -> None:
    """Zeros left out, spaces, an L in front."""
    assert await numbers(lease(NUM_COMPTE=printed)) == [LEA]


async def test_a_short_number_is_filled_up_as_it_is_printed() -> None:
    """Account 123 is `0123` to us and `0000123` to IMMO-GEST."""
    said = (answer("LireContrats", lease(NUM_COMPTE="0000123")), answer("LireLocataires", file(LEA)))
    async with erp_saying(*said) as (erp, _):
        batch = await SoapTenancy(erp).holders_of(["0123"], deadline=soon())

    assert isinstance(batch["0123"], Seen)


@pytest.mark.parametrize("state", ["EC", "PR", "AV", "RS", "X9"])
async def test_a_lease_in_any_state_has_its_holder(state: str) -> None:
    """Who has left may owe money still, who comes in next month has an account, a clerk's new code shuts nobody out."""
    assert await numbers(lease(ETAT=state)) == [LEA]


@pytest.mark.parametrize(
    "changes",
    [
        {"ROLE": "COTITULAIRE"},
        {"ROLE": "EX-CONJOINT"},
        {"ROLE": "OCCUPANT"},
        {"ROLE": "GARANT"},
        {"ROLE": "GERANT"},
        {"ROLE": "TITULAIRE", "DAT_FIN": "20210901"},
        {"ROLE": "TITULAIRE", "DAT_FIN": "20260313"},
        {"ROLE": "TITULAIRE", "DAT_FIN": "2021XX01"},
        {"ROLE": "TITULAIRE", "DAT_FIN": "20210901", **ENDED},
    ],
)
async def test_who_is_no_principal_holder_is_not_told(changes: dict[str, str]) -> None:
    """A co-holder, a former spouse, an occupant, a guarantor, a holder who left: beside the holder, and alone."""
    shared = {name: changes[name] for name in ("DAT_RESIL", "ETAT") if name in changes}

    assert await numbers(lease(**shared), hugos(**changes)) == [LEA]
    assert await numbers(hugos(**changes)) == []


@pytest.mark.parametrize("until", ["20260314", "99991231", "00000000"])
async def test_who_leaves_today_or_later_is_still_holder(until: str) -> None:
    """The last day belongs to them."""
    assert await numbers(lease(DAT_FIN=until)) == [LEA]


async def test_two_who_are_flagged_are_both_told_the_earlier_first() -> None:
    """Each may open the account with their own name."""
    assert await numbers(lease(), hugos(DAT_DEB="20180101")) == [HUGO, LEA]


async def test_a_holder_of_dwelling_and_garage_is_told_once() -> None:
    """Two leases, one account, one person."""
    assert await numbers(lease(), lease("012345/02", NATURE="GAR")) == [LEA]


@pytest.mark.parametrize(
    ("his", "hers", "told"),
    [
        (RUNNING, RUNNING, [LEA, HUGO]),
        (ENDED, RUNNING, [LEA]),
        (RUNNING, ENDED, [HUGO]),
        (ENDED, {"ETAT": "AV"}, [LEA]),
        (ENDED, {"ETAT": "X9"}, [LEA]),
        (ENDED, ENDED, [LEA, HUGO]),
    ],
)
async def test_the_holder_of_an_ended_lease_gives_way_to_that_of_a_running_one(
    his: dict[str, str], hers: dict[str, str], told: list[str]
) -> None:
    """Whoever rents now does not share the account with who has moved out."""
    assert await numbers(lease("012345/02", **hers), hugos("012345/01", **his)) == told


async def test_a_holder_without_a_file_is_left_out() -> None:
    """Nobody can be compared with them; a clerk may have merged the file between the two questions."""
    assert await holders(lease(), files=()) == MISSING
    found = await holders(lease(), hugos(), files=[file(HUGO)])
    assert isinstance(found, Seen)
    assert [tenant.id for tenant in found.value] == [HUGO]


async def test_the_answer_is_of_the_moment_when_leases_were_read() -> None:
    """The older of the two answers."""
    said = answer("LireContrats", lease()), answer("LireLocataires", file(LEA), stamp="20260314100001")
    async with erp_saying(*said) as (erp, _):
        found = (await SoapTenancy(erp).holders_of([REFERENCE], deadline=soon()))[REFERENCE]

    assert isinstance(found, Seen)
    assert found.origin == origin(SourceSystem.RENT_ERP, AS_OF)


@pytest.mark.parametrize(
    ("leases", "files", "text"),
    [
        ([lease(), lease("012345/02", NUM_LOC="???")], [file(LEA)], "RENT_ERP.holders_of: cannot read NUM_LOC"),
        ([lease(), lease("012345/02", ETAT="-")], [file(LEA)], "RENT_ERP.holders_of: cannot read ETAT"),
        ([lease(NUM_CONTRAT="???")], [file(LEA)], "RENT_ERP.holders_of: cannot read NUM_CONTRAT"),
        ([lease()], [file(LEA, LIB_NOM="-")], "RENT_ERP.tenants: cannot read LIB_NOM"),
        (
            [lease()],
            [file(LEA), file(LEA, DAT_NAISS="19800301")],
            "RENT_ERP.tenants: cannot read NUM_LOC",
        ),
        ([lease(), hugos()], [file(LEA), file(HUGO, MEL="-")], "RENT_ERP.tenants: cannot read MEL"),
    ],
)
async def test_what_cannot_be_read_fails_its_account_alone(leases: list[str], files: list[str], text: str) -> None:
    """Nobody knows whom the unread record is about; the neighbour's account is answered."""
    neighbour = [lease("2/1", NUM_COMPTE="0067890", NUM_LOC="P9")]
    said = (answer("LireContrats", *leases, *neighbour), answer("LireLocataires", *files, file("P9")))
    async with erp_saying(*said) as (erp, _):
        batch = await SoapTenancy(erp).holders_of([REFERENCE, "67890"], deadline=soon())

    failed, seen = batch[REFERENCE], batch["67890"]
    assert isinstance(failed, Failed)
    assert str(failed.error) == text
    assert isinstance(seen, Seen)


async def test_a_lease_of_no_account_fails_the_call() -> None:
    """Nobody knows whose it is."""
    with pytest.raises(UpstreamGarbledError) as caught:
        await holders(lease(NUM_COMPTE="???"))

    assert caught.value.field == "NUM_COMPTE"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([answer("LireContrats", code="BATCH_EN_COURS")], UpstreamUnavailableError),
        ([answer("LireContrats", code="PARAMETRE_INVALIDE")], UpstreamRefusedError),
        ([b"<x>"], UpstreamGarbledError),
        ([answer("LireContrats", lease()), answer("LireLocataires", code="BATCH_EN_COURS")], UpstreamUnavailableError),
        ([answer("LireContrats", lease()), b"<x>"], UpstreamGarbledError),
    ],
)
async def test_a_call_that_fails_is_an_error_and_no_stranger(said: list[bytes], expected: type[UpstreamError]) -> None:
    """Neither leases nor files: « unknown » would be an answer."""
    async with erp_saying(*said) as (erp, _):
        with pytest.raises(expected):
            await SoapTenancy(erp).holders_of([REFERENCE], deadline=soon())


@pytest.mark.parametrize("reference", ["", "☃", "123 45;", "A" * 15, "9" * 20])
async def test_what_cannot_be_an_account_is_missing_and_not_sent(reference: str) -> None:
    """Not even a session is opened."""
    async with erp_saying(answer("LireContrats")) as (erp, server):
        assert await SoapTenancy(erp).holders_of([reference], deadline=soon()) == {reference: MISSING}

    assert server.requests == []


async def test_files_of_more_holders_than_one_call_takes_are_asked_in_several() -> None:
    """Two hundred accounts whose clerks flagged two holders each: one call for leases, two for files."""
    references = [f"{number}" for number in range(20_001, 20_201)]
    rows = [
        row
        for reference in references
        for row in (
            lease(f"{reference}/1", NUM_COMPTE=f"00{reference}", NUM_LOC=f"P{reference}1"),
            lease(f"{reference}/1", NUM_COMPTE=f"00{reference}", NUM_LOC=f"P{reference}2"),
        )
    ]
    files = [file(f"P{reference}{rank}") for reference in references for rank in (1, 2)]
    async with erp_saying(answer("LireContrats", *rows), answer("LireLocataires", *files)) as (erp, server):
        batch = await SoapTenancy(erp).holders_of(references, deadline=soon())

    assert [body.count("<NumCompte>") + body.count("<NumLocataire>") for body in sent(server)] == [200, 200, 200]
    assert [len(found.value) for found in batch.values() if isinstance(found, Seen)] == [2] * 200
