"""Cut what the connector asks for out of GitHub's own description: `npm pack @octokit/openapi@23.0.2`, unpack, then

python tests/data/github/cut.py package/generated/api.github.com.json
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

WANTED = {
    "/app": ("get",),
    "/app/installations/{installation_id}/access_tokens": ("post",),
    "/repos/{owner}/{repo}/check-runs": ("post",),
    "/repos/{owner}/{repo}/commits/{ref}/check-runs": ("get",),
    "/repos/{owner}/{repo}/commits/{ref}/statuses": ("get",),
    "/repos/{owner}/{repo}/installation": ("get",),
    "/repos/{owner}/{repo}/issues/comments/{comment_id}": ("patch",),
    "/repos/{owner}/{repo}/issues/{issue_number}/comments": ("get", "post"),
    "/repos/{owner}/{repo}/pulls/comments/{comment_id}": ("patch",),
    "/repos/{owner}/{repo}/pulls/{pull_number}": ("get",),
    "/repos/{owner}/{repo}/pulls/{pull_number}/comments": ("get",),
    "/repos/{owner}/{repo}/pulls/{pull_number}/files": ("get",),
    "/repos/{owner}/{repo}/pulls/{pull_number}/reviews": ("get", "post"),
    "/repos/{owner}/{repo}/statuses/{sha}": ("post",),
    "/user": ("get",),
}
"""Answers are left out: only what is asked is checked."""


def main(source: str) -> None:
    whole = json.loads(Path(source).read_text("utf-8"))
    part: dict[str, Any] = {name: whole[name] for name in ("openapi", "info", "servers")}
    part["paths"] = {path: _operations(whole["paths"][path], methods) for path, methods in WANTED.items()}
    part["components"] = {}
    _collect(part["paths"], whole, part["components"])
    data = json.dumps(part, separators=(",", ":")).encode()
    (Path(__file__).parent / "openapi.json.gz").write_bytes(gzip.compress(data, mtime=0))


def _operations(path: dict[str, Any], methods: tuple[str, ...]) -> dict[str, Any]:
    kept = {name: value for name, value in path.items() if name in methods}
    return {
        name: {key: value for key, value in operation.items() if key in ("operationId", "parameters", "requestBody")}
        | {"responses": {"default": {"description": "Not checked."}}}
        for name, operation in kept.items()
    }


def _collect(node: Any, whole: dict[str, Any], components: dict[str, Any]) -> None:
    if isinstance(node, list):
        for one in node:
            _collect(one, whole, components)
    elif isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str):
            _, kind, name = reference.removeprefix("#/").split("/", 2)
            if name not in components.setdefault(kind, {}):
                components[kind][name] = whole["components"][kind][name]
                _collect(components[kind][name], whole, components)
        for one in node.values():
            _collect(one, whole, components)


if __name__ == "__main__":
    main(sys.argv[1])
