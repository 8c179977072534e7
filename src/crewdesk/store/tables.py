"""The tables, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

EFFECT_FIGURES = (
    *("run", "task", "source", "kind", "agent", "name", "outcome", "started", "milliseconds"),
    *("prompt_tokens", "completion_tokens", "usd"),
)
GATE_FIGURES = ("run", "kind", "status", "verb", "opened", "decided", "looked", "noted_sha", "id")
"""What figures are made of, so that nobody turns over every request and every card to find them."""

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("crew", String, nullable=False),
    Column("profile", String, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("spec", Text, nullable=False),
    Column("status", String, nullable=False),
    Column("created", String, nullable=False),
    Column("updated", String, nullable=False),
    Column("parent", String),
    Column("error", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("leg", Integer, nullable=False),
    Column("by", String, nullable=False),
    Column("same", String, nullable=False),
    Index("runs_status", "status", "created"),
    Index("runs_crew_status", "crew", "status", "created"),
    Index("runs_updated", "updated"),
    Index("runs_crew", "crew", "created"),
    Index("runs_parent", "parent"),
    Index("runs_figures", "created", "crew", "profile", "status", "id"),
)

effects = Table(
    "effects",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("run", String, nullable=False),
    Column("key", String, nullable=False),
    Column("n", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("task", String, nullable=False),
    Column("agent", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("request", Text, nullable=False),
    Column("started", String, nullable=False),
    Column("outcome", String),
    Column("answer", Text),
    Column("error", Text, nullable=False),
    Column("milliseconds", Integer),
    Column("attempts", Integer, nullable=False),
    Column("prompt_tokens", Integer),
    Column("completion_tokens", Integer),
    Column("usd", Float),
    Column("source", String, nullable=False),
    UniqueConstraint("run", "key", "n", name="effects_run_key_n"),
    Index("effects_run", "run", "position"),
    Index("effects_figures", *EFFECT_FIGURES),
)

artifacts = Table(
    "artifacts",
    metadata,
    Column("run", String, primary_key=True),
    Column("task", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("schema", String, nullable=False),
    Column("author", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("sha", String, nullable=False),
    Column("created", String, nullable=False),
    Column("occasion", String, nullable=False),
    Column("doubts", Text, nullable=False),
    Column("status", String, nullable=False),
)

gates = Table(
    "gates",
    metadata,
    Column("id", String, primary_key=True),
    Column("run", String, nullable=False),
    Column("task", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("round", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("sha", String, nullable=False),
    Column("card", Text, nullable=False),
    Column("status", String, nullable=False),
    Column("opened", String, nullable=False),
    Column("due", String),
    Column("verb", String),
    Column("by", String, nullable=False),
    Column("words", Text, nullable=False),
    Column("decided", String),
    Column("noted_sha", String, nullable=False),
    Column("remind", String),
    Column("told", String, nullable=False),
    Column("expires", String),
    Column("people", Text, nullable=False),
    Column("needs", Integer, nullable=False),
    Column("approvals", Text, nullable=False),
    Column("crew", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("excluded", Text, nullable=False),
    Column("strict", Boolean, nullable=False),
    Column("waivers", Text, nullable=False),
    Column("looked", Float),
    Index("gates_status", "status", "opened"),
    Index("gates_decided", "decided"),
    Index("gates_remind", "status", "remind"),
    Index("gates_expires", "status", "expires"),
    Index("gates_figures", *GATE_FIGURES),
    UniqueConstraint("run", "task", "kind", "round", name="gates_run_task_kind_round"),
)

actions = Table(
    "actions",
    metadata,
    Column("key", String, primary_key=True),
    Column("run", String, nullable=False),
    Column("task", String, nullable=False),
    Column("connector", String, nullable=False),
    Column("sha", String, nullable=False),
    Column("schema", String, nullable=False),
    Column("status", String, nullable=False),
    Column("created", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("receipt", Text),
    Column("error", Text, nullable=False),
    Index("actions_run", "run"),
    Index("actions_created", "created"),
    Index("actions_status", "status", "created"),
    Index("actions_connector", "connector", "created"),
)

audit = Table(
    "audit",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("run", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("sha", String, nullable=False),
    Column("words", Text, nullable=False),
    Column("proof", String, nullable=False),
    Column("seal", String, nullable=False),
    Index("audit_run", "run", "what"),
    Index("audit_who", "who", "position"),
    Index("audit_what", "what", "position"),
)

personal = Table(
    "personal",
    metadata,
    Column("run", String, primary_key=True),
    Column("field", String, primary_key=True),
    Column("subject", String, nullable=False),
    Column("value", Text, nullable=False),
    Index("personal_subject", "subject"),
)
"""The one place for personal data of whom runs are about; journals have placeholders."""

ledger = Table(
    "ledger",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("run", String, nullable=False),
    Column("at", String, nullable=False),
    Column("task", String, nullable=False),
    Column("agent", String, nullable=False),
    Column("what", String, nullable=False),
    Column("name", String, nullable=False),
    Column("host", String, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("clear", String, nullable=False),
    Column("hidden", String, nullable=False),
    Index("ledger_run", "run", "position"),
)
"""What left for which host."""

claims = Table(
    "claims",
    metadata,
    Column("run", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("epoch", Integer, nullable=False),
    Index("claims_holder", "holder"),
)

holders = Table(
    "holders",
    metadata,
    Column("name", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("host", String, nullable=False),
    Column("lock", String, nullable=False),
    Column("lease", Float, nullable=False),
    Column("heard", Float, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("name", String, primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", String, nullable=False),
)

passwords = Table(
    "passwords",
    metadata,
    Column("person", String, primary_key=True),
    Column("password", String, nullable=False),
    Column("changed", String, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("proof", String, nullable=False),
    Column("created", String, nullable=False),
    Column("seen", String, nullable=False),
    Column("expires", String, nullable=False),
    Index("sessions_person", "person"),
    Index("sessions_expires", "expires"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("label", String, nullable=False),
    Column("created", String, nullable=False),
    Column("used", String),
    Index("tokens_person", "person"),
)
