"""The first tables: runs, effects, artifacts, gates, actions, audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "runs",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("crew", sa.String, nullable=False),
        sa.Column("profile", sa.String, nullable=False),
        sa.Column("inputs", sa.Text, nullable=False),
        sa.Column("spec", sa.Text, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("created", sa.String, nullable=False),
        sa.Column("updated", sa.String, nullable=False),
        sa.Column("parent", sa.String),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("hint", sa.Text, nullable=False),
    )
    op.create_index("runs_created", "runs", ["created"])
    op.create_table(
        "effects",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("run", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("agent", sa.String, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("started", sa.String, nullable=False),
        sa.Column("outcome", sa.String),
        sa.Column("answer", sa.Text),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("milliseconds", sa.Integer),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("prompt_tokens", sa.Integer),
        sa.Column("completion_tokens", sa.Integer),
        sa.Column("usd", sa.Float),
        sa.UniqueConstraint("run", "key", "n", name="effects_run_key_n"),
    )
    op.create_table(
        "artifacts",
        sa.Column("run", sa.String, primary_key=True),
        sa.Column("task", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("schema", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("sha", sa.String, nullable=False),
        sa.Column("created", sa.String, nullable=False),
        sa.Column("occasion", sa.String, nullable=False),
        sa.Column("doubts", sa.Text, nullable=False),
        sa.Column("status", sa.String, nullable=False),
    )
    op.create_table(
        "gates",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("run", sa.String, nullable=False),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("sha", sa.String, nullable=False),
        sa.Column("card", sa.Text, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("opened", sa.String, nullable=False),
        sa.Column("due", sa.String),
        sa.Column("verb", sa.String),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("decided", sa.String),
        sa.Column("noted_sha", sa.String, nullable=False),
        sa.UniqueConstraint("run", "task", "kind", "round", name="gates_run_task_kind_round"),
    )
    op.create_table(
        "actions",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("run", sa.String, nullable=False),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("connector", sa.String, nullable=False),
        sa.Column("sha", sa.String, nullable=False),
        sa.Column("schema", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("created", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("receipt", sa.Text),
        sa.Column("error", sa.Text, nullable=False),
    )
    op.create_index("actions_run", "actions", ["run"])
    op.create_table(
        "audit",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("run", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("sha", sa.String, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
    )
    op.create_index("audit_run", "audit", ["run"])
