"""Code under review is code of strangers: whatever it tries in the sandbox stays there, ends, and is told."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from pathlib import Path

import pytest

from crewdesk.code.sandbox.follow import SHOWN, Ran
from crewdesk.code.sandbox.limits import MIB, Limits
from crewdesk.code.sandbox.sandbox import Sandbox, open_sandbox

PROC = Path("/proc")


class Cell:
    """A sandbox with a folder, for a program of one file."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox, self.folder = sandbox, folder
        folder.chmod(0o755)

    def run(self, code: str, *arguments: str, limits: Limits | None = None) -> Ran:
        (self.folder / "program.py").write_text(code, "utf-8")
        command = (sys.executable, "-I", "program.py", *arguments)
        return self.sandbox.run(command, self.folder, (), limits or Limits(seconds=10, disk=8 * MIB))


@pytest.fixture(name="sandbox", scope="module")
def _sandbox() -> Sandbox:
    return open_sandbox()


@pytest.fixture(name="cell")
def _cell(sandbox: Sandbox, tmp_path: Path) -> Cell:
    return Cell(sandbox, tmp_path)


def alive(mark: str) -> list[str]:
    """Processes of this machine that have a mark among their arguments."""
    found: list[str] = []
    for folder in PROC.iterdir():
        if folder.name.isdigit() and folder.name != str(os.getpid()):
            try:
                said = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if mark.encode() in said:
                found.append(folder.name)
    return found


def gone(mark: str) -> bool:
    """Whether every process with a mark ends; the kernel may take a moment to bury them."""
    until = time.monotonic() + 5
    while alive(mark) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(mark)


TRY = """
import json, sys
said = []
def attempt(what):
    try:
        said.append(str(what()))
    except OSError as error:
        said.append(type(error).__name__)
"""
TELL = "\njson.dump(said, sys.stdout)\n"


