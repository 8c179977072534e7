"""Dovecot as a process of whoever runs the tests: an IMAP server on a free port of this machine, with TLS."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from imapclient import IMAPClient

from support.certificates import Certificates

PROGRAM = "/usr/sbin/dovecot"
NOBODY_THERE = "No Dovecot here: apt install dovecot-imapd, and run the tests again."
PASSWORD = "secret"  # noqa: S105 - of a server that lives for a minute
_FOLDERS = "".join(
    f"  mailbox {name} {{\n    special_use = \\{name}\n    auto = subscribe\n  }}\n"
    for name in ("Drafts", "Sent", "Trash")
)


class Dovecot:
    """A running Dovecot. Every user has the same password, and each a mailbox of their own."""

    def __init__(self, *, marks: bool = True, drafts: bool = True) -> None:
        # Not in pytest's folder: it is closed to the user under whom mail is kept.
        folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.certificates = Certificates(folder / "certificates")
        self.port, self.tls_port = _free_ports(2)
        self._folder = folder
        folders = _FOLDERS if drafts else ""
        if not marks:
            folders = "\n".join(line for line in folders.splitlines() if "special_use" not in line)
        path = folder / "dovecot.conf"
        path.write_text(self._configuration(folders))
        _open_up(folder)
        self._process = subprocess.Popen(
            [PROGRAM, "-F", "-c", path], stdout=subprocess.DEVNULL, stderr=(folder / "said.log").open("w")
        )
        self._wait()

    def client(self, user: str) -> IMAPClient:
        """Log in as a mail program does."""
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=30)
        client.login(user, PASSWORD)
        return client

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait(20)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _configuration(self, folders: str) -> str:
        user, group = _unprivileged()
        as_root = os.geteuid() == 0
        whose = (
            ""
            if as_root
            else "".join(f"service {name} {{\n  user = {user}\n}}\n" for name in ("anvil", "log", "stats", "auth"))
        )
        return f"""\
base_dir = {self._folder}/run
state_dir = {self._folder}/run
log_path = {self._folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{self.certificates.chain}
ssl_key = <{self.certificates.key}
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{self._folder}/mail/%u
first_valid_uid = 1
first_valid_gid = 0
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={self._folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
{whose}namespace inbox {{
  inbox = yes
{folders}
}}
"""

    def _wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until and self._process.poll() is None:
            try:
                IMAPClient("127.0.0.1", self.port, ssl=False, timeout=5).shutdown()
            except OSError:
                time.sleep(0.05)
            else:
                return
        told = [
            path.read_text("utf-8")
            for path in (self._folder / "said.log", self._folder / "dovecot.log")
            if path.exists()
        ]
        raise AssertionError("Dovecot did not start:\n" + "\n".join(told))


def is_installed() -> bool:
    """Say whether there is a Dovecot here."""
    return shutil.which(PROGRAM) is not None


def _unprivileged() -> tuple[str, str]:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_name, grp.getgrgid(nobody.pw_gid).gr_name
    return pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name


def _open_up(folder: Path) -> None:
    """Let the user that keeps the mail reach it, where that is somebody else."""
    mail = folder / "mail"
    mail.mkdir()
    if os.geteuid() != 0:
        return
    shutil.chown(mail, *_unprivileged())
    folder.chmod(0o755)


def _free_ports(count: int) -> list[int]:
    """Ask for ports at once, so that they differ."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
