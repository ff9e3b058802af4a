"""A product's name is its own only while it is on sale, and may come in several packs."""

import sqlalchemy as sa
from alembic import op

revision = "20261203_product_names"
down_revision = "20261202_page_kinds"
branch_labels = None
depends_on = None

ON_SALE = sa.text("withdrawn_on IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("product") as batch:
        batch.alter_column("name_key", existing_type=sa.String(120), type_=sa.String(240))
        batch.drop_constraint(op.f("uq_product_organisation_id_name_key"), type_="unique")
        batch.create_index(
            "uq_product_on_sale",
            ["organisation_id", "name_key"],
            unique=True,
            sqlite_where=ON_SALE,
            postgresql_where=ON_SALE,
        )


def downgrade() -> None:
    with op.batch_alter_table("product") as batch:
        batch.drop_index("uq_product_on_sale")
        batch.create_unique_constraint(
            op.f("uq_product_organisation_id_name_key"), ["organisation_id", "name_key"]
        )
        batch.alter_column("name_key", existing_type=sa.String(240), type_=sa.String(120))
