"""Views of the province's desk that somebody kept."""

import sqlalchemy as sa
from alembic import op

revision = "20261223_plan_views"
down_revision = "20261222_plan_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_plan_view_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_view")),
        sa.UniqueConstraint("uid", name=op.f("uq_plan_view_uid")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_plan_view_account_id_name")),
    )


def downgrade() -> None:
    op.drop_table("plan_view")
