"""Personal data of whom runs are about, apart from the journal; and what left for which host."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "personal",
        sa.Column("run", sa.String, primary_key=True),
        sa.Column("field", sa.String, primary_key=True),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_index("personal_subject", "personal", ["subject"])
    op.create_table(
        "ledger",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("run", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("agent", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("clear", sa.String, nullable=False),
        sa.Column("hidden", sa.String, nullable=False),
    )
    op.create_index("ledger_run", "ledger", ["run", "position"])
