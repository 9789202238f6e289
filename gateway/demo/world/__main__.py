"""Prints one household: `python -m gateway.demo.world --seed 57 --index 3`."""

from argparse import ArgumentParser
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gateway.demo.world.households import household
from gateway.demo.world.printing import lines

PARIS = ZoneInfo("Europe/Paris")


def main() -> None:
    """Read the arguments, print the household."""
    parser = ArgumentParser(prog="python -m gateway.demo.world", description="Show one invented household.")
    parser.add_argument("--seed", type=int, default=57)
    parser.add_argument("--index", type=int, default=0)
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(PARIS).date())
    arguments = parser.parse_args()
    print(*lines(household(arguments.seed, arguments.index, arguments.today)), sep="\n")


main()
