"""Print the table: `python -m bench`, or `python -m bench --fast 10` for a quick look."""

from __future__ import annotations

import argparse
import sys

from bench.job import SCENARIOS
from bench.measure import FIRST_TOKEN_S, PER_TOKEN_S, WAYS, Measured, measure, peer_versions, set_up_peers
from bench.responder import respond_in
from bench.table import missed_targets, table
from crewdesk.models.server import ChatServer


def main() -> int:
    """Measure what was asked for and print it; 1 where a target is missed and `--check` was given."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--fast", type=float, default=1, metavar="FACTOR", help="divide the server's latency by this")
    parser.add_argument("--only", nargs="+", choices=sorted(WAYS), metavar="WAY", help=f"of {', '.join(WAYS)}")
    parser.add_argument("--scenario", nargs="+", choices=sorted(SCENARIOS), default=list(SCENARIOS))
    parser.add_argument("--check", action="store_true", help="end with 1 where Crewdesk misses its targets")
    parser.add_argument(
        "--setup-peers", action="store_true", help="install the peers first, apart from everything else"
    )
    given = parser.parse_args()
    if given.setup_peers:
        set_up_peers()
    results = [one for scenario in given.scenario for one in _measured(scenario, given.only or list(WAYS), given.fast)]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(peer_versions().items()))
    print(f"\nMeasured with {versions}; {FIRST_TOKEN_S / given.fast * 1000:g} ms to the first token, ", end="")
    print(f"{PER_TOKEN_S / given.fast * 1000:g} ms a token.")
    missed = missed_targets(results) if given.check else []
    for sentence in missed:
        print(sentence, file=sys.stderr)
    return 1 if missed else 0


def _measured(scenario: str, names: list[str], fast: float) -> list[Measured]:
    server = ChatServer(respond_in(scenario), first_token_s=FIRST_TOKEN_S / fast, per_token_s=PER_TOKEN_S / fast)
    results: list[Measured] = []
    with server:
        for name in names:
            if scenario in WAYS[name].scenarios:
                print(f"{scenario}: {WAYS[name].title} …", file=sys.stderr)
                results.append(measure(name, scenario, server))
    print(table(scenario, results))
    return results


if __name__ == "__main__":
    sys.exit(main())
