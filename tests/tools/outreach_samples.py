"""A CRM of leads, and the tools of the outreach crew around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML
from tool_samples import Mute, fetched, materials, tool

from crewdesk.domain.canonical import JsonObject
from crewdesk.domain.outreach.lead import Changed, Lead, Note
from support.homes import ROOT

ANNA = Lead(
    id="L-1",
    company="Brauer Werkzeuge GmbH",
    first_name="Anna",
    last_name="Brauer",
    email="anna@brauer-werkzeuge.de",
    website="https://www.brauer-werkzeuge.de",
    country="DE",
    basis="request",
    status="new",
    interest="tools for editors",
    created="2026-11-20T08:00:00+00:00",
    changed="2026-11-21T08:00:00+00:00",
)


@dataclass
class SmallCrm(Mute):
    """Knows the leads it was given; `twins` are who it says is the same person."""

    leads: dict[str, Lead] = field(default_factory=dict[str, Lead])
    twins: Sequence[Lead] = ()

    def address(self, body: JsonObject) -> str:
        return f"crm:{body['lead']}"

    def lead(self, name: str) -> Lead:
        if name not in self.leads:
            raise ValueError(f"The CRM has no lead {name!r}.")
        return self.leads[name]

    def changed(self, since: str) -> Sequence[Changed]:
        raise NotImplementedError

    def alike(self, lead: Lead) -> Sequence[Lead]:
        return [twin for twin in self.twins if twin.id != lead.id]


def lead(**fields: Any) -> Lead:
    """Anna's lead, but for these fields."""
    return ANNA.model_copy(update=fields)


def noted(*texts: str, **fields: Any) -> Lead:
    """Anna's lead with these notes."""
    return lead(notes=tuple(Note(date="2026-11-19", text=text) for text in texts), **fields)


def use(
    kind: str,
    about: Lead = ANNA,
    *,
    home: Path = Path("/nowhere"),
    twins: Sequence[Lead] = (),
    work: Mapping[str, JsonObject] | None = None,
    web: Mapping[str, str | bytes] | None = None,
    fetch: Callable[..., bytes] | None = None,
    **settings: Any,
) -> dict[str, Any]:
    """Use a tool on a lead, and give its answer."""
    crm = SmallCrm(leads={about.id: about}, twins=twins)
    answers = {address: page.encode() if isinstance(page, str) else page for address, page in (web or {}).items()}
    around = materials(
        home / "knowledge",
        home=home,
        connector={"crm": crm, "mail": crm}.__getitem__,
        work=(work or {}).get,
        inputs={"lead": about.id},
        fetch=fetch or fetched(answers),
    )
    named = {} if kind == "stop" else {"crm" if kind == "record" else "connector": "crm"}
    return cast("dict[str, Any]", tool(kind, around, **named, **settings).run())


@cache
def shipped(name: str) -> Mapping[str, Any]:
    """The settings of a tool in the configuration that is shipped."""
    text = (ROOT / "config" / "tools.yaml").read_text("utf-8")
    settings: dict[str, Any] = dict(YAML(typ="safe", pure=True).load(text)["tools"][name]["settings"])
    return {key: value for key, value in settings.items() if key not in ("connector", "crm")}


def screened(about: Lead = ANNA, **given: Any) -> dict[str, Any]:
    """Screen a lead with the settings that are shipped."""
    return use("screen", about, **{**shipped("screen_lead"), **given})
