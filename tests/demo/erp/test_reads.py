"""What the reading operations answer is what the invented world holds, in IMMO-GEST's words."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from gateway.demo.world import household, landlord
from gateway.demo.world.model import Household, Lease
from tests.demo.control.simulator import Simulator
from tests.demo.erp import wire
from tests.demo.erp.clients import Caller
from tests.demo.erp.conftest import DAY, HOUSEHOLDS, SEED

pytestmark = pytest.mark.servers


CASES = {one.case: one for one in (household(SEED, index, DAY) for index in range(25))}
KINDS = {"LOGEMENT": "LOG", "STATIONNEMENT": "GAR", "ANNEXE": "ANX"}


def _everyone() -> Iterator[Household]:
    return (household(SEED, index, DAY) for index in range(HOUSEHOLDS))


def _signed(direction: str, cents: int) -> int:
    return cents if direction == "D" else -cents


def test_a_tenants_file_has_the_name_in_capitals_and_the_contacts_as_typed(caller: Caller) -> None:
    """And is padded to its columns."""
    holder = CASES["plain"].holder

    (row,) = caller.rows("LireLocataires", NumLocataire=[holder.number])

    assert row.num_loc == f"{holder.number:10}"
    assert (len(row.lib_nom), len(row.lib_prenom)) == (60, 30)
    assert row.lib_nom.rstrip().isascii()
    assert row.lib_nom.rstrip().isupper()
    assert wire.day(row.dat_naiss) == holder.birth_date
    assert [row.tel_1, row.tel_2, row.tel_3] == [*holder.phones, None, None, None][:3]
    assert row.mel == holder.email


def test_a_lease_has_a_row_for_each_party(caller: Caller) -> None:
    """The lease's own fields are the same on each."""
    home = CASES["joint-holders"]
    lease = home.leases[0]

    rows = caller.rows("LireContrats", NumContrat=[lease.number])

    assert [(row.num_loc.strip(), row.role.strip()) for row in rows] == [
        (party.person.number, party.role) for party in lease.parties
    ]
    assert {"TITULAIRE", "COTITULAIRE", "EX-CONJOINT"} <= {row.role.strip() for row in rows}
    assert [(wire.day(row.dat_deb), wire.day(row.dat_fin)) for row in rows] == [
        (party.since, party.until) for party in lease.parties
    ]
    assert {(row.num_contrat, row.num_compte) for row in rows} == {(f"{lease.number:12}", f"{home.account_number:11}")}


@pytest.mark.parametrize("case", ["plain", "dwelling-and-garage", "ended-lease", "notice-given"])
def test_a_lease_is_told_with_its_unit(caller: Caller, case: str) -> None:
    """State, days, term, nature, surface and address."""
    home = CASES[case]

    rows = caller.rows("LireContrats", NumCompte=[home.account_number])

    by_number = {row.num_contrat.strip(): row for row in rows}
    assert set(by_number) == {lease.number for lease in home.leases}
    for lease in home.leases:
        _assert_told(by_number[lease.number], lease)


def _assert_told(row: Any, lease: Lease) -> None:
    unit, address = lease.unit, lease.unit.address
    assert (row.etat, row.terme) == (lease.state_code, "A" if lease.in_advance else "E")
    days = [wire.day(text) for text in (row.dat_effet, row.dat_resil, row.dat_preavis)]
    assert days == [lease.starts_on, lease.ends_on, lease.notice_received_on]
    assert (row.nature, row.typologie.strip()) == (KINDS[unit.kind], unit.typology or "")
    assert row.surface.strip() == ("" if unit.surface_dm2 is None else f"{unit.surface_dm2:06d}")
    assert (row.etage, row.residence) == (unit.floor, unit.estate)
    lines = [line for line in (row.adr_1, row.adr_2) if line]
    assert lines == list(address.complement)
    town = (address.street, address.postal_code, address.city, address.insee_code)
    assert (row.voie, row.code_postal, row.ville, row.insee) == town
    assert (row.code_conseiller.strip(), row.code_agence.strip()) == (
        lease.advisor_code,
        lease.office_code,
    )


