"""Identifiers of the landlord's things, canonical: trimmed and upper-case, as their own system knows them.

They never leave the gateway in clear (see `gateway.schema.ids`); an adapter re-creates its system's native
spelling.
"""

from typing import NewType

TenantId = NewType("TenantId", str)
PersonId = NewType("PersonId", str)
LeaseId = NewType("LeaseId", str)
UnitId = NewType("UnitId", str)
AccountId = NewType("AccountId", str)
EntryId = NewType("EntryId", str)
NoticeId = NewType("NoticeId", str)
DocumentId = NewType("DocumentId", str)
MeterId = NewType("MeterId", str)
WorksId = NewType("WorksId", str)
AdvisorId = NewType("AdvisorId", str)
OfficeId = NewType("OfficeId", str)
AnnouncementId = NewType("AnnouncementId", str)
AdviceId = NewType("AdviceId", str)
