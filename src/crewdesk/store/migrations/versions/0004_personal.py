"""Personal data of whom runs are about, apart from the journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "personal",
        sa.Column("run", sa.String, primary_key=True),
        sa.Column("field", sa.String, primary_key=True),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_index("personal_subject", "personal", ["subject"])