def test_leases_are_found_by_any_party(caller: Caller) -> None:
    """Asking for the co-holder brings the rows of the holder too."""
    lease = CASES["joint-holders"].leases[0]
    co_holder = next(party.person for party in lease.parties if party.role == "COTITULAIRE")

    rows = caller.rows("LireContrats", NumLocataire=[co_holder.number])

    assert {row.num_contrat.strip() for row in rows} == {lease.number}
    assert len(rows) == len(lease.parties)


@pytest.mark.parametrize("lists", [(), ("NumContrat", "NumCompte"), ("NumLocataire", "NumContrat", "NumCompte")])
def test_leases_are_asked_for_by_one_list(caller: Caller, lists: tuple[str, ...]) -> None:
    """None, or two, is refused in band."""
    answer = caller.ask("LireContrats", **{name: ["0012000"] for name in lists})

    assert (answer.CodeRetour, len(answer.Contrat)) == ("PARAMETRE_INVALIDE", 0)


def test_balances_are_those_of_the_world(caller: Caller) -> None:
    """Stored balance, due part, next due date and disputed part of every account."""
    homes = {f"{home.account_number:11}": home for home in _everyone()}

    rows = caller.rows("LireSoldes", NumCompte=[number.strip() for number in homes])

    assert {row.num_compte for row in rows} == set(homes)
    for row in rows:
        home = homes[row.num_compte]
        total = sum(_signed(entry.direction, entry.cents) for entry in home.entries)
        if home.case != "unreadable-amount":
            assert wire.cents(row.solde_stocke, row.sens_stocke) == total + home.stored_difference_cents
        due = {notice.period: notice.due_on for notice in home.notices if notice.state == "EMIS"}
        pending = [entry for entry in home.entries if entry.period and due[entry.period] >= DAY]
        not_due = sum(_signed(entry.direction, entry.cents) for entry in pending)
        expected = total + home.stored_difference_cents - not_due
        assert wire.cents(row.solde_exigible, row.sens_exigible) == expected, home.case
        assert wire.day(row.dat_echeance) == home.next_due_on, home.case
        assert (int(row.contentieux), row.dat_arrete) == (home.disputed_cents, "20260316100000")


def test_the_showcase_has_what_balances_must_show(caller: Caller) -> None:
    """In credit, overdue, disputed, and a balance that its lines do not explain."""
    names = ("in-credit", "overdue-reissued-notice", "disputed", "unexplained-difference", "plain")
    numbers = {CASES[name].account_number: name for name in names}

    rows = {numbers[row.num_compte.strip()]: row for row in caller.rows("LireSoldes", NumCompte=[*numbers])}

    assert rows["in-credit"].sens_stocke == "C"
    assert int(rows["overdue-reissued-notice"].solde_exigible) > 0
    assert int(rows["disputed"].contentieux) > 0
    difference = CASES["unexplained-difference"].stored_difference_cents
    (lines,) = caller.rows("LireEcritures", NumCompte=[CASES["unexplained-difference"].account_number])
    stored = wire.cents(rows["unexplained-difference"].solde_stocke, rows["unexplained-difference"].sens_stocke)
    assert stored - wire.cents(lines.solde_cloture, lines.sens_cloture) == difference != 0


def test_lines_are_those_of_the_world_newest_first(caller: Caller) -> None:
    """Every field of every line of a household with a returned payment."""
    home = CASES["returned-payment"]
    expected = [
        (
            f"{entry.number:13}",
            entry.value_on,
            entry.posted_at,
            _signed(entry.direction, entry.cents),
            f"{entry.code:3}",
            entry.label,
            (entry.period or "000000").replace("-", ""),
            f"{entry.lease_number or '':12}",
            f"{entry.method or '':5}",
            f"{entry.reverses or '':13}",
        )
        for entry in sorted(home.entries, key=lambda entry: (entry.value_on, entry.number), reverse=True)
    ]

    (account,) = caller.rows("LireEcritures", NumCompte=[home.account_number])

    assert [
        (
            row.num_ecr,
            wire.day(row.dat_valeur),
            wire.stamp(row.horodatage_saisie),
            wire.cents(row.montant, row.sens),
            row.code,
            row.lib,
            row.periode,
            row.num_contrat,
            row.mode,
            row.num_ecr_annulee,
        )
        for row in account.ecriture
    ] == expected
    assert any(row.num_ecr_annulee.strip() for row in account.ecriture)


