"""Measure reviews: `python -m evals bugs`, `python -m evals commits --repo PATH …`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evals import bugs, commits


def main() -> int:
    """Print the tables; 1 where a review holds something that must not be."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("--profile", help="of config/models.yaml; the default one when left out")
    commands = parser.add_subparsers(dest="what", required=True)
    known = commands.add_parser("bugs", help="known bugs, brought in and mended")
    known.add_argument("--set", type=Path, default=bugs.OURS, metavar="FOLDER", help="another set of bugs than ours")
    real = commands.add_parser("commits", help="real commits of real repositories")
    real.add_argument("--repo", type=Path, nargs="+", required=True, help="git repositories on this machine")
    real.add_argument("--number", type=int, default=25, help="commits of each")
    real.add_argument("--back", action="store_true", help="take fixes back: the bug comes in again")
    given = parser.parse_args()
    if given.what == "bugs":
        print(bugs.HEAD, flush=True)
        print(f"\n{bugs.summary(bugs.measure(given.set, profile=given.profile))}")
        return 0
    print(commits.HEAD, flush=True)
    tallies = commits.measure(given.repo, number=given.number, back=given.back, profile=given.profile)
    return 1 if any(tally.faults for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
