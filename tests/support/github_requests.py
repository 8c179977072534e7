"""What GitHub's own description allows us to ask; tests/data/github/README.md says where it comes from."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

DESCRIPTION = Path(__file__).parents[1] / "data" / "github" / "openapi.json.gz"


class Asked:
    """A request as openapi-core wants to see it."""

    def __init__(self, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        parts = urlsplit(target)
        self.host_url = "https://api.github.com"
        self.path = parts.path
        self.method = method.lower()
        self.body = body
        self.content_type = headers.get("content-type", "").split(";")[0]
        query = ImmutableMultiDict(parse_qsl(parts.query))
        self.parameters = RequestParameters(query=query, header=Headers(headers), cookie=ImmutableMultiDict())


def check_request(method: str, target: str, headers: dict[str, str], body: bytes) -> None:
    """Raise unless GitHub describes such a request; a field of a body that it does not know is a mistake, too."""
    _description().validate_request(Asked(method, target, headers, body))
    known = {one["name"] for one in _parameters(method, urlsplit(target).path) if one["in"] == "query"}
    assert {name for name, _ in parse_qsl(urlsplit(target).query)} <= known


@cache
def _description() -> OpenAPI:
    return OpenAPI.from_dict(_strict(json.loads(gzip.decompress(DESCRIPTION.read_bytes()))))


@cache
def _plain() -> Any:
    return json.loads(gzip.decompress(DESCRIPTION.read_bytes()))


def _parameters(method: str, path: str) -> list[dict[str, Any]]:
    whole = _plain()
    here = path.split("/")
    for template, operations in whole["paths"].items():
        there = template.split("/")
        same = len(there) == len(here) and all(a == b or a.startswith("{") for a, b in zip(there, here, strict=True))
        if same and method.lower() in operations:
            parameters = operations[method.lower()].get("parameters", [])
            return [_resolved(one, whole) for one in parameters]
    raise AssertionError(path)


def _resolved(parameter: dict[str, Any], whole: Any) -> dict[str, Any]:
    reference = parameter.get("$ref")
    return parameter if reference is None else whole["components"]["parameters"][reference.rsplit("/", 1)[1]]


def _strict(node: Any) -> Any:
    if isinstance(node, dict):
        kept = {key: _strict(value) for key, value in node.items()}
        return {"additionalProperties": False, **kept} if isinstance(kept.get("properties"), dict) else kept
    return [_strict(one) for one in node] if isinstance(node, list) else node
