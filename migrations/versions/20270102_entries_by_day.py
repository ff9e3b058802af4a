"""The newest entries of all diaries, found by their day without sorting all of them."""

from alembic import op

revision = "20270102_entries_by_day"
down_revision = "20270101_plan_axes"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_diary_entry_done_on", "diary_entry"


def upgrade() -> None:
    op.create_index(NAME, TABLE, ["done_on", "id"])


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
