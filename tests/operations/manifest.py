"""The manifest of our clients' operations, as their build writes it: `python -m tests.operations.manifest`."""

import json
import sys
from pathlib import Path

from graphql import OperationDefinitionNode, parse

from gateway.schema.reading import sha256_of

_HERE = Path(__file__).parent


def manifest() -> str:
    """Apollo's format, with the text of each file as it is and the name of its first operation."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(_HERE.glob("*.graphql"))]
    operations = [_listed(text) for text in texts]
    listed = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations}
    return json.dumps(listed, ensure_ascii=False, indent=2) + "\n"


def _listed(text: str) -> dict[str, str]:
    first = next(one for one in parse(text).definitions if isinstance(one, OperationDefinitionNode))
    assert first.name is not None
    return {"id": sha256_of(text), "name": first.name.value, "type": first.operation.value, "body": text}


if __name__ == "__main__":
    sys.stdout.write(manifest())
