"""The people are invented, can mostly be reached, and have French names."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings

from gateway.demo.world import household, landlord, names
from gateway.demo.world.model import Person
from gateway.demo.world.rates import UNUSABLE_PHONES
from gateway.demo.world.towns import SECTORS
from tests.demo.world.strategies import TODAY, Place, ordinary, places

pytestmark = pytest.mark.thorough

FICTION = re.compile(r"(0|\+33\(0\))?(63998|353 ?01)[0-9]{4}")
"""The ranges the regulator keeps for fiction, once dots and spaces are gone."""

many = settings(deadline=None, max_examples=80)


def people(place: Place) -> list[Person]:
    """Everybody party to the leases of a household."""
    return [party.person for party in place.household().leases[0].parties]


@many
@given(place=places)
def test_telephones_belong_to_nobody(place: Place) -> None:
    """Every number is in a range kept for fiction, or is no number at all."""
    typed = {*UNUSABLE_PHONES, ("06.39.98.12.34 (fils)", "SANS")}
    for person in people(place):
        if person.phones not in typed:
            assert all(FICTION.fullmatch(re.sub(r"[ .]", "", phone)) for phone in person.phones)


def test_the_landlord_is_called_on_fictional_numbers_too() -> None:
    """Offices, advisors and contacts use the fictional numbers of the north-east."""
    ours = landlord(TODAY, dwellings=15_000)
    contacts = [contact for index in range(60) for contact in household(57, index, TODAY).leases[0].contacts]
    phones = [somebody.phone for group in (ours.offices, ours.advisors, contacts) for somebody in group]

    assert [phone for phone in phones if not FICTION.fullmatch(phone.replace(" ", ""))] == []


@many
@given(place=places)
def test_mail_goes_to_example_domains(place: Place) -> None:
    """Addresses are plain ASCII at domains nobody owns."""
    emails = [person.email for person in people(place) if person.email]

    assert all(re.fullmatch(r"[a-z0-9.-]+@example\.(org|com)", email) for email in emails)


def test_nobody_reads_the_mail_of_another() -> None:
    """Of thousands of people no two have one address, but for what clerks type in place of one."""
    everybody = [party.person for one in ordinary() for party in one.leases[0].parties]
    emails = [person.email for person in everybody if person.email and person.email != "nc@example.com"]

    assert len(emails) > 2_000
    assert len(set(emails)) == len(emails)


@many
@given(place=places)
def test_tenants_are_adults(place: Place) -> None:
    """Everybody was born twenty years ago or more."""
    assert all(person.birth_date <= place.today - timedelta(days=20 * 365) for person in people(place))


def test_names_carry_accents_particles_and_hyphens() -> None:
    """Names are as hard to write in capitals as real ones."""
    holders = [one.holder for one in ordinary()]
    family = Counter(kind for holder in holders for kind in kinds_of(holder.last_name))

    assert set(family) == {"accent", "ligature", "particle", "hyphen", "apostrophe"}
    assert {holder.civility for holder in holders} == {"M", "MME"}
    assert all(holder.first_name in (names.WOMEN if holder.civility == "MME" else names.MEN) for holder in holders)


def kinds_of(name: str) -> list[str]:
    """What is hard about a family name."""
    marks = {"accent": "éèôäöüçÇ", "ligature": "œ", "particle": " ", "hyphen": "-", "apostrophe": "'"}
    return [kind for kind, letters in marks.items() if set(letters) & set(name)]


@many
@given(place=places)
def test_the_principal_holder_comes_first(place: Place) -> None:
    """Every lease of the account names the holder first, and a second principal only by a clerk's mistake."""
    one = place.household()
    roles = [party.role for party in one.leases[0].parties]

    assert all(lease.parties[0].person == one.holder for lease in one.leases)
    assert roles[0] == "TITULAIRE"
    assert roles.count("TITULAIRE") + roles.count("COTITULAIRE") <= 2


def test_a_clerk_sometimes_flags_two_principal_holders() -> None:
    """Among two thousand households there are leases with two principals."""
    doubles = [
        one.index for one in ordinary() if [party.role for party in one.leases[0].parties].count("TITULAIRE") == 2
    ]

    assert 1 <= len(doubles) <= 16


@many
@given(place=places)
def test_dwellings_stand_in_a_town_of_their_sector(place: Place) -> None:
    """Town, INSEE code and postal code belong together and to the sector of the advisor's office."""
    lease = place.household().leases[0]
    address = lease.unit.address
    sector = SECTORS[int(lease.office_code[2:]) - 1]
    (town,) = [town for town in sector if town.name == address.city]

    assert address.insee_code == town.insee_code
    assert address.postal_code in town.postal_codes
