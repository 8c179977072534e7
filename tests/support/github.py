"""A GitHub for tests: it remembers, pages and refuses as the real one does, and takes only what it describes."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import jwt

from support.github_requests import check_request
from support.repositories import Repo

TOKEN, OTHER = "ghp_ours000000000000000000000000000000000", "ghp_theirs0000000000000000000000000000000"
REPOSITORY = "ada/calc"
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
LONGEST = 65_536


class Answer(NamedTuple):
    """What comes back."""

    status: int
    body: Any
    headers: Mapping[str, str] = MappingProxyType({})


@dataclass
class Fault:
    """Something that goes wrong with one request."""

    method: str
    path: str
    answer: Answer | Exception
    written: bool = False
    """Whether GitHub does what it was asked before it goes wrong."""
    times: int = 1


@dataclass
class PullRequest:
    number: int
    title: str
    base: str
    head: str
    body: str | None = None
    state: str = "open"
    merged: bool = False
    draft: bool = False


@dataclass
class Clone:
    """A repository on this GitHub: a bare one that git can fetch from, and who proposes what."""

    folder: Path
    pulls: dict[int, PullRequest] = field(default_factory=dict[int, PullRequest])

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self.folder), *arguments], check=True, capture_output=True, text=True)
        return done.stdout


class GitHub:
    """The state of one GitHub; `most` is the longest page it gives."""

    def __init__(self, folder: Path, *, web: str = "https://github.com", most: int = 100) -> None:
        self.folder = folder
        self.web = web
        self.most = most
        self.people = {TOKEN: "crewdesk-bot", OTHER: "mallory"}
        self.app: tuple[str, Any] | None = None
        self.clones: dict[str, Clone] = {}
        self.issue_comments: list[dict[str, Any]] = []
        self.reviews: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.statuses: list[dict[str, Any]] = []
        self.checks: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str]] = []
        self.faults: list[Fault] = []
        self._ids = itertools.count(1000)
        self._lock = threading.Lock()

    # What tests do

    def open(self, repo: Repo, *, number: int = 7, title: str = "Mend the sum", **more: Any) -> PullRequest:
        """Push a repository here, with its branch feature as a pull request against main."""
        clone = self.clones.setdefault(REPOSITORY, Clone(self.folder / f"{REPOSITORY}.git"))
        if not clone.folder.is_dir():
            clone.folder.mkdir(parents=True)
            clone.git("init", "-q", "--bare")
        clone.pulls[number] = PullRequest(number, title, "", "", **more)
        self.push(repo, number=number)
        return clone.pulls[number]

    def push(self, repo: Repo, *, number: int = 7) -> str:
        """Push the branch feature of a pull request again."""
        clone = self.clones[REPOSITORY]
        refs = ("+main:refs/heads/main", f"+feature:refs/pull/{number}/head")
        repo.git("push", "-q", str(clone.folder), *refs)
        pull = clone.pulls[number]
        pull.base, pull.head = repo.git("rev-parse", "main"), repo.git("rev-parse", "feature")
        return pull.head

    def address(self, number: int = 7) -> str:
        return f"{self.web}/{REPOSITORY}/pull/{number}"

    def fail(self, method: str, path: str, answer: Answer | Exception, **more: Any) -> None:
        """Let the next request of that kind go wrong."""
        self.faults.append(Fault(method, path, answer, **more))

    def written(self) -> list[tuple[str, str]]:
        """What was asked but to look."""
        return [one for one in self.asked if one[0] != "GET"]

    def write_comment(self, body: str, *, author: str, kind: str = "issue_comments") -> None:
        """Somebody writes something by hand."""
        getattr(self, kind).append(self._entry(body, author, 7, review=0))

    def transport(self) -> httpx.BaseTransport:
        """Ask it without a network."""

        def ask(request: httpx.Request) -> httpx.Response:
            target = request.url.raw_path.decode()
            answer = self.handle(request.method, target, dict(request.headers), request.content)
            return httpx.Response(answer.status, json=answer.body, headers=answer.headers)

        return httpx.MockTransport(ask)

    # What it does

    def handle(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        with self._lock:
            self.asked.append((method, urlsplit(target).path))
            check_request(method, target, headers, body)
            fault = next((f for f in self.faults if f.times and f.method == method and re.search(f.path, target)), None)
            if fault is None:
                return self._answer(method, target, headers, body)
            fault.times -= 1
            if fault.written:
                assert self._answer(method, target, headers, body).status < 300
            if isinstance(fault.answer, Exception):
                raise fault.answer
            return fault.answer

    def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        parts = urlsplit(target)
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        me = self._who(bearer)
        if bearer and me is None:
            return Answer(401, {"message": "Bad credentials"})
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        for asked, pattern, do in self._routes():
            found = re.fullmatch(pattern, unquote(parts.path))
            if asked == method and found:
                if (method != "GET" or do == self._user) and not me:
                    return Answer(401, {"message": "Requires authentication"})
                return self._page(do(me or "", found.groups(), json.loads(body or b"{}")), target, query)
        return Answer(404, {"message": "Not Found"})

    def _routes(self) -> list[tuple[str, str, Callable[[str, tuple[str, ...], Any], Any]]]:
        repo = r"/repos/([^/]+/[^/]+)"
        pull = rf"{repo}/pulls/(\d+)"
        return [
            ("GET", "/user", self._user),
            ("GET", "/app", lambda me, _p, _b: {"slug": "crewdesk", "id": 1}),
            ("GET", rf"{repo}/installation", lambda me, _p, _b: {"id": 55}),
            ("POST", r"/app/installations/(\d+)/access_tokens", self._installed),
            ("GET", pull, lambda _me, p, _b: self._pull(p)),
            ("GET", rf"{pull}/files", lambda _me, p, _b: self._files(p)),
            ("GET", rf"{pull}/reviews", lambda _me, p, _b: self._of(self.reviews, p)),
            ("POST", rf"{pull}/reviews", self._review),
            ("GET", rf"{pull}/comments", lambda _me, p, _b: self._of(self.comments, p)),
            ("PATCH", rf"{repo}/pulls/comments/(\d+)", lambda me, p, b: self._edit(self.comments, me, p, b)),
            ("GET", rf"{repo}/issues/(\d+)/comments", lambda _me, p, _b: self._of(self.issue_comments, p)),
            ("POST", rf"{repo}/issues/(\d+)/comments", self._comment),
            ("PATCH", rf"{repo}/issues/comments/(\d+)", lambda me, p, b: self._edit(self.issue_comments, me, p, b)),
            ("GET", rf"{repo}/commits/(\w+)/statuses", lambda _me, p, _b: self._marks(self.statuses, p)),
            ("POST", rf"{repo}/statuses/(\w+)", self._status),
            ("GET", rf"{repo}/commits/(\w+)/check-runs", lambda _me, p, _b: self._runs(p)),
            ("POST", rf"{repo}/check-runs", self._check),
        ]

    def _who(self, bearer: str) -> str | None:
        if self.app and bearer.count(".") == 2:
            signed = jwt.decode(
                bearer, self.app[1], algorithms=["RS256"], options={"verify_exp": False, "verify_iat": False}
            )
            late = datetime.fromtimestamp(signed["exp"], UTC) - datetime.fromtimestamp(signed["iat"], UTC)
            return "the app" if signed["iss"] == self.app[0] and late <= timedelta(minutes=10) else None
        return self.people.get(bearer)

    def _user(self, me: str, _path: tuple[str, ...], _body: Any) -> Any:
        if me.endswith("[bot]"):
            return Answer(403, {"message": "Resource not accessible by integration"})
        return {"login": me, "id": sum(me.encode())}

    def _installed(self, me: str, _path: tuple[str, ...], body: Any) -> Any:
        assert (me, body) == ("the app", {"repositories": [REPOSITORY.split("/")[1]]})
        self.people["ghs_installed"] = "crewdesk[bot]"
        return Answer(201, {"token": "ghs_installed", "expires_at": "2026-11-26T10:00:00Z"})

    def _pull(self, path: tuple[str, ...]) -> Any:
        pull = self.clones[path[0]].pulls.get(int(path[1])) if path[0] in self.clones else None
        if pull is None:
            return Answer(404, {"message": "Not Found"})
        return {
            "number": pull.number,
            "html_url": self.address(pull.number),
            "title": pull.title,
            "body": pull.body,
            "state": pull.state,
            "merged": pull.merged,
            "draft": pull.draft,
            "base": {"sha": pull.base, "ref": "main", "label": "ada:main"},
            "head": {"sha": pull.head, "ref": "feature", "label": "bo:feature", "repo": None},
        }

    def _diff(self, path: tuple[str, ...], head: str) -> dict[str, str]:
        """The patches of a pull request, by file."""
        clone = self.clones[path[0]]
        text = _difference(clone.folder, clone.pulls[int(path[1])].base, head)
        pieces = re.split(r"^diff --git .*\n", text, flags=re.MULTILINE)[1:]
        return {
            found[1]: piece[piece.index("@@") :].removesuffix("\n")
            for piece in pieces
            if (found := re.search(r"^\+\+\+ b/(.*)$", piece, re.MULTILINE))
        }

    def _files(self, path: tuple[str, ...]) -> Any:
        head = self.clones[path[0]].pulls[int(path[1])].head
        return [{"filename": name, "patch": patch} for name, patch in self._diff(path, head).items()]

    def _review(self, me: str, path: tuple[str, ...], body: Any) -> Answer:
        commit, comments = body["commit_id"], body["comments"]
        clone = self.clones[path[0]]
        if commit not in _commits(clone.folder, clone.pulls[int(path[1])].head):
            return Answer(
                422, {"message": "Unprocessable Entity", "errors": ["commit_id is not part of the pull request"]}
            )
        shown = {name: _shown(patch) for name, patch in self._diff(path, commit).items()}
        for one in comments:
            lines = {one["line"], one.get("start_line", one["line"])}
            if not any(lines <= hunk for hunk in shown.get(one["path"], [])):
                return Answer(422, {"message": "Unprocessable Entity", "errors": ["Line could not be resolved"]})
        if any(len(text) > LONGEST for text in (body["body"], *(one["body"] for one in comments))):
            return Answer(422, {"message": "Validation Failed", "errors": [{"message": "body is too long"}]})
        assert body["event"] == "COMMENT"
        review = self._entry(body["body"], me, int(path[1]), review=0) | {"state": "COMMENTED", "commit_id": commit}
        self.reviews.append(review)
        for one in comments:
            self.comments.append(self._entry(one["body"], me, int(path[1]), review=review["id"]) | one)
        return Answer(200, review)

    def _comment(self, me: str, path: tuple[str, ...], body: Any) -> Answer:
        if len(body["body"]) > LONGEST:
            return Answer(422, {"message": "Validation Failed", "errors": [{"message": "body is too long"}]})
        self.issue_comments.append(self._entry(body["body"], me, int(path[1]), review=0))
        return Answer(201, self.issue_comments[-1])

    def _edit(self, entries: list[dict[str, Any]], me: str, path: tuple[str, ...], body: Any) -> Any:
        entry = next((one for one in entries if one["id"] == int(path[1])), None)
        if entry is None or entry["user"]["login"] != me:
            return Answer(404 if entry is None else 403, {"message": "Must have admin rights to Repository."})
        if len(body["body"]) > LONGEST:
            return Answer(422, {"message": "Validation Failed"})
        entry["body"] = body["body"]
        return entry

    def _status(self, me: str, path: tuple[str, ...], body: Any) -> Answer:
        assert len(body["description"]) <= 140
        self.statuses.insert(0, {"sha": path[1], "creator": {"login": me}} | body)
        return Answer(201, self.statuses[0])

    def _check(self, me: str, _path: tuple[str, ...], body: Any) -> Answer:
        if not me.endswith("[bot]"):
            return Answer(403, {"message": "You must authenticate via a GitHub App."})
        self.checks.append({"id": next(self._ids)} | body)
        return Answer(201, self.checks[-1])

    def _runs(self, path: tuple[str, ...]) -> Any:
        runs = [one for one in self.checks if one["head_sha"] == path[1]]
        return {"total_count": len(runs), "check_runs": runs}

    def _marks(self, entries: list[dict[str, Any]], path: tuple[str, ...]) -> Any:
        return [one for one in entries if one["sha"] == path[1]]

    def _of(self, entries: list[dict[str, Any]], path: tuple[str, ...]) -> Any:
        return [one for one in entries if one["number"] == int(path[1])]

    def _entry(self, body: str, author: str, number: int, *, review: int) -> dict[str, Any]:
        name = next(self._ids)
        address = f"{self.address(number)}#{name}"
        user = {"login": author, "id": sum(author.encode())}
        return {"id": name, "number": number, "body": body, "user": user, "html_url": address} | (
            {"pull_request_review_id": review} if review else {}
        )

    def _page(self, answer: Any, target: str, query: dict[str, str]) -> Answer:
        whole = answer if isinstance(answer, Answer) else Answer(200, answer)
        if not isinstance(whole.body, list):
            return whole
        size, page = min(self.most, int(query.get("per_page", "30"))), int(query.get("page", "1"))
        more = len(whole.body) > size * page
        link = {"Link": f'<https://api.github.com{target}&page={page + 1}>; rel="next"'} if more else {}
        return Answer(200, whole.body[size * (page - 1) : size * page], link)


def _shown(patch: str) -> list[set[int]]:
    hunks = re.finditer(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", patch, re.MULTILINE)
    return [set(range(int(hunk[1]), int(hunk[1]) + int(hunk[2] or 1))) for hunk in hunks]


@cache
def _difference(folder: Path, base: str, head: str) -> str:
    return Clone(folder).git("diff", "--no-renames", f"{base}...{head}")


@cache
def _commits(folder: Path, head: str) -> list[str]:
    return Clone(folder).git("rev-list", head).split()


@contextmanager
def served(github: GitHub) -> Generator[str]:
    """Serve it on loopback; gives its address, for people and for programs."""

    class Asked(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = github.handle(self.command, self.path, headers, body)
            spelled = json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(spelled)))
            self.end_headers()
            self.wfile.write(spelled)

        do_POST = do_PATCH = do_GET  # noqa: N815 - the base class calls them so

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Asked) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        github.web = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield github.web
        finally:
            server.shutdown()
