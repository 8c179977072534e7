"""The desk in the browser: who started what, titles and waivers of gates, a sealed audit log, ways in."""

from __future__ import annotations

import hashlib
import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# As seals were made when this was written, whatever becomes of them later.
SEALED = ("at", "who", "what", "run", "subject", "sha", "words", "proof")
UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


def upgrade() -> None:
    """Add columns with a default for the rows that are there, fill in what is known of them, seal the audit log."""
    _runs_and_gates()
    _audit()
    op.create_index("effects_run", "effects", ["run", "position"])
    op.create_index("actions_created", "actions", ["created"])
    _figures()
    op.create_index("actions_status", "actions", ["status", "created"])
    op.create_index("actions_connector", "actions", ["connector", "created"])
    op.create_table(
        "passwords",
        sa.Column("person", sa.String, primary_key=True),
        sa.Column("password", sa.String, nullable=False),
        sa.Column("changed", sa.String, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("proof", sa.String, nullable=False),
        sa.Column("created", sa.String, nullable=False),
        sa.Column("seen", sa.String, nullable=False),
        sa.Column("expires", sa.String, nullable=False),
    )
    op.create_index("sessions_person", "sessions", ["person"])
    op.create_index("sessions_expires", "sessions", ["expires"])
    op.create_table(
        "tokens",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("created", sa.String, nullable=False),
        sa.Column("used", sa.String),
    )
    op.create_index("tokens_person", "tokens", ["person"])


def _figures() -> None:
    op.drop_index("runs_created", "runs")  # what follows begins with it
    op.create_index("runs_figures", "runs", ["created", "crew", "profile", "status", "id"])
    called = ("run", "task", "source", "kind", "agent", "name", "outcome", "started", "milliseconds")
    op.create_index("effects_figures", "effects", [*called, "prompt_tokens", "completion_tokens", "usd"])
    asked = ("run", "kind", "status", "verb", "opened", "decided", "looked", "noted_sha", "id")
    op.create_index("gates_figures", "gates", [*asked])


def _runs_and_gates() -> None:
    op.add_column("runs", sa.Column("by", sa.String, nullable=False, server_default=""))
    op.create_index("runs_updated", "runs", ["updated"])
    op.create_index("runs_crew", "runs", ["crew", "created"])
    op.create_index("runs_parent", "runs", ["parent"])
    op.drop_index("runs_status", "runs")
    op.create_index("runs_status", "runs", ["status", "created"])
    op.create_index("runs_crew_status", "runs", ["crew", "status", "created"])
    op.add_column("gates", sa.Column("crew", sa.String, nullable=False, server_default=""))
    op.add_column("gates", sa.Column("title", sa.Text, nullable=False, server_default=""))
    op.add_column("gates", sa.Column("excluded", sa.Text, nullable=False, server_default="[]"))
    op.add_column("gates", sa.Column("strict", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("gates", sa.Column("waivers", sa.Text, nullable=False, server_default="[]"))
    op.add_column("gates", sa.Column("looked", sa.Float))
    op.add_column("gates", sa.Column("told", sa.String, nullable=False, server_default=""))
    op.drop_index("gates_status", "gates")
    op.create_index("gates_status", "gates", ["status", "opened"])
    op.create_index("gates_decided", "gates", ["decided"])
    starter = "SELECT max(who) FROM audit WHERE audit.run = runs.id AND what = 'started'"
    op.execute(f"UPDATE runs SET \"by\" = coalesce(({starter}), '')")  # noqa: S608 - ours
    op.execute("UPDATE gates SET told = 'opened'")
    op.execute("UPDATE gates SET crew = coalesce((SELECT crew FROM runs WHERE runs.id = gates.run), '')")


def _audit() -> None:
    op.add_column("audit", sa.Column("proof", sa.String, nullable=False, server_default=""))
    op.add_column("audit", sa.Column("seal", sa.String, nullable=False, server_default=""))
    _seal(op.get_bind())
    op.drop_index("audit_run", "audit")
    op.create_index("audit_run", "audit", ["run", "what"])
    op.create_index("audit_who", "audit", ["who", "position"])
    op.create_index("audit_what", "audit", ["what", "position"])


def _seal(connection: sa.Connection) -> None:
    """Seal the entries that are there in their order, some at a time."""
    columns = [sa.column(name, sa.String()) for name in (*SEALED, "seal")]
    audit = sa.table("audit", sa.column("position", sa.Integer()), *columns)
    after, before = 0, ""
    change = sa.update(audit).where(audit.c.position == sa.bindparam("number"))
    while True:
        query = sa.select(audit).where(audit.c.position > after).order_by(audit.c.position).limit(1000)
        sealed: list[dict[str, str | int]] = []
        for row in connection.execute(query).mappings():
            kept = {name: UNKEEPABLE.sub("\ufffd", row[name]) for name in SEALED}
            spelled = json.dumps([before, *kept.values()], separators=(",", ":"), ensure_ascii=False)
            before, after = hashlib.sha256(spelled.encode()).hexdigest(), row["position"]
            sealed.append({"number": after, "seal": before} | kept)
        if not sealed:
            return
        connection.execute(change, sealed)
