"""Ready-made public pages, their subjects, and when a subject was last spoken of in the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_pages"
down_revision = "20261126_print_runs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subject_mark",
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_subject_mark")),
    )
    op.create_index("ix_subject_mark_position", "subject_mark", ["position"])
    op.create_table(
        "stored_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("build", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("fresh_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fresh_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("etag", sa.String(length=24), nullable=False),
        sa.Column("gzip", sa.LargeBinary(), nullable=False),
        sa.Column("brotli", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_page")),
        sa.UniqueConstraint("code", "language", name=op.f("uq_stored_page_code_language")),
    )
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
    # No page is stored yet, so the marks of older facts are not needed.


def downgrade() -> None:
    op.drop_table("page_subject")
    op.drop_table("stored_page")
    op.drop_table("subject_mark")
