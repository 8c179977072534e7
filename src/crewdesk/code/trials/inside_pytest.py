"""Run tests with pytest in a sandbox and answer with what became of each, and which lines they ran.

    python -I inside_pytest.py '{"roots": […], "tests": […], "measured": […], "options": […], "plugins": false,
                                 "seconds": 15}'

After so many seconds no further test is begun.

It is run as a file, by whatever Python the tests need, and imports nothing of ours.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

OPTIONS = ("-p", "no:cacheprovider", "-q", "--tb=short", "--no-header", "--color=no", "--continue-on-collection-errors")
TOLD = 20
"""Failures that are told with what they say."""
OVERRIDDEN = ("addopts=", "filterwarnings=", "required_plugins=", "log_cli=false", "xfail_strict=false")
"""Settings of the repository that ask for plugins, or make an error of what our Python warns of."""


def main() -> None:
    """Run what the first argument asks for; answer on the standard output, where tests cannot write by accident."""
    told = json.loads(sys.argv[1])
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.path[:0] = told["roots"]
    report = _run(told)
    with answer:
        json.dump(report, answer)


def _run(told: dict[str, Any]) -> dict[str, Any]:
    try:
        import pytest
    except ImportError as error:
        return {
            "code": 4,
            "outcomes": {},
            "said": [],
            "broken": {"": f"ModuleNotFoundError: {error}"},
            "lines": {},
            "statements": {},
        }
    if not told["plugins"]:
        os.putenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # noqa: TID251 - pytest's own switch, in its own process
    watch = _Watch(told["measured"], time.monotonic() + told["seconds"])
    overridden = [word for setting in OVERRIDDEN for word in ("-o", setting)]
    code = pytest.main([*OPTIONS, *overridden, *told["options"], *told["tests"]], plugins=[watch])
    return {
        "code": int(code),
        "outcomes": watch.outcomes,
        "said": watch.said[-TOLD:],
        "broken": watch.broken,
        **watch.measured(),
    }


class _Watch:
    """A plugin of pytest that notes outcomes, and lines from the moment when everything is imported."""

    def __init__(self, paths: list[str], until: float) -> None:
        self.outcomes: dict[str, str] = {}
        self.broken: dict[str, str] = {}
        self.said: list[str] = []
        self._paths = [path for path in paths if Path(path).is_file()]
        self._until = until
        self._coverage: Any = None

    def pytest_collectreport(self, report: Any) -> None:  # noqa: ANN401 - pytest's own
        """Note what cannot be imported."""
        if report.failed:
            self.broken[report.nodeid] = str(report.longrepr)[-2000:]

    def pytest_collection_finish(self) -> None:
        """Begin to note lines: those that ran when the tests were imported are no merit of theirs."""
        if not self._paths:
            return
        try:
            from coverage import Coverage
        except ImportError:
            return
        self._coverage = Coverage(data_file=None, include=self._paths, config_file=False, messages=False)
        self._coverage.start()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note lines apart for each test file."""
        if self._coverage is not None:
            self._coverage.switch_context(nodeid.partition("::")[0])

    def pytest_runtest_logreport(self, report: Any) -> None:  # noqa: ANN401 - pytest's own
        """Note how a test went; the worst of its three phases counts."""
        if report.failed:
            self.outcomes[report.nodeid] = "failed" if report.when == "call" else "error"
            self.said.append(f"{report.nodeid}\n{report.longreprtext}")
        elif report.skipped:
            self.outcomes.setdefault(report.nodeid, "not run")
        elif report.when == "call":
            self.outcomes[report.nodeid] = "passed"

    def pytest_runtest_protocol(self, item: Any) -> None:  # noqa: ANN401 - pytest's own
        """Begin no further test when the time is over."""
        if time.monotonic() > self._until:
            item.session.shouldstop = "no time is left"

    def measured(self) -> dict[str, Any]:
        """Give the lines that ran, by test file and path, and all that could, by path."""
        if self._coverage is None:
            return {"lines": {}, "statements": {}}
        self._coverage.stop()
        data = self._coverage.get_data()
        lines: dict[str, dict[str, list[int]]] = {}
        for test in data.measured_contexts() - {""}:
            data.set_query_context(test)
            lines[test] = {path: sorted(data.lines(path) or []) for path in self._paths}
        return {"lines": lines, "statements": {path: _statements(self._coverage, path) for path in self._paths}}


def _statements(coverage: Any, path: str) -> list[int]:  # noqa: ANN401 - of whichever coverage there is
    from coverage.exceptions import CoverageException

    try:
        return list(coverage.analysis2(path)[1])
    except (CoverageException, SyntaxError, ValueError, RecursionError, MemoryError):
        return []  # what became of the tests counts, whether or not this file can be read


if __name__ == "__main__":
    main()
