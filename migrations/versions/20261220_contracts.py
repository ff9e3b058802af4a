"""Contracts of cooperatives with buyers; a movement may say which one goods leave for."""

import sqlalchemy as sa
from alembic import op

revision = "20261220_contracts"
down_revision = "20261219_recalls"
branch_labels = None
depends_on = None

TABLE = "contract"


def _refers(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{TABLE}_{column}"))


def _check(condition: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{TABLE}_{name}"))


def upgrade() -> None:
    states = sa.Enum(
        "draft",
        "signed",
        "ended",
        "cancelled",
        name="state",
        native_enum=False,
        create_constraint=True,
        length=32,
    )
    op.create_table(
        TABLE,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=True),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("number_key", sa.String(length=60), nullable=False),
        sa.Column("crop_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("quantity_g", sa.BigInteger(), nullable=False),
        sa.Column("price_dong", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _check("(buyer_id IS NULL) <> (party_id IS NULL)", "buyer"),
        _check("buyer_id <> organisation_id", "oneself"),
        _check("quantity_g > 0", "quantity_g"),
        _check("price_dong > 0", "price_dong"),
        _check("ends_on >= starts_on", "ends_on"),
        _check("state IN ('draft', 'cancelled') OR signed_on IS NOT NULL", "signed_on"),
        _refers("organisation_id", "organisation"),
        _refers("buyer_id", "organisation"),
        _refers("party_id", "party"),
        _refers("crop_id", "crop"),
        _refers("product_id", "product"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("uid", name=op.f("uq_contract_uid")),
        sa.UniqueConstraint(
            "organisation_id", "number_key", name=op.f("uq_contract_organisation_id_number_key")
        ),
    )
    op.create_index("ix_contract_buyer", TABLE, ["buyer_id", "id"])
    op.create_index("ix_contract_party", TABLE, ["party_id", "state"])
    op.create_index("ix_contract_crop", TABLE, ["crop_id", "state", "starts_on"])
    op.create_index(op.f("ix_contract_product_id"), TABLE, ["product_id"])
    with op.batch_alter_table("movement") as batch:
        batch.add_column(sa.Column("contract_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_movement_contract_id"), "contract", ["contract_id"], ["id"]
        )
        batch.create_index("ix_movement_contract", ["contract_id", "id"])


def downgrade() -> None:
    with op.batch_alter_table("movement") as batch:
        batch.drop_index("ix_movement_contract")
        batch.drop_constraint(op.f("fk_movement_contract_id"), type_="foreignkey")
        batch.drop_column("contract_id")
    op.drop_table(TABLE)
