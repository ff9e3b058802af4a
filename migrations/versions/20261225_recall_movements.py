"""What is done with recalled goods rests on the movement that did it."""

import sqlalchemy as sa
from alembic import op

revision = "20261225_recall_movements"
down_revision = "20261224_plan_named_places"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("recall_disposal") as table:
        table.add_column(sa.Column("movement_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_recall_disposal_movement_id", "movement", ["movement_id"], ["id"]
        )
        table.create_index("ix_recall_disposal_movement_id", ["movement_id"])


def downgrade() -> None:
    with op.batch_alter_table("recall_disposal") as table:
        table.drop_index("ix_recall_disposal_movement_id")
        table.drop_constraint("fk_recall_disposal_movement_id", type_="foreignkey")
        table.drop_column("movement_id")
