"""Runs that wait for workers, who is at work on them, gates with due times and several people, marks of triggers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns with a default for the rows that are there, and three tables."""
    op.add_column("runs", sa.Column("leg", sa.Integer, nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("same", sa.String, nullable=False, server_default=""))
    op.create_index("runs_status", "runs", ["status"])
    op.add_column("gates", sa.Column("remind", sa.String))
    op.add_column("gates", sa.Column("expires", sa.String))
    op.add_column("gates", sa.Column("people", sa.Text, nullable=False, server_default="[]"))
    op.add_column("gates", sa.Column("needs", sa.Integer, nullable=False, server_default="1"))
    op.add_column("gates", sa.Column("approvals", sa.Text, nullable=False, server_default="[]"))
    op.create_index("gates_status", "gates", ["status"])
    op.create_index("gates_remind", "gates", ["status", "remind"])
    op.create_index("gates_expires", "gates", ["status", "expires"])
    op.add_column("effects", sa.Column("source", sa.String, nullable=False, server_default="own"))
    op.create_table(
        "claims",
        sa.Column("run", sa.String, primary_key=True),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
    )
    op.create_index("claims_holder", "claims", ["holder"])
    op.create_table(
        "holders",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("lock", sa.String, nullable=False),
        sa.Column("lease", sa.Float, nullable=False),
        sa.Column("heard", sa.Float, nullable=False),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.String, nullable=False),
    )
