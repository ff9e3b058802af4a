"""Products with their GTINs; GS1 company prefixes and location numbers; the product of a print run."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_products"
down_revision = "20261130_twins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("crop_id", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("brand", sa.String(length=80), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("pack_g", sa.Integer(), nullable=True),
        sa.Column("holds_id", sa.Integer(), nullable=True),
        sa.Column("holds_count", sa.Integer(), nullable=True),
        sa.Column("best_before_days", sa.Integer(), nullable=True),
        sa.Column("storage", sa.String(length=160), nullable=False),
        sa.Column("warning", sa.String(length=160), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.Column("marks_sold", sa.Boolean(), nullable=False),
        sa.Column("marks_opened", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(gtin) = 14", name=op.f("ck_product_gtin")),
        sa.CheckConstraint("pack_g > 0", name=op.f("ck_product_pack_g")),
        sa.CheckConstraint("best_before_days > 0", name=op.f("ck_product_best_before_days")),
        sa.CheckConstraint(
            "(holds_id IS NULL) = (holds_count IS NULL)", name=op.f("ck_product_holds")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_product_organisation_id")
        ),
        sa.ForeignKeyConstraint(["crop_id"], ["crop.id"], name=op.f("fk_product_crop_id")),
        sa.ForeignKeyConstraint(["holds_id"], ["product.id"], name=op.f("fk_product_holds_id")),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_product_picture_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("uid", name=op.f("uq_product_uid")),
        sa.UniqueConstraint("gtin", name=op.f("uq_product_gtin")),
        sa.UniqueConstraint(
            "organisation_id", "name_key", name=op.f("uq_product_organisation_id_name_key")
        ),
    )
    op.create_index("ix_product_organisation", "product", ["organisation_id", "id"])
    for column in ("crop_id", "holds_id", "picture_id"):
        op.create_index(op.f(f"ix_product_{column}"), "product", [column])
    with op.batch_alter_table("print_run") as batch:
        batch.add_column(sa.Column("product_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_print_run_product_id"), "product", ["product_id"], ["id"])
        batch.create_index(op.f("ix_print_run_product_id"), ["product_id"])
    op.create_table(
        "company_prefix",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "length(prefix) BETWEEN 4 AND 12", name=op.f("ck_company_prefix_prefix")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_company_prefix_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_prefix")),
        sa.UniqueConstraint("prefix", name=op.f("uq_company_prefix_prefix")),
    )
    op.create_index("ix_company_prefix_organisation", "company_prefix", ["organisation_id"])
    op.create_table(
        "location_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gln", sa.String(length=13), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(gln) = 13", name=op.f("ck_location_number_gln")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_location_number_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["area_id"], ["planting_area.id"], name=op.f("fk_location_number_area_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location_number")),
        sa.UniqueConstraint("gln", name=op.f("uq_location_number_gln")),
        sa.UniqueConstraint("area_id", name=op.f("uq_location_number_area_id")),
    )
    op.create_index("ix_location_number_organisation", "location_number", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("location_number")
    op.drop_table("company_prefix")
    with op.batch_alter_table("print_run") as batch:
        batch.drop_index(op.f("ix_print_run_product_id"))
        batch.drop_constraint(op.f("fk_print_run_product_id"), type_="foreignkey")
        batch.drop_column("product_id")
    op.drop_table("product")
