"""Operations run without a transport: prepared for whoever the context is of, then run."""

from gateway.schema.context import Context
from gateway.schema.documents import Asked
from gateway.schema.operations import Executed, Operations
from gateway.schema.reading import Rejected


async def run(operations: Operations, asked: Asked, context: Context) -> Executed | Rejected:
    """What becomes of a query or mutation."""
    prepared = operations.prepare(asked, context.view, is_stranger=context.session is None)
    return prepared if isinstance(prepared, Rejected) else await operations.run(prepared, context)
