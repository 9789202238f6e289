"""Pages of growing lists: keyset cursors, sealed, never an offset."""

from collections.abc import Sequence

import strawberry

from gateway.schema.context import Info
from gateway.schema.directives import TENANTS
from gateway.schema.errors import InvalidArgumentError, InvalidCursorError
from gateway.schema.seals import Purpose, SealBrokenError

MAX_PAGE = 100


@strawberry.type(description="Position in a connection (Relay).")
class PageInfo:
    """Relay's page information; going backwards is not offered."""

    has_next_page: bool = strawberry.field(description="Whether more edges follow.", directives=[TENANTS])
    has_previous_page: bool = strawberry.field(description="Whether edges precede.", directives=[TENANTS])
    start_cursor: str | None = strawberry.field(description="Cursor of the first edge.", directives=[TENANTS])
    end_cursor: str | None = strawberry.field(description="Cursor of the last edge.", directives=[TENANTS])


def page_size(first: int) -> int:
    """`first`, checked. Raises InvalidArgumentError outside 1 to 100."""
    if not 1 <= first <= MAX_PAGE:
        raise InvalidArgumentError("first", f"first must be between 1 and {MAX_PAGE}, got {first}")
    return first


def cursor(info: Info, connection: str, *key: str) -> str:
    """Cursor of the edge with this key; `connection` names the list and its owner."""
    return info.context.parts.seals.seal(Purpose.CURSOR, connection, *key)


def opened_cursor(info: Info, connection: str, text: str) -> tuple[str, ...]:
    """The key inside a cursor of this connection. Raises InvalidCursorError for any other text."""
    try:
        found, *key = info.context.parts.seals.open(Purpose.CURSOR, text)
    except SealBrokenError:
        raise InvalidCursorError from None
    if found != connection:
        raise InvalidCursorError
    return tuple(key)


def page_info(cursors: Sequence[str], *, has_next: bool, has_previous: bool) -> PageInfo:
    """Page information for the edges with these cursors."""
    return PageInfo(
        has_next_page=has_next,
        has_previous_page=has_previous,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