def test_a_socket_reaches_neither_the_world_nor_this_machine(cell: Cell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        port = server.getsockname()[1]
        code = f"""{TRY}
import socket
for place in (("127.0.0.1", {port}), ("192.0.2.1", 80), ("2001:db8::1", 80)):
    attempt(lambda: socket.create_connection(place, timeout=2))
attempt(lambda: socket.getaddrinfo("example.org", 80))
{TELL}"""
        said = json.loads(cell.run(code).answer)
        with pytest.raises(BlockingIOError):
            server.accept()

    assert said == ["ConnectionRefusedError", "OSError", "OSError", "gaierror"]


def test_a_fork_without_end_ends(cell: Cell) -> None:
    code = "import os, sys\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n"

    ran = cell.run(code, "fork-bomb-7c1", limits=Limits(seconds=0.7, processes=24))

    assert ran.ended == "time"
    assert gone("fork-bomb-7c1")


def test_no_more_processes_than_allowed_are_there_at_once(cell: Cell) -> None:
    code = """
import os, time
count = 0
try:
    while count < 500:
        if os.fork() == 0:
            time.sleep(5); os._exit(0)
        count += 1
except OSError:
    pass
print(count)
"""
    limits = Limits(seconds=10, processes=24)

    count = int(cell.run(code, limits=limits).answer)

    others = 0 if os.geteuid() == 0 else 500  # older kernels count what else a user runs, so that is allowed on top
    assert 0 < count < 24 + others


def test_nothing_can_be_written_outside(cell: Cell, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "file.txt"
    outside.write_text("as it was", "utf-8")
    places = [outside, Path("/usr/x"), Path("/etc/x"), Path("/x"), Path.home() / "x", cell.folder / "x", "program.py"]
    code = f"{TRY}\nfor place in {[str(each) for each in places]}:\n    attempt(lambda: open(place, 'w'))\n{TELL}"

    said = json.loads(cell.run(code).answer)

    assert set(said) <= {"OSError", "PermissionError", "FileNotFoundError"}
    assert outside.read_text("utf-8") == "as it was"
    assert not (cell.folder / "x").exists()


def test_memory_is_eaten_up_to_the_limit_by_all_processes_together(cell: Cell) -> None:
    code = """
import os, time
os.fork(); os.fork()
kept = []
while len(kept) < 100:
    kept.append(bytearray(1 << 20))
time.sleep(20)
"""

    assert cell.run(code, limits=Limits(seconds=15, memory=200 * MIB)).ended == "memory"


def test_one_process_cannot_reserve_more_than_allowed(cell: Cell) -> None:
    ran = cell.run("bytearray(1 << 33)", limits=Limits(seconds=10, address=1024 * MIB))

    assert "MemoryError" in ran.output


def test_the_environment_of_the_house_is_not_to_be_seen(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOUSE_KEY", "canary-4417")
    code = """
import os, pathlib
print(dict(os.environ))
for place in pathlib.Path("/proc").glob("*/environ"):
    try:
        print(place, place.read_bytes())
    except OSError as error:
        print(place, error)
"""

    ran = cell.run(code)

    assert b"HOME" in ran.answer
    assert b"canary-4417" not in ran.answer


def test_the_disk_cannot_be_filled(cell: Cell) -> None:
    code = """
import pathlib
written = 0
try:
    while written < 64:
        pathlib.Path("/tmp", str(written)).write_bytes(bytes(1 << 20)); written += 1
except OSError as error:
    print(written, error.strerror)
"""

    said = cell.run(code).answer.decode().split(maxsplit=1)

    assert int(said[0]) <= 8
    assert said[1].strip() == "No space left on device"


def test_output_without_end_is_cut_off(cell: Cell) -> None:
    ran = cell.run("import sys\nwhile True: sys.stderr.write('x' * 9999)", limits=Limits(seconds=10, output=MIB))

    assert ran.ended == "output"
    assert len(ran.output) <= SHOWN + 65_536


def test_an_answer_without_end_is_cut_off(cell: Cell) -> None:
    ran = cell.run("while True: print('x' * 9999)", limits=Limits(seconds=10, answer=MIB))

    assert ran.ended == "output"


def test_whoever_ignores_signals_is_stopped_all_the_same(cell: Cell) -> None:
    code = "import signal, time\nfor one in (1, 2, 15): signal.signal(one, signal.SIG_IGN)\ntime.sleep(60)"

    assert cell.run(code, limits=Limits(seconds=0.4)).ended == "time"


def test_a_daemon_does_not_outlive_its_program(cell: Cell) -> None:
    code = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(60)
    os._exit(0)
print("left it behind")
"""

    ran = cell.run(code, "daemon-91f")

    assert ran.answer == b"left it behind\n"
    assert gone("daemon-91f")


def test_secrets_of_the_machine_and_of_people_are_not_there(cell: Cell) -> None:
    places = ["/etc/shadow", "/etc/passwd", "/root/.ssh", "/home", "/run", "/var", str(Path.home() / ".netrc")]
    code = f"{TRY}\nimport os\nread = lambda place: os.listdir(place) if os.path.isdir(place) else open(place).read()\n"
    code += f"for place in {places}:\n    attempt(lambda: read(place))\n{TELL}"

    said = json.loads(cell.run(code).answer)

    assert set(said) <= {"FileNotFoundError", "PermissionError"}


def test_a_link_out_of_the_folder_leads_nowhere(cell: Cell, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("secrets") / "key.txt"
    secret.write_text("canary-2280", "utf-8")
    (cell.folder / "linked.txt").symlink_to(secret)
    code = f"{TRY}\nimport os\nos.symlink({str(secret)!r}, '/tmp/own')\n"
    code += f"for place in ('linked.txt', '/tmp/own'):\n    attempt(lambda: open(place).read())\n{TELL}"

    assert json.loads(cell.run(code).answer) == ["FileNotFoundError", "FileNotFoundError"]


def test_other_processes_are_neither_seen_nor_ended(cell: Cell) -> None:
    code = f"{TRY}\nimport os, signal\nattempt(lambda: os.kill({os.getpid()}, signal.SIGKILL))\n"
    code += "said.append(sum(name.isdigit() for name in os.listdir('/proc')))" + TELL

    error, processes = json.loads(cell.run(code).answer)

    assert error == "ProcessLookupError"
    assert processes <= 3


def test_nobody_becomes_root_or_mounts_anything(cell: Cell) -> None:
    code = f"""{TRY}
import os, ctypes
attempt(lambda: os.setuid(0) or (0 if os.getuid() else "root"))
attempt(lambda: os.chroot("/tmp"))
said.append(ctypes.CDLL(None).mount(b"none", b"/tmp", b"tmpfs", 0, None))
said.append([line.split()[1] for line in open("/proc/self/status") if line.startswith("CapEff")][0].strip("0"))
{TELL}"""

    said = json.loads(cell.run(code).answer)

    assert said[0] != "root"
    assert said[1:] == ["PermissionError", -1, ""]


def test_whoever_computes_without_end_is_stopped_with_its_children(cell: Cell) -> None:
    code = "import os\nos.fork()\nwhile True: pass"

    assert cell.run(code, "spin-33a", limits=Limits(seconds=0.5)).ended == "time"
    assert gone("spin-33a")
