"""The gateway's own memory: online accounts, what guards them, sessions, links, promised work, the audit trail."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import Protocol, TypeVar

from gateway.domain.access import (
    DeviceId,
    Download,
    KnownDevice,
    OnlineAccount,
    OnlineAccountId,
    Session,
    SessionId,
    StaffGrant,
)
from gateway.domain.account_link import AccountLink
from gateway.domain.assistance import AssistanceRequest
from gateway.domain.audit import AuditEntry
from gateway.domain.lockout import Bucket, GuardRecord, Subject
from gateway.domain.outbox import OutboxItem, Task

T = TypeVar("T")


class StoreError(Exception):
    """The store does not answer, or cannot keep what it was given. Whoever needs it to decide about access refuses."""


class StoreUnreachableError(StoreError):
    """Nothing answers where the store should be; something may, later."""


class Records(Protocol):
    """Verbs of one atomic statement each. Instants are aware UTC. Every method may raise StoreError."""

    async def account(self, reference: str) -> OnlineAccount | None:
        """The account with this normalised reference (intitulé de compte)."""

    async def account_by_id(self, account_id: OnlineAccountId) -> OnlineAccount | None:
        """The account with this id."""

    async def add_account(self, account: OnlineAccount) -> bool:
        """Adds an account; False, and nothing changed, when its reference or id is taken."""

    async def open_session(self, session: Session, *, token_sha256: bytes) -> bool:
        """Stores a session under the hash of its token.

        False, and nothing stored, when it belongs to an account that is gone or whose credential version differs.
        Ids and tokens are random and new: one that is taken already is a StoreError.
        """

    async def session(self, token_sha256: bytes, *, now: datetime) -> Session | None:
        """The session of that token, if it is open at `now`, the token has not expired, and the credential version
        of its account is unchanged.
        """

    async def session_by_id(self, session_id: SessionId, *, now: datetime) -> Session | None:
        """The session with this id, if it is open at `now` and the credential version of its account is unchanged."""

    async def touch_session(self, session_id: SessionId, *, seen_at: datetime, idle_expires_at: datetime) -> None:
        """Records the latest request of a session; never moves either instant backwards, nor past `expires_at`.

        Does nothing to a session that was not open at `seen_at`: an ended session stays ended.
        """

    async def close_session(self, session_id: SessionId, *, now: datetime) -> bool:
        """Ends a session at `now`; False when it was not open any more."""

    async def sessions_of(self, account_id: OnlineAccountId, *, now: datetime) -> tuple[Session, ...]:
        """The open sessions of an account, most recently seen first."""

    async def devices_of(self, account_id: OnlineAccountId) -> tuple[KnownDevice, ...]:
        """The devices its holder has signed in on, most recently used first."""

    async def device(self, token_sha256: bytes) -> KnownDevice | None:
        """The device that holds this token."""

    async def link(self, token_sha256: bytes) -> AccountLink | None:
        """The link with this token, valid or not."""

    async def record_download(self, download: Download) -> None:
        """Appends one look at a document to the log."""

    async def assistance(self, request_id: str) -> AssistanceRequest | None:
        """The assistance request with this id."""

    async def open_assistance(
        self, *, after: AssistanceRequest | None = None, number: str | None = None
    ) -> tuple[AssistanceRequest, ...]:
        """The requests that wait for staff, in the order of their `created_at` and `id`; at most 200.

        Only those that follow `after`, which need not wait any more, and only the one with this `number`.
        """

    async def add_staff_grant(self, grant: StaffGrant) -> None:
        """Stores what the provider vouches for behind a session."""

    async def staff_grant(self, session_id: SessionId) -> StaffGrant | None:
        """What the provider vouches for behind this session; None for a session without a provider."""

    async def save_staff_grant(self, grant: StaffGrant) -> None:
        """Replaces the grant of its session; does nothing when that is gone."""

    async def staff_sessions(
        self, issuer: str, *, subject: str | None, provider_session: str | None, now: datetime
    ) -> tuple[SessionId, ...]:
        """Open sessions of the person and of the session at the provider: of both where both are given; one is."""

    async def append_audit(self, entry: AuditEntry) -> None:
        """Appends one line to the audit trail, which nobody can change or shorten before its time."""

    async def audit_of(self, subject: str, *, first: int) -> tuple[AuditEntry, ...]:
        """The latest lines about a pseudonym, newest first."""


class Transaction(Records, Protocol):
    """Everything done through it holds together or not at all, alone on its subject.

    `now` is the store's clock, read after the lock was had: whoever waited is not judged by the time they came. One
    verb at a time; after a StoreError nothing more can be done in it, and nothing of it is kept.
    """

    now: datetime

    async def guard(self, bucket: Bucket) -> GuardRecord:
        """What is remembered of the guesses of `bucket` at the subject; a fresh record when nothing is."""

    async def put_guard(self, bucket: Bucket, record: GuardRecord) -> None:
        """Remembers it, touched at `now`."""

    async def forget_guards(self) -> None:
        """Forgets every bucket of the subject: permits that are out are void."""

    async def hold(self) -> None:
        """Marks the subject as one whose account may be created after assistance only. Repeating changes nothing."""

    async def is_held(self) -> bool:
        """Whether it is marked so."""

    async def release(self) -> None:
        """Takes the mark away."""

    async def save_account(self, account: OnlineAccount) -> None:
        """Replaces every value of an account that is there; the reference and the id stay."""

    async def remove_account(self, account_id: OnlineAccountId) -> None:
        """Removes the account with its sessions and devices."""

    async def add_device(self, device: KnownDevice, *, token_sha256: bytes) -> None:
        """Adds a device; the one used longest ago goes when there are more than ten."""

    async def use_device(self, device_id: DeviceId) -> None:
        """Records that the device was used, at `now`."""

    async def remove_devices(self, account_id: OnlineAccountId) -> None:
        """Removes every device of an account."""

    async def remove_device(self, device_id: DeviceId) -> None:
        """Removes one device, if it is there."""

    async def close_sessions(self, account_id: OnlineAccountId, *, keep: int = 0) -> tuple[SessionId, ...]:
        """Ends the open sessions of an account, but the `keep` seen most recently; the ids of those ended."""

    async def rotate_session(self, session: Session, *, token_sha256: bytes) -> bool:
        """Gives the session its new token, `access_expires_at`, `refresh_counter`, `rotated_at` and idle end.

        False, and nothing changed, unless it is open and its counter is one less than `session.refresh_counter`.
        """

    async def add_link(self, link: AccountLink) -> None:
        """Adds a link."""

    async def links_since(self, since: datetime) -> int:
        """How many links were made for the subject at or after `since`."""

    async def end_links(self) -> None:
        """Ends every link of the subject that has not ended, at `now`."""

    async def start_link(self, token_sha256: bytes, *, expires_at: datetime) -> bool:
        """Sets when a link expires; False, and nothing changed, when it is unknown or has ended already."""

    async def promise(self, item: OutboxItem) -> None:
        """Adds work to the outbox."""

    async def add_assistance(self, request: AssistanceRequest) -> None:
        """Adds an assistance request."""

    async def decide_assistance(self, request: AssistanceRequest) -> bool:
        """Replaces every value of a request that is SUBMITTED; False, and nothing changed, when it is not any more."""


class Store(Records, Protocol):
    """The store as a whole."""

    async def transact(self, subject: Subject, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """What `work` returns, once everything it did through the transaction is committed.

        One transaction at a time for each subject, in whichever process; an exception undoes everything, a StoreError
        of the transaction even when `work` catches it. `work` does nothing but use the transaction and compute:
        whoever waits for something else holds up others. StoreError when it cannot be said whether it was committed,
        too.
        """

    async def accounts_after(self, account_id: OnlineAccountId | None, *, first: int) -> tuple[OnlineAccount, ...]:
        """The `first` accounts that follow in the order of their ids; from the start for None."""

    async def claim(
        self, *, now: datetime, until: datetime, tasks: Collection[Task] = tuple(Task)
    ) -> OutboxItem | None:
        """Of the work of these kinds, what is due longest, its attempt counted; None when nothing is due at `now`.

        Nobody else gets it before `until`, which is its `due_at` then.
        """

    async def finish(self, item_id: str) -> None:
        """Removes work that is done or given up."""

    async def postpone(self, item_id: str, *, due_at: datetime) -> None:
        """Gives claimed work back, due at `due_at`."""

    async def purge(self, *, now: datetime, audit_before: datetime) -> dict[str, int]:
        """Removes what has served its time, and tells how many rows of each table, by its name.

        guard: shadow or real alike, 48 hours after they were touched; account_link: a day after they were made;
        session: a day after they ended; assistance: erases what people wrote at `erase_at`, and removes the row 365
        days later; audit: the lines before `audit_before`, a StoreError if some of these are younger than 180 days.
        Each age is reached at the instant itself. What was removed stays so if a later table fails.
        """
