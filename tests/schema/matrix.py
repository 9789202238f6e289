"""The matrix of role and field: who reads what, as `golden/policy.csv` holds it.

    python -m tests.schema.matrix > tests/schema/golden/policy.csv

Each verdict is `read`, `null` (a stranger may ask, and gets no value) or `refused`.
"""

import csv
import io
import sys
from pathlib import Path

from graphql import GraphQLSchema

from gateway.schema.build import build_schema
from gateway.schema.policy import access_of, composites, readable
from gateway.schema.views import AUDIENCES, View, views
from tests.schema.ways import Way, ways

BUILT = build_schema()
GRAPH: GraphQLSchema = BUILT._schema  # noqa: SLF001 - Strawberry has no public way to its own schema
VIEWS = views(BUILT)
GOLDEN = Path(__file__).parent / "golden" / "policy.csv"

Matrix = dict[str, dict[str, str]]


def coordinates() -> list[str]:
    """Every field of every object and interface type."""
    return sorted(f"{name}.{field}" for name, kind in composites(GRAPH).items() for field in kind.fields)


def matrix() -> Matrix:
    """The verdict of the policies for each field and audience."""
    reached = {audience: readable(GRAPH, may) for audience, may in AUDIENCES.items()}
    asked = ways(VIEWS[View.TENANT])
    found: Matrix = {}
    for coordinate in coordinates():
        row = {audience: "read" if coordinate in reached[audience] else "refused" for audience in AUDIENCES}
        if row["STRANGER"] == "refused" and row["TENANT"] == "read" and _is_run_for_strangers(asked[coordinate]):
            row["STRANGER"] = "null"
        found[coordinate] = row
    return found


def _is_run_for_strangers(way: Way) -> bool:
    """A query is run for anybody; a mutation has no null to give."""
    access = access_of(way.steps[0].field) if way.steps[0].field else None
    return way.root == "query" or (access is not None and access.strangers)


def golden() -> Matrix:
    """The matrix as committed."""
    with GOLDEN.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {row.pop("coordinate"): row for row in rows}


def as_csv(found: Matrix) -> str:
    """`found` as the file holds it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, ["coordinate", *AUDIENCES], lineterminator="\n")
    writer.writeheader()
    writer.writerows({"coordinate": coordinate, **row} for coordinate, row in found.items())
    return text.getvalue()


if __name__ == "__main__":
    sys.stdout.write(as_csv(matrix()))
