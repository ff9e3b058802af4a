"""The districts that a plan names: for a crop group, or as its main ones."""

import sqlalchemy as sa
from alembic import op

revision = "20261224_plan_named_places"
down_revision = "20261223_plan_views"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_named_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(length=40), nullable=False),
        sa.Column("crop_group", sa.String(length=32), nullable=False),
        sa.Column("district", sa.String(length=3), nullable=False),
        sa.Column("legal_ref", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_named_place")),
        sa.UniqueConstraint(
            "plan",
            "crop_group",
            "district",
            name=op.f("uq_plan_named_place_plan_crop_group_district"),
        ),
    )


def downgrade() -> None:
    op.drop_table("plan_named_place")
