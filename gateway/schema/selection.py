"""What the document asks below a field, to start in time what will be needed."""

from graphql import FieldNode

from gateway.schema.context import Info


def asks_beyond(info: Info, fields: frozenset[str]) -> bool:
    """Whether something other than `fields` may be asked of this field; a fragment counts as something other."""
    for node in info._raw_info.field_nodes:  # noqa: SLF001 - Strawberry's own view of it costs a copy of the tree
        for selection in node.selection_set.selections if node.selection_set else ():
            if not isinstance(selection, FieldNode) or selection.name.value not in fields:
                return True
    return False
