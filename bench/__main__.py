"""Runs a measurement: `.venv/bin/python -m bench NAME [--rounds N] [--sizes N,N]`."""

import argparse
from importlib import import_module

from bench.ground import circumstances, standing

ROUNDS = {
    "votes": 300, "writers": 8, "log": 3, "lists": 40, "search": 7, "records": 15, "verifying": 15, "difference": 5,
    "planning": 3,
}  # fmt: skip


def main() -> None:
    """Read the command line, stand on the ground, measure, print Markdown."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=ROUNDS)
    parser.add_argument(
        "--rounds", type=int, help="how often each case runs; each measurement has its own default"
    )
    parser.add_argument(
        "--sizes",
        default="10000,100000",
        help="lists and search: how many requests; planning: schedules; log: events",
    )
    parser.add_argument("--durable", action="store_true", help="PostgreSQL waits for the disk at each commit")
    given = parser.parse_args()
    with standing(durable=given.durable):
        print(circumstances(), flush=True)
        measurement = import_module(f"bench.{given.name}")  # its models load after Django is set up
        sizes = [int(size) for size in given.sizes.split(",")]
        measurement.run(rounds=given.rounds or ROUNDS[given.name], sizes=sizes)


if __name__ == "__main__":
    main()
