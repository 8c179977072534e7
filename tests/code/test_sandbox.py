"""The sandbox: what it needs, what it says where it cannot work, and how a run is told."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from crewdesk.code.sandbox.limits import MIB, Limits
from crewdesk.code.sandbox.processes import Family, descendants
from crewdesk.code.sandbox.pythons import folders_of
from crewdesk.code.sandbox.sandbox import Bubblewrap, Plain, open_sandbox


def test_without_bubblewrap_it_refuses_and_says_what_to_install() -> None:
    with pytest.raises(ValueError, match=r"bubblewrap is not there\. Install it .*or set `trusted: true`"):
        open_sandbox(program="no-such-program")


def test_where_bubblewrap_cannot_work_it_refuses_and_says_why(tmp_path: Path) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n", "utf-8")
    program.chmod(0o755)

    with pytest.raises(ValueError, match="does not work here: bwrap: No permissions to create new namespace"):
        open_sandbox(program=str(program))


def test_trusted_code_runs_without_and_says_so(tmp_path: Path) -> None:
    sandbox = open_sandbox(trusted=True, program="no-such-program")

    ran = sandbox.run((sys.executable, "-c", "print(6 * 7)"), tmp_path, (), Limits(seconds=20))

    assert isinstance(sandbox, Plain)
    assert "no sandbox" in sandbox.about
    assert ran.answer == b"42\n"


def test_trusted_code_is_held_to_limits_all_the_same(tmp_path: Path) -> None:
    code = "import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', 'input()'])\ntime.sleep(60)"

    ran = open_sandbox(trusted=True).run((sys.executable, "-c", code), tmp_path, (), Limits(seconds=0.5))

    assert ran.ended == "time"


def test_what_a_program_says_and_how_it_ends_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    code = "import sys\nprint('answer')\nprint('output', file=sys.stderr)\nsys.exit(7)"

    ran = open_sandbox().run((sys.executable, "-c", code), tmp_path, (), Limits(seconds=20))

    assert (ran.code, ran.ended, ran.answer, ran.output) == (7, "by itself", b"answer\n", "output\n")


def test_it_reads_what_it_is_shown_and_has_a_home_of_its_own(tmp_path: Path) -> None:
    shown, folder = tmp_path / "shown", tmp_path / "folder"
    for each in (shown, folder):
        each.mkdir()
    (shown / "text").write_text("seen", "utf-8")
    code = f"import pathlib\npathlib.Path.home().joinpath('x').write_text('y')\nprint(open('{shown}/text').read())"

    ran = open_sandbox().run((sys.executable, "-c", code), folder, (shown,), Limits(seconds=20, disk=MIB))

    assert ran.answer == b"seen\n"


def test_a_program_that_is_not_there_is_no_answer(tmp_path: Path) -> None:
    ran = Bubblewrap("bwrap").run(("no-such-program",), tmp_path, (), Limits(seconds=20))

    assert ran.code != 0
    assert ran.answer == b""


def test_processes_of_this_machine_are_counted_with_what_they_hold() -> None:
    own = Family(1).memory()

    assert own > Family(os.getpid()).memory() > 0
    assert 1 not in descendants(1)


def test_a_python_is_shown_with_every_folder_that_its_links_lead_through(tmp_path: Path) -> None:
    real, minor, env = (tmp_path / name / "bin" for name in ("python-3.12.8", "python-3.12", "env"))
    for each in (real, env):
        each.mkdir(parents=True)
    minor.parent.symlink_to(real.parent)
    (real / "python3").touch()
    (env / "python").symlink_to(minor / "python3")

    assert folders_of(env / "python") == [env.parent, minor.parent, real.parent]
    assert folders_of(Path("/usr/bin/python3")) == []


def test_a_link_to_a_python_in_a_home_does_not_show_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "ada"))
    link, env = (tmp_path / "ada" / name / "bin" for name in ("", "env"))
    for each in (link, env):
        each.mkdir(parents=True)
    (env / "python").touch()
    (link / "python").symlink_to(env / "python")

    assert folders_of(link / "python") == [env.parent]
