"""Leads, the CRM in a home, and homes with a crew that only reads a lead and asks a person, so that a run is quick."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from crewdesk.connectors.crm.sqlite import SqliteCrm
from crewdesk.domain.outreach.lead import Lead
from support.homes import lay_out_small

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
DATA = Path(__file__).parents[1] / "data" / "outreach"
LEADS = {lead["id"]: Lead.model_validate(lead) for lead in json.loads((DATA / "leads.json").read_text("utf-8"))}
"""One for each kind of mail."""
CREW = """\
description: Reads a lead and asks whether it is right.
goal: A lead that somebody looked at. {inputs}
manager_agent: chief
queue: {concurrency: 4, deduplicate: [lead]}
inputs:
  lead: {description: What the CRM calls the lead., columns: [id, lead no]}
  tone: {description: How to write., default: plain}
manager:
  plan: "{goal} {tasks} {roster}"
  review: "{task} {expected_output} {work} {problems}"
  failure: "{task} {agent} {error} {roster}"
"""
AGENTS = """\
chief: {role: Chief, goal: Good leads., backstory: Reads., llm: orchestrator}
reader: {role: Reader, goal: The record., backstory: Code., function: read_lead}
"""
TASKS = """\
read:
  description: Read the lead {lead} in a {tone} tone.
  expected_output: Its record.
  agent: reader
  context: []
  output_pydantic: LeadRead
  human_input: true
"""
GATE = """\
  lead gate:
    kind: flagged
    crew: leads
    task: read
    question: Is this lead as it should be?
"""


def crm_of(home: Path) -> SqliteCrm:
    """The CRM in a home."""
    return SqliteCrm("crm", folder=home / "crm", clock=lambda: NOW)


def lay_out_leads(home: Path, count: int) -> Path:
    """Lay a home out whose CRM has the leads L-1 to L-count, and whose crew `leads` looks at one."""
    lay_out_small(home, sources=())
    crew = home / "config" / "crews" / "leads"
    crew.mkdir()
    for name, text in (("crew", CREW), ("agents", AGENTS), ("tasks", TASKS)):
        (crew / f"{name}.yaml").write_text(text, "utf-8")
    gates = home / "config" / "gates.yaml"
    gates.write_text(f"{gates.read_text('utf-8').rstrip()}\n{GATE}", "utf-8")
    crm = crm_of(home)
    for n in range(1, count + 1):
        crm.put(Lead(id=f"L-{n}", company=f"Firm {n}", first_name="Ada", last_name="Byron", email=f"ada@{n}.example"))
    return home


def leads_file(folder: Path, *rows: str, header: str = "lead;company") -> Path:
    """Write a file of leads."""
    path = folder / "leads.csv"
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return path
