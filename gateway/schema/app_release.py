"""Versions of the mobile application."""

import re
from enum import StrEnum

import strawberry

from gateway.schema.context import AppVersions
from gateway.schema.directives import EVERYONE
from gateway.schema.enums import described
from gateway.schema.scalars import URL

_VERSION = re.compile(r"\d{1,6}(\.\d{1,6}){0,3}", re.ASCII)


class AppPlatform(StrEnum):
    """Platforms of the application."""

    ANDROID = "ANDROID"
    IOS = "IOS"


described(AppPlatform, "AppPlatform", "Platforms of the application.", {"ANDROID": "Android.", "IOS": "iOS."})


@strawberry.type(description="Versions of the mobile application.")
class AppRelease:
    """What the versions set for a platform mean for one that asks."""

    versions: strawberry.Private[AppVersions]
    asking: strawberry.Private[str]

    @strawberry.field(description="Latest version.", directives=[EVERYONE])
    def latest(self) -> str:
        return self.versions.latest

    @strawberry.field(description="Oldest version still served.", directives=[EVERYONE])
    def minimum(self) -> str:
        return self.versions.minimum

    @strawberry.field(
        description="Whether the given version is the latest, or newer; false for a text that is no version.",
        directives=[EVERYONE],
    )
    def up_to_date(self) -> bool:
        return is_at_least(self.asking, self.versions.latest)

    @strawberry.field(
        description="Whether the given version is still served; false for a text that is no version.",
        directives=[EVERYONE],
    )
    def supported(self) -> bool:
        return is_at_least(self.asking, self.versions.minimum)

    @strawberry.field(description="Page of the store.", directives=[EVERYONE])
    def store_url(self) -> URL:
        return URL(self.versions.store_url)


def is_at_least(version: str, wanted: str) -> bool:
    """Whether dotted `version` is `wanted` or newer; `4.2` and `4.2.0` are the same. False for a text that is none."""
    return _VERSION.fullmatch(version) is not None and _numbers(version) >= _numbers(wanted)


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
