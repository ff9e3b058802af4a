"""Growers entered twice: which record became which, and which are not the same."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_twins"
down_revision = "20261129_import_layouts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "twin_verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("first_uid", sa.Uuid(), nullable=False),
        sa.Column("second_uid", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_twin_verdict_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_twin_verdict")),
        sa.UniqueConstraint(
            "organisation_id",
            "first_uid",
            "second_uid",
            name=op.f("uq_twin_verdict_organisation_id_first_uid_second_uid"),
        ),
    )
    with op.batch_alter_table("grower") as batch:
        batch.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_grower_merged_into_id"), "grower", ["merged_into_id"], ["id"]
        )
    op.create_index(op.f("ix_grower_merged_into_id"), "grower", ["merged_into_id"])


def downgrade() -> None:
    # A record that was merged stays behind as a grower without membership, seen in no list.
    op.drop_index(op.f("ix_grower_merged_into_id"), table_name="grower")
    with op.batch_alter_table("grower") as batch:
        batch.drop_constraint(op.f("fk_grower_merged_into_id"), type_="foreignkey")
        batch.drop_column("merged_into_id")
    op.drop_table("twin_verdict")
