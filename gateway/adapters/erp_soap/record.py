"""One record of an answer, read field by field: exactly, or not at all."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TypeVar

from lxml import etree

from gateway.adapters.erp_soap import native
from gateway.adapters.erp_soap.text import repair
from gateway.domain.identifiers import AccountId
from gateway.domain.money import Money
from gateway.domain.source import DataQualityCode, DataQualityIssue
from gateway.ports.errors import Call, UpstreamAmountError, UpstreamGarbledError

NAMESPACE = "urn:immo-gest:services:3"
_PREFIX = f"{{{NAMESPACE}}}"
_PREFIX_LENGTH = len(_PREFIX)

T = TypeVar("T")


class Record:
    """Fields by their name in the interface note.

    A method that takes `field`, the attribute of the domain it is for, answers None for what cannot be read
    and notes why in `issues`. The others raise UpstreamGarbledError (UpstreamAmountError for amounts), as all do
    for a field that is not there at all, or there twice.
    """

    __slots__ = ("_call", "_element", "_noted", "_texts")

    def __init__(
        self,
        element: etree._Element,
        *,
        call: Call,
        noted: list[DataQualityIssue] | None = None,
        texts: dict[str, str | None] | None = None,
    ) -> None:
        self._element = element
        self._call = call
        self._noted = [] if noted is None else noted
        self._texts = _fields(element) if texts is None else texts

    @property
    def issues(self) -> tuple[DataQualityIssue, ...]:
        """What was noted so far, each once, in the order met."""
        return tuple(dict.fromkeys(self._noted))

    def note(self, code: DataQualityCode, field: str, raw: str | None = None) -> None:
        """Keep in mind that `field` is not what it should be."""
        self._noted.append(DataQualityIssue(code, field, raw))

    def garbled(self, tag: str) -> UpstreamGarbledError:
        """The error for a field that is needed and cannot be read."""
        return UpstreamGarbledError(self._call, tag)

    def anew(self) -> "Record":
        """The same record with nothing noted yet, for a row that several values are read from."""
        return Record(self._element, call=self._call, texts=self._texts)

    def records(self, tag: str) -> Iterator["Record"]:
        """The records inside this one, each with issues of its own."""
        return (Record(child, call=self._call) for child in self._element.iterchildren(_PREFIX + tag))

    def parts(self, tag: str) -> Iterator["Record"]:
        """The records inside this one, whose issues are noted here."""
        children = self._element.iterchildren(_PREFIX + tag)
        return (Record(child, call=self._call, noted=self._noted) for child in children)

    def values(self) -> list[tuple[str, str]]:
        """Everything it says, without padding: equal for records that say the same."""
        return [(child.tag, (child.text or "").strip()) for child in self._element.iter()]

    def code(self, tag: str) -> str:
        """A code without its padding, empty when there is none."""
        return self._raw(tag).strip()

    def key(self, tag: str) -> str:
        """The canonical form of a number that must be there."""
        return self.required(tag, _certain(native.read_key))

    def keys(self, tag: str) -> tuple[str, ...]:
        """The canonical forms of a number that may be there several times."""
        keys = [native.read_key(child.text or "") for child in self._element.iterchildren(_PREFIX + tag)]
        if None in keys:
            raise self.garbled(tag)
        return tuple(key for key in keys if key)

    def optional_key(self, tag: str) -> str | None:
        """The canonical form of a number, None when there is none."""
        return self.key(tag) if self._raw(tag).strip() else None

    def account(self, tag: str) -> AccountId:
        """The canonical form of an account reference that must be there."""
        return AccountId(self.required(tag, _certain(native.read_account)))

    def required(self, tag: str, read: Callable[[str], T]) -> T:
        """The value of a field that must be there."""
        try:
            return read(self.code(tag))
        except ValueError as error:
            raise self.garbled(tag) from error

    def signed(self, tag: str, *, sense: str) -> Money:
        """An amount that must be there, with the sign of the field `sense`."""
        side = self.code(sense)
        if side not in native.SENSES:
            raise self.garbled(sense)
        return self._amount(tag, lambda text: native.read_signed(text, sense=side))

    def unsigned(self, tag: str) -> Money:
        """An amount that must be there and whose sign is told elsewhere, or is none."""
        return self._amount(tag, native.read_cents)

    def text(self, tag: str, field: str) -> str:
        """Free text without its padding, repaired if it was spoilt; empty when there is none."""
        raw = self._raw(tag)
        meant, was_spoilt = repair(raw)
        if was_spoilt:
            self.note(DataQualityCode.ENCODING_REPAIRED, field, raw.strip())
        return meant.strip()

    def optional_text(self, tag: str, field: str) -> str | None:
        """Free text, None when there is none."""
        return self.text(tag, field) or None

    def optional(self, tag: str, field: str, *, read: Callable[[str], T]) -> T | None:
        """A figure, None when there is none or when it fits no format."""
        text = self.code(tag)
        try:
            return read(text) if text else None
        except ValueError:
            self.note(DataQualityCode.UNREADABLE_AMOUNT, field, text)
            return None

    def optional_signed(self, tag: str, field: str, *, sense: str) -> Money | None:
        """An amount with the sign of the field `sense`, None when there is none or when it fits no format."""
        side = self.code(sense)
        return self.optional(tag, field, read=lambda text: native.read_signed(text, sense=side))

    def day(self, tag: str, field: str) -> date | None:
        """A date, None when there is none, when it stands for none or when it is no date."""
        text = self.code(tag)
        if text in {"", native.NO_DAY}:
            return None
        if text in native.SENTINEL_DAYS:
            self.note(DataQualityCode.SENTINEL_DATE, field, text)
            return None
        return self.moment(tag, field, read=native.read_day)

    def moment(self, tag: str, field: str, *, read: Callable[[str], T]) -> T | None:
        """A date, month or instant in the format of `read`, None when it is not in that format."""
        text = self.code(tag)
        try:
            return read(text)
        except ValueError:
            self.note(DataQualityCode.INVALID_DATE, field, text)
            return None

    def choice(self, tag: str, field: str, table: Mapping[str, T]) -> T | None:
        """What `table` says of a code, None when there is none or when we do not know it."""
        code = self.code(tag)
        if code and code not in table:
            self.note(DataQualityCode.UNKNOWN_CODE, field, code)
        return table.get(code)

    def flag(self, tag: str, field: str) -> bool | None:
        """`O` or `N`, None when it is left open."""
        return self.choice(tag, field, {"O": True, "N": False})

    def _amount(self, tag: str, read: Callable[[str], Money]) -> Money:
        try:
            return read(self.code(tag))
        except ValueError as error:
            raise UpstreamAmountError(self._call, tag) from error

    def _raw(self, tag: str) -> str:
        text = self._texts.get(tag)
        if text is None:
            raise self.garbled(tag)
        return text


def _fields(element: etree._Element) -> dict[str, str | None]:
    """The texts inside a record; what is there twice, or holds other elements, is None: it is no field.

    Every access to lxml makes a Python object, so each field is touched once.
    """
    texts: dict[str, str | None] = {}
    for child in element:
        name = child.tag[_PREFIX_LENGTH:]
        texts[name] = None if name in texts or len(child) else child.text or ""
    return texts


def _certain(read: Callable[[str], str | None]) -> Callable[[str], str]:
    def certain(text: str) -> str:
        if (key := read(text)) is None:
            raise ValueError("not a number of the interface note")
        return key

    return certain