def test_a_range_of_lines_opens_and_closes_with_the_balance_of_the_lines(caller: Caller) -> None:
    """Opening plus the lines of the range is closing."""
    home = CASES["overdue-reissued-notice"]

    (account,) = caller.rows("LireEcritures", NumCompte=[home.account_number], DateDebut="20251026", DateFin="20260126")

    before = [entry for entry in home.entries if entry.value_on < date(2025, 10, 26)]
    within = [entry for entry in home.entries if date(2025, 10, 26) <= entry.value_on <= date(2026, 1, 26)]
    opening = sum(_signed(entry.direction, entry.cents) for entry in before)
    assert wire.cents(account.solde_ouverture, account.sens_ouverture) == opening
    assert len(account.ecriture) == len(within) > 5
    assert {"20251026", "20260126"} <= {row.dat_valeur for row in account.ecriture}
    movement = sum(wire.cents(row.montant, row.sens) for row in account.ecriture)
    assert wire.cents(account.solde_cloture, account.sens_cloture) == opening + movement
    assert account.suite == "N"


def test_an_account_without_lines_in_the_range_is_answered(caller: Caller) -> None:
    """With its balances, for they are not nothing."""
    home = CASES["overdue-reissued-notice"]

    (account,) = caller.rows("LireEcritures", NumCompte=[home.account_number], DateDebut="20260316")

    assert account.ecriture == []
    assert account.solde_ouverture == account.solde_cloture != "0000000000"


def test_lines_are_cut_silently(caller: Caller) -> None:
    """The newest are given, SUITE says that there were more, and the closing balance counts them all."""
    home = CASES["plain"]

    (all_lines,) = caller.rows("LireEcritures", NumCompte=[home.account_number])
    (cut,) = caller.rows("LireEcritures", NumCompte=[home.account_number], NbMax=7)
    (generous,) = caller.rows("LireEcritures", NumCompte=[home.account_number], NbMax=100_000)

    assert [row.num_ecr for row in cut.ecriture] == [row.num_ecr for row in all_lines.ecriture[:7]]
    assert (cut.suite, cut.solde_cloture) == ("O", all_lines.solde_cloture)
    assert (generous.suite, len(generous.ecriture)) == ("N", len(home.entries))


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("LireEcritures", {"NumCompte": ["0012000"], "NbMax": 0}),
        ("LireEcritures", {"NumCompte": ["0012000"], "DateDebut": "20260230"}),
        ("LireEcritures", {"NumCompte": ["0012000"], "DateFin": "00000000"}),
        ("LireEcritures", {"NumCompte": ["0012000"], "DateFin": "2026031"}),
        ("LireAvis", {"NumCompte": ["0012000"], "NbMois": 0}),
        ("LireAvis", {"NumCompte": ["0012000"], "NbMois": 61}),
        ("LireConsommations", {"NumContrat": ["012000/01"], "DepuisLe": "31032026"}),
    ],
)
def test_a_parameter_without_sense_is_refused_in_band(
    erp: Simulator, caller: Caller, operation: str, parameters: dict[str, object]
) -> None:
    """The label names it, and there are no data."""
    answer = caller.ask(operation, **parameters)

    assert answer.CodeRetour == "PARAMETRE_INVALIDE"
    assert answer.LibErreur.partition(" : ")[0] in parameters
    assert [value for value in answer.__values__.values() if isinstance(value, list) and value] == []


