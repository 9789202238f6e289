"""Principal holders of accounts, for systems that are asked for leases first and for people's files then."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from gateway.domain.identifiers import TenantId
from gateway.domain.person import Tenant
from gateway.ports.answers import MISSING, Answer, Batch, Failed, Seen


@dataclass(frozen=True, slots=True)
class Tenure:
    """What a lease says of its principal holders: those who have not left it, two when a clerk flagged two."""

    has_ended: bool
    principals: tuple[TenantId, ...]


def holders_among(tenures: Sequence[Tenure]) -> tuple[TenantId, ...]:
    """The principal holders of an account with these leases, each once; ended ones count when none is running."""
    running = [tenure for tenure in tenures if not tenure.has_ended]
    return tuple(dict.fromkeys(holder for tenure in running or tenures for holder in tenure.principals))


async def files_of(
    holders: Batch[str, tuple[TenantId, ...]],
    *,
    tenants: Callable[[Sequence[TenantId]], Awaitable[Batch[TenantId, Tenant]]],
) -> Batch[str, tuple[Tenant, ...]]:
    """The files of all `holders`, asked of `tenants` in one batch; their origin is that of the leases, read first."""
    seen = (answer.value for answer in holders.values() if isinstance(answer, Seen))
    files = await tenants(tuple(dict.fromkeys(holder for several in seen for holder in several)))
    return {reference: _filed(answer, files) for reference, answer in holders.items()}


def _filed(
    holders: Answer[tuple[TenantId, ...]], files: Mapping[TenantId, Answer[Tenant]]
) -> Answer[tuple[Tenant, ...]]:
    if not isinstance(holders, Seen):
        return holders
    found = []
    for holder in holders.value:
        match files[holder]:
            case Failed() as failed:
                return failed
            case Seen(value=file):
                found.append(file)
    return Seen(tuple(found), holders.origin) if found else MISSING
