"""Many people at once: everybody gets their own answer, and nobody a word of another's."""

import asyncio
import json
import random
import re

import pytest

from tests.operations.catalogue import OPERATIONS
from tests.support.doors import CAMILLE_TOKEN, NOOR_TOKEN, STAFF_TOKENS, Doors

pytestmark = pytest.mark.thorough

REQUESTS, AT_ONCE = 400, 80
NAMES = {CAMILLE_TOKEN: ("Camille", "0012345"), NOOR_TOKEN: ("Noor", "0067890")}


async def test_requests_of_many_people_at_once_never_cross(doors: Doors) -> None:
    """Two tenants, staff and strangers ask for home pages all at the same time."""
    people = [CAMILLE_TOKEN, NOOR_TOKEN, None, *STAFF_TOKENS.values()]
    documents = {operation.name: operation for operation in OPERATIONS if not operation.account_variable}

    async def ask(name: str, token: str | None) -> str:
        operation = documents[name]
        answer = json.dumps(await doors.ask(operation.document, operation.variables, token=token))
        return re.sub('"requestId": "[0-9a-f]+"', "", answer)  # staff are refused a tenant's home page

    alone = {(name, token): await ask(name, token) for name in documents for token in people}
    crowd = random.Random(7).choices(list(alone), k=REQUESTS)

    answers = [
        answer
        for wave in range(0, REQUESTS, AT_ONCE)
        for answer in await asyncio.gather(*(ask(name, token) for name, token in crowd[wave : wave + AT_ONCE]))
    ]

    assert [alone[asked] == answer for asked, answer in zip(crowd, answers, strict=True)] == [True] * REQUESTS
    assert len({alone[name, token] for name in documents for token in (CAMILLE_TOKEN, NOOR_TOKEN, None)}) == 6
    for (_, token), answer in zip(crowd, answers, strict=True):
        others = [word for other, words in NAMES.items() if other != token for word in words]
        assert not any(word in answer for word in others)
