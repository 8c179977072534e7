"""Measure reviews: `python -m evals bugs`, `python -m evals commits --repo PATH …`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from evals import bugs, bugsinpy, commits, known


def main() -> int:
    """Print the tables; 1 where a review holds something that must not be."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("--profile", help="of config/models.yaml; the default one when left out")
    commands = parser.add_subparsers(dest="what", required=True)
    mine = commands.add_parser("bugs", help="known bugs, brought in and mended")
    mine.add_argument("--set", type=Path, default=bugs.OURS, metavar="FOLDER", help="another set of bugs than ours")
    theirs = commands.add_parser("bugsinpy", help="real bugs of Python projects, from a copy of BugsInPy")
    theirs.add_argument("folder", type=Path, help="the copy")
    theirs.add_argument("--clones", type=Path, required=True, metavar="FOLDER", help="where copies of its projects are")
    real = commands.add_parser("commits", help="real commits of real repositories")
    real.add_argument("--repo", type=Path, nargs="+", required=True, help="git repositories on this machine")
    real.add_argument("--number", type=int, default=25, help="commits of each")
    real.add_argument("--back", action="store_true", help="take fixes back: the bug comes in again")
    given = parser.parse_args()
    if given.what in ("bugs", "bugsinpy"):
        print(known.HEAD, flush=True)
        with TemporaryDirectory(prefix="crewdesk-bugs-") as folder:
            scratch = Path(folder)
            cases = (
                bugs.cases(given.set, scratch)
                if given.what == "bugs"
                else bugsinpy.cases(given.folder, given.clones, scratch)
            )
            print(f"\n{known.summary(known.measure(cases, profile=given.profile))}")
        return 0
    print(commits.HEAD, flush=True)
    tallies = commits.measure(given.repo, number=given.number, back=given.back, profile=given.profile)
    return 1 if any(tally.faults for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
