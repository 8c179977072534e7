"""At a real terminal: a person types, closes the window, or somebody pulls the plug."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from crewdesk.facade import Desk
from support.homes import lay_out_small

pytestmark = pytest.mark.slow

PROMPT = "›"


class Terminal:
    """The command line on a terminal of its own."""

    def __init__(self, home: Path, *arguments: str, program: str = "from crewdesk.cli import main; main()") -> None:
        self.shown = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # tests in a script's background would ignore Ctrl-C
            os.chdir(home)
            os.execve(  # noqa: S606 - our own command
                sys.executable, [sys.executable, "-c", program, *arguments],
                {"PATH": "/usr/bin:/bin", "HOME": str(home), "TERM": "xterm", "CREWDESK_USER": "ed", "COLUMNS": "120"},
            )  # fmt: skip

    def see(self, words: str, *, times: int = 1, seconds: float = 60) -> None:
        """Read until these words were shown that often."""
        end = time.monotonic() + seconds
        while self.shown.count(words) < times:
            ready, _, _ = select.select([self.fd], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"{words!r} was not shown:\n{self.shown[-3000:]}"
            try:
                chunk = os.read(self.fd, 65536)
            except OSError:
                chunk = b""
            assert chunk, f"it ended before {words!r}:\n{self.shown[-3000:]}"
            self.shown += chunk.decode("utf-8", "replace")

    def type(self, line: str) -> None:
        os.write(self.fd, line.encode() + b"\n")

    def press(self, key: bytes) -> None:
        os.write(self.fd, key)

    def end(self) -> int:
        """Read to the end and return the exit status."""
        while True:
            try:
                chunk = os.read(self.fd, 65536)
            except OSError:
                break
            if not chunk:
                break
            self.shown += chunk.decode("utf-8", "replace")
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


def check_open_and_unpublished(home: Path) -> None:
    (gate,) = Desk(home).gates()
    assert gate.record.status == "open"
    assert not (home / "site").exists()


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Path:
    return lay_out_small(tmp_path / "home")


def test_words_that_are_no_choice_keep_asking_and_q_keeps_the_run(home: Path) -> None:
    terminal = Terminal(home, "run", "content", "--topic", "human gates")
    terminal.see(PROMPT)
    for count, words in enumerate(("", "yes", "approved", "looks good, ship it", "no", "technology"), start=2):
        terminal.type(words)
        terminal.see(PROMPT, times=count)
    terminal.type("q")

    assert terminal.end() == 3
    assert "Kept. Run" in terminal.shown
    check_open_and_unpublished(home)


def test_a_closed_input_keeps_the_run(home: Path) -> None:
    terminal = Terminal(home, "run", "content", "--topic", "human gates")
    terminal.see(PROMPT)
    terminal.press(b"\x04")

    assert terminal.end() == 3
    check_open_and_unpublished(home)


def test_ctrl_c_at_the_gate_keeps_the_run(home: Path) -> None:
    terminal = Terminal(home, "run", "content", "--topic", "human gates")
    terminal.see(PROMPT)
    time.sleep(0.5)  # Python writes its prompt a moment before it listens; nobody types that fast
    terminal.press(b"\x03")

    assert terminal.end() == 3
    check_open_and_unpublished(home)


def test_ctrl_c_while_the_crew_works_ends_130_and_resume_goes_on(home: Path) -> None:
    terminal = Terminal(home, "run", "content", "--topic", "human gates")
    terminal.see("pick topic")
    os.kill(terminal.pid, signal.SIGINT)

    assert terminal.end() in (130, 3)
    desk = Desk(home)
    assert desk.resume(desk.runs()[0].id).status == "waiting"


def test_a_killed_terminal_keeps_the_run_and_crewai_run_approves_and_publishes(home: Path) -> None:
    terminal = Terminal(home, "run", "content", "--topic", "human gates")
    terminal.see(PROMPT)
    os.kill(terminal.pid, signal.SIGKILL)
    assert terminal.end() == -signal.SIGKILL
    check_open_and_unpublished(home)

    again = Terminal(home, "resume", Desk(home).runs()[0].id)
    again.see(PROMPT)
    again.type("a")

    assert again.end() == 0
    assert "delivered once" in again.shown
    assert len(list((home / "site" / "posts").glob("*/post.json"))) == 1


def test_what_crewai_run_starts_asks_at_the_terminal_and_ends_0_when_it_waits(home: Path) -> None:
    terminal = Terminal(home, program="from crewdesk.main import run; run()")
    terminal.see(PROMPT)
    terminal.type("q")

    assert terminal.end() == 0
    check_open_and_unpublished(home)


def test_a_plain_kickoff_asks_at_the_terminal_with_the_same_choices(home: Path) -> None:
    program = (
        "from crewdesk import Desk\n"
        "result = Desk().crew('content').kickoff(inputs={'topic': 'human gates'})\n"
        "print('RESULT', type(result).__name__, type(result.pydantic).__name__, len(result.tasks_output))"
    )
    terminal = Terminal(home, program=program)
    terminal.see(PROMPT)
    terminal.type("looks good, ship it")
    terminal.see(PROMPT, times=2)
    terminal.type("a")

    assert terminal.end() == 0
    assert "RESULT CrewOutput SocialDrafts 6" in terminal.shown
    assert len(list((home / "site" / "posts").glob("*/post.json"))) == 1


def test_where_two_must_approve_one_person_is_asked_once_and_the_other_later(home: Path) -> None:
    gates = home / "config" / "gates.yaml"
    gates.write_text(gates.read_text("utf-8").replace("    task: optimise\n", "    task: optimise\n    approvals: 2\n"))
    terminal = Terminal(home, "run", "content", "--topic", "human gates")
    terminal.see(PROMPT)

    terminal.type("a")
    code = terminal.end()

    assert code == 3
    assert "Approved by ed: 1 of 2. One more person must approve." in terminal.shown
    check_open_and_unpublished(home)
    other = Terminal(home, "approve", Desk(home).runs()[0].id, "--by", "bo")
    assert other.end() == 0
    assert "Approved by ed and bo" in other.shown
    assert Desk(home).runs()[0].status == "done"
