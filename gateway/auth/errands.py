"""Does what was promised: takes work from the outbox, piece by piece, until it is done or given up.

Requests for a link wait for the ERP and anybody may make them, so they have workers of their own: neither a slow ERP
nor a crowd of requests holds up a letter.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

import structlog

from gateway.auth.letters.facts import Facts
from gateway.auth.letters.kinds import LetterKind
from gateway.auth.letters.writing import Addressee, compose, link_url
from gateway.auth.link_answers import AnswerLinkRequest
from gateway.auth.tokens import new_id, token_sha256
from gateway.auth.vault import Content, SealedValueError, Vault
from gateway.auth.work import HolderWarning, LinkRequest, PlannedLetter, promised
from gateway.domain.account_link import LINK_LIFETIME
from gateway.domain.letter import EmailAddress, Language
from gateway.domain.outbox import OutboxItem, Task
from gateway.ports.errors import UpstreamError
from gateway.ports.mail import MailPort, MailRefusedError, MailUnavailableError
from gateway.ports.store import Store, StoreError, Transaction

CLAIM = timedelta(minutes=2)
"""Work of a process that died is taken up again after this long."""

GIVE_UP = timedelta(hours=24)
_DELAYS: Sequence[timedelta] = [timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900)]
_IDLE_SECONDS = 1.0
_WARN_EVERY = timedelta(hours=24)
_ABOUT_GUESSES = frozenset({LetterKind.SIGN_IN_SUSPENDED, LetterKind.ACCOUNT_BLOCKED})

_TELLING = frozenset({Task.SEND_LETTER, Task.WARN_HOLDER})
_LOOKING_UP = frozenset({Task.ANSWER_LINK_REQUEST})
LANES: Sequence[Collection[Task]] = (_TELLING, _TELLING, _LOOKING_UP, _LOOKING_UP)
"""What each worker of a process does."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Postman:
    """What letters need beside their own words. `account_url` is where links lead, on the configured origin only."""

    mail: MailPort
    landlord: str
    phone: str
    account_url: str
    letter_domain: str


@dataclass(frozen=True, slots=True)
class Errands:
    """Runs until it is cancelled; several processes may, beside each other."""

    store: Store
    vault: Vault
    postman: Postman
    answer_link_request: AnswerLinkRequest
    clock: Callable[[], datetime]
    counted: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """How often each task was done, put off or given up."""

    async def run(self, tasks: Collection[Task]) -> None:
        """Does the work of these kinds for ever. Failures of the store are waited out."""
        while True:
            try:
                is_idle = not await self.run_one(tasks)
            except StoreError as error:
                log.warning("errands.store_failed", exc_info=error)
                is_idle = True
            if is_idle:
                await asyncio.sleep(_IDLE_SECONDS)

    async def run_one(self, tasks: Collection[Task] = tuple(Task)) -> bool:
        """Takes one piece of work of these kinds that is due, and does it or puts it off; False when there is none.

        Raises StoreError.
        """
        now = self.clock()
        item = await self.store.claim(now=now, until=now + CLAIM, tasks=tasks)
        if item is None:
            return False
        try:
            await self._do(item)
        except (UpstreamError, MailUnavailableError) as error:
            await self._put_off(item, error)
        except (MailRefusedError, SealedValueError):
            log.exception("errands.given_up", operation=item.task.value)
            await self.store.finish(item.id)
            self.counted[item.task, "given_up"] += 1
        except StoreError:
            raise
        except Exception as error:  # a defect of ours in one piece of work must not stop the others
            log.exception("errands.crashed", operation=item.task.value)
            await self._put_off(item, error)
        else:
            await self.store.finish(item.id)
            self.counted[item.task, "done"] += 1
        return True

    async def _put_off(self, item: OutboxItem, error: Exception) -> None:
        delay = _DELAYS[min(item.attempts, len(_DELAYS)) - 1]
        due_at = self.clock() + delay
        is_late = due_at - item.created_at > GIVE_UP
        outcome = "given_up" if is_late else "put_off"
        self.counted[item.task, outcome] += 1
        log.warning(
            "errands.given_up" if is_late else "errands.put_off",
            operation=item.task.value,
            attempts=item.attempts,
            code=type(error).__name__,
        )
        if is_late:
            await self.store.finish(item.id)
        else:
            await self.store.postpone(item.id, due_at=due_at)

    async def _do(self, item: OutboxItem) -> None:
        match item.task:
            case Task.ANSWER_LINK_REQUEST:
                await self.answer_link_request(self.vault.open(Content.WORK, item.sealed, LinkRequest))
            case Task.WARN_HOLDER:
                await self._warn(self.vault.open(Content.WORK, item.sealed, HolderWarning))
            case Task.SEND_LETTER:
                await self._send(self.vault.open(Content.WORK, item.sealed, PlannedLetter))
            case _:
                assert_never(item.task)

    async def _warn(self, warning: HolderWarning) -> None:
        """Tells the holder, if there is one who can be told, at most once a day of wrong passwords."""

        async def work(tx: Transaction) -> None:
            account = await tx.account(warning.reference)
            if account is None or account.email is None:
                return
            if warning.kind in _ABOUT_GUESSES:
                if account.warned_at and tx.now - account.warned_at < _WARN_EVERY:
                    return
                await tx.save_account(replace(account, warned_at=tx.now))
            letter = PlannedLetter(
                kind=warning.kind,
                language=Language.FRENCH,
                to=account.email,
                message_id=f"<{new_id()}@{self.postman.letter_domain}>",
                reference=account.reference,
                minutes=warning.minutes or None,
            )
            await tx.promise(promised(self.vault, letter, now=tx.now))

        await self.store.transact(self.vault.subject(warning.reference), work)

    async def _send(self, planned: PlannedLetter) -> None:
        link, minutes = None, planned.minutes
        if planned.token is not None:
            if not await self._start_link(planned):
                return  # a later link has replaced it
            link = link_url(self.postman.account_url, planned.token)
            minutes = int(LINK_LIFETIME.total_seconds() // 60)
        facts = Facts(self.postman.landlord, self.postman.phone, link=link, minutes=minutes, day=planned.day)
        to = Addressee(EmailAddress(planned.to), planned.language)
        await self.postman.mail.send(compose(planned.kind, to=to, facts=facts, message_id=planned.message_id))
        log.info("letter.sent", code=planned.kind.value)

    async def _start_link(self, planned: PlannedLetter) -> bool:
        """The link lives from the sending of its letter: one that waits for the relay does not grow old meanwhile."""
        digest = token_sha256(planned.token or "")
        return await self.store.transact(
            self.vault.subject(planned.reference),
            lambda tx: tx.start_link(digest, expires_at=tx.now + LINK_LIFETIME),
        )
