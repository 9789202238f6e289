"""Work promised in a transaction and done after it: nothing that was answered is forgotten, whatever crashes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Task(StrEnum):
    """What is to be done.

    ANSWER_LINK_REQUEST: look the person up in the ERP, and send a link if the details match. WARN_HOLDER: tell the
    holder of wrong passwords, if there is an account. SEND_LETTER: one letter.
    """

    ANSWER_LINK_REQUEST = "ANSWER_LINK_REQUEST"
    WARN_HOLDER = "WARN_HOLDER"
    SEND_LETTER = "SEND_LETTER"


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One task. `sealed` is readable with the gateway's key only: it holds names, birth dates, addresses, links."""

    id: str
    task: Task
    sealed: bytes
    created_at: datetime
    due_at: datetime
    attempts: int = 0
