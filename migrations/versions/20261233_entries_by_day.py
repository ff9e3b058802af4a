"""The newest entries of all diaries, found by their day without sorting all of them."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261233_entries_by_day"
down_revision: str | None = "20261232_plan_axes"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME, TABLE = "ix_diary_entry_done_on", "diary_entry"


def upgrade() -> None:
    op.create_index(NAME, TABLE, ["done_on", "id"])


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
