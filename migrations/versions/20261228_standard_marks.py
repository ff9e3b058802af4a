"""The marks of standards that labels may bear, with the days they may be used."""

import sqlalchemy as sa
from alembic import op

revision = "20261228_standard_marks"
down_revision = "20261227_plan_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standard_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("legal_ref", sa.String(length=300), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_standard_mark_period")
        ),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_standard_mark_sides")),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_standard_mark_standard_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_mark")),
        sa.UniqueConstraint("uid", name=op.f("uq_standard_mark_uid")),
    )
    op.create_index(
        "ix_standard_mark_standard", "standard_mark", ["standard_id", "valid_from", "id"]
    )
    op.create_index("ix_standard_mark_sha256", "standard_mark", ["sha256"])


def downgrade() -> None:
    op.drop_table("standard_mark")
