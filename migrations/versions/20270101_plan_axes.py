"""Axes that a newer plan names itself."""

import sqlalchemy as sa
from alembic import op

revision = "20270101_plan_axes"
down_revision = "20261231_plans_and_part_links"
branch_labels = None
depends_on = None

TABLES = ("plan_axis_place", "plan_axis_crop")
KNOWN = "axis IN ('west', 'north_east', 'south')"
PLAIN, CHECKED = sa.String(20), sa.String(32)


def upgrade() -> None:
    op.create_table(
        "plan_axis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(40), nullable=False),
        sa.Column("axis", sa.String(20), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_axis")),
        sa.UniqueConstraint("plan", "axis", name=op.f("uq_plan_axis_plan_axis")),
    )
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_axis"), type_="check")
            batch.alter_column("axis", existing_type=CHECKED, type_=PLAIN, existing_nullable=False)


def downgrade() -> None:
    for table in TABLES:
        # Without words of its own no other axis can be told.
        op.execute(f"DELETE FROM {table} WHERE NOT ({KNOWN})")
        with op.batch_alter_table(table) as batch:
            batch.alter_column("axis", existing_type=PLAIN, type_=CHECKED, existing_nullable=False)
            batch.create_check_constraint(op.f(f"ck_{table}_axis"), KNOWN)
    op.drop_table("plan_axis")
