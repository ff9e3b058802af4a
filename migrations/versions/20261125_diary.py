"""The diary: plantings, entries, inputs and pictures; parts of lots; papers of certificates; archives."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_diary"
down_revision = "20261123_code_life"
branch_labels = None
depends_on = None

KINDS = ["vietgap", "organic", "globalgap", "food_safety", "ocop"]
NEW_KINDS = [*KINDS, "pgs", "geographical_indication", "collective_mark"]
STATES = ["open", "sealed", "recalled", "withdrawn"]
NEW_STATES = ["open", "sealed", "held", "recalled", "closed", "withdrawn"]
STATUSES = ["active", "suspended", "withdrawn"]
NEW_STATUSES = [*STATUSES, "replaced"]
SCOPES = {
    "certificate_crop": "crop_id",
    "certificate_area": "area_id",
    "certificate_member": "grower_id",
}


def _one_of(table: str, column: str, values: list[str]) -> None:
    name = op.f(f"ck_{table}_{column}")
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"{column} IN ({listed})")


def upgrade() -> None:
    _create_tables()
    with op.batch_alter_table("certificate") as batch:
        batch.add_column(sa.Column("conversion_from", sa.Date(), nullable=True))
        batch.add_column(sa.Column("area_m2", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("expected_output_g", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("predecessor_id", sa.Integer(), nullable=True))
        batch.create_unique_constraint(op.f("uq_certificate_predecessor_id"), ["predecessor_id"])
        batch.create_foreign_key(
            op.f("fk_certificate_predecessor_id"), "certificate", ["predecessor_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_certificate_area_m2"), "area_m2 IS NULL OR area_m2 > 0"
        )
        batch.create_check_constraint(
            op.f("ck_certificate_expected"), "expected_output_g IS NULL OR expected_output_g > 0"
        )
    _grow_certificates()
    with op.batch_alter_table("harvest_lot") as batch:
        batch.add_column(
            sa.Column("grade", sa.String(length=40), nullable=False, server_default="")
        )
        batch.add_column(sa.Column("sellable_from", sa.Date(), nullable=True))
        batch.create_index("ix_harvest_lot_day", ["organisation_id", "harvested_on"])
        batch.create_index("ix_harvest_lot_state", ["organisation_id", "state", "harvested_on"])
        batch.create_index("ix_harvest_lot_sellable", ["organisation_id", "sellable_from"])
        batch.create_index("ix_harvest_lot_recorded_at", ["recorded_at"])
    _one_of("standard", "kind", NEW_KINDS)
    _one_of("harvest_lot", "state", NEW_STATES)
    _one_of("certificate", "status", NEW_STATUSES)
    _one_of("certificate_step", "status", NEW_STATUSES)


def downgrade() -> None:
    _go_back()
    _shrink_certificates()
    _one_of("standard", "kind", KINDS)
    _one_of("harvest_lot", "state", STATES)
    _one_of("certificate", "status", STATUSES)
    _one_of("certificate_step", "status", STATUSES)
    with op.batch_alter_table("harvest_lot") as batch:
        batch.drop_index("ix_harvest_lot_recorded_at")
        batch.drop_index("ix_harvest_lot_sellable")
        batch.drop_index("ix_harvest_lot_state")
        batch.drop_index("ix_harvest_lot_day")
        batch.drop_column("sellable_from")
        batch.drop_column("grade")
    with op.batch_alter_table("certificate") as batch:
        batch.drop_constraint(op.f("ck_certificate_expected"), type_="check")
        batch.drop_constraint(op.f("ck_certificate_area_m2"), type_="check")
        batch.drop_constraint(op.f("fk_certificate_predecessor_id"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_certificate_predecessor_id"), type_="unique")
        for column in ("predecessor_id", "expected_output_g", "area_m2", "conversion_from"):
            batch.drop_column(column)
    for table in (
        "entry_plot",
        "entry_picture",
        "entry_input",
        "diary_conflict",
        "planting_plot",
        "lot_source",
        "diary_entry",
        "use_exception",
        "product_use",
        "product_permission",
        "product_active",
        "planting",
        "lot_step",
        "lot_picture",
        "certificate_paper_content",
        "picture_content",
        "input_product",
        "certificate_paper",
        "certificate_extension",
        "certificate_confirmation",
        "picture",
        "archive",
        "body_registration",
    ):
        op.drop_table(table)


def _grow_certificates() -> None:
    """Dated scope, disputes, points of OCOP; the same number may be written down by two holders."""
    with op.batch_alter_table("certificate") as batch:
        batch.add_column(sa.Column("points", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("disputed", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.create_check_constraint(
            op.f("ck_certificate_points"), "points IS NULL OR (points >= 0 AND points <= 100)"
        )
        batch.drop_constraint(op.f("uq_certificate_standard_id_number_valid_from"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_certificate_standard_id_number_valid_from_organisation_id"),
            ["standard_id", "number", "valid_from", "organisation_id"],
        )
    for table, other in SCOPES.items():
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("since", sa.Date(), nullable=True))
            batch.add_column(sa.Column("until", sa.Date(), nullable=True))
        op.execute(
            f"UPDATE {table} SET since = (SELECT valid_from FROM certificate "
            f"WHERE certificate.id = {table}.certificate_id)"
        )
        with op.batch_alter_table(table) as batch:
            batch.alter_column("since", existing_type=sa.Date(), nullable=False)
            batch.drop_constraint(op.f(f"pk_{table}"), type_="primary")
            batch.create_primary_key(op.f(f"pk_{table}"), ["certificate_id", other, "since"])
            batch.create_check_constraint(
                op.f(f"ck_{table}_period"), "until IS NULL OR until >= since"
            )


def _shrink_certificates() -> None:
    for table, other in SCOPES.items():
        op.execute(
            f"DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM {table} AS later WHERE "
            f"later.certificate_id = {table}.certificate_id AND later.{other} = {table}.{other} "
            f"AND later.since > {table}.since)"
        )
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_period"), type_="check")
            batch.drop_constraint(op.f(f"pk_{table}"), type_="primary")
            batch.create_primary_key(op.f(f"pk_{table}"), ["certificate_id", other])
            batch.drop_column("until")
            batch.drop_column("since")
    with op.batch_alter_table("certificate") as batch:
        batch.drop_constraint(
            op.f("uq_certificate_standard_id_number_valid_from_organisation_id"), type_="unique"
        )
        batch.create_unique_constraint(
            op.f("uq_certificate_standard_id_number_valid_from"),
            ["standard_id", "number", "valid_from"],
        )
        batch.drop_constraint(op.f("ck_certificate_points"), type_="check")
        batch.drop_column("disputed")
        batch.drop_column("points")


def _go_back() -> None:
    """What the former schema has no word for becomes the nearest it knows, or goes."""
    op.execute("UPDATE harvest_lot SET state = 'sealed' WHERE state IN ('held', 'closed')")
    for table in ("certificate", "certificate_step"):
        op.execute(f"UPDATE {table} SET status = 'withdrawn' WHERE status = 'replaced'")
    newer = "SELECT id FROM standard WHERE kind IN ('pgs', 'geographical_indication', 'collective_mark')"
    scopes = ("certificate_crop", "certificate_area", "certificate_member", "certificate_step")
    extras = ("certificate_confirmation", "certificate_extension")
    held = f"SELECT id FROM certificate WHERE standard_id IN ({newer})"
    for table in (*scopes, *extras):
        op.execute(f"DELETE FROM {table} WHERE certificate_id IN ({held})")
    papers = f"SELECT id FROM certificate_paper WHERE certificate_id IN ({held})"
    op.execute(f"DELETE FROM certificate_paper_content WHERE paper_id IN ({papers})")
    op.execute(f"DELETE FROM certificate_paper WHERE certificate_id IN ({held})")
    op.execute(f"UPDATE lot_claim SET certificate_id = NULL WHERE certificate_id IN ({held})")
    op.execute(f"UPDATE certificate SET predecessor_id = NULL WHERE predecessor_id IN ({held})")
    op.execute(f"UPDATE season_declaration SET standard_id = NULL WHERE standard_id IN ({newer})")
    op.execute(f"UPDATE dossier SET standard_id = NULL WHERE standard_id IN ({newer})")
    op.execute(f"DELETE FROM certificate WHERE standard_id IN ({newer})")
    # The former schema knows a number of one day once: a later record of it is set apart.
    op.execute(
        "UPDATE certificate SET number = substr(number, 1, 60) || ' #' || id WHERE EXISTS ("
        "SELECT 1 FROM certificate AS first WHERE first.standard_id = certificate.standard_id "
        "AND first.number = certificate.number AND first.valid_from = certificate.valid_from "
        "AND first.id < certificate.id)"
    )
    op.execute(f"DELETE FROM standard WHERE id IN ({newer})")


def _create_tables() -> None:
    op.create_table(
        "archive",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive")),
        sa.UniqueConstraint("name", name=op.f("uq_archive_name")),
        sa.UniqueConstraint("uid", name=op.f("uq_archive_uid")),
    )
    op.create_table(
        "picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sent_sha256", sa.String(length=64), nullable=False),
        sa.Column("likeness", sa.String(length=16), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_picture_size")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_picture_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint("uid", name=op.f("uq_picture_uid")),
    )
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.create_index("ix_picture_likeness", ["likeness"], unique=False)
        batch_op.create_index(
            "ix_picture_organisation", ["organisation_id", "sha256"], unique=False
        )
        batch_op.create_index("ix_picture_sent", ["organisation_id", "sent_sha256"], unique=False)

    op.create_table(
        "body_registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_body_registration_period")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_body_registration_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_registration")),
        sa.UniqueConstraint(
            "organisation_id",
            "number",
            "valid_from",
            name=op.f("uq_body_registration_organisation_id_number_valid_from"),
        ),
    )
    with op.batch_alter_table("body_registration", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_body_registration_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "certificate_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column(
            "confirmation",
            sa.Enum(
                "body",
                "inspector",
                "self_declared",
                name="confirmation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_confirmation_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_certificate_confirmation_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_confirmation")),
    )
    with op.batch_alter_table("certificate_confirmation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_confirmation_certificate_id"),
            ["certificate_id"],
            unique=False,
        )

    op.create_table(
        "certificate_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("was_valid_to", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_to > was_valid_to", name=op.f("ck_certificate_extension_longer")),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_extension_certificate_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_extension")),
    )
    with op.batch_alter_table("certificate_extension", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_extension_certificate_id"), ["certificate_id"], unique=False
        )

    op.create_table(
        "certificate_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=160), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_certificate_paper_size")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_paper_certificate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_paper")),
        sa.UniqueConstraint("uid", name=op.f("uq_certificate_paper_uid")),
    )
    with op.batch_alter_table("certificate_paper", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_paper_certificate_id"), ["certificate_id"], unique=False
        )

    op.create_table(
        "input_product",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pesticide",
                "fertiliser",
                "seed",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_key", sa.String(length=160), nullable=False),
        sa.Column("registrant", sa.String(length=160), nullable=False),
        sa.Column("formulation", sa.String(length=60), nullable=False),
        sa.Column("pesticide_group", sa.String(length=40), nullable=False),
        sa.Column("organic_permitted", sa.Boolean(), nullable=True),
        sa.Column("label_picture_id", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "shipped",
                "edited",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["label_picture_id"], ["picture.id"], name=op.f("fk_input_product_label_picture_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_input_product")),
        sa.UniqueConstraint(
            "kind", "name_key", "registrant", name=op.f("uq_input_product_kind_name_key_registrant")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_input_product_uid")),
    )
    with op.batch_alter_table("input_product", schema=None) as batch_op:
        batch_op.create_index("ix_input_product_name_key", ["name_key", "id"], unique=False)

    op.create_table(
        "picture_content",
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["picture.id"], name=op.f("fk_picture_content_picture_id")
        ),
        sa.PrimaryKeyConstraint("picture_id", name=op.f("pk_picture_content")),
    )
    op.create_table(
        "certificate_paper_content",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["certificate_paper.id"],
            name=op.f("fk_certificate_paper_content_paper_id"),
        ),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_certificate_paper_content")),
    )
    op.create_table(
        "lot_picture",
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["harvest_lot.id"], name=op.f("fk_lot_picture_lot_id")),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["picture.id"], name=op.f("fk_lot_picture_picture_id")
        ),
        sa.PrimaryKeyConstraint("lot_id", "picture_id", name=op.f("pk_lot_picture")),
    )
    with op.batch_alter_table("lot_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_picture_picture_id"), ["picture_id"], unique=False)

    op.create_table(
        "lot_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "sealed",
                "held",
                "recalled",
                "closed",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["harvest_lot.id"], name=op.f("fk_lot_step_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_step")),
    )
    with op.batch_alter_table("lot_step", schema=None) as batch_op:
        batch_op.create_index("ix_lot_step_lot", ["lot_id", "id"], unique=False)

    op.create_table(
        "planting",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("crop_id", sa.Integer(), nullable=False),
        sa.Column("variety", sa.String(length=120), nullable=False),
        sa.Column("sown_on", sa.Date(), nullable=False),
        sa.Column("harvest_from", sa.Date(), nullable=True),
        sa.Column("harvest_to", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("area_m2", sa.Integer(), nullable=False),
        sa.Column("season_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_planting_area_m2")),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= sown_on", name=op.f("ck_planting_ended_on")
        ),
        sa.CheckConstraint(
            "harvest_from IS NULL OR harvest_from >= sown_on", name=op.f("ck_planting_harvest_from")
        ),
        sa.ForeignKeyConstraint(
            ["area_id"], ["planting_area.id"], name=op.f("fk_planting_area_id")
        ),
        sa.ForeignKeyConstraint(["crop_id"], ["crop.id"], name=op.f("fk_planting_crop_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_planting_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["season_id"], ["season_declaration.id"], name=op.f("fk_planting_season_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planting")),
        sa.UniqueConstraint("uid", name=op.f("uq_planting_uid")),
    )
    with op.batch_alter_table("planting", schema=None) as batch_op:
        batch_op.create_index("ix_planting_area", ["area_id", "sown_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_planting_crop_id"), ["crop_id"], unique=False)
        batch_op.create_index("ix_planting_organisation", ["organisation_id", "id"], unique=False)

    op.create_table(
        "product_active",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("content", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["input_product.id"], name=op.f("fk_product_active_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_active")),
        sa.UniqueConstraint(
            "product_id", "name_key", name=op.f("uq_product_active_product_id_name_key")
        ),
    )
    with op.batch_alter_table("product_active", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_active_name_key"), ["name_key"], unique=False)

    op.create_table(
        "product_permission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "permitted",
                "banned",
                "removed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("legal_ref", sa.String(length=300), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum(
                "V",
                "S",
                "I",
                "U",
                name="confidence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "shipped",
                "edited",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_product_permission_period")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["input_product.id"], name=op.f("fk_product_permission_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_permission")),
        sa.UniqueConstraint(
            "product_id",
            "status",
            "valid_from",
            name=op.f("uq_product_permission_product_id_status_valid_from"),
        ),
    )
    with op.batch_alter_table("product_permission", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_product_permission_product_id"), ["product_id"], unique=False
        )

    op.create_table(
        "product_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("crop_words", sa.String(length=160), nullable=False),
        sa.Column("crop_words_key", sa.String(length=160), nullable=False),
        sa.Column("crop_id", sa.Integer(), nullable=True),
        sa.Column("crop_group", sa.String(length=80), nullable=False),
        sa.Column("pest", sa.String(length=160), nullable=False),
        sa.Column("dose", sa.String(length=120), nullable=False),
        sa.Column("interval_days", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "shipped",
                "edited",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "interval_days IS NULL OR interval_days >= 0", name=op.f("ck_product_use_interval_days")
        ),
        sa.ForeignKeyConstraint(["crop_id"], ["crop.id"], name=op.f("fk_product_use_crop_id")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["input_product.id"], name=op.f("fk_product_use_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_use")),
        sa.UniqueConstraint(
            "product_id",
            "crop_words_key",
            "pest",
            name=op.f("uq_product_use_product_id_crop_words_key_pest"),
        ),
    )
    with op.batch_alter_table("product_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_use_crop_id"), ["crop_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_use_product_id"), ["product_id"], unique=False)

    op.create_table(
        "use_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("crop_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("interval_days", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_use_exception_period")
        ),
        sa.ForeignKeyConstraint(["crop_id"], ["crop.id"], name=op.f("fk_use_exception_crop_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_use_exception_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["input_product.id"], name=op.f("fk_use_exception_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_exception")),
        sa.UniqueConstraint("uid", name=op.f("uq_use_exception_uid")),
    )
    with op.batch_alter_table("use_exception", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_use_exception_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index("ix_use_exception_product", ["product_id", "crop_id"], unique=False)

    op.create_table(
        "diary_entry",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("planting_id", sa.Integer(), nullable=False),
        sa.Column(
            "work",
            sa.Enum(
                "soil",
                "sowing",
                "watering",
                "fertilising",
                "spraying",
                "weeding",
                "pest_check",
                "harvest",
                "disposal",
                "other",
                name="work",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("back_dated", sa.Boolean(), nullable=False),
        sa.Column("clock_doubted", sa.Boolean(), nullable=False),
        sa.Column("area_m2", sa.Integer(), nullable=True),
        sa.Column("quantity_g", sa.BigInteger(), nullable=True),
        sa.Column("grower_id", sa.Integer(), nullable=True),
        sa.Column("operator", sa.String(length=120), nullable=False),
        sa.Column("weather", sa.String(length=60), nullable=False),
        sa.Column("pest", sa.String(length=160), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=True),
        sa.CheckConstraint("area_m2 IS NULL OR area_m2 > 0", name=op.f("ck_diary_entry_area_m2")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_diary_entry_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["diary_entry.id"], name=op.f("fk_diary_entry_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["grower_id"], ["grower.id"], name=op.f("fk_diary_entry_grower_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_diary_entry_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["planting_id"], ["planting.id"], name=op.f("fk_diary_entry_planting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_entry")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_diary_entry_corrects_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_diary_entry_uid")),
    )
    with op.batch_alter_table("diary_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_diary_entry_batch"), ["batch"], unique=False)
        batch_op.create_index(batch_op.f("ix_diary_entry_grower_id"), ["grower_id"], unique=False)
        batch_op.create_index(
            "ix_diary_entry_day", ["organisation_id", "done_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_diary_entry_organisation", ["organisation_id", "id"], unique=False
        )
        batch_op.create_index(
            "ix_diary_entry_planting", ["planting_id", "done_on", "id"], unique=False
        )

    op.create_table(
        "lot_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("planting_id", sa.Integer(), nullable=True),
        sa.Column("plot_id", sa.Integer(), nullable=True),
        sa.Column("grower_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("quantity_g", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity_g > 0", name=op.f("ck_lot_source_quantity_g")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["diary_entry.id"], name=op.f("fk_lot_source_entry_id")
        ),
        sa.ForeignKeyConstraint(["grower_id"], ["grower.id"], name=op.f("fk_lot_source_grower_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["harvest_lot.id"], name=op.f("fk_lot_source_lot_id")),
        sa.ForeignKeyConstraint(
            ["planting_id"], ["planting.id"], name=op.f("fk_lot_source_planting_id")
        ),
        sa.ForeignKeyConstraint(["plot_id"], ["plot.id"], name=op.f("fk_lot_source_plot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_source")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_lot_source_entry_id")),
    )
    with op.batch_alter_table("lot_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_source_grower_id"), ["grower_id"], unique=False)
        batch_op.create_index("ix_lot_source_lot", ["lot_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_lot_source_planting_id"), ["planting_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_lot_source_plot_id"), ["plot_id"], unique=False)

    op.create_table(
        "planting_plot",
        sa.Column("planting_id", sa.Integer(), nullable=False),
        sa.Column("plot_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["planting_id"], ["planting.id"], name=op.f("fk_planting_plot_planting_id")
        ),
        sa.ForeignKeyConstraint(["plot_id"], ["plot.id"], name=op.f("fk_planting_plot_plot_id")),
        sa.PrimaryKeyConstraint("planting_id", "plot_id", name=op.f("pk_planting_plot")),
    )
    with op.batch_alter_table("planting_plot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planting_plot_plot_id"), ["plot_id"], unique=False)

    op.create_table(
        "diary_conflict",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("standing_id", sa.Integer(), nullable=False),
        sa.Column("other", sa.String(), nullable=False),
        sa.Column("other_uid", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "kept_standing",
                "took_other",
                "both",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_diary_conflict_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_diary_conflict_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["account.id"], name=op.f("fk_diary_conflict_settled_by")
        ),
        sa.ForeignKeyConstraint(
            ["standing_id"], ["diary_entry.id"], name=op.f("fk_diary_conflict_standing_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_conflict")),
        sa.UniqueConstraint("other_uid", name=op.f("uq_diary_conflict_other_uid")),
        sa.UniqueConstraint("uid", name=op.f("uq_diary_conflict_uid")),
    )
    with op.batch_alter_table("diary_conflict", schema=None) as batch_op:
        batch_op.create_index(
            "ix_diary_conflict_state", ["organisation_id", "state", "id"], unique=False
        )

    op.create_table(
        "entry_input",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("actives", sa.String(length=300), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("water_ml", sa.BigInteger(), nullable=True),
        sa.Column("interval_days", sa.Integer(), nullable=True),
        sa.Column("batch_number", sa.String(length=60), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount > 0", name=op.f("ck_entry_input_amount")),
        sa.CheckConstraint(
            "interval_days IS NULL OR interval_days >= 0", name=op.f("ck_entry_input_interval_days")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["diary_entry.id"], name=op.f("fk_entry_input_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["input_product.id"], name=op.f("fk_entry_input_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_input")),
    )
    with op.batch_alter_table("entry_input", schema=None) as batch_op:
        batch_op.create_index("ix_entry_input_batch_number", ["batch_number"], unique=False)
        batch_op.create_index("ix_entry_input_entry", ["entry_id"], unique=False)
        batch_op.create_index("ix_entry_input_product", ["product_id"], unique=False)

    op.create_table(
        "entry_picture",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["diary_entry.id"], name=op.f("fk_entry_picture_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["picture.id"], name=op.f("fk_entry_picture_picture_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", "picture_id", name=op.f("pk_entry_picture")),
    )
    with op.batch_alter_table("entry_picture", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_entry_picture_picture_id"), ["picture_id"], unique=False
        )

    op.create_table(
        "entry_plot",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("plot_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["diary_entry.id"], name=op.f("fk_entry_plot_entry_id")
        ),
        sa.ForeignKeyConstraint(["plot_id"], ["plot.id"], name=op.f("fk_entry_plot_plot_id")),
        sa.PrimaryKeyConstraint("entry_id", "plot_id", name=op.f("pk_entry_plot")),
    )
    with op.batch_alter_table("entry_plot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_plot_plot_id"), ["plot_id"], unique=False)
