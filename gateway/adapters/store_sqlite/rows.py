"""Rows of SQLite and the values they stand for.

A column is named like the field that it keeps. Instants are whole microseconds since 1970 UTC, in columns named
`at` or `…_at`.
"""

import sqlite3
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from gateway.domain.access import Channel, Role, Session

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def columns(kind: "type[DataclassInstance]") -> str:
    """The columns that keep a value of `kind`, for SELECT and INSERT."""
    return ", ".join(field.name for field in fields(kind))


def placeholders(kind: "type[DataclassInstance]") -> str:
    """The parameters that `parameters` gives for a value of `kind`, in the order of `columns`."""
    return ", ".join(f":{field.name}" for field in fields(kind))


def assignments(kind: "type[DataclassInstance]", *, keep: frozenset[str]) -> str:
    """What UPDATE sets to replace a value of `kind`, but the columns to `keep`."""
    return ", ".join(f"{field.name} = :{field.name}" for field in fields(kind) if field.name not in keep)


def parameters(value: "DataclassInstance") -> dict[str, str | int | bytes | None]:
    """Every field of `value` as its column keeps it."""
    return {field.name: _kept(getattr(value, field.name)) for field in fields(value)}


def values(row: sqlite3.Row) -> dict[str, Any]:
    """Every column of `row` by name, instants as such; what is an enumeration is still text."""
    return {name: _read(name, row[name]) for name in row.keys()}  # noqa: SIM118 - a Row iterates over its values


def micros(at: datetime) -> int:
    """Exact count of microseconds; TypeError for an instant without a time zone."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def instant(count: int) -> datetime:
    """The aware UTC instant `count` microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=count)


def session_of(row: sqlite3.Row) -> Session:
    """The session in a row that has its columns by name."""
    found = values(row)
    return Session(**(found | {"role": Role(found["role"]), "channel": Channel(found["channel"])}))


def _kept(value: Any) -> Any:
    if isinstance(value, datetime):
        return micros(value)
    return value.value if isinstance(value, Enum) else value


def _read(name: str, value: Any) -> Any:
    is_instant = name == "at" or name.endswith("_at")
    return instant(value) if is_instant and value is not None else value
