"""Files: what the store's index says, and a personal link to the bytes."""

from collections.abc import Mapping
from datetime import date, timedelta

import strawberry

from gateway.auth.scopes import AccountScope, notice_scope
from gateway.domain import document as domain
from gateway.domain.document import DocumentAvailability, DocumentKind
from gateway.domain.notice import RentNotice as DomainNotice
from gateway.domain.notices import title_parts
from gateway.domain.source import DataQualityIssue, SourceSystem
from gateway.schema.context import Info
from gateway.schema.directives import TENANTS, Cost, Source
from gateway.schema.node import Node, Sourced
from gateway.schema.scalars import URL
from gateway.schema.seals import Purpose

LINK_LIFETIME = timedelta(minutes=5)


@strawberry.type(description="A file. Its bytes do not travel through GraphQL.")
class Document(Node, Sourced):
    """GraphQL face of `gateway.domain.document.Document`, attached to a notice the viewer holds."""

    document: strawberry.Private[domain.Document]
    notice: strawberry.Private[DomainNotice]

    @strawberry.field(description="Kind.", directives=[TENANTS])
    def kind(self) -> DocumentKind:
        return self.document.kind

    @strawberry.field(description="Title.", directives=[TENANTS])
    def title(self, info: Info) -> str:
        return info.context.wording.notice_title(title_parts(self.notice))

    @strawberry.field(description="Date of the document; null when the store does not say.", directives=[TENANTS])
    def on(self) -> date | None:
        return self.document.on

    @strawberry.field(description="Media type.", directives=[TENANTS])
    def media_type(self) -> str:
        return self.document.media_type

    @strawberry.field(description="Size in bytes; null when the store does not say.", directives=[TENANTS])
    def byte_size(self) -> int | None:
        return self.document.byte_size

    @strawberry.field(
        description="SHA-256 of the bytes, hexadecimal; null when the store does not say.", directives=[TENANTS]
    )
    def sha256(self) -> str | None:
        return self.document.sha256

    @strawberry.field(description="Whether it can be had.", directives=[TENANTS])
    def availability(self) -> DocumentAvailability:
        return self.document.availability

    @strawberry.field(
        description="Whether the file is a tagged, accessible PDF; null when unknown.", directives=[TENANTS]
    )
    def accessible(self) -> bool | None:
        return self.document.accessible

    @strawberry.field(
        description="Short-lived personal download link, null when the file cannot be had; each use is logged.",
        directives=[TENANTS, Source(system=SourceSystem.DOCUMENT_STORE), Cost(weight="5")],
    )
    def download_url(self, info: Info) -> URL | None:
        if self.document.availability is not DocumentAvailability.AVAILABLE:
            return None
        context = info.context
        expires_at = context.now + LINK_LIFETIME
        session_id = context.session.id if context.session else ""
        token = context.parts.seals.seal(
            Purpose.DOWNLOAD,
            session_id,
            self.document.id,
            self.file_name(info),
            str(int(expires_at.timestamp())),
        )
        return URL(f"{context.parts.public_url}/documents/{token}")

    def file_name(self, info: Info) -> str:
        """Name under which the file is saved, for example `Avis de mars 2021.pdf`."""
        return f"{info.context.wording.notice_title(title_parts(self.notice))}.pdf"

    def shown_issues(self) -> tuple[DataQualityIssue, ...]:
        return self.document.issues

    def exhibit(self) -> Mapping[str, str]:
        return {"period": str(self.notice.period), "availability": self.document.availability.value}


async def document_of(info: Info, notice: DomainNotice, scope: AccountScope) -> Document | None:
    """The PDF of a notice of that account; None when the store's index has no entry for it."""
    seen = await info.context.loaders.documents.need(notice_scope(scope, notice))
    if seen is None:
        return None
    return Document(
        key=(notice.account_id, notice.id, seen.value.id),
        origin=seen.origin,
        document=seen.value,
        notice=notice,
    )
