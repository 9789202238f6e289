"""Alive and ready speak of this process only."""

from tests.support.doors import Doors


async def test_a_process_that_answers_is_alive(doors: Doors) -> None:
    """Also while its store is down: restarting it would not help."""
    doors.execute("DROP TABLE session")

    async with doors.client() as client:
        response = await client.get("/livez")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})
    assert response.headers["cache-control"] == "no-store"


async def test_a_process_with_its_store_is_ready(doors: Doors) -> None:
    """No system of the landlord is asked: a silent ERP takes no gateway out of service."""
    async with doors.client() as client:
        response = await client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"status": "ready"})
    assert response.headers["cache-control"] == "no-store"
    assert doors.landlord.journal == []


async def test_a_process_without_its_store_is_not_ready(doors: Doors) -> None:
    """The proxy sends its requests elsewhere."""
    doors.execute("DROP TABLE session")

    async with doors.client() as client:
        response = await client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"status": "unready", "reason": "STORE"})
    assert response.headers["cache-control"] == "no-store"
