"""The life of codes: dossiers, documents, dated steps with reasons, seasons, notices, jobs, imports."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_code_life"
down_revision = "20261123_first_storey"
branch_labels = None
depends_on = None

BOX = ("west", "south", "east", "north")
OPEN = {
    "before": sa.text("state = 'submitted'"),
    "after": sa.text("state IN ('submitted', 'inspecting', 'returned')"),
}
STANDING = {
    "before": sa.text("status <> 'revoked'"),
    "after": sa.text("status IN ('active', 'warned', 'suspended')"),
}
KINDS = ["cooperative", "group", "enterprise", "certification_body", "authority"]
STATES = ["submitted", "issued", "rejected"]
STATUSES = ["active", "suspended", "revoked"]
NEW_KINDS = ["cooperative", "group", "enterprise", "household", "certification_body", "authority"]
NEW_STATES = ["submitted", "inspecting", "returned", "issued", "rejected", "cancelled"]
NEW_STATUSES = ["active", "warned", "suspended", "revoked", "cancelled", "superseded"]


def _one_of(table: str, column: str, values: list[str]) -> None:
    name = op.f(f"ck_{table}_{column}")
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"{column} IN ({listed})")


def _only_one(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.drop_index(name, table_name=table)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    _create_tables()
    _add_columns()
    _one_of("organisation", "kind", NEW_KINDS)
    _one_of("code_application", "state", NEW_STATES)
    _one_of("area_code", "status", NEW_STATUSES)
    _one_of("area_code_step", "status", NEW_STATUSES)
    _only_one("uq_code_application_open", "code_application", ["area_id", "market"], OPEN["after"])
    _only_one("uq_area_code_standing", "area_code", ["area_id", "market"], STANDING["after"])


def downgrade() -> None:
    _go_back()
    _only_one("uq_code_application_open", "code_application", ["area_id", "market"], OPEN["before"])
    _only_one("uq_area_code_standing", "area_code", ["area_id", "market"], STANDING["before"])
    _one_of("organisation", "kind", KINDS)
    _one_of("code_application", "state", STATES)
    _one_of("area_code", "status", STATUSES)
    _one_of("area_code_step", "status", STATUSES)
    _drop_columns()
    for table in (
        "document_content",
        "document",
        "site_check",
        "plot_tile",
        "import_row",
        "import_file",
        "dossier_market",
        "season_declaration",
        "import_batch",
        "dossier",
        "area_word",
        "area_tile",
        "notice",
        "job",
        "admin_outline",
        "decision_reason",
    ):
        op.drop_table(table)


def _go_back() -> None:
    """What the former schema has no word for becomes the nearest it knows."""
    for statement in (
        "UPDATE organisation SET kind = 'enterprise' WHERE kind = 'household'",
        "UPDATE code_application SET state = 'submitted' WHERE state IN ('inspecting', 'returned')",
        "UPDATE code_application SET state = 'rejected' WHERE state = 'cancelled'",
        "UPDATE area_code SET status = 'active' WHERE status = 'warned'",
        "UPDATE area_code SET status = 'revoked' WHERE status IN ('cancelled', 'superseded')",
        "UPDATE area_code_step SET status = 'active' WHERE status = 'warned'",
        "UPDATE area_code_step SET status = 'revoked' WHERE status IN ('cancelled', 'superseded')",
    ):
        op.execute(statement)


def _add_columns() -> None:
    empty = {"nullable": False, "server_default": ""}
    op.add_column("area_code_step", sa.Column("reason_slug", sa.String(length=60), **empty))
    op.add_column("area_code_step", sa.Column("decision_number", sa.String(length=80), **empty))
    op.add_column("code_application", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("code_application", sa.Column("reason_slug", sa.String(length=60), **empty))
    op.add_column("organisation", sa.Column("email", sa.String(length=254), **empty))
    op.add_column(
        "organisation",
        sa.Column("name_public", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    for side in BOX:
        op.add_column("planting_area", sa.Column(side, sa.Integer(), nullable=True))
        op.add_column("plot", sa.Column(side, sa.Integer(), nullable=True))


def _drop_columns() -> None:
    columns = {
        "area_code_step": ("reason_slug", "decision_number"),
        "code_application": ("due_on", "reason_slug"),
        "organisation": ("email", "name_public"),
        "planting_area": BOX,
        "plot": BOX,
    }
    for table, names in columns.items():
        with op.batch_alter_table(table) as batch:
            for name in names:
                batch.drop_column(name)


def _create_tables() -> None:
    op.create_table(
        "decision_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("text_vi", sa.String(length=200), nullable=False),
        sa.Column("text_en", sa.String(length=200), nullable=False),
        sa.Column("text_zh", sa.String(length=200), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_reason")),
        sa.UniqueConstraint("slug", "step", name=op.f("uq_decision_reason_slug_step")),
    )
    op.create_index(op.f("ix_decision_reason_step"), "decision_reason", ["step"])
    op.create_table(
        "admin_outline",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("outline", sa.String(), nullable=False),
        sa.Column("west", sa.Integer(), nullable=False),
        sa.Column("south", sa.Integer(), nullable=False),
        sa.Column("east", sa.Integer(), nullable=False),
        sa.Column("north", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["admin_unit.id"], name=op.f("fk_admin_outline_unit_id")
        ),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_admin_outline")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("argument", sa.String(), nullable=False),
        sa.Column("actor", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps_all", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("steps_done >= 0 AND steps_all >= 0", name=op.f("ck_job_steps")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_job_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("uid", name=op.f("uq_job_uid")),
    )
    op.create_index(op.f("ix_job_organisation_id"), "job", ["organisation_id"])
    op.create_index("ix_job_state", "job", ["state", "id"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("sentence", sa.String(length=500), nullable=False),
        sa.Column("details", sa.String(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_wanted", sa.Boolean(), nullable=False),
        sa.Column("mail_tries", sa.Integer(), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_notice_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("uid", name=op.f("uq_notice_uid")),
    )
    op.create_index("ix_notice_about", "notice", ["organisation_id", "about"])
    op.create_index("ix_notice_organisation", "notice", ["organisation_id", "id"])
    op.create_table(
        "area_tile",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("tile", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["planting_area.id"], name=op.f("fk_area_tile_area_id")
        ),
        sa.PrimaryKeyConstraint("area_id", "tile", name=op.f("pk_area_tile")),
    )
    op.create_index("ix_area_tile_tile", "area_tile", ["tile", "area_id"])
    op.create_table(
        "area_word",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["planting_area.id"], name=op.f("fk_area_word_area_id")
        ),
        sa.PrimaryKeyConstraint("area_id", "word", name=op.f("pk_area_word")),
    )
    op.create_index("ix_area_word_word", "area_word", ["word", "area_id"])
    op.create_table(
        "dossier",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("standard_id", sa.Integer(), nullable=True),
        sa.Column("expected_output_g", sa.BigInteger(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("parcel", sa.String(length=120), nullable=False),
        sa.Column("representative", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "expected_output_g IS NULL OR expected_output_g > 0", name=op.f("ck_dossier_expected")
        ),
        sa.CheckConstraint(
            "households IS NULL OR households > 0", name=op.f("ck_dossier_households")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["planting_area.id"], name=op.f("fk_dossier_area_id")),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_dossier_standard_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("area_id", name=op.f("uq_dossier_area_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_dossier_uid")),
    )
    op.create_table(
        "import_batch",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "layout",
            sa.Enum(
                "growers",
                "plots",
                "areas",
                "codes",
                name="layout",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("filename", sa.String(length=160), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "reading",
                "ready",
                "importing",
                "imported",
                "undone",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("rows_good", sa.Integer(), nullable=False),
        sa.Column("rows_known", sa.Integer(), nullable=False),
        sa.Column("rows_faulty", sa.Integer(), nullable=False),
        sa.Column("rows_imported", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_import_batch_job_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_import_batch_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_batch_uid")),
    )
    op.create_index("ix_import_batch_organisation", "import_batch", ["organisation_id", "id"])
    op.create_table(
        "season_declaration",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("crop_id", sa.Integer(), nullable=False),
        sa.Column("variety", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("harvest_from", sa.Date(), nullable=False),
        sa.Column("harvest_to", sa.Date(), nullable=False),
        sa.Column("area_m2", sa.Integer(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=True),
        sa.Column("market", sa.String(length=3), nullable=False),
        sa.Column("expected_output_g", sa.BigInteger(), nullable=False),
        sa.Column("intercropped", sa.Boolean(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actual_output_g", sa.BigInteger(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "actual_output_g IS NULL OR actual_output_g >= 0",
            name=op.f("ck_season_declaration_actual"),
        ),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_season_declaration_area_m2")),
        sa.CheckConstraint("expected_output_g > 0", name=op.f("ck_season_declaration_expected")),
        sa.CheckConstraint(
            "harvest_from >= starts_on AND harvest_to >= harvest_from",
            name=op.f("ck_season_declaration_days"),
        ),
        sa.ForeignKeyConstraint(
            ["area_id"], ["planting_area.id"], name=op.f("fk_season_declaration_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["crop_id"], ["crop.id"], name=op.f("fk_season_declaration_crop_id")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_season_declaration_standard_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_season_declaration")),
        sa.UniqueConstraint(
            "area_id",
            "crop_id",
            "starts_on",
            name=op.f("uq_season_declaration_area_id_crop_id_starts_on"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_season_declaration_uid")),
    )
    op.create_index(op.f("ix_season_declaration_crop_id"), "season_declaration", ["crop_id"])
    op.create_index("ix_season_declaration_harvest", "season_declaration", ["harvest_to"])
    op.create_table(
        "dossier_market",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("market", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_market_dossier_id")
        ),
        sa.PrimaryKeyConstraint("dossier_id", "market", name=op.f("pk_dossier_market")),
    )
    op.create_table(
        "import_file",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_file_batch_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_import_file")),
    )
    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", sa.String(), nullable=False),
        sa.Column("faults", sa.String(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "good",
                "known",
                "faulty",
                "imported",
                "undone",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_import_row_batch_id_number")),
    )
    op.create_index("ix_import_row_outcome", "import_row", ["batch_id", "outcome", "number"])
    op.create_table(
        "plot_tile",
        sa.Column("plot_id", sa.Integer(), nullable=False),
        sa.Column("tile", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plot_id"], ["plot.id"], name=op.f("fk_plot_tile_plot_id")),
        sa.PrimaryKeyConstraint("plot_id", "tile", name=op.f("pk_plot_tile")),
    )
    op.create_index("ix_plot_tile_tile", "plot_tile", ["tile", "plot_id"])
    op.create_table(
        "site_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column(
            "finding",
            sa.Enum(
                "fit", "unfit", name="finding", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["code_application.id"], name=op.f("fk_site_check_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_check")),
        sa.UniqueConstraint("uid", name=op.f("uq_site_check_uid")),
    )
    op.create_index(op.f("ix_site_check_application_id"), "site_check", ["application_id"])
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "map",
                "households",
                "yields",
                "seed",
                "diary",
                "certificate",
                "land",
                "decision",
                "site_check",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("filename", sa.String(length=160), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_size")),
        sa.ForeignKeyConstraint(
            ["area_id"], ["planting_area.id"], name=op.f("fk_document_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["area_code_step.id"], name=op.f("fk_document_step_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("uid", name=op.f("uq_document_uid")),
    )
    op.create_index("ix_document_area", "document", ["area_id", "id"])
    op.create_index(op.f("ix_document_step_id"), "document", ["step_id"])
    op.create_table(
        "document_content",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_content_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_content")),
    )
