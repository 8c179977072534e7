"""Whatever is sent, the API answers as its OpenAPI says: no 5xx, no status and no shape that is not described."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, BaseSchema, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from crewdesk.desk.sign_in import make_token
from crewdesk.domain.gates import Gate
from crewdesk.facade import Desk
from support.serving import serving
from support.web import post_at_gate, site_of

ALWAYS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
EXAMPLES = 12
"""Of each operation and way; the same ones each time."""


@dataclass(frozen=True)
class Served:
    """A desk that is served, with gates that wait, and tokens."""

    address: str
    gates: list[Gate]
    tokens: dict[str, str]


@pytest.fixture(name="served")
def _served(desk: Desk) -> Iterator[Served]:
    gates = [post_at_gate(desk, topic=f"topic {n}") for n in range(4)]
    tokens = {who: make_token(who, "test", office=desk.office) for who in ("ada", "cy")}
    with serving(site_of(desk)) as address:
        yield Served(address, gates, tokens)


def operations(schema: BaseSchema) -> list[APIOperation[Any, Any, Any, Any]]:
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    assert len(found) > 15
    return found


def aimed(case: Case, gates: list[Gate], at: int) -> Case:
    """Have a request be about a run and a gate that there are, most of the time."""
    if at < len(gates):
        there = {"run": gates[at].run, "gate": gates[at].id, "task": "optimise", "version": 1}
        case.path_parameters = {name: there[name] for name in case.path_parameters}
    return case


def storm(served: Served, mode: GenerationMode, headers: dict[str, str], statuses: list[int]) -> None:
    """Send every operation many requests, and check each answer."""
    schema = schemathesis.openapi.from_url(f"{served.address}/api/v1/openapi.json")
    for operation in operations(schema):

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        )
        @given(case=operation.as_strategy(generation_mode=mode), at=st.integers(0, len(served.gates)))
        def send(case: Case, at: int) -> None:
            rejection = [negative_data_rejection] if mode is GenerationMode.NEGATIVE else []
            aim = case if mode is GenerationMode.NEGATIVE else aimed(case, served.gates, at)
            answer = aim.call_and_validate(headers=headers, checks=[*ALWAYS, *rejection])
            statuses.append(answer.status_code)

        send()


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("who", ["ada", "cy"])
def test_nothing_that_is_sent_with_a_token_is_answered_in_another_way_than_described(
    served: Served, mode: GenerationMode, who: str
) -> None:
    statuses: list[int] = []

    storm(served, mode, {"Authorization": f"Bearer {served.tokens[who]}"}, statuses)

    wanted = {200, 422} if mode is GenerationMode.POSITIVE else {422}
    assert wanted <= set(statuses)
    assert {201, 409} <= set(statuses) or (who, mode) != ("ada", GenerationMode.POSITIVE)
    assert 403 in statuses or (who, mode) != ("cy", GenerationMode.POSITIVE)


def test_nothing_is_told_to_who_is_not_known(served: Served) -> None:
    statuses: list[int] = []

    storm(served, GenerationMode.POSITIVE, {}, statuses)

    assert 401 in statuses
    assert set(statuses) <= {401, 429}  # so many wrong tokens


def test_a_method_that_an_address_does_not_take_is_refused_everywhere(served: Served) -> None:
    schema = schemathesis.openapi.from_url(f"{served.address}/api/v1/openapi.json")

    for operation in operations(schema):
        case = aimed(operation.Case(path_parameters={"run": "", "gate": "", "task": "", "version": 1}), served.gates, 0)
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"):
            case.method = method
            answer = case.call(headers={"Authorization": f"Bearer {served.tokens['ada']}"})
            assert (answer.status_code, "access-control-allow-origin" in answer.headers) == (405, False)
