"""An IMAP server of a test's own that speaks what drafts need, and fails where it is told to."""

from __future__ import annotations

import base64
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes

Marked = dict[str, str]
"""Folders, each with the flag that says what it is for; empty where none does."""
USUAL: Marked = {"INBOX": "", "Drafts": "\\Drafts", "Sent": "\\Sent", "Trash": "\\Trash"}


@dataclass
class Kept:
    """A message."""

    uid: int
    data: bytes
    flags: set[str] = field(default_factory=set[str])

    @property
    def name(self) -> str:
        return message_from_bytes(self.data)["Message-ID"] or ""


@dataclass
class ImapServer:
    """A mailbox, and what goes wrong with it. A command that is lost is lost once."""

    folders: Marked = field(default_factory=lambda: dict(USUAL))
    uidplus: bool = True
    searches: bool = True
    """Whether it finds messages by a header; where not, its index is late."""
    password: str = "secret"  # noqa: S105 - of a fake
    refuses: dict[str, str] = field(default_factory=dict[str, str])
    """What it answers to a command instead of doing it, such as `NO [OVERQUOTA] full`."""
    lost: dict[str, str] = field(default_factory=dict[str, str])
    """Before or after which commands the connection ends."""
    silent: set[str] = field(default_factory=set[str])
    """Commands that get no answer."""
    meanwhile: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """What somebody else puts into `Drafts` right before a command."""
    said: list[str] = field(default_factory=list[str])
    """Commands in the order in which they came."""
    boxes: dict[str, list[Kept]] = field(default_factory=dict[str, list[Kept]])
    port: int = 0
    uids: int = 0

    def add(self, folder: str, data: bytes, flags: str = "") -> int:
        """Put a message into a folder."""
        self.uids += 1
        self.boxes.setdefault(folder, []).append(Kept(self.uids, data, set(flags.split())))
        return self.uids

    def move(self, source: str, target: str) -> None:
        """Move everything, as a person does."""
        for kept in self.boxes.pop(source, []):
            self.add(target, kept.data, " ".join(kept.flags))

    def drafts(self) -> list[Kept]:
        """What lies in `Drafts`."""
        return [kept for kept in self.boxes.get("Drafts", []) if "\\Deleted" not in kept.flags]

    @contextmanager
    def running(self) -> Iterator[ImapServer]:
        """Listen meanwhile."""
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join(10)


def _handler(mailbox: ImapServer) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm = True  # answers come in several writes, each of which would wait for the one before

        def handle(self) -> None:
            with suppress(OSError):
                _Conversation(mailbox, self).hold()

    return Handler


class _Conversation:
    def __init__(self, mailbox: ImapServer, handler: socketserver.StreamRequestHandler) -> None:
        self._box = mailbox
        self._rfile, self._wfile = handler.rfile, handler.wfile
        self._folder = ""

    def hold(self) -> None:
        self._say("* OK ready")
        while line := self._rfile.readline().decode():
            tag, command, rest = (*line.strip().split(" ", 2), "")[:3]
            if command == "UID":
                command, rest = (*rest.split(" ", 1), "")[:2]
            if not self._answer(tag, command.upper(), rest):
                return

    def _answer(self, tag: str, command: str, rest: str) -> bool:
        self._box.said.append(command)
        if command in self._box.meanwhile:
            self._box.add("Drafts", self._box.meanwhile.pop(command), "\\Draft")
        if command in self._box.silent:
            self._rfile.read()
            return False
        if self._box.lost.get(command) == "before":
            del self._box.lost[command]
            return False
        done = self._box.refuses.get(command) or getattr(self, f"_{command.lower()}")(rest)
        if self._box.lost.pop(command, "") == "after":
            return False
        self._say(f"{tag} {done}")
        return command != "LOGOUT"

    def _say(self, line: str) -> None:
        self._wfile.write(f"{line}\r\n".encode())

    def _capability(self, _: str) -> str:
        self._say(f"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 {'UIDPLUS' if self._box.uidplus else ''}".rstrip())
        return "OK done"

    def _login(self, rest: str) -> str:
        good = rest.rsplit(" ", maxsplit=1)[-1].strip('"') == self._box.password
        return "OK in" if good else f"NO [AUTHENTICATIONFAILED] {rest} is wrong"

    def _authenticate(self, _: str) -> str:
        self._say("+ ")
        said = base64.b64decode(self._rfile.readline()).decode()
        return "OK in" if f"auth=Bearer {self._box.password}\1" in said else f"NO {said!r} has expired"

    def _list(self, _: str) -> str:
        for name, mark in self._box.folders.items():
            self._say(f'* LIST ({mark}) "/" "{name}"')
        return "OK done"

    def _select(self, rest: str) -> str:
        self._folder = rest.strip('"')
        if self._folder not in self._box.folders:
            return "NO no such folder"
        self._say(f"* {len(self._kept())} EXISTS")
        self._say("* OK [UIDVALIDITY 7] valid")
        return "OK chosen"

    _examine = _select

    def _search(self, rest: str) -> str:
        wanted = re.search(r"HEADER Message-ID \"?([^\"]*)", rest)
        found = [kept for kept in self._kept() if "\\Deleted" not in kept.flags]
        if wanted:
            found = [kept for kept in found if wanted[1] in kept.name] if self._box.searches else []
        self._say(" ".join(["* SEARCH", *(str(kept.uid) for kept in found)]))
        return "OK done"

    def _fetch(self, rest: str) -> str:
        uids = rest.split(" ", maxsplit=1)[0].split(",")
        for number, kept in enumerate(self._kept(), 1):
            if str(kept.uid) in uids:
                self._say(f'* {number} FETCH (UID {kept.uid} ENVELOPE ({"NIL " * 9}"{kept.name}"))')
        return "OK done"

    def _store(self, rest: str) -> str:
        for kept in self._kept():
            if str(kept.uid) == rest.split(" ", maxsplit=1)[0]:
                kept.flags.add("\\Deleted")
        return "OK done"

    def _expunge(self, rest: str) -> str:
        uids = rest.strip().split(",")
        self._box.boxes[self._folder] = [
            k for k in self._kept() if str(k.uid) not in uids or "\\Deleted" not in k.flags
        ]
        return "OK done"

    def _append(self, rest: str) -> str:
        folder, flags, size = re.match(r'"?([^"(]+?)"? \((.*?)\).*\{(\d+)\}', rest).groups()  # pyright: ignore[reportOptionalMemberAccess]
        self._say("+ go on")
        data = self._rfile.read(int(size))
        self._rfile.readline()
        uid = self._box.add(folder, data, flags)
        return f"OK [APPENDUID 7 {uid}] there" if self._box.uidplus else "OK there"

    def _logout(self, _: str) -> str:
        self._say("* BYE")
        return "OK gone"

    def _kept(self) -> list[Kept]:
        return self._box.boxes.setdefault(self._folder, [])
