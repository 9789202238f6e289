"""Values of the domain and rows of PostgreSQL. A column is named like the field it keeps.

asyncpg itself reads and writes aware UTC instants; members of a StrEnum are written as the text they are.
"""

# ruff: noqa: S608 - statements are made of names of ours

from collections.abc import Collection
from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def columns_of(kind: "type[DataclassInstance]", *, but: Collection[str] = ()) -> tuple[str, ...]:
    """The columns of a table that keeps values of this kind, in the order of `values_of`."""
    return tuple(field.name for field in fields(kind) if field.name not in but)


def values_of(value: "DataclassInstance", *, but: Collection[str] = ()) -> tuple[object, ...]:
    """What goes into the columns."""
    return tuple(getattr(value, name) for name in columns_of(type(value), but=but))


def listed(kind: "type[DataclassInstance]") -> str:
    """The columns as a statement names them."""
    return ", ".join(columns_of(kind))


def insertion(table: str, kind: "type[DataclassInstance]", *more: str) -> str:
    """The statement that adds a value, whose columns are followed by those in `more`."""
    columns = (*columns_of(kind), *more)
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"


def replacement(table: str, kind: "type[DataclassInstance]", *, but: Collection[str] = ()) -> str:
    """The statement that replaces a value whose first field is its key, except for the columns in `but`."""
    key, *columns = columns_of(kind, but=but)
    changes = ", ".join(f"{column} = ${place}" for place, column in enumerate(columns, start=2))
    return f"UPDATE {table} SET {changes} WHERE {key} = $1"
