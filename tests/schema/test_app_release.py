"""Versions of the application are compared as people read them."""

import pytest

from gateway.schema.app_release import is_at_least
from tests.support.doors import Doors

QUERY = """query($platform: AppPlatform!, $version: String!) {
    appRelease(platform: $platform, version: $version) { latest minimum upToDate supported storeUrl }
}"""


@pytest.mark.parametrize(
    ("version", "wanted", "expected"),
    [
        ("4.2.0", "4.2.0", True),
        ("4.2", "4.2.0", True),
        ("4.2.0.0", "4.2", True),
        ("4.10", "4.9", True),
        ("4.9", "4.10", False),
        ("5", "4.99.99", True),
        ("04.2", "4.2", True),
        ("0", "0.0", True),
        ("", "4", False),
        ("4.", "4", False),
        ("v4.2", "4", False),
        ("4.2-beta", "4", False),
        ("4.2 ", "4", False),
        ("٤.2", "4", False),
        ("4.2.0.0.0", "4", False),
        ("9999999", "4", False),
    ],
)
def test_a_version_is_a_number_of_numbers(version: str, wanted: str, expected: bool) -> None:
    """4.10 is newer than 4.9; what is no version is not up to date."""
    assert is_at_least(version, wanted) is expected


@pytest.mark.parametrize(
    ("platform", "version", "expected"),
    [
        ("ANDROID", "4.2.0", (True, True)),
        ("ANDROID", "4.1.9", (False, True)),
        ("ANDROID", "3.9", (False, False)),
        ("ANDROID", "newest", (False, False)),
        ("IOS", "4.1", (True, True)),
        ("IOS", "3.9", (False, True)),
    ],
)
async def test_an_application_learns_whether_it_is_served(
    platform: str, version: str, expected: tuple[bool, bool], doors: Doors
) -> None:
    """A stranger may ask: the application does so before anybody signs in."""
    answer = await doors.ask(QUERY, {"platform": platform, "version": version}, token=None)

    latest, minimum, page = ("4.2.0", "4.0", "play") if platform == "ANDROID" else ("4.1", "3.9", "apps")
    assert answer == {
        "data": {
            "appRelease": {
                "latest": latest,
                "minimum": minimum,
                "upToDate": expected[0],
                "supported": expected[1],
                "storeUrl": f"https://{page}.example.org/account",
            }
        }
    }