def test_notices_are_those_of_the_world(caller: Caller) -> None:
    """All states and all lines of the two latest periods, with totals that add up."""
    home = CASES["overdue-reissued-notice"]
    periods = sorted({notice.period for notice in home.notices})[-2:]
    expected = [notice for notice in reversed(home.notices) if notice.period in periods]
    states = {"EMIS": "E", "REMPLACE": "R", "ANNULE": "A"}

    (account,) = caller.rows("LireAvis", NumCompte=[home.account_number], NbMois=2)

    assert [(row.num_avis, row.etat, row.num_avis_remplacant.strip()) for row in account.avis] == [
        (notice.number, states[notice.state], notice.replaced_by or "") for notice in expected
    ]
    assert {"E", "R"} <= {row.etat for row in account.avis}
    for row, notice in zip(account.avis, expected, strict=True):
        assert row.periode == notice.period.replace("-", "")
        days = (wire.day(row.dat_emission), wire.day(row.dat_echeance), wire.day(row.dat_prelevement))
        assert days == (notice.issued_on, notice.due_on, notice.collection_on)
        assert wire.cents(row.solde_anterieur, row.sens_anterieur) == notice.brought_forward_cents
        assert wire.cents(row.net_a_payer, row.sens_net) == notice.amount_due_cents
        lines = [wire.cents(line.montant, line.sens) for line in row.ligne]
        assert lines == [_signed(line.direction, line.cents) for line in notice.lines]
        assert wire.cents(row.total_mois, row.sens_total) == sum(lines)
        assert [(line.code.strip(), line.lib) for line in row.ligne] == [
            (line.code, line.label) for line in notice.lines
        ]


def test_billed_water_has_quantity_and_price(caller: Caller) -> None:
    """Cubic metres with a comma, cents a cubic metre."""
    home = CASES["hot-water"]
    billed = [line for notice in home.notices for line in notice.lines if line.litres is not None]

    (account,) = caller.rows("LireAvis", NumCompte=[home.account_number], NbMois=60)

    lines = [line for row in reversed(account.avis) for line in row.ligne if line.quantite]
    assert [(wire.litres(line.quantite), int(line.prix_unitaire)) for line in lines] == [
        (line.litres, line.unit_price_cents) for line in billed
    ]
    assert billed != []


@pytest.mark.parametrize("case", ["plain", "meter-replaced", "index-back", "meter-rollover", "estimated-readings"])
def test_meters_are_those_of_the_world(caller: Caller, case: str) -> None:
    """With every reading of the last three years."""
    home = CASES[case]
    origins = {"TELERELEVE": "T", "MANUEL": "M", "AUTORELEVE": "A", "ESTIME": "E", "DEPOSE": "D", "POSE": "P"}
    numbers = [lease.number for lease in home.leases]

    rows = caller.rows("LireConsommations", NumContrat=numbers, DepuisLe="20200101")

    assert [row.num_compteur.strip() for row in rows] == [meter.serial_number for meter in home.meters]
    for row, meter in zip(rows, home.meters, strict=True):
        assert (row.fluide, row.telereleve) == (
            {"FROIDE": "EF", "CHAUDE": "EC"}[meter.kind],
            "ON"[not meter.remotely_read],
        )
        assert (row.emplacement, int(row.nb_chiffres)) == (meter.location, meter.digits)
        assert (wire.day(row.dat_pose), wire.day(row.dat_depose)) == (meter.installed_on, meter.removed_on)
        assert [(wire.day(one.dat_releve), wire.litres(one.index), one.origine) for one in row.releve] == [
            (reading.on, reading.litres, origins[reading.origin]) for reading in meter.readings
        ]


def test_meters_removed_before_the_day_are_left_out(caller: Caller) -> None:
    """And older readings of the others."""
    home = CASES["meter-replaced"]
    removed = next(meter.removed_on for meter in home.meters if meter.removed_on)
    after = date.fromordinal(removed.toordinal() + 1)

    rows = caller.rows("LireConsommations", NumContrat=[home.leases[0].number], DepuisLe=f"{after:%Y%m%d}")

    assert len(rows) == len(home.meters) - 1
    assert all((wire.day(one.dat_releve) or date.min) >= after for row in rows for one in row.releve)


def test_works_come_with_late_entries(caller: Caller) -> None:
    """What happened on one day and was typed in eight days later."""
    home = CASES["works-late-entry"]
    (works,) = home.works
    impacts = ";".join(works.impacts)

    (row,) = caller.rows("LireInterventions", NumContrat=[lease.number for lease in home.leases])

    assert (row.num_interv.strip(), row.titre, row.etat, row.impacts) == (works.number, works.title, "EC", impacts)
    assert row.portee == works.scope[0]
    assert [number.strip() for number in row.num_contrat] == list(works.lease_numbers)
    days = [wire.day(text) for text in (row.dat_deb, row.dat_fin_prevue, row.dat_fin_reelle)]
    assert days == [works.starts_on, works.expected_end_on, works.ended_on]
    assert (row.entreprise, row.tel_entreprise) == (works.contractor, works.contractor_phone)
    assert row.acces == "ON"[not works.access_required]
    assert [(wire.minute(one.dat_fait), wire.minute(one.dat_saisie), one.texte) for one in row.suivi] == [
        (update.at, update.recorded_at, update.message) for update in works.updates
    ]
    assert (wire.minute(row.suivi[-1].dat_saisie) - wire.minute(row.suivi[-1].dat_fait)).days >= 8


