"""Entry points for reading."""

from collections.abc import Awaitable
from typing import Annotated

import strawberry

from gateway.domain.source import SourceSystem
from gateway.schema.app_release import AppPlatform, AppRelease
from gateway.schema.context import Info
from gateway.schema.directives import EVERYONE, SIGNED_IN, Source, sized
from gateway.schema.directory import Office
from gateway.schema.editorial import Advice
from gateway.schema.errors import InvalidArgumentError
from gateway.schema.lookup import find
from gateway.schema.node import Node
from gateway.schema.policies import LockoutPolicy, PasswordPolicy
from gateway.schema.sources import SourceStatus
from gateway.schema.viewer import Viewer

MAX_IDS = 100

DIRECTORY = Source(system=SourceSystem.DIRECTORY)


@strawberry.type(description="Entry points for reading.")
class Query:
    """Root fields; each section below the viewer fails alone."""

    @strawberry.field(description="The person behind the request; null when not signed in.", directives=[SIGNED_IN])
    def viewer(self, info: Info) -> Viewer | None:
        return Viewer() if info.context.session else None

    @strawberry.field(
        description="Object by its id; null when it does not exist or is not the viewer's.", directives=[EVERYONE]
    )
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Opaque global id.")],  # noqa: A002 - the contract's name
    ) -> Node | None:
        return await find(info, id)

    @strawberry.field(
        graphql_type=list[Node | None],
        description="Objects by their ids, in order, with null where `node` would be null.",
        directives=[EVERYONE, sized(MAX_IDS, by="ids")],
    )
    def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="Opaque global ids, at most one hundred.")],
    ) -> list[Awaitable[Node | None]]:
        if len(ids) > MAX_IDS:
            raise InvalidArgumentError("ids", f"at most {MAX_IDS} ids, got {len(ids)}")
        # The executor awaits them together, and what fails is null in its own place.
        return [find(info, one) for one in ids]

    @strawberry.field(description="Offices, public.", directives=[EVERYONE, DIRECTORY, sized(10)])
    async def offices(
        self,
        info: Info,
        insee_code: Annotated[str | None, strawberry.argument(description="Only in this commune (INSEE code).")] = None,
    ) -> list[Office] | None:
        seen = await info.context.loaders.offices.need(None)
        return (
            None
            if seen is None
            else [
                Office.from_domain(office, seen.origin)
                for office in seen.value
                if insee_code in (None, office.address.insee_code)
            ]
        )

    @strawberry.field(
        description="Health of the legacy systems, public in its summary.", directives=[EVERYONE, sized(7)]
    )
    def sources(self, info: Info) -> list[SourceStatus]:
        return [SourceStatus(judged=judged) for judged in info.context.parts.watch.health()]

    @strawberry.field(description="Rules for passwords, public.", directives=[EVERYONE])
    def password_policy(self, info: Info) -> PasswordPolicy:
        return PasswordPolicy(rules=info.context.parts.desk.rules.passwords)

    @strawberry.field(description="Rules for blocking, public.", directives=[EVERYONE])
    def lockout_policy(self, info: Info) -> LockoutPolicy:
        return LockoutPolicy(rules=info.context.parts.desk.rules.lockout)

    @strawberry.field(
        description="Whether the application is up to date (« vérifiez que vous avez bien téléchargé la dernière mise "
        "à jour »).",
        directives=[EVERYONE],
    )
    def app_release(
        self,
        info: Info,
        platform: Annotated[AppPlatform, strawberry.argument(description="Platform.")],
        version: Annotated[
            str,
            strawberry.argument(description="Version of the application that asks, for example `4.2.0`."),
        ],
    ) -> AppRelease:
        parts = info.context.parts
        versions = parts.android if platform is AppPlatform.ANDROID else parts.ios
        return AppRelease(versions=versions, asking=version)

    @strawberry.field(description="Advice for daily life, public.", directives=[EVERYONE, DIRECTORY, sized(20)])
    async def advice(
        self,
        info: Info,
        topic: Annotated[str | None, strawberry.argument(description="Only this subject.")] = None,
    ) -> list[Advice] | None:
        seen = await info.context.loaders.editorial.need(None)
        published = seen.value.advice if seen else ()
        return [Advice.from_domain(one) for one in published if topic is None or one.topic == topic]
