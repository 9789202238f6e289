"""Identifiers in the households' books, and the moments that matter to them."""

from datetime import UTC, datetime

from gateway.domain.identifiers import AccountId, DocumentId, LeaseId, NoticeId, TenantId

NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
CLOSED_AT = datetime(2026, 3, 16, 22, 15, tzinfo=UTC)
READ_AT = datetime(2026, 3, 16, 4, 0, tzinfo=UTC)

CAMILLE, NOOR = TenantId("T-CAMILLE"), TenantId("T-NOOR")
ACCOUNT, FOREIGN_ACCOUNT = AccountId("A-ROUSSEL"), AccountId("A-HADDAD")
DWELLING, GARAGE, FOREIGN_LEASE = LeaseId("L-DWELLING"), LeaseId("L-GARAGE"), LeaseId("L-HADDAD")
MARCH_NOTICE, FOREIGN_NOTICE = NoticeId("N-2026-03"), NoticeId("N-HADDAD")
MARCH_FILE = DocumentId("D-2026-03")
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 10