def test_an_absent_advisor_comes_with_the_colleague_who_stands_in(caller: Caller) -> None:
    """And with the office and the contacts of the lease."""
    lease = CASES["dwelling-and-garage"].leases[0]
    directory = landlord(DAY, dwellings=HOUSEHOLDS)
    advisor = next(one for one in directory.advisors if one.code == lease.advisor_code)

    (row,) = caller.rows("LireConseillers", NumContrat=[lease.number])

    assert (row.conseiller.nom, row.conseiller.prenom) == (advisor.last_name.upper(), advisor.first_name)
    assert (row.conseiller.fonction, row.conseiller.tel) == (advisor.title, advisor.phone)
    assert wire.day(row.conseiller.dat_fin_absence) == advisor.absent_until is not None
    assert row.remplacant.code_conseiller.strip() == advisor.stand_in_code
    assert row.agence.code_agence.strip() == lease.office_code
    assert [(one.nom, one.tel, one.objet, one.disponibilite) for one in row.contactutile] == [
        (one.name, one.phone, one.purpose, one.availability) for one in lease.contacts
    ]
    assert row.contactutile[0].type == "GAR"


def test_an_advisor_who_is_present_has_no_stand_in(caller: Caller) -> None:
    """The element is absent."""
    (row,) = caller.rows("LireConseillers", NumContrat=[CASES["plain"].leases[0].number])

    assert (row.conseiller.dat_fin_absence, row.remplacant) == ("00000000", None)


def test_offices_tell_their_hours(caller: Caller) -> None:
    """By weekday, with special periods, of which some are closures."""
    directory = landlord(DAY, dwellings=HOUSEHOLDS)

    offices = caller.rows("LireAgences")
    chosen = caller.rows("LireAgences", CodeAgence=["AG02", "AG99"])

    assert [row.code_agence.strip() for row in offices] == [office.code for office in directory.offices]
    assert [row.code_agence.strip() for row in chosen] == ["AG02"]
    for row, office in zip(offices, directory.offices, strict=True):
        assert (row.nom, row.tel, row.conditions) == (office.name, office.phone, office.conditions)
        assert row.horaires == ";".join(
            f"{weekday}:" + "/".join(f"{span.opens:%H%M}-{span.closes:%H%M}" for span in spans)
            for weekday, spans in office.weekdays
        )
        assert row.acces_pmr == {True: "O", False: "N", None: None}[office.step_free]
        assert [(wire.day(one.dat_deb), wire.day(one.dat_fin), one.lib) for one in row.horairespecial] == [
            (special.first_day, special.last_day, special.label) for special in office.special
        ]
    assert None in {one.horaires for row in offices for one in row.horairespecial}


def test_news_and_advice_keep_their_typography(caller: Caller) -> None:
    """Apostrophes and accents of windows-1252 survive the wire."""
    directory = landlord(DAY, dwellings=HOUSEHOLDS)

    answer = caller.whole("LireInformations")

    assert [(row.num_info.strip(), row.titre, row.texte) for row in answer.information] == [
        (one.number, one.title, one.body) for one in directory.announcements
    ]
    assert [row.gravite for row in answer.information] == [one.severity[0] for one in directory.announcements]
    assert [wire.minute(row.dat_deb) for row in answer.information] == [one.since for one in directory.announcements]
    endless = [row.num_info.strip() for row in answer.information if row.dat_fin == "9999-12-31 23:59"]
    assert endless == [one.number for one in directory.announcements if one.until is None] != []
    assert [(row.num_conseil.strip(), row.titre, row.texte, row.theme) for row in answer.conseil] == [
        (one.number, one.title, one.body, one.topic) for one in directory.advice
    ]
