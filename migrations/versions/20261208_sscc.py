"""SSCCs of cartons and pallets: ranges given out with print runs, one counter a company prefix."""

import sqlalchemy as sa
from alembic import op

revision = "20261208_sscc"
down_revision = "20261207_public_pictures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sscc_counter",
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_sscc_counter")),
    )
    op.create_table(
        "sscc_range",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_lot_id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("first_number", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "first_number >= 0 AND last_number >= first_number",
            name=op.f("ck_sscc_range_numbers"),
        ),
        sa.ForeignKeyConstraint(
            ["run_lot_id"], ["print_run_lot.id"], name=op.f("fk_sscc_range_run_lot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sscc_range")),
        sa.UniqueConstraint("run_lot_id", name=op.f("uq_sscc_range_run_lot_id")),
        sa.UniqueConstraint(
            "prefix", "first_number", name=op.f("uq_sscc_range_prefix_first_number")
        ),
    )


def downgrade() -> None:
    op.drop_table("sscc_range")
    op.drop_table("sscc_counter")
