"""How far the cache in front was told what changed."""

import sqlalchemy as sa
from alembic import op

revision = "20261206_purges"
down_revision = "20261205_scans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "purge_cursor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge_cursor")),
    )


def downgrade() -> None:
    op.drop_table("purge_cursor")
