"""What a ready-made page speaks of stands in its own row."""

import sqlalchemy as sa
from alembic import op

revision = "20261211_page_subjects"
down_revision = "20261210_public_log"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("page_subject")
    # What is kept is made again at the next scan.
    op.execute("DELETE FROM stored_page")
    with op.batch_alter_table("stored_page") as batch:
        batch.add_column(sa.Column("subjects", sa.String(), nullable=False))


def downgrade() -> None:
    op.execute("DELETE FROM stored_page")
    with op.batch_alter_table("stored_page") as batch:
        batch.drop_column("subjects")
    op.create_table(
        "page_subject",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["stored_page.id"],
            name=op.f("fk_page_subject_page_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("page_id", "subject", name=op.f("pk_page_subject")),
    )
