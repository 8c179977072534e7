"""Bring the commits of a pull request onto this machine, into a bare repository below a scratch folder.

The token is in no argument, no address, no file and no log: git finds it in its own environment.
"""

from __future__ import annotations

import subprocess
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path

from crewdesk.code.git import SAFE
from crewdesk.domain.text.visible import in_one_line
from crewdesk.ports.leaving import leaves

SECONDS = 900
HANDED_ON = (
    *("PATH", "HOME", "SYSTEMROOT", "TMPDIR", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO"),
    *("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"),
)
"""What git is given of our environment; nothing that makes it log, run or ask."""
QUIET = ("-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "credential.helper=")
REACHED_BY = [word for name in ("https", "http", "file") for word in ("-c", f"protocol.{name}.allow=always")]


def fetch_commits(
    repository: Path,
    address: str,
    commits: Mapping[str, str],
    *,
    token: str,
    key: Callable[[str], str | None],
) -> Path:
    """Fetch commits, each kept under a name of its own; raises `ValueError` with a sentence."""
    from filelock import FileLock

    environment = _environment(address, token, key)
    repository.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(repository.with_suffix(".lock")):
        if not (repository / "HEAD").is_file():
            _git(["init", "--quiet", "--bare", str(repository)], environment, address)
        wanted = [f"+{commit}:refs/crewdesk/{name}" for name, commit in commits.items()]
        where = ["-C", str(repository), *SAFE, *QUIET, *REACHED_BY]
        options = ["--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"]
        leaves("code", address, [*commits.values()])
        _git([*where, "fetch", *options, "--", address, *wanted], environment, address)
    return repository


def _environment(address: str, token: str, key: Callable[[str], str | None]) -> dict[str, str]:
    given = {name: value for name in HANDED_ON if (value := key(name))}
    given |= {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    if not token or not address.startswith("https://"):
        return given
    header = b64encode(f"x-access-token:{token}".encode()).decode()
    settings = {f"http.{address}.extraHeader": f"Authorization: Basic {header}", "http.followRedirects": "false"}
    for number, (name, value) in enumerate(settings.items()):
        given |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return given | {"GIT_CONFIG_COUNT": str(len(settings))}


def _git(arguments: list[str], environment: Mapping[str, str], address: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise ValueError("There is no git on this machine; install it.") from None
    except subprocess.TimeoutExpired:
        raise ValueError(f"git took longer than {SECONDS} s to fetch from {address}.") from None
    if done.returncode:
        raise ValueError(_sentence(done.stderr.decode("utf-8", "replace"), address))


def _sentence(said: str, address: str) -> str:
    if "not our ref" in said or "no such remote ref" in said:
        return f"{address} has lost a commit of this pull request since it was looked up; start again."
    if "Authentication failed" in said or "could not read Username" in said:
        return f"{address} does not let us read it; look at the token or the app."
    last = said.strip().splitlines() or ["it said nothing"]
    return f"git cannot fetch from {address}: {in_one_line(last[0])[:300]}"
