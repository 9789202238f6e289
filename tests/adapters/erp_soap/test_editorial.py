"""Announcements and advice."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.adapters.erp_soap.editorial import SoapEditorial
from gateway.domain.editorial import Advice, Announcement, AnnouncementSeverity, Editorial
from gateway.domain.identifiers import AdviceId, AnnouncementId
from gateway.domain.source import SourceSystem
from gateway.ports.answers import Seen
from gateway.ports.errors import UpstreamGarbledError
from tests.adapters.erp_soap.sheets import CONSEIL, INFORMATION, answer, erp_saying, origin, record, soon

ANNOUNCEMENT = Announcement(
    id=AnnouncementId("INF001"),
    title="Coupure d’eau",
    body="Mardi de 9 h à 11 h.",
    severity=AnnouncementSeverity.WARNING,
    since=datetime(2026, 3, 10, 7, 0, tzinfo=UTC),
    until=None,
)


async def editorial(*rows: str) -> Seen[Editorial]:
    """What is published when these rows come."""
    async with erp_saying(answer("LireInformations", *rows)) as (erp, _):
        return await SoapEditorial(erp).editorial(deadline=soon())


async def test_everything_published_is_read() -> None:
    """Paris times become instants; no end is none."""
    ending = record("Information", INFORMATION, NUM_INFO="INF002", DAT_FIN="2026-03-11 12:00")

    published = await editorial(record("Information", INFORMATION), ending, record("Conseil", CONSEIL))

    second = replace(ANNOUNCEMENT, id=AnnouncementId("INF002"), until=datetime(2026, 3, 11, 11, 0, tzinfo=UTC))
    advice = Advice(AdviceId("C001"), title="Aérer", body="Dix minutes par jour.", topic="Air")
    assert published == Seen(
        Editorial(announcements=(ANNOUNCEMENT, second), advice=(advice,)), origin(SourceSystem.DIRECTORY)
    )


async def test_nothing_published_is_an_answer() -> None:
    """An empty board."""
    assert (await editorial()).value == Editorial((), ())


@pytest.mark.parametrize("code", ["Z", " "])
async def test_an_unknown_gravity_is_an_information(code: str) -> None:
    """The message matters more than its colour."""
    published = await editorial(record("Information", INFORMATION, GRAVITE=code))

    assert published.value.announcements == (replace(ANNOUNCEMENT, severity=AnnouncementSeverity.INFO),)


@pytest.mark.parametrize(
    ("field", "written"), [("DAT_DEB", ""), ("DAT_DEB", "10/03/2026"), ("DAT_FIN", ""), ("NUM_INFO", "")]
)
async def test_an_announcement_without_its_time_fails(field: str, written: str) -> None:
    """When it is to be shown is not guessed."""
    with pytest.raises(UpstreamGarbledError) as caught:
        await editorial(record("Information", INFORMATION, **{field: written}))

    assert caught.value.field == field
