"""Fixed goods of a recall go into trade again after a second look."""

import sqlalchemy as sa
from alembic import op

revision = "20261229_recall_releases"
down_revision = "20261228_standard_marks"
branch_labels = None
depends_on = None

TABLE = "recall_release"
COLUMNS = "repurposed_g >= 0 AND reexported_g >= 0 AND destroyed_g >= 0 AND unaccounted_g >= 0"
REFERS = {
    "recall_id": "recall",
    "disposal_id": "recall_disposal",
    "source_id": "harvest_lot",
    "lot_id": "harvest_lot",
    "office_id": "organisation",
    "movement_id": "movement",
}
GRAMS = ("fixed_g", "repurposed_g", "reexported_g", "destroyed_g", "unaccounted_g")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        *(sa.Column(one, sa.Integer(), nullable=one == "movement_id") for one in REFERS),
        sa.Column("reason", sa.String(length=500), nullable=False),
        *(sa.Column(one, sa.BigInteger(), nullable=False) for one in GRAMS),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("fixed_g > 0", name=op.f("ck_recall_release_fixed_g")),
        sa.CheckConstraint(COLUMNS, name=op.f("ck_recall_release_columns")),
        *(
            sa.ForeignKeyConstraint([one], [f"{other}.id"], name=op.f(f"fk_{TABLE}_{one}"))
            for one, other in REFERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_release")),
        sa.UniqueConstraint("uid", name=op.f("uq_recall_release_uid")),
        sa.UniqueConstraint("disposal_id", name=op.f("uq_recall_release_disposal_id")),
        sa.UniqueConstraint("recall_id", "lot_id", name=op.f("uq_recall_release_recall_id_lot_id")),
    )
    op.create_index("ix_recall_release_lot", TABLE, ["lot_id"])
    for column in ("source_id", "office_id", "movement_id"):
        op.create_index(op.f(f"ix_recall_release_{column}"), TABLE, [column])


def downgrade() -> None:
    """What was released stays so; that it was is left in the ledger."""
    op.drop_table(TABLE)
