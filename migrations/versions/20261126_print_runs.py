"""Printing: stocks, layouts, printers, runs with serial ranges, marks and proofs; jobs can be cancelled."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_print_runs"
down_revision = "20261125_diary"
branch_labels = None
depends_on = None

JOB_STATES = ["waiting", "running", "done", "failed"]


def _job_states(states: list[str]) -> None:
    name = op.f("ck_job_state")
    listed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("job") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"state IN ({listed})")


def upgrade() -> None:
    _job_states([*JOB_STATES, "cancelled"])
    op.create_table(
        "label_layout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "retail",
                "mini",
                "carton",
                "export",
                "crate",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_label_layout_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_layout")),
        sa.UniqueConstraint("slug", "edition", name=op.f("uq_label_layout_slug_edition")),
    )
    op.create_index(
        op.f("ix_label_layout_organisation_id"), "label_layout", ["organisation_id"], unique=False
    )
    op.create_table(
        "label_stock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "roll", "sheet", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("page_width_um", sa.Integer(), nullable=False),
        sa.Column("page_height_um", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("width_um", sa.Integer(), nullable=False),
        sa.Column("height_um", sa.Integer(), nullable=False),
        sa.Column("left_um", sa.Integer(), nullable=False),
        sa.Column("top_um", sa.Integer(), nullable=False),
        sa.Column("pitch_x_um", sa.Integer(), nullable=False),
        sa.Column("pitch_y_um", sa.Integer(), nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
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
            "columns BETWEEN 1 AND 20 AND rows BETWEEN 1 AND 40", name=op.f("ck_label_stock_grid")
        ),
        sa.CheckConstraint("left_um >= 0 AND top_um >= 0", name=op.f("ck_label_stock_margins")),
        sa.CheckConstraint(
            "page_width_um > 0 AND page_height_um > 0", name=op.f("ck_label_stock_page")
        ),
        sa.CheckConstraint(
            "pitch_x_um >= width_um AND pitch_y_um >= height_um", name=op.f("ck_label_stock_pitch")
        ),
        sa.CheckConstraint("width_um > 0 AND height_um > 0", name=op.f("ck_label_stock_label")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_label_stock_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_stock")),
        sa.UniqueConstraint("slug", name=op.f("uq_label_stock_slug")),
    )
    op.create_index(
        op.f("ix_label_stock_organisation_id"), "label_stock", ["organisation_id"], unique=False
    )
    op.create_table(
        "printer_profile",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("stock_id", sa.Integer(), nullable=False),
        sa.Column(
            "output",
            sa.Enum(
                "pdf",
                "png",
                "svg",
                "zpl",
                "tspl",
                "escpos",
                name="output",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("dpi", sa.Integer(), nullable=False),
        sa.Column("offset_x_um", sa.Integer(), nullable=False),
        sa.Column("offset_y_um", sa.Integer(), nullable=False),
        sa.Column("pitch_x_um", sa.Integer(), nullable=False),
        sa.Column("pitch_y_um", sa.Integer(), nullable=False),
        sa.Column("scale_ppm", sa.Integer(), nullable=False),
        sa.Column("crop_marks", sa.Boolean(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("dpi BETWEEN 150 AND 1200", name=op.f("ck_printer_profile_dpi")),
        sa.CheckConstraint(
            "scale_ppm BETWEEN 900000 AND 1100000", name=op.f("ck_printer_profile_scale_ppm")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_printer_profile_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["stock_id"], ["label_stock.id"], name=op.f("fk_printer_profile_stock_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printer_profile")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_printer_profile_organisation_id_name")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_printer_profile_uid")),
    )
    op.create_index(
        op.f("ix_printer_profile_stock_id"), "printer_profile", ["stock_id"], unique=False
    )
    op.create_table(
        "lot_serial",
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["harvest_lot.id"], name=op.f("fk_lot_serial_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_lot_serial")),
    )
    op.create_table(
        "print_run",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("layout_id", sa.Integer(), nullable=False),
        sa.Column("stock_id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=True),
        sa.Column(
            "output",
            sa.Enum(
                "pdf",
                "png",
                "svg",
                "zpl",
                "tspl",
                "escpos",
                name="output",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("dpi", sa.Integer(), nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("serialised", sa.Boolean(), nullable=False),
        sa.Column("key_id", sa.String(length=12), nullable=False),
        sa.Column("pack_g", sa.Integer(), nullable=True),
        sa.Column("reprint_reason", sa.String(length=300), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("frozen", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "making",
                "ready",
                "stopped",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stopped_because", sa.String(length=500), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("start_at >= 1", name=op.f("ck_print_run_start_at")),
        sa.CheckConstraint("total > 0", name=op.f("ck_print_run_total")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_print_run_job_id")),
        sa.ForeignKeyConstraint(
            ["layout_id"], ["label_layout.id"], name=op.f("fk_print_run_layout_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_print_run_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["printer_profile.id"], name=op.f("fk_print_run_profile_id")
        ),
        sa.ForeignKeyConstraint(
            ["stock_id"], ["label_stock.id"], name=op.f("fk_print_run_stock_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_run")),
        sa.UniqueConstraint("job_id", name=op.f("uq_print_run_job_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_print_run_uid")),
    )
    op.create_index(op.f("ix_print_run_layout_id"), "print_run", ["layout_id"], unique=False)
    op.create_index(
        "ix_print_run_organisation", "print_run", ["organisation_id", "id"], unique=False
    )
    op.create_index(op.f("ix_print_run_profile_id"), "print_run", ["profile_id"], unique=False)
    op.create_index(op.f("ix_print_run_state"), "print_run", ["state"], unique=False)
    op.create_index(op.f("ix_print_run_stock_id"), "print_run", ["stock_id"], unique=False)
    op.create_table(
        "label_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column(
            "which",
            sa.Enum(
                "first", "last", name="which", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("read", sa.String(length=300), nullable=False),
        sa.Column("matched", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["print_run.id"], name=op.f("fk_label_proof_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_proof")),
    )
    op.create_index("ix_label_proof_run", "label_proof", ["run_id", "id"], unique=False)
    op.create_table(
        "print_run_lot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("first_index", sa.BigInteger(), nullable=False),
        sa.Column("last_index", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.CheckConstraint(
            "first_index >= 0 AND last_index >= first_index", name=op.f("ck_print_run_lot_indexes")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["harvest_lot.id"], name=op.f("fk_print_run_lot_lot_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["print_run.id"], name=op.f("fk_print_run_lot_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_run_lot")),
        sa.UniqueConstraint("run_id", "lot_id", name=op.f("uq_print_run_lot_run_id_lot_id")),
    )
    op.create_index(
        "ix_print_run_lot_lot", "print_run_lot", ["lot_id", "first_index"], unique=False
    )
    op.create_table(
        "label_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_lot_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "applied",
                "voided",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("first_index", sa.BigInteger(), nullable=False),
        sa.Column("last_index", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "first_index >= 0 AND last_index >= first_index", name=op.f("ck_label_mark_indexes")
        ),
        sa.ForeignKeyConstraint(
            ["run_lot_id"], ["print_run_lot.id"], name=op.f("fk_label_mark_run_lot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_mark")),
    )
    op.create_index(
        "ix_label_mark_run_lot", "label_mark", ["run_lot_id", "first_index"], unique=False
    )


def downgrade() -> None:

    op.drop_index("ix_label_mark_run_lot", table_name="label_mark")
    op.drop_table("label_mark")
    op.drop_index("ix_print_run_lot_lot", table_name="print_run_lot")
    op.drop_table("print_run_lot")
    op.drop_index("ix_label_proof_run", table_name="label_proof")
    op.drop_table("label_proof")
    op.drop_index(op.f("ix_print_run_stock_id"), table_name="print_run")
    op.drop_index(op.f("ix_print_run_state"), table_name="print_run")
    op.drop_index(op.f("ix_print_run_profile_id"), table_name="print_run")
    op.drop_index("ix_print_run_organisation", table_name="print_run")
    op.drop_index(op.f("ix_print_run_layout_id"), table_name="print_run")
    op.drop_table("print_run")
    op.drop_table("lot_serial")
    op.drop_index(op.f("ix_printer_profile_stock_id"), table_name="printer_profile")
    op.drop_table("printer_profile")
    op.drop_index(op.f("ix_label_stock_organisation_id"), table_name="label_stock")
    op.drop_table("label_stock")
    op.drop_index(op.f("ix_label_layout_organisation_id"), table_name="label_layout")
    op.drop_table("label_layout")
    op.execute("UPDATE job SET state = 'failed' WHERE state = 'cancelled'")
    _job_states(JOB_STATES)
