"""Reports of laboratories on samples of lots."""

import sqlalchemy as sa
from alembic import op

revision = "20261204_lab_reports"
down_revision = "20261203_product_names"
branch_labels = None
depends_on = None


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


VERDICTS = ("passed", "failed", "not_judged")


def upgrade() -> None:
    op.create_table(
        "lab_report",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("sampler", one_of("sampler", "official", "own"), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("laboratory", sa.String(length=160), nullable=False),
        sa.Column("accreditation", sa.String(length=80), nullable=False),
        sa.Column("designation", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("sampled_on", sa.Date(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("verdict", one_of("verdict", *VERDICTS), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("verifies_id", sa.Integer(), nullable=True),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("reported_on >= sampled_on", name=op.f("ck_lab_report_reported_on")),
        sa.ForeignKeyConstraint(["lot_id"], ["harvest_lot.id"], name=op.f("fk_lab_report_lot_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_lab_report_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["lab_report.id"], name=op.f("fk_lab_report_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["verifies_id"], ["lab_report.id"], name=op.f("fk_lab_report_verifies_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_report")),
        sa.UniqueConstraint("uid", name=op.f("uq_lab_report_uid")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_lab_report_corrects_id")),
    )
    op.create_index("ix_lab_report_lot", "lab_report", ["lot_id", "id"])
    for column in ("organisation_id", "verifies_id"):
        op.create_index(op.f(f"ix_lab_report_{column}"), "lab_report", [column])
    op.create_table(
        "lab_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("analyte", sa.String(length=120), nullable=False),
        sa.Column(
            "analyte_group",
            one_of("analyte_group", "pesticide", "heavy_metal", "nitrate", "microbiology", "other"),
            nullable=False,
        ),
        sa.Column(
            "amount", one_of("amount", "measured", "below_loq", "not_detected"), nullable=False
        ),
        sa.Column("value", sa.String(length=24), nullable=True),
        sa.Column("unit", sa.String(length=24), nullable=False),
        sa.Column("loq", sa.String(length=24), nullable=True),
        sa.Column("limit_value", sa.String(length=24), nullable=True),
        sa.Column("limit_ref", sa.String(length=300), nullable=False),
        sa.Column(
            "limit_confidence", one_of("limit_confidence", "V", "S", "I", "U"), nullable=True
        ),
        sa.Column("verdict", one_of("verdict", *VERDICTS), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["lab_report.id"], name=op.f("fk_lab_result_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_result")),
    )
    op.create_index("ix_lab_result_report", "lab_result", ["report_id", "rank"])
    op.create_table(
        "lab_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=160), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_lab_paper_size")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["lab_report.id"], name=op.f("fk_lab_paper_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_paper")),
        sa.UniqueConstraint("uid", name=op.f("uq_lab_paper_uid")),
    )
    op.create_index(op.f("ix_lab_paper_report_id"), "lab_paper", ["report_id"])
    op.create_table(
        "lab_paper_content",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["lab_paper.id"], name=op.f("fk_lab_paper_content_paper_id")
        ),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_lab_paper_content")),
    )


def downgrade() -> None:
    for table in ("lab_paper_content", "lab_paper", "lab_result", "lab_report"):
        op.drop_table(table)
